import { expect, it } from 'vitest';
import type { CheckStats, RunContext } from '../../src/run/model.ts';
import { createPlan } from '../../src/run/plan.ts';
import type { Plan } from '../../src/run/plan.ts';

interface Given {
  readonly origin?: string;
  readonly selection?: { readonly limit?: number; readonly rows?: readonly (readonly [number, number])[] };
  readonly report?: object;
  readonly stats?: Partial<CheckStats>;
  readonly rate?: number;
}

function planOf({ origin = 'https://api.gleantap.com', selection = {}, report, stats = {}, rate = 5 }: Given): Plan {
  const file = {
    account: { origin, appId: 'demo-gym', name: 'Downtown' },
    input: { name: 'members.csv' },
    mapping: { name: 'members', fields: { first_name: 'First' } },
    selection: { duplicates: 'send', ...selection },
    settings: {},
  };
  const context = {
    folder: 'out',
    file,
    ledger: { file: 'ledger.db' },
    csv: { report, header: ['First', 'Notes'] },
  } as unknown as RunContext;
  const counted = { toSend: 100, requests: 100, pilotRows: [2, 7], ...stats } as CheckStats;
  return createPlan(context, counted, { preflight: undefined, credentialSource: '.env', rate, tags: undefined });
}

it('names the account, the file and the ledger', () => {
  expect(planOf({})).toMatchObject({
    host: 'api.gleantap.com',
    simulator: false,
    appId: 'demo-gym',
    accountName: 'Downtown',
    input: 'members.csv',
    feed: 'members',
    ledger: 'ledger.db',
    isReport: false,
  });
  expect(planOf({ origin: 'http://127.0.0.1:8080' })).toMatchObject({ host: '127.0.0.1:8080', simulator: true });
});

it.each<[string, Given, readonly number[]]>([
  ['a whole file', {}, [2, 7]],
  ['a file that is not larger than its pilot', { stats: { toSend: 2 } }, []],
  ['a pilot by number', { selection: { limit: 10 } }, []],
  ['a pilot by rows', { selection: { rows: [[2, 9]] } }, []],
  ['a report', { report: {} }, []],
])('offers a pilot of %s', (_what, given, rows) => {
  expect(planOf(given).pilotRows).toEqual(rows);
});

it.each<[string, Given, number | undefined]>([
  ['one request a row', { stats: { requests: 600 } }, 2],
  ['two requests a row', { stats: { requests: 1200 } }, 4],
  ['no limit to the rate', { rate: 0 }, undefined],
])('shows how many minutes it takes at %s', (_what, given, minutes) => {
  expect(planOf(given).minutes).toBe(minutes);
});

it('names the columns that nothing is sent from, but for a report', () => {
  expect(planOf({}).unsent).toEqual(['Notes']);
  expect(planOf({ report: {} }).unsent).toEqual([]);
});
