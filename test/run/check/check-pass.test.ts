import { describe, expect, it, onTestFinished } from 'vitest';
import { compileMapping } from '../../../src/core/mapping/compile.ts';
import type { Mapping } from '../../../src/core/mapping/schema.ts';
import { keyNumbers } from '../../../src/core/people/key-hashes.ts';
import { createMarkReader } from '../../../src/core/people/opt-outs.ts';
import { createDamageDetectors } from '../../../src/core/quality/column-damage.ts';
import type { CsvFile, CsvRow } from '../../../src/csv/reader.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { checkPass } from '../../../src/run/check/check-pass.ts';
import { createPilotPicker } from '../../../src/run/check/pilot.ts';
import { createRowKinds } from '../../../src/run/check/row-kinds.ts';
import { rowsGoingFirst } from '../../../src/run/check/rows-first.ts';
import type { Selection } from '../../../src/run/model.ts';
import { newFile } from '../../ledger/folder.ts';

const mapping: Mapping = {
  version: 1,
  name: 'members',
  fields: {
    user_id: 'Id',
    first_name: 'First',
    last_name: 'Last',
    email: 'Email',
    optin_sms: { column: 'Texts', yes: ['yes'], no: ['no'] },
    tags: { add: [{ column: 'Add', split: ';' }], remove: [{ column: 'Remove', split: ';' }] },
  },
};
const header = ['Id', 'First', 'Last', 'Email', 'Texts', 'Add', 'Remove'];
const run = 1;

interface Options {
  readonly people?: Mapping['people'];
  readonly selection?: Partial<Selection>;
  readonly mostKinds?: number;
  readonly waiting?: ReadonlySet<number>;
  readonly piloted?: ReadonlySet<number>;
}

