import { readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { refusalsOf } from '../../src/run/assess.ts';
import type { CheckStats } from '../../src/run/model.ts';
import { feedOf, members } from './feed/feed.ts';
import type { Feed, Member } from './feed/feed.ts';

const people = 60;
const file = (feed: Feed): string => path.join(feed.cwd, 'members.csv');
const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last', email: 'Email', phone: 'Phone' };
const born =
  (date: string) =>
  (index: number): Partial<Member> => ({ Plan: index < 30 ? date : '1/31/1990' });

interface Refused {
  readonly code: string;
  /** Makes the file or mapping one that is refused. */
  prepare(feed: Feed): Promise<void>;
  readonly flags?: readonly string[];
  /** What each of the two commands ends with. */
  readonly exits: { readonly check: number; readonly run: number };
}

const bad = { check: 2, run: 2 };
const held = { check: 5, run: 5 };

const refused: Readonly<Record<string, Refused>> = {
  'more invalid rows than --max-invalid allows': {
    code: 'too_many_invalid',
    prepare: async (feed) => feed.export(members(people, (index) => (index < 30 ? { Last: '' } : {}))),
    // A held file too, where that is not accepted.
    flags: ['--accept-changes'],
    // By design: `check` counts them as invalid rows like any others.
    exits: { check: 1, run: 2 },
  },
  'more email opt-outs than are likely to be meant': {
    code: 'too_many_optouts',
    prepare: async (feed) => {
      await feed.map({
        fields: { ...fields, optout_email: { column: 'Plan', yes: ['Gold'], no: ['Silver'] } },
        attributes: {},
      });
      await feed.export(members(people));
    },
    exits: bad,
  },
  'half of the rows missing': {
    code: 'held',
    prepare: async (feed) => feed.export(members(people / 2)),
    exits: held,
  },
  'a mapped column that the last file had': {
    code: 'held',
    prepare: async (feed) => {
      await feed.export(members(people));
      await writeFile(file(feed), (await readFile(file(feed), 'utf8')).replace(',Phone,', ',,'));
    },
    exits: held,
  },
  'a mapped column that no file had': {
    code: 'mapping',
    prepare: async (feed) => {
      await feed.map({ fields: { ...fields, zip: 'Zip' } });
      await feed.export(members(people));
    },
    exits: bad,
  },
  'a file that is older than --max-age': {
    code: 'too_old',
    prepare: async (feed) => {
      await feed.export(members(people));
      const old = new Date(Date.now() - 30 * 3_600_000);
      await utimes(file(feed), old, old);
    },
    flags: ['--max-age', '20h'],
    exits: held,
  },
  'dates in the opposite order': {
    code: 'input',
    prepare: async (feed) => {
      await feed.map({ fields: { ...fields, dob: { column: 'Plan', format: 'M/D/YYYY' } }, attributes: {} });
      await feed.export(members(people, born('31/1/1990')));
    },
    exits: bad,
  },
  'an empty file': {
    code: 'input',
    prepare: async (feed) => writeFile(file(feed), ''),
    exits: bad,
  },
};

it('check and run refuse the same files, with the same code and message', async () => {
  const feed = await feedOf();
  const account = ['--base-url', feed.server.url];
  await feed.export(members(people));
  expect((await feed.night(1, '--new-ledger')).code).toBe(0);
  for (const [what, { code, prepare, flags = [], exits }] of Object.entries(refused)) {
    await feed.map();
    await prepare(feed);
    const check = await feed.command(2, 'check', 'members.csv', ...account, '--only-changed', '--json', ...flags);
    const run = await feed.night(2, ...flags);
    expect({ check: check.code, run: run.code }, what).toEqual(exits);
    expect(run.summary.error, what).toMatchObject({ code });
    expect(check.summary.error, what).toEqual(run.summary.error);
    expect(check.summary.moved, what).toEqual(run.summary.moved);
    expect(run.requests, what).toBe(0);
  }
  await feed.map();
  await feed.export(members(people));
  const check = await feed.command(2, 'check', 'members.csv', ...account, '--only-changed', '--json');
  const run = await feed.night(2);
  expect([check.code, run.code]).toEqual([0, 0]);
  expect([check.summary.error, run.summary.error]).toEqual([undefined, undefined]);
  // The same bytes as last time are sent, or what is left of them, and both commands report it.
  expect(run.summary.sameAs).toBe(1);
  expect(check.summary.sameAs).toBe(1);
});

const stats = { read: 1000, invalid: 0, emailOptouts: { rows: 0, of: 1000 }, consent: {}, toSend: 1000 } as CheckStats;
const options = { maxInvalid: { percent: 10 }, acceptOptouts: false };
const drift = [{ measure: 'rows', usual: 60, tonight: 30, limit: 20 }] as const;

it.each([
  ['nothing', stats, [], []],
  ['as many invalid rows as are allowed', { ...stats, invalid: 100 }, [], []],
  ['one more', { ...stats, invalid: 101 }, [], ['too_many_invalid']],
  ['drift', stats, drift, ['held']],
  ['both: the run ends with the first', { ...stats, invalid: 101 }, drift, ['too_many_invalid', 'held']],
])('refuses for %s', (_what, found, moved, codes) => {
  expect(refusalsOf(found, moved, options).map(({ code }) => code)).toEqual(codes);
});
