import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/ledger/database.ts';
import type { AnySummary as Summary } from '../any-summary.ts';
import { filesBelow, fixture, gleantapImport, readReport, workplace } from '../cli/harness.ts';

type Body = Readonly<Record<string, unknown>>;

interface Copied {
  readonly cwd: string;
  /** Bodies of newContact, in order of arrival. */
  readonly sent: Body[];
  /** Calls of any kind. */
  readonly calls: string[];
  readonly command: (...args: string[]) => Promise<{ code: number | null; summary: Summary; stderr: string }>;
  readonly flags: readonly string[];
}

/** A copy of a folder that version 0.1.0 left, with the paths and the account of this test. */
async function copied(name: 'stopped' | 'finished'): Promise<Copied> {
  const sent: Body[] = [];
  const calls: string[] = [];
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    calls.push(request.url ?? '');
    const body = JSON.parse((await text(request)) || '{}') as Body;
    const isWrite = request.url?.endsWith('/newContact') === true;
    if (isWrite) sent.push(body);
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(isWrite ? { status: 'success', _id: `c${String(body['user_id'])}` } : { members: [] }));
  };
  const server = createServer((request, response) => void reply(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cwd = await workplace();
  cpSync(fixture(`ledgers-0.1.0/${name}`), cwd, { recursive: true });
  // git keeps no modes but those of programs.
  for (const file of filesBelow(cwd)) chmodSync(file, 0o600);
  const home = `/home/gym/${name}`;
  const { origin } = (JSON.parse(readFileSync(path.join(cwd, 'first/run.json'), 'utf8')) as Saved).account;
  for (const file of filesBelow(cwd).filter((each) => path.basename(each) === 'run.json'))
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(home, cwd).replaceAll(origin, url));
  const database = openDatabase(path.join(cwd, 'gleantap-import/ledger.db'));
  database
    .prepare('UPDATE runs SET out = replace(out, ?, ?), account = replace(account, ?, ?)')
    .run(home, cwd, origin, url);
  for (const table of ['feeds', 'baselines', 'failure_marks'])
    database.prepare(`UPDATE ${table} SET account = replace(account, ?, ?)`).run(origin, url);
  database.close();
  const command = async (...args: string[]): ReturnType<Copied['command']> => {
    const { code, stdout, stderr } = await gleantapImport([...args, '--json'], { cwd });
    return { code, stderr, summary: JSON.parse(stdout === '' ? '{}' : stdout) as Summary };
  };
  return { cwd, sent, calls, command, flags: ['--base-url', url, '--yes', '--rate', '0', '--only-changed'] };
}

interface Saved {
  readonly account: { readonly origin: string };
}

const idsOf = (bodies: readonly Body[]): string[] => bodies.map((body) => String(body['user_id']));
const members = (...numbers: readonly number[]): string[] => numbers.map((number) => `M${number}`);
const span = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, nth) => from + nth);

it('resume finishes a run that 0.1.0 started, and sends no row again', async () => {
  const { cwd, sent, command } = await copied('stopped');
  const { code, summary } = await command('resume');
  expect(code).toBe(1);
  expect(summary.counts).toMatchObject({ read: 75, succeeded: 50, failed: 6, unknown: 1, skipped: 18, pending: 0 });
  // M21 has its first request behind it, M71 has two rows. Rows that wait since the run before go first.
  expect(idsOf(sent).slice(0, 2)).toEqual(members(39, 40));
  expect(idsOf(sent).toSorted()).toEqual([...members(21, ...span(39, 71)), 'M71'].toSorted());
  expect(sent.find((body) => body['user_id'] === 'M21')).toMatchObject({ tags: 'New', tag_action: 'add' });
  const failure = await readReport(path.join(cwd, 'second/failure.csv'));
  expect(failure.map(({ _row: row, _code: problem }) => [row, problem])).toEqual([
    ['23', 'refused'],
    ['24', 'refused'],
    ['25', 'refused'],
    ['74', 'two_people_one_key'],
    ['75', 'two_people_one_key'],
    ['76', 'bad_email'],
  ]);
  // One column held the server's words and another row's number.
  expect(failure.map(({ _problem: problem = '' }) => problem)).toEqual([
    expect.stringContaining('n***me not ***llowed'),
    expect.stringContaining('n***me not ***llowed'),
    expect.not.stringContaining('undefined'),
    expect.stringContaining('row 75'),
    expect.stringContaining('row 74'),
    expect.any(String),
  ]);
});

it('resume withholds the consent that 0.1.0 withheld, and nothing else', async () => {
  const { cwd, sent, command } = await copied('stopped');
  await command('resume');
  const without = sent.filter((body) => body['optin_sms'] === undefined && body['tag_action'] === undefined);
  // The second row of M71 says nothing about text messages.
  expect(idsOf(without).toSorted()).toEqual([...members(45, 55, 65, 71), 'M71'].toSorted());
  const success = await readReport(path.join(cwd, 'second/success.csv'));
  const warned = success.filter(({ _warnings: warnings = '' }) => warnings.includes('optin_sms:opted_out_of_sms'));
  expect(warned.map(({ _row: row }) => row)).toEqual(['39', '46', '56', '66', '72']);
});

it('a new run first sends the people whom 0.1.0 left pending twice', async () => {
  const { sent, command, flags } = await copied('stopped');
  const { code, summary } = await command('run', 'members.csv', ...flags, '-c', '1', '-o', 'third');
  expect(code).toBe(1);
  expect(idsOf(sent).slice(0, 2)).toEqual(members(39, 40));
  expect(summary.counts).toMatchObject({ read: 75, pending: 0 });
});

it('a finished feed of 0.1.0 needs no calls', async () => {
  const { calls, command, flags } = await copied('finished');
  const { code, summary } = await command('run', 'members.csv', ...flags, '-o', 'second');
  expect({ code, calls }).toEqual({ code: 0, calls: [] });
  expect(summary.counts).toMatchObject({ read: 21, skipped: 21 });
});
