import { isCouple } from '../../core/values/names.ts';
import { withoutPhoneLabel } from '../../core/values/phones.ts';
import { cleanCell, databaseNull, fold } from '../../core/values/text.ts';
import { saysNothing } from '../words/word-lists.ts';
import { bitOf, shapes, shapesOf } from './cell-shape.ts';
import type { Shape } from './cell-shape.ts';
import { DateEvidence } from './date-evidence.ts';

export interface Word {
  /** As it is in the file the first time. */
  readonly text: string;
  readonly row: number;
  readonly count: number;
}

const mostWords = 300;
const longestWord = 60;
const mostPhones = 1000;

/**
 * What all cells of one column say. Collected in one pass, then settled; memory does not grow with the file. Cells that occur
 * often are looked at once, when all are counted.
 */
export class ColumnEvidence {
  /** Cells that say something: neither blank nor a word for nothing. */
  filled = 0;
  blank = 0;
  longest = 0;
  /** Set when there are more different cells than are kept. */
  hasMoreWords = false;
  readonly dates = new DateEvidence();
  /** The first different phone-like cells. */
  readonly phones = new Set<string>();
  /** Different cells, the most frequent first. All of them, unless `hasMoreWords`. */
  words: readonly Word[] = [];
  /** The first different cells that mark a person as no longer a contact: `DECEASED - Ann Berg`. */
  readonly marked = new Set<string>();
  /** The first different cells that name two people or a household, if they are names: `John & Mary`, `Familie Berg`. */
  readonly couples = new Set<string>();
  /** Words for "nothing" that were found. */
  readonly nothingWords: Word[] = [];
  readonly #cells = new Map<string, { count: number; readonly row: number }>();
  readonly #counts = new Float64Array(shapes.length);

  add(cell: string, row: number): void {
    if (cell === '') {
      this.blank += 1;
      return;
    }
    const known = this.#cells.get(cell);
    if (known !== undefined) known.count += 1;
    else if (this.#cells.size < mostWords) this.#cells.set(cell, { count: 1, row });
    else {
      this.hasMoreWords = true;
      this.#look(cell, row, 1);
    }
  }

  /** To be called once, after the last cell. */
  settle(): void {
    const words = new Map<string, Word>();
    for (const [cell, { row, count }] of this.#cells) {
      const text = this.#look(cell, row, count);
      if (text === undefined) continue;
      if (text.length > longestWord) {
        this.hasMoreWords = true;
        continue;
      }
      const folded = fold(text);
      const known = words.get(folded);
      words.set(folded, known === undefined ? { text, row, count } : { ...known, count: known.count + count });
    }
    this.words = [...words.values()].sort((a, b) => b.count - a.count);
    this.#cells.clear();
  }

  countOf(shape: Shape): number {
    return this.#counts[shapes.indexOf(shape)] ?? 0;
  }

  /** The share of the cells that say something; 0 when none does. */
  shareOf(shape: Shape): number {
    return this.filled === 0 ? 0 : this.countOf(shape) / this.filled;
  }

  /** Takes in a cell and how often it is in the column. Returns its clean text if it says something. */
  #look(cell: string, row: number, count: number): string | undefined {
    const text = cleanCell(cell);
    if (text === '') {
      this.blank += count;
      return undefined;
    }
    if (text === databaseNull || saysNothing(text)) {
      if (!this.nothingWords.some((word) => word.text === text)) this.nothingWords.push({ text, row, count });
      return undefined;
    }
    this.filled += count;
    this.longest = Math.max(this.longest, text.length);
    const found = shapesOf(text);
    for (let rest = found, index = 0; rest !== 0; rest >>>= 1, index += 1) {
      if ((rest & 1) !== 0) this.#counts[index] = (this.#counts[index] ?? 0) + count;
    }
    if ((found & dateBits) !== 0) this.dates.add(text, row, count);
    if (marks.test(text) && this.marked.size < mostWords) this.marked.add(text);
    if (text.length <= longestWord && isCouple(text) && this.couples.size < mostWords) this.couples.add(text);
    if ((found & bitOf('phone')) !== 0 && this.phones.size < mostPhones) this.phones.add(withoutPhoneLabel(text));
    return text;
  }
}

const marks = /\b(?:deceased|do not (?:use|contact)|banned|deleted (?:customer|client|member|user))\b/i;

const dateBits = bitOf('dateLike') | bitOf('integer') | bitOf('decimalPoint');
