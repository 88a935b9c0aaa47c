import { damaged } from './archive.ts';
import { fullDigits, hasLostDigits } from './full-digits.ts';
import { plainNumber, showMasked } from './number-format.ts';
import { showSerial } from './serial-date.ts';
import type { Workbook } from './workbook.ts';
import { decodeEscapes } from './xml.ts';

/** A cell as the file stores it. */
export interface StoredCell {
  /** `n` a number, `s` a shared text, `str` text of a formula, `inlineStr`, `b`, `e` an error, `d` a date in ISO 8601. */
  readonly type: string;
  readonly style: number;
  readonly value: string;
  readonly hasFormula: boolean;
}

/** A cell as text, and what kind of cell it was. */
export interface ShownCell {
  readonly text: string;
  readonly kind: 'text' | 'number' | 'date' | 'other';
  /** `lost_digits`: a number with more digits than Excel keeps. `no_value`: a formula without a stored value. */
  readonly flaw?: 'lost_digits' | 'no_value';
}

const blank: ShownCell = { text: '', kind: 'other' };

/** The text of a value that was never calculated: an error of Excel, which holds no value and is reported for its row. */
const notCalculated: ShownCell = { text: '#CALC!', kind: 'other', flaw: 'no_value' };

/** What a cell says is decided by value and number format together, since neither alone is what the person meant. */
export function showCell(
  { type, style, value, hasFormula }: StoredCell,
  { strings, formats, is1904, archive }: Workbook,
): ShownCell {
  if (value.trim() === '' && type !== 'str' && type !== 'inlineStr') return hasFormula ? notCalculated : blank;
  switch (type) {
    case 's':
      return { text: strings.at(Number(value), archive.name), kind: 'text' };
    case 'inlineStr':
      return { text: value, kind: 'text' };
    case 'str':
      return { text: decodeEscapes(value), kind: 'text' };
    case 'b':
      return { text: value === '1' || value === 'true' ? 'TRUE' : 'FALSE', kind: 'other' };
    case 'e':
      return { text: value, kind: 'other' };
    case 'd':
      return { text: value.replace(/T(?=\d)/, ' ').replace(/ 00:00(?::00(?:\.0+)?)?Z?$/, ''), kind: 'date' };
    case 'n':
      break;
    default:
      throw damaged(archive.name, new Error(`a cell has the unknown type ${type}`));
  }
  const stored = value.trim();
  const format = formats[style] ?? plainNumber;
  const number = Number(stored);
  if (!Number.isFinite(number)) throw damaged(archive.name, new Error('a cell has a number that is not one'));
  if (format.kind !== 'number' && format.kind !== 'mask')
    return { text: showSerial(number, format.kind, is1904), kind: 'date' };
  const digits = fullDigits(stored);
  const shown =
    format.kind === 'mask' && /^\d+$/.test(digits) ? (showMasked(digits, format.sections) ?? digits) : digits;
  return { text: shown, kind: 'number', ...(hasLostDigits(digits) ? { flaw: 'lost_digits' } : {}) };
}
