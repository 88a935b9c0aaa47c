import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { parseJsonc } from '../../src/config/jsonc.ts';
import type { Draft } from '../../src/draft/draft.ts';
import { applyAnswer } from '../../src/draft/question.ts';
import type { Edit, JsonValue } from '../../src/draft/question.ts';
import type { StoredContact } from '../../src/simulator/index.ts';
import {
  fixture,
  gleantapImport,
  readJson,
  readReport,
  root,
  runFolderIn,
  simulator,
  workplace,
} from '../cli/harness.ts';

/** What `fixtures/cases/NAME/case.json` says: see fixtures/README.md. */
interface Case {
  readonly what: string;
  /** More arguments for `init`, like `--country`. */
  readonly init?: readonly string[];
  /** The right outcome is that the file is refused with exit code 2 and that nothing is sent. */
  readonly refused?: boolean;
  /** By a question's id: what is written at each path of the mapping; null removes the value. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;
  /** What must be sent, by row. A list is the values that are right; null in it allows the field to be absent. */
  readonly bodies: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;
}

/** The day for which the cases were made: it is in the tag that marks an import. */
const env = { GLEANTAP_IMPORT_TEST_NOW: '2026-11-27' };
const marker = 'import-2026-11-27';
const names = readdirSync(fixture('cases')).toSorted();
/** The cases that have their own test below. */
const others = [
  'phantom-columns',
  'odd-file-names',
  'rate-limit-as-403',
  'rate-limit-in-200',
  'short-row-twice',
  'twins-by-apostrophe',
] as const;
const right = new Set<string>();
let oddNames = 0;
const cli = path.join(root, 'dist/cli/main.js');

it.each(names)('%s', async (name) => {
  const folder = fixture(`cases/${name}`);
  const csv = readdirSync(folder).find((file) => !file.endsWith('.json'));
  if (csv === undefined || !existsSync(path.join(folder, 'case.json'))) throw new Error(`${name} is not a whole case`);
  const { init = [], refused = false, answers, bodies } = await readJson<Case>(path.join(folder, 'case.json'));
  const [cwd, server] = await Promise.all([workplace(), simulator()]);
  const input = path.join(cwd, csv);
  await writeFile(input, await readFile(path.join(folder, csv)));

  const mapping = path.join(cwd, 'mapping.json');
  const written = path.join(folder, 'mapping.json');
  if (existsSync(written)) await writeFile(mapping, await readFile(written));
  else {
    const drafted = await gleantapImport(['init', csv, '--json', ...init], { cwd, env });
    expect(drafted).toMatchObject({ code: 0, stderr: '' });
    await answerAll(mapping, JSON.parse(drafted.stdout) as Draft, answers);
  }
  // Rows that are left out by intent are a larger share of a small file than of a real one.
  const args = [csv, '--max-invalid', '100%', '--accept-optouts', '--json'];
  const checked = await gleantapImport(['check', ...args], { cwd, env });
  if (refused) expect(checked.code).toBe(2);
  else expect(checked.code).toBeLessThan(2);
  const ended = await gleantapImport(['run', ...args, '--base-url', server.url, '--rate', '0', '--yes'], { cwd, env });
  expect(ended.code).toBe(checked.code);

  const sent = inOrder(server.contacts().map(bodyOf));
  const expected = inOrder(Object.values(bodies));
  expect(sent.map(keyOf)).toEqual(expected.map(keyOf));
  expect(sent.map((body, index) => withChoices(body, expected[index] ?? {}))).toEqual(expected);
  right.add(name);
});

const given = ['Ana', 'Ben', 'Carla', 'Dev', 'Elsa', 'Finn', 'Gita', 'Hugo', 'Ines', 'Jack', 'Kira'];
const family = ['Diaz', 'Cole', 'Berg', 'Shah', 'Lund', 'Park', 'Rao', 'Weiss', 'Costa', 'Reed'];
const columns = 'Member ID,First Name,Last Name,Email';
const people = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => {
    const name = given[index % given.length] ?? '';
    return `${1000 + index},${name},${family[index % family.length] ?? ''},${name.toLowerCase()}${index}@example.com`;
  });
