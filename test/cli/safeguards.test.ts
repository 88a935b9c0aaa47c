import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnySummary as Summary } from '../any-summary.ts';
import { canaries, gleantapImport, readReport, simulator, workplace } from './harness.ts';

const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last', email: { column: 'Email', onInvalid: 'drop' } };
const mapping = { version: 1, name: 'people', fields };

/** A workplace with `rows` people and a mapping. */
async function prepared(rows = 50, written: object = mapping): Promise<string> {
  const cwd = await workplace();
  const lines = Array.from({ length: rows }, (_, index) => `${index},First${index},Last${index},p${index}@example.com`);
  await writeFile(path.join(cwd, 'people.csv'), ['Id,First,Last,Email', ...lines, ''].join('\n'));
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(written));
  return cwd;
}

const summaryOf = (stdout: string): Summary => JSON.parse(stdout) as Summary;
const sending = (url: string): string[] => ['run', 'people.csv', '--base-url', url, '--rate', '0', '--json', '--yes'];

describe('before the first request', () => {
  it('a mapping with three mistakes: shows all three with path and suggestion, and sends no request', async () => {
    const server = await simulator();
    const cwd = await prepared(5, {
      ...mapping,
      fields: { ...fields, frist_name: 'First', last_name: 'Lats', dob: { column: 'Id', format: 'mm/dd/yyyy' } },
    });
    const { code, stderr } = await gleantapImport(sending(server.url), { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/fields: .*frist_name.*first_name/);
    expect(stderr).toMatch(/fields\.last_name\.column: .*Lats.*Last/);
    expect(stderr).toMatch(/fields\.dob\.format: .*MM\/DD\/YYYY/);
    expect(server.stats().requests).toBe(0);
    const left = (await readdir(path.join(cwd, 'gleantap-import'))).filter((name) => !name.startsWith('ledger.db-'));
    expect(left).toEqual(['ledger.db', 'ledger.db.seal']);
  });

  it('without a terminal and without --yes: the plan, and nothing sent', async () => {
    const server = await simulator();
    const cwd = await prepared();
    const { code, stdout, stderr } = await gleantapImport(
      ['run', 'people.csv', '--base-url', server.url, '--rate', '0'],
      { cwd },
    );
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(new URL(server.url).host);
    expect(stderr).toMatch(/To send +50/);
    expect(server.stats().writesAccepted).toBe(0);
    expect(server.stats().byEndpoint).toMatchObject({ newContact: 0 });
  });

  it.each([
    ['with the preflight', []],
    ['without it', ['--no-preflight']],
  ])('wrong keys stop the run after at most one write, %s', async (_name, flags) => {
    const server = await simulator({ credentials: { apiKey: 'other', secretKey: 'other', appId: 'demo-gym' } });
    const cwd = await prepared();
    const { code } = await gleantapImport([...sending(server.url), ...flags], { cwd });
    expect(code).toBe(3);
    expect(server.stats().byEndpoint).toMatchObject({ newContact: flags.length });
    expect(server.contacts()).toEqual([]);
  });

  it('keys from two places that differ, an incomplete set, and an account that the mapping does not allow', async () => {
    const server = await simulator();
    const cwd = await prepared();
    const mixed = await gleantapImport(sending(server.url), { cwd, env: { GLEANTAP_API_KEY: 'another' } });
    await writeFile(path.join(cwd, '.env.part'), `GLEANTAP_API_KEY=${canaries.apiKey}\n`);
    const part = await gleantapImport([...sending(server.url), '--env-file', '.env.part'], { cwd });
    await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ ...mapping, account: { app_id: 'another-gym' } }));
    const pinned = await gleantapImport(sending(server.url), { cwd });
    expect([mixed.code, part.code, pinned.code]).toEqual([2, 2, 2]);
    expect(server.stats().requests).toBe(0);
  });

  it('plain http to another machine, a folder that is not empty, an unknown flag, a missing file', async () => {
    const server = await simulator();
    const cwd = await prepared();
    await mkdir(path.join(cwd, 'full'));
    await writeFile(path.join(cwd, 'full/notes.txt'), 'mine');
    const ended = await Promise.all([
      gleantapImport(sending('http://gym.example.com'), { cwd }),
      gleantapImport([...sending(server.url), '--out', 'full'], { cwd }),
      gleantapImport([...sending(server.url), '--limt', '5'], { cwd }),
      gleantapImport(['run', 'nobody.csv', '--base-url', server.url, '--yes'], { cwd }),
      gleantapImport([...sending(server.url), '--rate', 'fast'], { cwd }),
      gleantapImport(sending(server.url), { cwd, env: { GLEANTAP_IMPORT_YES: '1' } }),
    ]);
    expect(ended.map(({ code }) => (code === 75 ? 2 : code))).toEqual(ended.map(() => 2));
    expect(server.stats().requests).toBe(0);
    expect(await readdir(path.join(cwd, 'full'))).toEqual(['notes.txt']);
  });

  it('too many invalid rows: nothing sent, and a report that shows why', async () => {
    const server = await simulator();
    const cwd = await prepared(50, { ...mapping, fields: { ...fields, dob: { column: 'Email', format: 'M/D/YYYY' } } });
    const { code, stdout } = await gleantapImport([...sending(server.url), '-o', 'out'], { cwd });
    expect(code).toBe(2);
    expect(server.stats().requests).toBe(0);
    expect(summaryOf(stdout)).toMatchObject({ counts: { read: 50, failed: 50 }, error: { code: 'too_many_invalid' } });
    expect(await readReport(path.join(cwd, 'out/failure.csv'))).toHaveLength(50);
  });

  it('dates in the opposite order make the column suspect and stop the run', async () => {
    const server = await simulator();
    const cwd = await prepared(0, {
      ...mapping,
      fields: { ...fields, dob: { column: 'Email', format: 'M/D/YYYY', onInvalid: 'drop' } },
    });
    await writeFile(path.join(cwd, 'people.csv'), 'Id,First,Last,Email\n1,Ana,Diaz,3/4/1990\n2,Bo,Lee,23/4/1990\n');
    const { code } = await gleantapImport(sending(server.url), { cwd });
    expect(code).toBe(2);
    expect(server.stats().requests).toBe(0);
  });

  it('a header alone is 0 rows and exit 0; an empty file is exit 2', async () => {
    const server = await simulator();
    const cwd = await prepared(0);
    const header = await gleantapImport(sending(server.url), { cwd });
    await writeFile(path.join(cwd, 'people.csv'), '');
    const empty = await gleantapImport(sending(server.url), { cwd });
    expect([header.code, empty.code]).toEqual([0, 2]);
    expect(summaryOf(header.stdout).counts).toMatchObject({ read: 0 });
    expect(server.stats().requests).toBe(0);
  });
});

