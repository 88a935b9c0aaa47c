import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compileDateFormats,
  type DateOptions,
  findDateFormatConflict,
  validateDateFormat,
  writeDate,
} from '../../../src/core/values/dates.ts';

const today = '2026-11-23';
const reader = (formats: string[], options: Partial<DateOptions> = {}) =>
  compileDateFormats(formats, { want: 'date', today, ...options });
const value = (text: string) => ({ kind: 'value', value: text });
const bad = (code: string) => ({ kind: 'bad', code });
const missing = { kind: 'missing' };
const placeholder = { kind: 'missing', dropped: 'date_placeholder' };

describe('placeholder dates', () => {
  it.each(['0/0/00', '00/00/0000', '0-0-00', '00.00.0000'])('%j is a placeholder in any format', (cell) => {
    expect(reader(['M/D/YYYY'])(cell)).toEqual(placeholder);
  });
});

describe('local midnights written in UTC', () => {
  it.each([
    ['1985-03-14T23:00:00.000Z', '1985-03-15'],
    ['1990-07-21T22:00:00Z', '1990-07-22'],
    ['1999-12-31T15:00:00Z', '2000-01-01'],
    ['1985-03-15T05:00:00.000Z', '1985-03-15'],
    ['1985-03-15', '1985-03-15'],
  ])('%s is %s', (cell, expected) => {
    expect(reader([], { utcMidnights: true })(cell)).toEqual(value(expected));
    expect(reader([], { utcMidnights: true, want: 'datetime' })(cell)).toEqual(value(`${expected} 00:00:00`));
  });

  it('keeps the written day without the setting', () => {
    expect(reader([])('1985-03-14T23:00:00.000Z')).toEqual(value('1985-03-14'));
  });
});

