import { cleanCell, fold } from '../../core/values/text.ts';
import { bitOf, shapes, shapesOf } from './cell-shape.ts';
import type { Shape } from './cell-shape.ts';
import { DateEvidence } from './date-evidence.ts';
import { saysNothing } from '../words/word-lists.ts';

export interface Word {
  /** As it stands in the file for the first time. */
  readonly text: string;
  readonly row: number;
  count: number;
}

const mostWords = 300;
const longestWord = 60;
const mostPhones = 1000;

/** What all cells of one column say. Collected in one pass; memory does not grow with the file. */
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
  readonly #words = new Map<string, Word>();
  readonly #nothing = new Map<string, Word>();
  readonly #counts = new Float64Array(shapes.length);

  add(cell: string, row: number): void {
    const text = cleanCell(cell);
    if (text === '') {
      this.blank += 1;
      return;
    }
    const folded = text.length <= longestWord ? fold(text) : '';
    if (folded !== '' && saysNothing(text)) {
      count(this.#nothing, folded, text, row);
      return;
    }
    this.filled += 1;
    this.longest = Math.max(this.longest, text.length);
    this.#countWord(folded, text, row);
    const found = shapesOf(text);
    for (let index = 0; index < shapes.length; index += 1) {
      if ((found & (1 << index)) !== 0) this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    }
    if ((found & dateBits) !== 0) this.dates.add(text, row);
    if ((found & bitOf('phone')) !== 0 && this.phones.size < mostPhones) this.phones.add(text);
  }

  /** Different cells, the most frequent first. All of them, unless `hasMoreWords`. */
  get words(): Word[] {
    return [...this.#words.values()].sort((a, b) => b.count - a.count);
  }

  /** Words for "nothing" that were found. */
  get nothingWords(): Word[] {
    return [...this.#nothing.values()];
  }

  countOf(shape: Shape): number {
    return this.#counts[shapes.indexOf(shape)] ?? 0;
  }

  /** The share of the cells that say something; 0 when none does. */
  shareOf(shape: Shape): number {
    return this.filled === 0 ? 0 : this.countOf(shape) / this.filled;
  }

  #countWord(folded: string, text: string, row: number): void {
    if (folded === '' || (this.#words.size >= mostWords && !this.#words.has(folded))) this.hasMoreWords = true;
    else count(this.#words, folded, text, row);
  }
}

const dateBits = bitOf('dateLike') | bitOf('integer') | bitOf('decimalPoint');

function count(words: Map<string, Word>, folded: string, text: string, row: number): void {
  const word = words.get(folded);
  if (word === undefined) words.set(folded, { text, row, count: 1 });
  else word.count += 1;
}
