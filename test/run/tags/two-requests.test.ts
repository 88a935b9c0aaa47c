import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openLedger } from '../../../src/ledger/ledger.ts';
import type { AnySummary as Summary } from '../../any-summary.ts';
import type { Simulator } from '../../../src/simulator/index.ts';
import { gleantapImport, readReport, simulator, start, workplace } from '../../cli/harness.ts';
import { gatewayTo } from './gateway.ts';
import type { Seen } from './gateway.ts';

const flags = ['-o', 'out', '--yes', '--rate', '0', '--json', '--no-preflight', '-c', '1', '--attempts', '2'];
const env = { GLEANTAP_IMPORT_TEST_TIME_SCALE: '1000', GLEANTAP_IMPORT_TEST_NOW: '2026-11-27' };
const summaryOf = ({ stdout }: { stdout: string }): Summary => JSON.parse(stdout) as Summary;
const actionOf = ({ body }: Seen): string => `${String(body['user_id'])} ${String(body['tag_action'])}`;
const tagsOf = (server: Simulator) => server.contacts().map(({ user_id, tags }) => [user_id, tags]);

/** Members whose old tag is removed and whose new one is added. */
async function prepared(ids: readonly number[]): Promise<{ cwd: string; server: Simulator }> {
  const contacts = ids.map((id) => ({ user_id: String(id), first_name: `F${id}`, last_name: 'L', tags: ['old'] }));
  const server = await simulator({ contacts });
  const cwd = await workplace();
  const fields = {
    user_id: 'Id',
    first_name: 'First',
    last_name: 'Last',
    tags: { add: [{ value: 'new' }], remove: [{ value: 'old' }] },
  };
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ version: 1, name: 'people', fields }));
  await writeFile(path.join(cwd, 'people.csv'), ['Id,First,Last', ...ids.map((id) => `${id},F${id},L`), ''].join('\n'));
  return { cwd, server };
}

describe('a row that removes tags and adds others', () => {
  it('is partly applied when the second request is refused, and reports what was done', async () => {
    const { cwd, server } = await prepared([1, 2]);
    const gateway = await gatewayTo(server);
    gateway.instead = (call) =>
      actionOf(call) === '2 add' ? { status: 400, body: { status: 'error', message: 'no more tags' } } : undefined;
    const ended = await gleantapImport(['run', 'people.csv', '--base-url', gateway.url, ...flags], { cwd, env });
    expect(ended.code).toBe(1);
    expect(summaryOf(ended).counts).toMatchObject({ read: 2, succeeded: 1, failed: 1 });
    const [failed] = await readReport(path.join(cwd, 'out', 'failure.csv'));
    expect(failed).toMatchObject({ _row: '3', _code: 'partly_applied', _http_status: '400', Id: '2' });
    expect(failed?.['_problem']).toContain('no more tags');
    expect(tagsOf(server)).toEqual([
      ['1', ['new']],
      ['2', []],
    ]);
  });

  it('continues with only its second request after a stop', async () => {
    const { cwd, server } = await prepared([1, 2]);
    const gateway = await gatewayTo(server);
    gateway.instead = (call) =>
      actionOf(call) === '2 add' ? { status: 401, body: { message: 'who are you?' } } : undefined;
    const stopped = await gleantapImport(['run', 'people.csv', '--base-url', gateway.url, ...flags], { cwd, env });
    expect(stopped.code).toBe(3);
    expect(summaryOf(stopped).counts).toMatchObject({ succeeded: 1, failed: 0, pending: 1 });

    gateway.seen.length = 0;
    gateway.instead = () => undefined;
    const resumed = await gleantapImport(['resume', 'out', '--json'], { cwd, env });
    expect(resumed.code).toBe(0);
    expect(gateway.seen.map(actionOf)).toEqual(['2 add']);
    expect(tagsOf(server)).toEqual(['1', '2'].map((id) => [id, ['new']]));
  });

  it('continues with only its second request after a kill', async () => {
    const { cwd, server } = await prepared([1, 2]);
    const gateway = await gatewayTo(server);
    gateway.instead = (call) => (actionOf(call) === '2 add' ? 'hang' : undefined);
    const killed = start(['run', 'people.csv', '--base-url', gateway.url, ...flags], { cwd, env });
    await gateway.came(4);
    const ledger = openLedger(path.join(cwd, 'gleantap-import', 'ledger.db'));
    await vi.waitFor(() =>
      expect(ledger.rowsAfter(1, 2, 1)).toMatchObject([{ row: 3, outcome: 'pending', applied: 1 }]),
    );
    ledger.close();
    killed.child.kill('SIGKILL');
    await killed.ended;

    gateway.seen.length = 0;
    gateway.instead = () => undefined;
    const resumed = await gleantapImport(['resume', 'out', '--json'], { cwd, env });
    expect(resumed.code).toBe(0);
    expect(gateway.seen.map(actionOf)).toEqual(['2 add']);
    expect(summaryOf(resumed).counts).toMatchObject({ succeeded: 2, failed: 0, pending: 0 });
    expect(tagsOf(server)).toEqual(['1', '2'].map((id) => [id, ['new']]));
  });
});
