import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { appId, canaries, readReport, start } from '../../cli/harness.ts';
import type { AnySummary } from '../../any-summary.ts';
import { members, placeWith, seeds } from './account.ts';
import type { Place } from './account.ts';

/** Someone at the gym changes a contact after the run. */
async function edit(place: Place, fields: object): Promise<void> {
  const answer = await fetch(`${place.server.url}/v2/ExternalApi/newContact`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-API-KEY': canaries.apiKey, 'X-SECRET-KEY': canaries.secretKey },
    body: JSON.stringify({ app_id: appId, last_name: 'Edited', ...fields }),
  });
  expect(answer.status).toBe(200);
}

/** A run of 300 people, of whom it created 40. Ten of these are edited later. */
async function runOf300(): Promise<{ place: Place; run: string }> {
  const place = await placeWith({ contacts: seeds(260), latencyMs: 2 });
  await place.export(members(300));
  // A process of its own: a killed one after it must not share the ledger with this one.
  const args = ['run', 'members.csv', '--yes', '--compare', '--rate', '0', '--json', '--base-url', place.server.url];
  const { code, stdout } = await start(args, { cwd: place.cwd }).ended;
  const summary = JSON.parse(stdout) as AnySummary;
  expect({ code, ...summary.effects }).toEqual({ code: 0, created: 40, updated: 260 });
  for (let nth = 290; nth < 300; nth += 1) await edit(place, { first_name: `P${nth}`, email: `p${nth}@example.com` });
  return { place, run: String(summary.run) };
}

function countEdited({ server }: Place): number {
  return server.contacts().filter(({ last_name: last }) => last === 'Edited').length;
}

describe('undo', () => {
  it('removes exactly what the run created and is unchanged since, and says what it kept', async () => {
    const { place, run } = await runOf300();
    const { code, summary, stderr } = await place.command('undo', run, '--yes');
    expect(code).toBe(1);
    expect(summary.counts).toMatchObject({ read: 40, succeeded: 30, failed: 10, pending: 0 });
    expect(stderr).toContain('40 contacts that it created');
    expect(place.server.contacts()).toHaveLength(270);
    expect(countEdited(place)).toBe(10);
    expect(place.server.stats().byEndpoint.removeContact).toBe(30);
    const failures = await readReport(path.join(String(summary.out), 'failure.csv'));
    expect(new Set(failures.map((row) => row['_code']))).toEqual(new Set(['changed_since']));
  });

  it('killed half-way and resumed, it removes the rest, and each contact has one outcome', async () => {
    const { place, run } = await runOf300();
    const args = ['undo', run, '--yes', '--rate', '0', '--concurrency', '2'];
    const { child, ended } = start(args, { cwd: place.cwd });
    await vi.waitUntil(() => place.server.stats().byEndpoint.removeContact >= 12, { interval: 2, timeout: 30_000 });
    child.kill('SIGKILL');
    await ended;
    const { code, summary } = await place.command('resume');
    expect(code).toBe(1);
    expect(summary.counts).toMatchObject({ read: 40, succeeded: 30, failed: 10, pending: 0 });
    expect(place.server.contacts()).toHaveLength(270);
  });

  it('keeps a contact that changes after the plan', async () => {
    const { place, run } = await runOf300();
    const pilot = await place.command('undo', run, '--yes', '--limit', '2');
    expect(pilot.summary.counts).toMatchObject({ succeeded: 2 });
    await edit(place, { first_name: 'P270', email: 'p270@example.com' });
    const { summary } = await place.command('undo', run, '--yes', '--again');
    expect(countEdited(place)).toBe(11);
    expect(summary.counts?.failed).toBe(11);
  });

  it('--restore puts back names, email and phone of contacts that the run changed', async () => {
    const place = await placeWith({
      contacts: [
        { user_id: 'm1', first_name: 'Ana', last_name: 'Diaz', email: 'ana@example.com', phone: '+12125550147' },
        { first_name: 'Bo', last_name: 'Hall', email: 'bo@example.com' },
        { first_name: 'Cy', last_name: 'Roe', email: 'cy@example.com' },
      ],
    });
    await place.export([
      { Id: 'm1', First: 'Anna', Last: 'Diaz-Ray', Email: 'anna@example.com' },
      { First: 'Bo', Last: 'Other', Email: 'bo@example.com' },
      { First: 'Cy', Last: 'Roe', Email: 'cy@example.com' },
    ]);
    const { summary: ran } = await place.run('--compare');
    const without = await place.command('undo', String(ran.run), '--yes');
    expect(without.code).toBe(2);
    expect(without.summary.error?.hint).toContain('--restore');
    const { code } = await place.command('undo', String(ran.run), '--yes', '--restore');
    expect(code).toBe(0);
    expect(place.server.contacts()).toMatchObject([
      { first_name: 'Ana', last_name: 'Diaz', email: 'ana@example.com', phone: '+12125550147' },
      { first_name: 'Bo', last_name: 'Hall' },
      { first_name: 'Cy', last_name: 'Roe' },
    ]);
    expect(place.server.contacts()).toHaveLength(3);
    const file = await readFile(path.join(place.cwd, 'gleantap-import/ledger.db'));
    expect(file.includes('ana@example.com')).toBe(false);
  });

  it('typed twice, it removes nothing more', async () => {
    const { place, run } = await runOf300();
    await place.command('undo', run, '--yes');
    const { removeContact: calls } = place.server.stats().byEndpoint;
    await place.command('undo', run, '--yes');
    expect(place.server.stats().byEndpoint.removeContact).toBe(calls);
    expect(place.server.contacts()).toHaveLength(270);
  });

  it('asks: without --yes and without a terminal, nothing is removed', async () => {
    const { place, run } = await runOf300();
    const { code } = await place.command('undo', run);
    expect(code).toBe(2);
    expect(place.server.stats().byEndpoint.removeContact).toBe(0);
  });
});

describe('undo refuses', () => {
  it.each([
    ['a run before which the account was not read', []],
    ['a recurring import', ['--compare', '--only-changed', '--new-ledger']],
  ])('%s', async (_what, flags) => {
    const place = await placeWith();
    await place.export(members(2));
    const { summary } = await place.run(...flags);
    const { code } = await place.command('undo', String(summary.run), '--yes');
    expect(code).toBe(2);
    expect(place.server.stats().byEndpoint.removeContact).toBe(0);
  });

  it('another account, and a real one without --yes-remove', async () => {
    const { place, run } = await runOf300();
    const keys = `GLEANTAP_API_KEY=a\nGLEANTAP_SECRET_KEY=b\nGLEANTAP_APP_ID=other\n`;
    await writeFile(path.join(place.cwd, '.env.other'), keys, { mode: 0o600 });
    expect((await place.command('undo', run, '--yes', '--env-file', '.env.other')).code).toBe(2);
    const name = path.join(String((await place.command('report', run)).summary.out), 'run.json');
    const text = await readFile(name, 'utf8');
    await writeFile(name, text.replaceAll(place.server.url, 'https://gym.invalid'));
    const { code, summary } = await place.command('undo', run, '--yes');
    expect({ code, hint: summary.error?.hint?.includes('--yes-remove') }).toEqual({ code: 2, hint: true });
    expect(place.server.stats().byEndpoint.removeContact).toBe(0);
  });
});
