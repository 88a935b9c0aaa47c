import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { parseJsonc } from '../../../src/config/jsonc.ts';
import type { Draft } from '../../../src/draft/draft.ts';
import { applyAnswer } from '../../../src/draft/question.ts';
import type { Edit, JsonValue } from '../../../src/draft/question.ts';
import type { AnySummary as Summary } from '../../any-summary.ts';
import type { CheckStats } from '../../../src/run/model.ts';
import { expectAccounted } from '../../cli/accounted.ts';
import type { Expected } from '../../cli/accounted.ts';
import { fixture, gleantapImport, readJson, simulator, workplace } from '../../cli/harness.ts';

/** By a question's id: what a person writes at each path of the mapping; null removes the value. */
type Answers = Readonly<Record<string, Readonly<Record<string, string | boolean | null>>>>;

/** The day for which the fixtures were made: it is in the marker tag and in `source`. */
export const env = { GLEANTAP_IMPORT_TEST_NOW: '2026-11-27' };

/**
 * Takes the whole path of a user who has a file of that product and nothing else: `init`, answers to exactly these questions,
 * `check`, `run`. The contacts in the account must be the expected ones, field by field, and every row in one report.
 */
export async function expectImported(product: string): Promise<void> {
  const csv = membersOf(product);
  const expected = await readJson<Expected>(fixture(`gyms/${product}/expected.json`));
  const exitCode = expected.counts.failed === 0 ? 0 : 1;
  const [cwd, server] = await Promise.all([workplace(), simulator()]);
  await draftIn(cwd, product);

  // Rows that fail by intent, and people who want no email, make a larger share of a small file than of a real one.
  const args = [csv, '--max-invalid', '50%', '--accept-optouts', '--json'];
  const checked = await gleantapImport(['check', ...args], { cwd, env });
  expect(checked).toMatchObject({ code: exitCode });
  const { health } = JSON.parse(checked.stdout) as { health: CheckStats };
  expect(health.columns.map(({ code, column }) => [code, column])).toEqual(damaged[product] ?? []);
  // So do people who want no email.
  const accepted = ['--yes', '--accept-optouts'];
  const ended = await gleantapImport(
    ['run', ...args, '--out', 'gleantap-import/out', '--base-url', server.url, '--rate', '0', ...accepted],
    { cwd, env },
  );
  expect(ended).toMatchObject({ code: exitCode });

  const reported = await expectAccounted(path.join(cwd, 'gleantap-import', 'out'), server.contacts(), expected);
  const { blankLines: blank, succeeded, failed } = expected.counts;
  expect(JSON.parse(ended.stdout) as Summary).toMatchObject({
    counts: { read: reported, blank, succeeded, failed, unknown: 0, pending: 0 },
  });
}

/** Columns with damage. All other columns must have none. */
const damaged: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  clubready: [['scientific_notation', 'Cell Phone']],
  'mindbody-excel': [['scientific_notation', 'Mobile Phone']],
};

export const membersOf = (product: string): string => fixture(`gyms/${product}/members.csv`);

/** Drafts `mapping.json` in a folder, and answers its questions. */
export async function draftIn(cwd: string, product: string): Promise<void> {
  const drafted = await gleantapImport(['init', membersOf(product), '--json'], { cwd, env });
  expect(drafted).toMatchObject({ code: 0, stderr: '' });
  const file = fixture(`gyms/${product}/answers.json`);
  const answers = existsSync(file) ? await readJson<Answers>(file) : {};
  await answer(path.join(cwd, 'mapping.json'), JSON.parse(drafted.stdout) as Draft, answers);
}

/** Exactly these questions are open, at these places, and the answers given are among those that `init` offers. */
async function answer(file: string, draft: Draft, answers: Answers): Promise<void> {
  const { questions } = draft;
  const asked = questions.map(({ id, paths }) => [id, paths.map((parts) => parts.join('.'))]);
  expect(Object.fromEntries(asked)).toEqual(
    Object.fromEntries(Object.entries(answers).map(([id, values]) => [id, Object.keys(values)])),
  );
  if (questions.length === 0) return;
  const mapping = parseJsonc(await readFile(file, 'utf8'), 'mapping.json') as JsonValue;
  for (const { id, paths, answers: offered } of questions) {
    const edits = paths.map((parts): Edit => {
      const value = answers[id]?.[parts.join('.')];
      return value === null || value === undefined ? { path: parts } : { path: parts, value };
    });
    expect(offered.map((choice) => choice.edits)).toContainEqual(edits);
    applyAnswer(mapping, { answer: id, consequence: '', edits });
  }
  await writeFile(file, JSON.stringify(mapping));
}