describe('a server that misbehaves', () => {
  const fast = { GLEANTAP_IMPORT_TEST_TIME_SCALE: '50' };

  it('is down: exit 3 in bounded time with the command to continue, which completes when the server is back', async () => {
    const gone = await simulator();
    const port = Number(new URL(gone.url).port);
    await gone.close();
    const cwd = await prepared();
    const { code, stdout } = await gleantapImport([...sending(gone.url), '-o', 'out', '--max-outage', '60s'], {
      cwd,
      env: fast,
    });
    expect(code).toBe(3);
    const { counts, next, traffic } = summaryOf(stdout);
    expect(counts).toMatchObject({ read: 50, pending: 50, succeeded: 0 });
    expect(traffic?.requests).toBeLessThan(20);
    expect(next).toContain('resume');

    const back = await simulator({ port });
    const resumed = await gleantapImport(['resume', 'out', '--rate', '0', '--json'], { cwd });
    expect(resumed.code).toBe(0);
    expect(back.contacts()).toHaveLength(50);
  });

  it('refuses everything: stops after 20 rows, which are pending again', async () => {
    const server = await simulator({ faults: { http_400: 1 }, faultTimes: Infinity });
    const cwd = await prepared(100);
    const { code, stdout } = await gleantapImport([...sending(server.url), '-o', 'out', '--no-preflight'], { cwd });
    expect(code).toBe(3);
    expect(server.stats().requests).toBe(20);
    expect(summaryOf(stdout)).toMatchObject({ counts: { pending: 100, failed: 0 }, error: { code: 'server_refuses' } });
  });

  it('refuses 25 of the first 100 rows: stops; --accept-refusals does not', async () => {
    const server = await simulator({ faults: { http_400: 0.4 }, faultTimes: Infinity });
    const cwd = await prepared(200);
    const stopped = await gleantapImport([...sending(server.url), '-c', '1', '--no-preflight'], { cwd });
    expect(stopped.code).toBe(3);
    const { counts } = summaryOf(stopped.stdout);
    expect(counts?.failed).toBe(0);
    expect(counts?.succeeded).toBeLessThan(75);
    const through = await gleantapImport([...sending(server.url), '--accept-refusals', '--again', '--no-preflight'], {
      cwd,
    });
    expect(through.code).toBe(1);
    expect(summaryOf(through.stdout).counts).toMatchObject({ read: 200, pending: 0, unknown: 0 });
  });

  it('fails now and then in every way: every row is accounted for, and no person is there twice', async () => {
    const faults = {
      reset_before: 0.02,
      reset_after: 0.02,
      http_500_before: 0.02,
      http_500_after: 0.02,
      http_502_html: 0.02,
      http_503: 0.02,
    };
    const more = {
      http_503_retry_after: 0.02,
      truncated_body: 0.02,
      ok_not_json: 0.02,
      ok_without_id: 0.02,
      hang_after: 0.02,
    };
    const server = await simulator({ faults: { ...faults, ...more }, faultTimes: 1, latencyMs: 1, seed: 7 });
    const cwd = await prepared(400);
    const flags = ['--no-preflight', '-o', 'out', '--timeout', '500ms', '-c', '16'];
    const { code, stdout } = await gleantapImport([...sending(server.url), ...flags], { cwd, env: fast });
    expect(code).toBe(1);
    const { counts } = summaryOf(stdout);
    expect(counts).toMatchObject({ read: 400, failed: 0, pending: 0 });
    expect((counts?.succeeded ?? 0) + (counts?.unknown ?? 0)).toBe(400);
    // Only "accepted, but no _id" stays unknown: everything else is settled by sending it again.
    expect(counts?.unknown).toBe(server.stats().faultsStaged['ok_without_id']);
    expect(server.contacts()).toHaveLength(400);
    expect(server.stats().perPersonOverlaps).toBe(0);
    expect(await readReport(path.join(cwd, 'out/unknown.csv'))).toHaveLength(counts?.unknown ?? -1);
  });
});

