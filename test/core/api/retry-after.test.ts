import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHttpDate, readRetryAfter } from '../../../src/core/api/retry-after.ts';

const now = Date.UTC(2026, 10, 27, 12, 0, 0);
const wait = (header: string | undefined): number | 'none' => {
  const read = readRetryAfter(header, now);
  return read.kind === 'wait' ? read.ms : 'none';
};

it.each<[string | undefined, number | 'none']>([
  ['120', 120_000],
  [' 7 ', 7000],
  ['0', 0],
  ['0000000000120', 120_000],
  ['99999999999999999999', 1e23],
  ['9'.repeat(400), Infinity],
  [undefined, 'none'],
  ['', 'none'],
  ['-5', 'none'],
  ['+3', 'none'],
  ['1.5', 'none'],
  ['1e9', 'none'],
  ['0x10', 'none'],
  ['soon', 'none'],
  ['120, 60', 'none'],
  ['120 s', 'none'],
  ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
  ['Fri, 27 Nov 2026 12:00:30 GMT', 30_000],
  ['Friday, 27-Nov-26 12:00:30 GMT', 30_000],
  ['Fri Nov 27 12:00:30 2026', 30_000],
  ['Sun Nov  6 08:49:37 1994', 0],
  ['Wed, 31 Dec 2138 02:26:59 GMT', Date.UTC(2138, 11, 31, 2, 26, 59) - now],
  ['Fri, 27 Nov 2026 12:00:30', 'none'],
  ['Fri, 27 Nov 2026 12:00:30 UTC', 'none'],
  ['Fri, 27 nov 2026 12:00:30 GMT', 'none'],
  ['Fri, 31 Nov 2026 12:00:30 GMT', 'none'],
  ['Fri, 27 Nov 2026 24:00:00 GMT', 'none'],
  ['Fri, 27 Nov 2026 12:60:00 GMT', 'none'],
  ['Fri, 27 Nov 2026 12:00:61 GMT', 'none'],
  ['2026-11-27T12:00:30Z', 'none'],
])('%j', (header, expected) => {
  expect(wait(header)).toBe(expected);
});

describe('an HTTP date', () => {
  it('with two digits for the year is at most 50 years ahead', () => {
    expect(readHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', now)).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
    expect(readHttpDate('Friday, 06-Nov-76 08:49:37 GMT', now)).toBe(Date.UTC(2076, 10, 6, 8, 49, 37));
    expect(readHttpDate('Sunday, 06-Nov-77 08:49:37 GMT', now)).toBe(Date.UTC(1977, 10, 6, 8, 49, 37));
  });

  it('can be a leap second', () => {
    expect(readHttpDate('Sat, 31 Dec 2016 23:59:60 GMT', now)).toBe(Date.UTC(2017, 0, 1));
  });

  it('from toUTCString reads back', () => {
    const day = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, (date) => {
        const at = Math.floor(date.getTime() / 1000) * 1000;
        expect(readHttpDate(new Date(at).toUTCString(), now)).toBe(at);
      }),
    );
  });
});

it('whatever the header, the wait is never negative', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+]?[0-9]{0,20}$/)), (header) => {
      const read = wait(header);
      expect(read === 'none' || read >= 0).toBe(true);
    }),
  );
});
