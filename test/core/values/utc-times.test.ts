import { expect, it } from 'vitest';
import { createUtcTimes } from '../../../src/core/values/utc-times.ts';

const areMoved = (cells: readonly string[]): boolean => {
  const times = createUtcTimes();
  for (const cell of cells) times.note(cell);
  return times.areMovedMidnights(cells.length);
};

it.each([
  ['Paris, winter and summer', ['1985-03-14T23:00:00.000Z', '1990-07-21T22:00:00.000Z', '1979-11-30T23:00:00Z']],
  ['Tokyo', ['1985-03-14 15:00:00 UTC', '1990-07-21 15:00:00 UTC', '1979-11-30 15:00:00 UTC']],
  ['Mumbai', ['1985-03-14T18:30:00+00:00', '1990-07-21T18:30:00+00:00', '1979-11-30T18:30:00+00:00']],
])('midnights of %s are shifted by UTC', (_, cells) => {
  expect(areMoved(cells)).toBe(true);
});

it.each([
  ['midnights in UTC', ['1985-03-14T00:00:00Z', '1990-07-21T00:00:00Z', '1979-11-30T00:00:00Z']],
  ['midnights of New York', ['1985-03-14T05:00:00Z', '1990-07-21T04:00:00Z', '1979-11-30T05:00:00Z']],
  ['times without a zone', ['1985-03-14T23:00:00', '1990-07-21T22:00:00', '1979-11-30T23:00:00']],
  ['three different times', ['1985-03-14T23:00:00Z', '1990-07-21T22:00:00Z', '1979-11-30T21:00:00Z']],
  ['times far apart', ['1985-03-14T23:00:00Z', '1990-07-21T18:00:00Z', '1979-11-30T23:00:00Z']],
  ['too few dates', ['1985-03-14T23:00:00Z', '1990-07-21T22:00:00Z']],
  ['a date without a time', ['1985-03-14T23:00:00Z', '1990-07-21', '1979-11-30T23:00:00Z']],
])('%s are not', (_, cells) => {
  expect(areMoved(cells)).toBe(false);
});
