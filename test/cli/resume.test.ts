import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import type { AnySummary as Summary } from '../any-summary.ts';
import { gleantapImport, readReport, simulator, start, workplace, writesReach } from './harness.ts';

type Body = Readonly<Record<string, unknown>>;
const summaryOf = (stdout: string): Summary => JSON.parse(stdout) as Summary;
const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last' };
const mappingText = (more: object = {}): string => JSON.stringify({ version: 1, name: 'people', fields, ...more });

/** A server that gives each newContact these answers. */
async function answering(
  answer: (body: Body) => { status: number; body: object },
): Promise<{ url: string; bodies: Body[] }> {
  const bodies: Body[] = [];
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = JSON.parse(await text(request)) as Body;
    bodies.push(body);
    const { status, body: told } = answer(body);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(told));
  };
  const server = createServer((request, response) => void reply(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

async function killedHalfWay(): Promise<{
  cwd: string;
  server: Awaited<ReturnType<typeof simulator>>;
  flags: string[];
}> {
  const server = await simulator({ latencyMs: 15 });
  const cwd = await workplace();
  const rows = Array.from({ length: 200 }, (_, index) => `${index},First${index},Last${index}`);
  await writeFile(path.join(cwd, 'people.csv'), ['Id,First,Last', ...rows].join('\n'));
  await writeFile(path.join(cwd, 'mapping.json'), mappingText());
  const flags = ['--base-url', server.url, '--yes', '--rate', '0', '--no-preflight', '--json'];
  const { child, ended } = start(['run', 'people.csv', ...flags, '-o', 'out', '-c', '4'], { cwd });
  await writesReach(server, 100);
  child.kill('SIGKILL');
  await ended;
  await writeFile(path.join(cwd, 'mapping.json'), mappingText({ attributes: { wave: { value: 'second' } } }));
  return { cwd, server, flags };
}

it('resume makes no new decisions: a mapping that changed meanwhile, or a file that is gone, does not matter', async () => {
  const { cwd, server } = await killedHalfWay();
  await writeFile(path.join(cwd, 'people.csv'), 'Id,First,Last\n9,Other,Person\n');
  const { code, stdout } = await gleantapImport(['resume', 'out', '--json'], { cwd });
  expect(code).toBe(0);
  // The pace is also the run's own: 4 at once, not the default.
  expect(server.stats().maxInFlight).toBeLessThanOrEqual(4);
  expect(summaryOf(stdout).counts).toMatchObject({ read: 200, succeeded: 200 });
  expect(server.contacts().some(({ attributes }) => 'wave' in attributes)).toBe(false);
});

it('run after a change of the mapping names the unfinished run and sends all rows', async () => {
  const { cwd, server, flags } = await killedHalfWay();
  const { code, stdout, stderr } = await gleantapImport(['run', 'people.csv', ...flags], { cwd });
  expect(code).toBe(0);
  expect(stderr).toContain('gleantap-import resume out\n');
  expect(summaryOf(stdout)).toMatchObject({ run: 2, counts: { succeeded: 200 } });
  expect(server.contacts().every(({ attributes }) => attributes['wave'] === 'second')).toBe(true);
});

it('a failed row that a later row of the same person replaced is marked, and importing the report skips it', async () => {
  let ofSecond = 0;
  const server = await answering(({ user_id: id }) =>
    id === '3' || (id === '2' && (ofSecond += 1) === 1)
      ? { status: 400, body: { message: 'no such name: Bad' } }
      : { status: 200, body: { status: 'success', _id: 'a1' } },
  );
  const cwd = await workplace();
  const csv = ['Id,First,Last', '1,Ana,Diaz', '2,Bo,Bad', '2,Bo,Bad', '3,Cy,Bad'];
  await writeFile(path.join(cwd, 'people.csv'), csv.join('\n'));
  await writeFile(path.join(cwd, 'mapping.json'), mappingText());
  const flags = ['--base-url', server.url, '--yes', '--rate', '0', '--no-preflight', '--json'];
  const first = await gleantapImport(['run', 'people.csv', ...flags, '-o', 'out'], { cwd });
  expect(first.code).toBe(1);
  const failure = await readReport(path.join(cwd, 'out/failure.csv'));
  expect(failure.map(({ _row: row, _code: code }) => [row, code])).toEqual([
    ['3', 'superseded'],
    ['5', 'refused'],
  ]);
  // The server quoted the row's own value; it is masked.
  expect(failure[1]?.['_problem']).not.toContain('Bad');

  const before = server.bodies.length;
  const second = await gleantapImport(['run', 'out/failure.csv', ...flags], { cwd });
  expect(summaryOf(second.stdout).counts).toMatchObject({ read: 2, skipped: 1, failed: 1 });
  expect(server.bodies.length).toBe(before + 1);
});

it.each<[string, (lines: readonly string[]) => readonly string[]]>([
  ['cut in half', (lines) => lines.slice(0, lines.length / 2)],
  ['sorted otherwise', ([header = '', ...rows]) => [header, ...rows.toReversed()]],
  ['longer', (lines) => [...lines, '999,Not,Checked']],
])('a copy of the input that is %s is not continued: nothing more is sent', async (_what, change) => {
  const { cwd, server } = await killedHalfWay();
  const copy = path.join(cwd, 'out', 'input.csv');
  const lines = (await readFile(copy, 'utf8')).split('\n');
  await writeFile(copy, change(lines).join('\n'));
  const before = server.stats().writesAccepted;
  const { code, stdout } = await gleantapImport(['resume', 'out', '--json'], { cwd });
  expect(code).toBe(4);
  expect(summaryOf(stdout)).toMatchObject({ error: { code: 'copy_changed' } });
  expect(server.stats().writesAccepted).toBe(before);
});

it('unknown.csv lists the rows without a known outcome; importing it sends those rows again', async () => {
  let isBroken = true;
  const server = await answering(({ user_id: id }) =>
    id === '2' && isBroken
      ? { status: 200, body: { status: 'success' } }
      : { status: 200, body: { status: 'success', _id: `c${String(id)}` } },
  );
  const cwd = await workplace();
  await writeFile(path.join(cwd, 'people.csv'), ['Id,First,Last', '1,Ana,Diaz', '2,Bo,Lee'].join('\n'));
  await writeFile(path.join(cwd, 'mapping.json'), mappingText());
  const flags = ['--base-url', server.url, '--yes', '--rate', '0', '--no-preflight', '--json'];
  const first = await gleantapImport(['run', 'people.csv', ...flags, '-o', 'out'], { cwd });
  expect(first.code).toBe(1);
  expect(summaryOf(first.stdout).next).toContain('unknown.csv');
  expect(await readReport(path.join(cwd, 'out/unknown.csv'))).toMatchObject([
    { _row: '3', _code: 'accepted_without_id', _http_status: '200' },
  ]);
  isBroken = false;
  const second = await gleantapImport(['run', 'out/unknown.csv', ...flags, '-o', 'again'], { cwd });
  expect(second.code).toBe(0);
  expect(await readReport(path.join(cwd, 'again/success.csv'))).toMatchObject([{ _row: '2', _id: 'c2' }]);
});