describe('one format', () => {
  it.each([
    ['M/D/YYYY', '3/14/2019', '2019-03-14'],
    ['M/D/YYYY', '03/14/2019', '2019-03-14'],
    ['D/M/YYYY', '3/4/2019', '2019-04-03'],
    ['DD-MM-YYYY', '14-03-2019', '2019-03-14'],
    ['D.M.YYYY', '14.3.2019', '2019-03-14'],
    ['YYYYMMDD', '20190314', '2019-03-14'],
    ['D MMM YYYY', '14 march 2019', '2019-03-14'],
    ['MMM D, YYYY', 'SEPT. 5, 2019', '2019-09-05'],
    ['MMM D, YYYY', 'Sep 5, 2019', '2019-09-05'],
    ['MMM D, YYYY', 'May 5,\u202f2019', '2019-05-05'],
    ['DD-MMM-YY', '05-Jun-07', '2007-06-05'],
    ['D [of] MMM YYYY', '5 of June 2007', '2007-06-05'],
    ['[Day] D.M.YYYY', 'day 5.6.2007', '2007-06-05'],
    ['MMM Do, YYYY', 'Mar 3rd, 2021', '2021-03-03'],
    ['MMM Do, YYYY', 'April 21st, 2020', '2020-04-21'],
    ['ddd, MMM D, YYYY', 'Sunday, March 3, 1985', '1985-03-03'],
    ['ddd D MMM YYYY', 'mié. 5 sept. 2007', '2007-09-05'],
    ['D MMM YYYY', '1 août 1990', '1990-08-01'],
    ['D. MMM YYYY', '14. März 2019', '2019-03-14'],
    ['D [de] MMM [de] YYYY', '5 de março de 1983', '1983-03-05'],
    ['Do MMM YYYY', '1er juin 1990', '1990-06-01'],
    ['D MMM YYYY', '3 maggio 1999', '1999-05-03'],
    ['D MMM YYYY', '3 mrt 1999', '1999-03-03'],
    ['YYYY年M月D日', '2019年3月14日', '2019-03-14'],
    ['M/D/YYYY', ' 3/14/2019\u00a0', '2019-03-14'],
    ['M/D/YYYY h:mm A', '3/14/2019 1:05 PM', '2019-03-14'],
    ['M/D/YYYY', '2/29/2000', '2000-02-29'],
  ])('%s reads %j', (format, cell, expected) => {
    expect(reader([format])(cell)).toEqual(value(expected));
  });

  it.each([
    ['MM/DD/YYYY', '3/14/2019', 'bad_date'],
    ['M/D/YYYY', '3-14-2019', 'bad_date'],
    ['M/D/YYYY', '3/14/19', 'bad_date'],
    ['M/D/YYYY', '3/14/2019 0:00', 'bad_date'],
    ['M/D/YYYY', '10:30', 'bad_date'],
    ['M/D/YYYY', 'soon', 'bad_date'],
    ['MMM D, YYYY', 'Foo 5, 2019', 'bad_date'],
    ['M/D/YYYY', '2/30/2019', 'date_not_in_calendar'],
    ['M/D/YYYY', '2/29/1900', 'date_not_in_calendar'],
    ['M/D/YYYY', '0/14/2019', 'date_not_in_calendar'],
    ['M/D/YYYY', '13/13/2019', 'date_not_in_calendar'],
    ['M/D/YYYY', '00/00/1985', 'date_not_in_calendar'],
    ['M/D/YYYY', '3/14/0019', 'date_year_implausible'],
    ['M/D/YYYY', '7/21', 'date_without_year'],
    ['M/D/YYYY', '03/15', 'date_without_year'],
    ['M/D/YYYY', '--05-12', 'date_without_year'],
    ['M/D/YYYY', '0000-02-08', 'date_without_year'],
    ['M/D/YYYY', '1604-05-12', 'date_without_year'],
    ['M/D/YYYY', '21 July', 'date_without_year'],
    ['M/D/YYYY', 'Feb 29', 'date_without_year'],
    ['M/D/YYYY', '13/14', 'bad_date'],
    ['M/D/YYYY', '14/3/2019', 'date_opposite_order'],
    ['D/M/YYYY', '3/14/2019', 'date_opposite_order'],
    ['DD/MM/YY', '03/14/19', 'date_opposite_order'],
    ['D/M/YYYY H:mm', '3/14/2019 10:30', 'date_opposite_order'],
    ['M/D/YYYY', '1992-16-03', 'date_opposite_order'],
    ['D/MM/YYYY', '3/14/2019', 'date_opposite_order'],
    ['D/MM/YYYY', '12/3/2019', 'bad_date'],
    ['YYYY-DD-MM', '1992-03-16', 'date_opposite_order'],
    ['M/D/YYYY', '30/12/1899', 'date_opposite_order'],
  ])('%s: %j is %s', (format, cell, code) => {
    expect(reader([format])(cell)).toEqual(bad(code));
  });

  it.each(['', ' \u00a0'])('%j is missing', (cell) => {
    expect(reader(['M/D/YYYY'])(cell)).toEqual(missing);
  });

  it.each([
    ['M/D/YYYY', '  /  /    '],
    ['M/D/YYYY', '0000-00-00'],
    ['M/D/YYYY', '0000-00-00 00:00:00'],
    ['M/D/YYYY', '00/00/0000'],
    ['MM/DD/YY', '00/00/00'],
    ['M/D/YYYY', '1/1/1900'],
    ['M/D/YYYY', '1/0/1900'],
    ['M/D/YY', '1/0/00'],
    ['M/D/YYYY', '1900-01-00'],
    ['M/D/YYYY', '12/30/1899'],
    ['D/M/YYYY', '30/12/1899'],
    ['M/D/YYYY h:mm A', '1/1/1900 12:00 AM'],
    ['M/D/YYYY', '0001-01-01T00:00:00'],
    ['M/D/YYYY', '1753-01-01'],
  ])('%s: %j is a placeholder for no date', (format, cell) => {
    expect(reader([format])(cell)).toEqual(placeholder);
  });

  it('reports a removed apostrophe', () => {
    expect(reader(['M/D/YYYY'])("'3/14/2019")).toEqual({ ...value('2019-03-14'), notes: ['apostrophe_dropped'] });
  });
});

