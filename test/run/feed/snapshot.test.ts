import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { mappingSchema } from '../../../src/core/mapping/schema.ts';
import { RunError } from '../../../src/core/outcome/run-error.ts';
import { gateLimitsSchema } from '../../../src/core/quality/nightly-gate.ts';
import type { RunRecord } from '../../../src/ledger/ledger.ts';
import type { FeedHistory } from '../../../src/run/feed/history.ts';
import { lostColumnsError, takeSnapshot } from '../../../src/run/feed/snapshot.ts';
import type { CheckStats, FeedSnapshot, ImportContext } from '../../../src/run/model.ts';
import { newFile } from '../../ledger/folder.ts';

const mapping = mappingSchema.parse({
  version: 1,
  name: 'members',
  fields: { user_id: 'Id', first_name: 'First', last_name: 'Last' },
});
const header = ['Id', 'First', 'Last'];
const limits = gateLimitsSchema.parse({});
const unknown = { baselines: [], last: undefined };

interface Given {
  readonly text?: string | Buffer;
  readonly stats?: Partial<CheckStats>;
  readonly sha256?: string;
  readonly history?: FeedHistory;
}

/** The snapshot of a file of 100 rows. */
async function snapshot({
  text = 'Id\n1\n',
  stats = {},
  sha256 = 'a',
  history = unknown,
}: Given): Promise<FeedSnapshot> {
  const folder = path.dirname(await newFile());
  await writeFile(path.join(folder, 'input.csv'), text);
  const file = { mapping, input: { name: 'members.csv', sha256, bytes: 0 } };
  const context = { folder, csv: { header }, file } as unknown as ImportContext;
  const counted = { read: 100, valid: 100, invalid: 0, filledOfAll: {}, endsDamaged: false, ...stats };
  return takeSnapshot(context, counted as CheckStats, history, limits);
}

it.each([
  ['a line feed', 'a\n1\n', true],
  ['a carriage return', 'a\r1\r', true],
  ['no line break', 'a\n1', false],
  ['a line break in UTF-16, low byte first', Buffer.from('\uFEFFa\n', 'utf16le'), true],
  ['a line break in UTF-16, high byte first', Buffer.from('\uFEFFa\n', 'utf16le').swap16(), true],
  ['nothing at all', '', false],
])('recognizes a file that ends in %s', async (_what, text, expected) => {
  expect((await snapshot({ text })).measures.endsInLineBreak).toBe(expected);
});

it.each([
  ['a whole file', 'a\n1\n', false, false],
  ['a damaged last record', 'a\n"1\n', true, false],
  ['a last record without line break', 'a\n1', false, false],
  ['both: the export was cut off', 'a\n"1', true, true],
])('treats as cut off: %s', async (_what, text, endsDamaged, isCut) => {
  expect((await snapshot({ text, stats: { endsDamaged } })).isCut).toBe(isCut);
});

it('compares a file with the baselines of its feed, and names the run that had the same bytes', async () => {
  const { measures, drift, sameAs } = await snapshot({});
  expect({ drift, sameAs }).toEqual({ drift: [], sameAs: undefined });
  const history = { baselines: [measures], last: { id: 3, inputSha: 'a' } as RunRecord };
  expect(await snapshot({ history })).toEqual({ measures, drift: [], isCut: false, sameAs: 3 });
  const half = await snapshot({ history, stats: { read: 50, valid: 50 }, sha256: 'b' });
  expect(half.drift.map(({ measure }) => measure)).toEqual(['rows']);
  expect(half.sameAs).toBeUndefined();
});

it.each([
  ['the feed knows nobody yet', { new: 9, changed: 0, unsettled: 0, unchanged: 0 }, undefined],
  ['some are known', { new: 2, changed: 1, unsettled: 3, unchanged: 4 }, { all: 10, new: 2, changed: 1 }],
])('measures people: %s', async (_what, people, expected) => {
  const stats = { people: { ...people, emptied: 0, held: 0, vanished: 0 } };
  expect((await snapshot({ stats })).measures.people).toEqual(expected);
});

it('a missing column is a broken export only when the same mapping found it in the last file', async () => {
  const { measures } = await snapshot({});
  const cause = new RunError('mapping', 'There is no column "Last"');
  expect(lostColumnsError(['Id', 'First'], mapping, [measures], cause)).toMatchObject({ code: 'held', cause });
  expect(lostColumnsError(header, mapping, [measures], cause)).toBeUndefined();
  expect(lostColumnsError(['Id', 'First'], mapping, [], cause)).toBeUndefined();
  const changed = { ...mapping, country: 'US' } as typeof mapping;
  expect(lostColumnsError(['Id', 'First'], changed, [measures], cause)).toBeUndefined();
});