describe('names that mean something to JavaScript', () => {
  const fieldsOf = { user_id: 'constructor', first_name: 'First', last_name: 'Last' };
  const csv = 'constructor,First,Last,__proto__\n7,Ana,Diaz,x\n';

  it('columns and attributes may have them', async () => {
    const server = await simulator();
    const cwd = await workplace();
    await writeFile(path.join(cwd, 'people.csv'), csv);
    const attributes = { toString: '__proto__', constructor: { value: 'y' } };
    await writeFile(
      path.join(cwd, 'mapping.json'),
      JSON.stringify({ version: 1, name: 'odd', fields: fieldsOf, attributes }),
    );
    const { code } = await gleantapImport(sending(server.url), { cwd });
    expect(code).toBe(0);
    expect(Object.entries(server.contacts()[0]?.attributes ?? {})).toEqual([
      ['toString', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('an attribute __proto__ is refused by name', async () => {
    const cwd = await workplace();
    await writeFile(path.join(cwd, 'people.csv'), csv);
    const text = JSON.stringify({ version: 1, name: 'odd', fields: fieldsOf }).replace(
      /}$/,
      ',"attributes":{"__proto__":"First"}}',
    );
    await writeFile(path.join(cwd, 'mapping.json'), text);
    const { code, stderr } = await gleantapImport(['check', 'people.csv'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('attributes.__proto__');
  });
});