describe('times', () => {
  const read = reader(['M/D/YYYY', 'M/D/YYYY h:mm A', 'M/D/YYYY H:mm:ss'], { want: 'datetime' });

  it.each([
    ['3/14/2019', '2019-03-14 00:00:00'],
    ['3/14/2019 1:05 PM', '2019-03-14 13:05:00'],
    ['3/14/2019 01:05 p.m.', '2019-03-14 13:05:00'],
    ['3/14/2019 1:05\u202fAM', '2019-03-14 01:05:00'],
    ['3/14/2019 12:00 AM', '2019-03-14 00:00:00'],
    ['3/14/2019 12:00 PM', '2019-03-14 12:00:00'],
    ['3/14/2019 23:59:58', '2019-03-14 23:59:58'],
    ['2019-03-14', '2019-03-14 00:00:00'],
    ['2019-03-14T10:20', '2019-03-14 10:20:00'],
    ['2019-03-14 10:20:30', '2019-03-14 10:20:30'],
    ['2019-03-14T23:59:59.999Z', '2019-03-14 23:59:59'],
    ['2019-03-14T23:30:00-05:00', '2019-03-14 23:30:00'],
    ['2019-03-14 00:30:00.123456 +1300', '2019-03-14 00:30:00'],
    ['2019-03-14 10:20:30 UTC', '2019-03-14 10:20:30'],
  ])('%j is %s', (cell, expected) => {
    expect(read(cell)).toEqual(value(expected));
    expect(reader(['M/D/YYYY', 'M/D/YYYY h:mm A', 'M/D/YYYY H:mm:ss'])(cell)).toEqual(value(expected.slice(0, 10)));
  });

  it.each([
    '3/14/2019 13:05 PM',
    '3/14/2019 0:05 AM',
    '3/14/2019 24:00:00',
    '2019-03-14T24:00',
    '2019-03-14 10:60',
    '2019-03-14T',
  ])('%j is not a time', (cell) => {
    expect(read(cell)).toEqual(bad('bad_date'));
  });
});

describe('the future and two-digit years', () => {
  const born = reader(['M/D/YY', 'M/D/YYYY'], { neverFuture: true });
  const joined = reader(['M/D/YY', 'M/D/YYYY']);

  it.each([
    ['11/23/26', value('2026-11-23'), value('2026-11-23')],
    ['11/24/26', value('1926-11-24'), value('2026-11-24')],
    ['1/2/46', value('1946-01-02'), value('2046-01-02')],
    ['1/2/47', value('1947-01-02'), value('1947-01-02')],
    ['2/29/00', value('2000-02-29'), value('2000-02-29')],
    ['2/29/28', value('1928-02-29'), value('2028-02-29')],
    ['11/23/2026', value('2026-11-23'), value('2026-11-23')],
    ['11/24/2026', bad('date_in_future'), value('2026-11-24')],
    ['2027-01-01', bad('date_in_future'), value('2027-01-01')],
  ])('%j', (cell, asBirthday, asJoinDate) => {
    expect(born(cell)).toEqual(asBirthday);
    expect(joined(cell)).toEqual(asJoinDate);
  });
});

describe("Excel's day numbers", () => {
  const read = reader(['M/D/YYYY'], { serial: true, want: 'datetime' });

  it.each([
    ['32874', '1990-01-01 00:00:00'],
    ['43538', '2019-03-14 00:00:00'],
    ['43538.75', '2019-03-14 18:00:00'],
    ['43538,5', '2019-03-14 12:00:00'],
    ['43538.999999', '2019-03-15 00:00:00'],
    ['43538.42361111111', '2019-03-14 10:10:00'],
    ['2', '1900-01-02 00:00:00'],
    ['59', '1900-02-28 00:00:00'],
    ['61', '1900-03-01 00:00:00'],
    ['2958465', '9999-12-31 00:00:00'],
  ])('%s is %s', (cell, expected) => {
    expect(read(cell)).toEqual(value(expected));
  });

  it.each([
    ['60', bad('date_not_in_calendar')],
    ['2958466', bad('bad_date')],
    ['1985', bad('bad_date')],
    ['-5', bad('bad_date')],
    ['0043538', bad('bad_date')],
    ['0', placeholder],
    ['0.5', placeholder],
    ['1', placeholder],
  ])('%s', (cell, expected) => {
    expect(read(cell)).toEqual(expected);
  });

  it('are read only when the mapping asks for it', () => {
    expect(reader(['M/D/YYYY'])('43538')).toEqual(bad('bad_date'));
  });

  it('agree with the calendar on every day from 1900-03-01 to 2100', () => {
    let serial = 61;
    for (let day = Date.UTC(1900, 2, 1); day < Date.UTC(2100, 0, 1); day += 86_400_000, serial += 1) {
      if (serial >= 1900 && serial <= 2100) continue;
      const parsed = read(String(serial));
      if (parsed.kind !== 'value' || !parsed.value.startsWith(new Date(day).toISOString().slice(0, 10))) {
        expect.fail(`${serial}: ${JSON.stringify(parsed)}`);
      }
    }
  });
});

