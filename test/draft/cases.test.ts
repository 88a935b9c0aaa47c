import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parseJsonc } from '../../src/config/jsonc.ts';
import type { Draft } from '../../src/draft/draft.ts';
import { applyAnswer } from '../../src/draft/question.ts';
import type { Edit, JsonValue } from '../../src/draft/question.ts';
import type { StoredContact } from '../../src/simulator/index.ts';
import { fixture, gleantapImport, readJson, simulator, workplace } from '../cli/harness.ts';

/** What `fixtures/cases/NAME/case.json` says: see fixtures/README.md. */
interface Case {
  readonly what: string;
  /** More arguments for `init`, such as `--country`. */
  readonly init?: readonly string[];
  /** By a question's id: what is written at each path of the mapping; null takes out what is there. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;
  /** What must be sent, by row. A list is the values that are right; null in it allows the field to be absent. */
  readonly bodies: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;
}

/** The day for which the cases were made: it is in the tag that marks an import. */
const env = { GLEANTAP_IMPORT_TEST_NOW: '2026-11-27' };
const marker = 'import-2026-11-27';
const names = readdirSync(fixture('cases')).toSorted();
let right = 0;

it.each(names)('%s', async (name) => {
  const folder = fixture(`cases/${name}`);
  const csv = readdirSync(folder).find((file) => !file.endsWith('.json'));
  if (csv === undefined || !existsSync(path.join(folder, 'case.json'))) throw new Error(`${name} is not a whole case`);
  const { init = [], answers, bodies } = await readJson<Case>(path.join(folder, 'case.json'));
  const [cwd, server] = await Promise.all([workplace(), simulator()]);
  const input = path.join(cwd, csv);
  await writeFile(input, await readFile(path.join(folder, csv)));

  const drafted = await gleantapImport(['init', csv, '--json', ...init], { cwd, env });
  expect(drafted).toMatchObject({ code: 0, stderr: '' });
  await answerAll(path.join(cwd, 'mapping.json'), JSON.parse(drafted.stdout) as Draft, answers);
  // Rows that are left out by intent are a larger share of a small file than of a real one.
  const args = [csv, '--max-invalid', '100%', '--accept-optouts', '--json'];
  const checked = await gleantapImport(['check', ...args], { cwd, env });
  expect(checked.code).toBeLessThan(2);
  const ended = await gleantapImport(['run', ...args, '--base-url', server.url, '--rate', '0', '--yes'], { cwd, env });
  expect(ended.code).toBe(checked.code);

  const sent = inOrder(server.contacts().map(bodyOf));
  const expected = inOrder(Object.values(bodies));
  expect(sent.map(keyOf)).toEqual(expected.map(keyOf));
  expect(sent.map((body, index) => withChoices(body, expected[index] ?? {}))).toEqual(expected);
  right += 1;
});

afterAll(() => {
  process.stdout.write(`${right} of ${names.length} cases right\n`);
});

/** Every question that is open has an answer in the case, and that is one of those that `init` offers. */
async function answerAll(file: string, { questions }: Draft, answers: Case['answers']): Promise<void> {
  expect(questions.map(({ id }) => id).toSorted()).toEqual(Object.keys(answers).toSorted());
  if (questions.length === 0) return;
  const mapping = parseJsonc(await readFile(file, 'utf8'), 'mapping.json') as JsonValue;
  for (const { id, answers: offered } of questions) {
    const edits = Object.entries(answers[id] ?? {}).map(([place, value]): Edit => {
      const parts = place.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
      return value === null ? { path: parts } : { path: parts, value };
    });
    expect(offered.map((choice) => choice.edits)).toContainEqual(edits);
    applyAnswer(mapping, { answer: id, consequence: '', edits });
  }
  await writeFile(file, JSON.stringify(mapping));
}

type Body = Readonly<Record<string, JsonValue>>;

/** A contact of the account as the body that makes it, without the tag that marks the import. */
function bodyOf(contact: StoredContact): Body {
  const { id: _id, writes: _writes, created: _created, updated: _updated, tags, attributes, ...fields } = contact;
  const kept = tags.filter((tag) => tag !== marker).toSorted();
  return { ...fields, ...(attributes as Body), ...(kept.length > 0 ? { tags: kept.join(',') } : {}) };
}

function keyOf(body: Body): string {
  return ['user_id', 'email', 'phone', 'first_name'].map((name) => JSON.stringify(body[name] ?? '')).join(' ');
}

function inOrder(bodies: readonly Body[]): Body[] {
  return bodies.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** A body whose values that are among the right ones are replaced by the list of those. */
function withChoices(body: Body, expected: Body): Body {
  const entries = Object.entries(expected).flatMap(([name, wanted]): [string, JsonValue][] =>
    Array.isArray(wanted) && wanted.includes(body[name] ?? null) ? [[name, wanted]] : [],
  );
  return { ...body, ...Object.fromEntries(entries) };
}
