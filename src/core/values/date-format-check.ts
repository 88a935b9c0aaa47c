import {
  compileFormat,
  type DateUnit,
  type FormatPiece,
  type ReadFields,
  splitFormat,
  tokenOf,
  type TokenName,
  writeDate,
} from './date-formats.ts';

/**
 * Undefined for a usable format; otherwise a sentence that says what is wrong and, where there is one, the nearest good
 * format. Catches what other tools' habits make of it: mm/dd/yyyy, MM/DD/YYYY HH:MM, %m/%d/%Y, dd.MM.yyyy hh:mm tt.
 */
export function validateDateFormat(format: string): string | undefined {
  const fault = findFault(splitFormat(format));
  if (fault === undefined) return undefined;
  const nearest = suggest(format);
  return `"${format}": ${fault}.${nearest === undefined ? '' : ` Did you mean "${nearest}"?`}`;
}

/**
 * The first two formats that read one text as different days, like M/D/YYYY and DD/MM/YYYY. Both in one column would
 * mean to guess for each cell, so the mapping schema refuses them.
 */
export function findDateFormatConflict(formats: readonly string[]): readonly [string, string] | undefined {
  const readers = formats.map((format) => ({ format, read: compileFormat(splitFormat(format)) }));
  for (const written of formats) {
    const other = readers.find(({ read }) => readsOtherwise(read, written));
    if (other !== undefined) return [written, other.format];
  }
  return undefined;
}

/** Whether a reader takes a date written in a format for another day. */
export function readsOtherwise(read: ReadFields, format: string): boolean {
  const probe = { year: 2003, month: 4, day: 5, hour: 6, minute: 7, second: 8, shortYear: false };
  const fields = read(writeDate(format, probe));
  if (fields === undefined) return false;
  return fields.year % 100 !== probe.year % 100 || fields.month !== probe.month || fields.day !== probe.day;
}

/** What to say of a unit, and the token to write for it. */
const unitNames: Record<DateUnit, string> = {
  year: 'year (YYYY)',
  month: 'month (MM; small mm are minutes)',
  day: 'day (DD)',
  weekday: 'weekday (ddd)',
  hour: 'hour (HH)',
  minute: 'minute (mm)',
  second: 'second (ss)',
  half: 'AM or PM (A)',
};

function findFault(pieces: readonly FormatPiece[]): string | undefined {
  const names = pieces.flatMap((piece) => ('token' in piece ? [piece.token] : []));
  const units = names.map((name) => tokenOf(name).unit);
  const twelve = names.some((name) => tokenOf(name).twelve === true);
  const twice = units.find((unit, index) => units.indexOf(unit) !== index);
  const lacking = (['year', 'month', 'day'] as const).filter((unit) => !units.includes(unit));

  return (
    findStrangeText(pieces) ??
    (twice && `it has the ${unitNames[twice]} twice`) ??
    (lacking.length > 0 ? `it has no ${lacking.map((unit) => unitNames[unit]).join(' and no ')}` : undefined) ??
    (units.includes('half') && !twelve ? 'A needs hours of the 12-hour clock (h or hh)' : undefined) ??
    (twelve && !units.includes('half') ? 'h needs AM or PM (A). For hours from 0 to 23, use H' : undefined) ??
    (units.includes('minute') && !units.includes('hour') ? 'it has minutes but no hour (H)' : undefined) ??
    (units.includes('second') && !units.includes('minute') ? 'it has seconds but no minute (mm)' : undefined) ??
    findRunTogether(pieces)
  );
}

/** Letters that are not a token (except T, which ISO puts before the time), and brackets without a partner. */
function findStrangeText(pieces: readonly FormatPiece[]): string | undefined {
  const open = pieces.map((piece) => ('literal' in piece && !piece.quoted ? piece.literal : '\0')).join('');
  const letters = /[A-Z]*[A-SU-Z][A-Z]*/i.exec(open)?.[0];
  if (letters !== undefined) return `"${letters}" is not part of a date format. Put literal text in [brackets]`;
  if (/[[\]]/.test(open)) return 'a bracket is missing its other half';
  return undefined;
}

/** Two tokens of one or two digits in an unbroken run of digits: is 1112020 the 1st of the 11th, or the 11th of the 1st? */
function findRunTogether(pieces: readonly FormatPiece[]): string | undefined {
  let before: TokenName | undefined;
  for (const piece of pieces) {
    if ('literal' in piece || piece.token === 'MMM' || piece.token === 'A') before = undefined;
    else if (tokenOf(piece.token).variable === true) {
      if (before !== undefined) return `${before} and ${piece.token} need something between them, or two digits each`;
      before = piece.token;
    }
  }
  return undefined;
}

const strftime: Readonly<Record<string, string>> = {
  Y: 'YYYY',
  y: 'YY',
  m: 'MM',
  d: 'DD',
  e: 'D',
  b: 'MMM',
  B: 'MMM',
  H: 'HH',
  I: 'hh',
  M: 'mm',
  S: 'ss',
  p: 'A',
  T: 'HH:mm:ss',
  F: 'YYYY-MM-DD',
  D: 'MM/DD/YY',
};

/** The nearest good format: letters in the right case, m as month or minute by its place. */
function suggest(format: string): string | undefined {
  const plain = format
    .replace(/%-?([A-Za-z])/g, (whole, letter: string) => strftime[letter] ?? whole)
    .replace(/\bam\/pm\b|\ba\.?m\b\.?|\bp\.?m\b\.?|\btt\b|\bp\b/gi, 'A');
  const twelve = /a/i.test(plain.replace(/\[[^\]]*\]/g, ''));
  let previous: DateUnit | undefined;
  const seen = new Set<DateUnit>();
  const unit = (name: DateUnit, text: string): string => {
    previous = name;
    seen.add(name);
    return text;
  };

  const nearest = plain.replace(/\[[^\]]*\]|([a-z])\1*/gi, (run, letter: string | undefined) => {
    switch ((letter ?? '').toLowerCase()) {
      case 'y':
        return unit('year', run.length === 2 ? 'YY' : 'YYYY');
      case 'd':
        if (run.length > 2) return unit('weekday', 'ddd');
        return unit('day', run.length === 1 ? 'D' : 'DD');
      case 'm': {
        const minute = run.length < 3 && seen.has('hour') && (previous === 'hour' || seen.has('month'));
        if (minute) return unit('minute', run.toLowerCase());
        return unit('month', run.length > 3 ? 'MMM' : run.toUpperCase());
      }
      case 'h':
        return unit('hour', twelve ? run.toLowerCase() : run.toUpperCase());
      case 's':
        return unit('second', run.toLowerCase());
      case 'a':
        return unit('half', 'A');
      default:
        return run;
    }
  });
  return nearest !== format && findFault(splitFormat(nearest)) === undefined ? nearest : undefined;
}