const plainFields = { user_id: 'Member ID', first_name: 'First Name', last_name: 'Last Name', email: 'Email' };

/** A workplace with one file, and its mapping if there is one. */
async function withFile(csv: string, lines: readonly string[], mapping?: object): Promise<string> {
  const cwd = await workplace();
  await writeFile(path.join(cwd, csv), `${lines.join('\n')}\n`);
  if (mapping !== undefined)
    await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ version: 1, name: 'members', ...mapping }));
  return cwd;
}

const runTo = (url: string, csv: string): string[] => ['run', csv, '--base-url', url, '--rate', '0', '--yes'];

it('phantom-columns: 16,378 cells without a name follow the last column', async () => {
  const lines = [columns, ...people(60)].map((line) => line + ','.repeat(16_378));
  const [cwd, server] = await Promise.all([withFile('members.csv', lines), simulator()]);
  expect(await gleantapImport(['init', 'members.csv'], { cwd, env })).toMatchObject({ code: 0 });
  expect(await gleantapImport(['check', 'members.csv'], { cwd, env })).toMatchObject({ code: 0 });
  expect(await gleantapImport(runTo(server.url, 'members.csv'), { cwd, env })).toMatchObject({ code: 0 });
  expect(server.contacts().map(({ user_id: id }) => id)).toHaveLength(60);
  right.add('phantom-columns');
});