/** Checks rows of comma-separated cells; the first is row 2. */
async function check(
  lines: readonly string[],
  { people, selection = {}, mostKinds, waiting = new Set(), piloted = new Set() }: Options = {},
) {
  const ledger = openLedger(await newFile());
  onTestFinished(() => ledger.close());
  const rows = lines.map((line, index): CsvRow => ({ row: index + 2, sourceRow: index + 2, cells: line.split(',') }));
  let reads = 0;
  const csv = {
    header,
    headerRow: 1,
    report: undefined,
    *batches() {
      reads += 1;
      yield { rows, blank: 0, repeatedHeaders: 0, footer: 0 };
    },
  } as unknown as CsvFile;
  const result = await checkPass({
    csv,
    map: compileMapping({ ...mapping, people }, header, { today: '2026-11-27', extraTags: { add: [], remove: [] } }),
    detectors: createDamageDetectors(mapping, header),
    kinds: createRowKinds(mapping, mostKinds),
    pilot: createPilotPicker(mapping),
    piloted,
    ledger,
    run,
    selection: { duplicates: 'send', ...selection },
    known: undefined,
    onlyChanged: false,
    goesFirst: (found) => rowsGoingFirst(found, waiting),
    marks: createMarkReader(undefined),
    sampleSize: 2,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  const decisions = ledger
    .rowsAfter(run, 0, 100)
    .map(({ row, outcome, code, person, otherRow }) => [row, outcome, code, person, otherRow] as const);
  return { ...result, decisions, reads: () => reads };
}

const ana = '1,Ana,Diaz,ana@example.com';
const bo = '2,Bo,Lee,bo@example.com';

describe('people whom Gleantap may treat as one', () => {
  it('two user_ids with the same email and first name: both rows are reported, and both are sent', async () => {
    const { stats, decisions, sentRows } = await check([ana, bo, '3,ANA,Diaz,Ana@example.com']);
    expect(stats.warnings['same_keys_other_user_id']).toEqual({ count: 2, rows: [2, 4] });
    expect(stats.collisions).toEqual([{ code: 'same_keys_other_user_id', rows: [2, 4] }]);
    expect(decisions).toEqual([
      [2, 'pending', undefined, undefined, 4],
      [4, 'pending', undefined, undefined, 2],
    ]);
    expect([...sentRows].map(({ row, warnings }) => [row, warnings])).toEqual([
      [2, 'same_keys_other_user_id (row 4)'],
      [3, undefined],
      [4, 'same_keys_other_user_id (row 2)'],
    ]);
  });

  it('user_ids that differ only in letter case are two people, with a warning', async () => {
    const { stats, decisions } = await check([
      'aBc,Ana,Diaz,ana@example.com',
      'abc,Ben,Cole,ben@example.com',
      'ABC,Cy,Park,cy@example.com',
      'abc,Ben,Cole,ben@example.com',
    ]);
    expect(stats.sharing).toEqual({ people: 1, rows: 2, leftOut: 0 });
    expect(stats.problems).toEqual({});
    expect(stats.warnings['user_id_case_differs']).toEqual({ count: 4, rows: [2, 3, 4] });
    expect(decisions).toEqual([
      [2, 'pending', undefined, undefined, 3],
      [3, 'pending', undefined, 3, 2],
      [4, 'pending', undefined, undefined, 2],
      [5, 'pending', undefined, 3, 2],
    ]);
  });

  it('one person whose first name is written in two ways: both rows are named, unless a user_id or one row settles it', async () => {
    const rows = [",D'Angelo,Reed,dan@example.com", ',D’Angelo,Reed,dan@example.com', bo, '2,BO,Lee,bo@example.com'];
    const { stats, decisions } = await check(rows);
    expect(stats.warnings).toEqual({ first_name_spelling_differs: { count: 2, rows: [2, 3] } });
    expect(stats).toMatchObject({ toSend: 4, strangers: 0, collisions: [] });
    expect(decisions.map(([row, outcome, , person, other]) => [row, outcome, person, other])).toEqual([
      [2, 'pending', 2, 3],
      [3, 'pending', 2, 2],
      [4, 'pending', 4, undefined],
      [5, 'pending', 4, undefined],
    ]);
    const last = await check(rows, { selection: { duplicates: 'last' } });
    expect(last.stats.warnings).toEqual({});
  });

  it('one user_id with two names fails all of its rows, and each points to another', async () => {
    const { stats, decisions } = await check([
      ana,
      '1,Bea,Diaz,bea@example.com',
      '2,José,O’Neill,jose@example.com',
      "2,JOSE,O'Neill,jose@example.com",
      '4,Eve,Ray,eve@example.com',
      '4,Eve,Stone,eve@example.com',
    ]);
    expect(stats.problems['user_id_two_names']).toEqual({ count: 4, rows: [2, 3, 6] });
    expect(decisions.filter(([, outcome]) => outcome === 'failed')).toEqual([
      [2, 'failed', 'user_id_two_names', undefined, 3],
      [3, 'failed', 'user_id_two_names', undefined, 2],
      [6, 'failed', 'user_id_two_names', undefined, 7],
      [7, 'failed', 'user_id_two_names', undefined, 6],
    ]);
    expect(stats.toSend).toBe(2);
  });
});

describe('decisions about rows', () => {
  it('a row that is simply sent has none', async () => {
    const { decisions, stats } = await check([ana, bo]);
    expect(decisions).toEqual([]);
    expect(stats).toMatchObject({ read: 2, toSend: 2, requests: 2, failed: 0, skipped: 0 });
  });

  it('an invalid row fails, and the report finds its problems again', async () => {
    const { decisions } = await check([ana, '2,Bo,,bo@example.com']);
    expect(decisions).toEqual([[3, 'failed', 'invalid', undefined, undefined]]);
  });

  it('rows of two people with one key fail, and each points to another', async () => {
    const { decisions, stats } = await check([',Ana,Diaz,x@example.com', bo, ',Ana,Smith,x@example.com']);
    expect(decisions).toEqual([
      [2, 'failed', 'two_people_one_key', undefined, 4],
      [4, 'failed', 'two_people_one_key', undefined, 2],
    ]);
    expect(stats).toMatchObject({ invalid: 2, toSend: 1, filled: { email: 1 }, filledOfAll: { email: 3 } });
  });

  it.each<[Selection['duplicates'], readonly (readonly unknown[])[]]>([
    ['send', [[2, 'pending', undefined, 2, undefined], [4, 'pending', undefined, 2, undefined]]], // prettier-ignore
    ['first', [[2, 'pending', undefined, 2, undefined], [4, 'skipped', 'duplicate', undefined, 2]]], // prettier-ignore
    ['last', [[2, 'skipped', 'duplicate', undefined, 4], [4, 'pending', undefined, 2, undefined]]], // prettier-ignore
    ['fail', [[2, 'failed', 'duplicate_person', undefined, 4], [4, 'failed', 'duplicate_person', undefined, 2]]], // prettier-ignore
  ])('--duplicates %s', async (duplicates, expected) => {
    const { decisions } = await check([ana, bo, ana], { selection: { duplicates } });
    expect(decisions).toEqual(expected);
  });

  it('a pilot excludes the other rows, invalid ones too', async () => {
    const { decisions, stats } = await check([ana, '9,,,', bo], { selection: { limit: 1 } });
    expect(decisions).toEqual([
      [3, 'skipped', 'filtered', undefined, undefined],
      [4, 'skipped', 'filtered', undefined, undefined],
    ]);
    expect(stats).toMatchObject({ toSend: 1, invalid: 1, failed: 0, valid: 2 });
  });
});

describe('counts of rows', () => {
  const lines = [
    `${ana},yes,Yoga;Spin,`,
    `${bo},no,Yoga,Old`,
    ',Cy,Diaz,x@example.com,yes,Box,',
    ',Cy,Smith,x@example.com,yes,Yoga,',
  ];

  it('cover only what the rows to be sent change', async () => {
    const { stats } = await check(lines);
    expect(stats).toMatchObject({
      toSend: 2,
      requests: 3,
      filled: { user_id: 2, first_name: 2, last_name: 2, email: 2, optin_sms: 2 },
      filledOfAll: { user_id: 2, first_name: 4, last_name: 4, email: 4, optin_sms: 4 },
      consent: { optinYes: 1, optinNo: 1 },
    });
    expect(stats.tags).toEqual([
      { tag: 'Yoga', action: 'add', count: 2 },
      { tag: 'Spin', action: 'add', count: 1 },
      { tag: 'Old', action: 'remove', count: 1 },
    ]);
  });

  it('are the same for a file with too many kinds of rows, which is read once more', async () => {
    const remembered = await check(lines);
    const forgotten = await check(lines, { mostKinds: 1 });
    const inOrder = ({ stats: { tags, ...stats } }: typeof remembered) => ({
      ...stats,
      tags: tags.toSorted((a, b) => (a.tag < b.tag ? -1 : 1)),
    });
    expect([remembered.reads(), forgotten.reads()]).toEqual([1, 2]);
    expect({ ...inOrder(forgotten), pilotRows: [] }).toEqual({ ...inOrder(remembered), pilotRows: [] });
  });

  it('the pilot and the sample use rows that are sent', async () => {
    const { stats, samples } = await check(lines.toReversed());
    expect(stats.pilotRows).toEqual([4, 5]);
    expect(samples.map(({ row }) => row)).toEqual([4, 5]);
  });
});

it('the mapping picks one row of each person, and fails people whose rows it cannot compare', async () => {
  const people = { pick: { column: 'Texts', order: ['no', 'yes'] } };
  const { decisions, stats } = await check([`${ana},no`, `${bo},odd`, `${ana},yes`, `${ana},no`, `${bo},yes`], {
    people,
  });
  expect(decisions).toEqual([
    [2, 'skipped', 'duplicate', undefined, 5],
    [3, 'failed', 'row_not_ranked', undefined, 3],
    [4, 'skipped', 'duplicate', undefined, 5],
    [5, 'pending', undefined, 2, undefined],
    [6, 'failed', 'row_not_ranked', undefined, 3],
  ]);
  expect(stats.toSend).toBe(1);
});

it('a new pilot uses rows that an earlier one has not sent, if there are others of their kind', async () => {
  const rows = ['1,Ana,Diaz,,yes', '2,Bo,Lee,,yes', '3,Cy,Park,,no', '4,Di,Ray,,yes'];
  expect((await check(rows)).stats.pilotRows).toEqual([2, 4]);
  expect((await check(rows, { piloted: new Set([2, 4]) })).stats.pilotRows).toEqual([3, 4]);
});

it('people who wait are sent first, with all rows that share a key with theirs', async () => {
  const lines = ['1,Ana,Diaz,a@example.com', bo, '3,Ana,Diaz,a@example.com', '3,Ana,Diaz,c@example.com'];
  const { sentRows: before } = await check(lines);
  expect([...before].filter(({ goesFirst }) => goesFirst)).toEqual([]);
  const waiting = new Set(keyNumbers({ userId: '1', email: undefined, phone: undefined }));
  const { sentRows, stats } = await check(lines, { waiting });
  expect([...sentRows].flatMap(({ row, goesFirst }) => (goesFirst ? [row] : []))).toEqual([2, 4, 5]);
  expect(stats.waited).toBe(3);
});

it('the rows to be sent include their person, their consent and their identity', async () => {
  const { sentRows } = await check([`${ana},yes`, `${bo},no`, ana, '9,,,']);
  const reader = createMarkReader(undefined);
  const marks = (user_id: string, first_name: string, last_name: string, email: string) =>
    reader.ofContact({ user_id, first_name, last_name, email });
  expect([...sentRows].map(({ row, person, consents, marks: own }) => [row, person, consents, own])).toEqual([
    [2, 2, 1, marks('1', 'Ana', 'Diaz', 'ana@example.com')],
    [3, undefined, 2, marks('2', 'Bo', 'Lee', 'bo@example.com')],
    [4, 2, 0, marks('1', 'Ana', 'Diaz', 'ana@example.com')],
  ]);
});