describe('always', () => {
  // Within a hundred years, so that two-digit years read back too.
  const fields = fc.integer({ min: Date.UTC(1928, 0, 1) / 1000, max: Date.UTC(2026, 10, 23) / 1000 }).map((seconds) => {
    const date = new Date(seconds * 1000);
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      shortYear: false,
      iso: date.toISOString().slice(0, 19).replace('T', ' '),
    };
  });
  const dayFormats = [
    'M/D/YYYY',
    'MM/DD/YYYY',
    'D/M/YYYY',
    'DD.MM.YYYY',
    'D-M-YY',
    'M/D/YY',
    'YYYYMMDD',
    'YYYY/M/D',
    'D MMM YYYY',
    'MMM D, YY',
    '[le] D MMM YYYY',
    'YYYY-DD-MM',
    'YYYY-MM-DD',
  ];
  const timeFormats = ['', ' H:mm:ss', ' HH:mm:ss', ' h:mm:ss A', ' hh:mm:ss A', 'THH:mm:ss', ' [at] H:m:s'];
  const formats = fc
    .tuple(fc.constantFrom(...dayFormats), fc.constantFrom(...timeFormats))
    .map(([day, time]) => day + time);

  it('a real day written in any format reads back as itself', () => {
    fc.assert(
      fc.property(formats, fields, (format, { iso, ...moment }) => {
        const read = compileDateFormats([format], { want: 'datetime', today: '2026-11-23', neverFuture: true });
        const expected = format.includes('s') ? iso : `${iso.slice(0, 10)} 00:00:00`;
        expect(validateDateFormat(format)).toBeUndefined();
        expect(read(writeDate(format, moment))).toEqual(value(expected));
      }),
      { numRuns: 3000 },
    );
  });

  it('a day after the 12th in the opposite order is detected, one up to the 12th is not', () => {
    const turned = [
      ['M/D/YYYY', 'D/M/YYYY'],
      ['MM-DD-YYYY', 'DD-MM-YYYY'],
      ['D.M.YYYY H:mm', 'M.D.YYYY H:mm'],
      ['YYYY-DD-MM', 'YYYY-MM-DD'],
      ['YYYY-MM-DD', 'YYYY-DD-MM'],
    ] as const;
    fc.assert(
      fc.property(fc.constantFrom(...turned), fields, ([format, opposite], moment) => {
        const parsed = reader([format])(writeDate(opposite, moment));
        if (moment.day > 12) expect(parsed).toEqual(bad('date_opposite_order'));
        else expect(parsed.kind).toBe('value');
      }),
    );
  });

  it('only real days in the documented format come out, whatever goes in', () => {
    const cell = fc.string({ unit: fc.constantFrom(...'0123456789/-:. ATPMZ'.split('')), maxLength: 24 });
    const read = reader(['M/D/YYYY', 'YYYYMMDD', 'D.M.YY H:mm'], { serial: true, want: 'datetime' });
    fc.assert(
      fc.property(fc.oneof(cell, fc.integer({ min: 0, max: 3e6 }).map(String)), (text) => {
        const parsed = read(text);
        if (parsed.kind !== 'value') return;
        expect(parsed.value).toMatch(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
        const date = new Date(`${parsed.value.replace(' ', 'T')}Z`);
        expect(date.toISOString().slice(0, 19).replace('T', ' ')).toBe(parsed.value);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('validateDateFormat', () => {
  it.each([
    'M/D/YYYY',
    'DD.MM.YY',
    'MMM D, YYYY',
    'D MMM YYYY',
    'YYYYMMDD',
    'YYYY-MM-DDTHH:mm:ss',
    'M/D/YYYY h:mm A',
    '[on] D/M/YYYY',
    'DMMYYYY',
    'YYYY年M月D日',
  ])('%s is valid', (format) => {
    expect(validateDateFormat(format)).toBeUndefined();
  });

  it.each([
    ['mm/dd/yyyy', 'not part of a date format', 'MM/DD/YYYY'],
    ['dd.MM.yyyy', 'not part of a date format', 'DD.MM.YYYY'],
    ['m/d/yy', 'not part of a date format', 'M/D/YY'],
    ['mm/DD/YYYY', 'small mm are minutes', 'MM/DD/YYYY'],
    ['MM/DD/YYYY HH:MM', 'month (MM; small mm are minutes) twice', 'MM/DD/YYYY HH:mm'],
    ['dd/mm/yyyy hh:mm:ss', 'not part of a date format', 'DD/MM/YYYY HH:mm:ss'],
    ['MM/DD/YYYY hh:mm tt', 'needs AM or PM', 'MM/DD/YYYY hh:mm A'],
    ['M/D/YYYY h:mm a', 'not part of a date format', 'M/D/YYYY h:mm A'],
    ['M/D/YYYY h:mm', 'needs AM or PM', 'M/D/YYYY H:mm'],
    ['M/D/YYYY H:mm A', '12-hour clock', 'M/D/YYYY h:mm A'],
    ['%m/%d/%Y', 'not part of a date format', 'MM/DD/YYYY'],
    ['%Y-%m-%d %I:%M %p', 'not part of a date format', 'YYYY-MM-DD hh:mm A'],
    ['D MMMM YYYY', 'twice', 'D MMM YYYY'],
    ['yyyy-MM-dd', 'not part of a date format', 'YYYY-MM-DD'],
    ['hh:mm dd/mm/yyyy', 'not part of a date format', 'HH:mm DD/MM/YYYY'],
    ['M/D', 'no year (YYYY)', undefined],
    ['', 'no year (YYYY) and no month (MM; small mm are minutes) and no day (DD)', undefined],
    ['dddd, D MMM YYYY', '"d" is not part', 'ddd, D MMM YYYY'],
    ['M/D/YYYY mm', 'minutes but no hour', undefined],
    ['M/D/YYYY H ss', 'seconds but no minute', undefined],
    ['MDYYYY', 'M and D need something between them', undefined],
    ['M/D/YYYY [at', '"at" is not part', undefined],
    ['M/D/YYYY [', 'other half', undefined],
  ])('%j: %s', (format, wrong, nearest) => {
    const message = validateDateFormat(format);
    expect(message).toContain(wrong);
    expect(/Did you mean "(.*)"\?$/.exec(message ?? '')?.[1]).toBe(nearest);
  });

  it('suggests only valid formats', () => {
    const letters = fc.constantFrom(
      'y',
      'yyyy',
      'YYYY',
      'm',
      'mm',
      'MM',
      'd',
      'DD',
      'h',
      'HH',
      'ss',
      'a',
      'tt',
      '%Y',
      '/',
      ' ',
      ':',
      'T',
      '[',
      ']',
    );
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 10 }), (format) => {
        const nearest = /Did you mean "(.*)"\?$/s.exec(validateDateFormat(format) ?? '')?.[1];
        if (nearest !== undefined) expect(validateDateFormat(nearest)).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
  });
});

describe('findDateFormatConflict', () => {
  it.each([
    [['M/D/YYYY', 'DD/MM/YYYY']],
    [['YY-MM-DD', 'DD-MM-YY']],
    [['M/D/YYYY', 'D.M.YYYY', 'D/M/YYYY h:mm A', 'M/D/YYYY h:mm A']],
  ])('%j', (formats) => {
    expect(findDateFormatConflict(formats)).toHaveLength(2);
  });

  it.each([
    [['M/D/YYYY', 'MM/DD/YY', 'M/D/YYYY h:mm A']],
    [['M/D/YYYY', 'D.M.YYYY']],
    [['D/M/YYYY', 'YYYY/M/D']],
    [[]],
  ])('%j: no conflict', (formats) => {
    expect(findDateFormatConflict(formats)).toBeUndefined();
  });
});