it.each(['-members.csv', "members (1) & co's 100%.csv", '$(id).csv', 'mémbers.csv'.normalize('NFD')])(
  'odd-file-names: a shell accepts the next commands for %s',
  async (csv) => {
    const [cwd, server] = await Promise.all([withFile(csv, [columns, ...people(6)]), simulator()]);
    const bin = path.join(cwd, 'bin');
    await mkdir(bin);
    await writeFile(path.join(bin, 'gleantap-import'), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`, {
      mode: 0o700,
    });
    const shell = async (command: string): Promise<string> => {
      const PATH = `${bin}:${process.env['PATH'] ?? ''}`;
      const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], { cwd, env: { PATH, ...env } });
      return stdout;
    };
    const next = (text: string): string => /gleantap-import (?:check|run) .*$/m.exec(text)?.[0] ?? '';
    const drafted = await gleantapImport(['init', '--', csv], { cwd, env });
    expect(drafted.code).toBe(0);
    const checked = await shell(next(drafted.stdout));
    await shell(`${next(checked).replace('run ', `run --base-url ${server.url} --rate 0 --yes `)} 2>&1`);
    expect(server.contacts()).toHaveLength(1);
    oddNames += 1;
    if (oddNames === 4) right.add('odd-file-names');
  },
);

it('rate-limit-as-403: a refusal in the middle of a run is not about the credentials', async () => {
  let calls = 0;
  const server = await answering(() => {
    calls += 1;
    return calls % 3 === 0
      ? { status: 403, body: { status: 'error', message: 'API rate limit exceeded' } }
      : { status: 200, body: { status: 'success', _id: `c${calls}` } };
  });
  const cwd = await withFile('members.csv', [columns, ...people(24)], { fields: plainFields });
  const ended = await gleantapImport([...runTo(server, 'members.csv')], { cwd, env });
  expect(ended.stderr + ended.stdout).not.toContain('GLEANTAP_API_KEY');
  const folder = runFolderIn(cwd);
  const files = await Promise.all(['success.csv', 'failure.csv'].map(async (file) => rowsOf(path.join(folder, file))));
  expect(files.flat()).toHaveLength(24);
  const failed = files[1] ?? [];
  expect(failed.every((row) => Object.values(row).some((cell) => cell.includes('rate limit')))).toBe(true);
  right.add('rate-limit-as-403');
});

it('rate-limit-in-200: a run stops early, and resume continues', async () => {
  let isOpen = false;
  let calls = 0;
  const server = await answering(() => {
    calls += 1;
    return isOpen
      ? { status: 200, body: { status: 'success', _id: `c${calls}` } }
      : { status: 200, body: { status: 'error', message: 'Rate limit exceeded, slow down' } };
  });
  const cwd = await withFile('members.csv', [columns, ...people(100)], { fields: plainFields });
  const stopped = await gleantapImport(runTo(server, 'members.csv'), { cwd, env });
  expect(stopped.code).toBeGreaterThan(0);
  expect(calls).toBeLessThan(100);
  expect(stopped.stderr + stopped.stdout).toContain('slow down');
  isOpen = true;
  const resumed = await gleantapImport(['resume', runFolderIn(cwd)], { cwd, env });
  expect(resumed, resumed.stderr).toMatchObject({ code: 0 });
  right.add('rate-limit-in-200');
});

it('short-row-twice: a short row that comes back unchanged in failure.csv is refused again', async () => {
  const shifted = '1002,Ana,Diaz Austin,TX,78701';
  const rows = people(30).map((line) => `${line},Austin,TX`);
  const lines = [`${columns},City,State`, ...rows.slice(0, 2), shifted, ...rows.slice(3)];
  const mapping = { fields: { ...plainFields, city: 'City', state: 'State' } };
  const [cwd, server] = await Promise.all([withFile('members.csv', lines, mapping), simulator()]);
  expect(await gleantapImport(runTo(server.url, 'members.csv'), { cwd, env })).toMatchObject({ code: 1 });
  const sent = server.contacts();
  const failure = path.join(runFolderIn(cwd), 'failure.csv');
  expect(await gleantapImport(runTo(server.url, failure), { cwd, env })).toMatchObject({ code: 1 });
  expect(server.contacts()).toEqual(sent);
  expect(sent).toHaveLength(29);
  right.add('short-row-twice');
});

it('twins-by-apostrophe: rows of one person whose first name has two apostrophes are sent in order and named', async () => {
  const lines = ['First Name,Last Name,Email', 'D’Angelo,Reed,dan@example.com', "D'Angelo,Reed,dan@example.com"];
  const { first_name, last_name, email } = plainFields;
  const [cwd, server] = await Promise.all([
    withFile('members.csv', lines, { fields: { first_name, last_name, email } }),
    simulator(),
  ]);
  const checked = await gleantapImport(['check', 'members.csv', '-o', 'checked'], { cwd, env });
  expect(checked).toMatchObject({ code: 0 });
  expect(checked.stdout).toMatch(/first_name_spelling_differs +2 +rows 2, 3/);
  expect(await gleantapImport(runTo(server.url, 'members.csv'), { cwd, env })).toMatchObject({ code: 0 });
  // The simulator compares letter by letter. Whether Gleantap does is unknown, so each row names the other.
  expect(server.contacts().map((contact) => contact.first_name)).toEqual(['D’Angelo', "D'Angelo"]);
  const sent = await rowsOf(path.join(runFolderIn(cwd), 'success.csv'));
  expect(sent.map((row) => row['_warnings'])).toEqual([
    'first_name_spelling_differs (row 3)',
    'first_name_spelling_differs (row 2)',
  ]);
  right.add('twins-by-apostrophe');
});

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** A server that gives each newContact these answers, and any other call an empty list. */
async function answering(answer: () => Answer): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const isWrite = request.method === 'POST' && request.url?.includes('newContact') === true;
      const { status, body } = isWrite ? answer() : { status: 200, body: { status: 'success', data: [] } };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const rowsOf = async (file: string): Promise<Record<string, string>[]> => (existsSync(file) ? readReport(file) : []);

afterAll(() => {
  const all = [...names, ...others];
  const wrong = all.filter((name) => !right.has(name));
  const list = wrong.length === 0 ? '' : `, not ${wrong.join(', ')}`;
  process.stdout.write(`${right.size} of ${all.length} cases right${list}\n`);
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
