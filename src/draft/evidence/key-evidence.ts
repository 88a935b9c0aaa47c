import { fold } from '../../core/values/text.ts';

/** What a column is worth as a person's key. */
export interface KeyVerdict {
  readonly different: number;
  /** Values that are in several rows, always with the same first name: one row per membership, for example. */
  readonly repeated: number;
  /** Values with different first names, so not of a single person. (A last name may change.) */
  readonly shared: number;
  /** The first two rows in which one of these values has different first names. */
  readonly sharedRows: readonly [number, number] | undefined;
  /** That value. */
  readonly sharedValue?: string | undefined;
  /** By the position of another column: people whose rows differ in it, as in the status of their memberships. */
  readonly differing: ReadonlyMap<number, number>;
  /** Names with several values, as with membership or contract numbers. */
  readonly severalPerName: number;
  /** Its values count the rows of the file. */
  readonly isCounter: boolean;
}

/**
 * Finds out whether each value of some columns belongs to one person only, and in which others the rows of a person differ.
 * Keeps 24 bytes a row and 8 for each column. Values
 * are compared by 53-bit hashes: among a million of them the chance that any two are taken for one is 1 in 20,000.
 */
export class KeyEvidence {
  readonly #columns: readonly number[];
  readonly #firstNames = new Numbers();
  readonly #names = new Numbers();
  readonly #rowNumbers = new Numbers();
  readonly #keys: readonly Numbers[];
  readonly #compared: readonly number[];
  readonly #others: readonly Numbers[];
  /** Rows whose value is the row's place in the file, counted from 0 or from 1. */
  readonly #counting: { fromZero: number; fromOne: number }[];
  #rows = 0;

  /**
   * @param columns Positions of the columns that are looked at.
   * @param compared Positions of the columns in which the rows of a person may differ.
   */
  constructor(columns: readonly number[], compared: readonly number[] = []) {
    this.#columns = columns;
    this.#compared = compared;
    this.#others = compared.map(() => new Numbers());
    this.#keys = columns.map(() => new Numbers());
    this.#counting = columns.map(() => ({ fromZero: 0, fromOne: 0 }));
  }

  add(row: number, cells: readonly string[], firstName: string, name: string): void {
    this.#rowNumbers.push(row);
    this.#firstNames.push(hash(firstName));
    this.#names.push(hash(name));
    this.#compared.forEach((column, index) => this.#others[index]?.push(hash(fold(cells[column] ?? ''))));
    this.#columns.forEach((column, index) => {
      const value = fold(cells[column] ?? '');
      this.#keys[index]?.push(value === '' ? blank : hash(value));
      const counting = this.#counting[index];
      if (counting === undefined) return;
      if (value === String(this.#rows)) counting.fromZero += 1;
      else if (value === String(this.#rows + 1)) counting.fromOne += 1;
    });
    this.#rows += 1;
  }

  #isCounter(index: number): boolean {
    const { fromZero, fromOne } = this.#counting[index] ?? { fromZero: 0, fromOne: 0 };
    return this.#rows > 2 && Math.max(fromZero, fromOne) >= this.#rows * 0.9;
  }

  /** A person is a value together with a name: families share an email. */
  #differing(filled: Uint32Array, keys: Float64Array): Map<number, number> {
    const names = this.#names.values;
    const people = keys.map((key, row) => key + (names[row] ?? 0));
    return new Map(
      this.#compared.map((column, index) => [
        column,
        groups(filled, people, this.#others[index]?.values ?? new Float64Array()).mixed,
      ]),
    );
  }

  /** By the position of the column. */
  verdicts(): Map<number, KeyVerdict> {
    const firstNames = this.#firstNames.values;
    const names = this.#names.values;
    const rowNumbers = this.#rowNumbers.values;
    return new Map(
      this.#columns.map((column, index): [number, KeyVerdict] => {
        const keys = this.#keys[index]?.values ?? new Float64Array();
        const filled = new Uint32Array(keys.length).map((_, row) => row).filter((row) => keys[row] !== blank);
        const byKey = groups(filled, keys, firstNames);
        const byName = groups(filled, names, keys);
        return [
          column,
          {
            different: byKey.all,
            repeated: byKey.uniform,
            shared: byKey.mixed,
            sharedRows: byKey.firstMixed?.map((at) => rowNumbers[at] ?? 0) as [number, number] | undefined,
            severalPerName: byName.mixed,
            differing: this.#differing(filled, keys),
            isCounter: this.#isCounter(index),
          },
        ];
      }),
    );
  }
}

/** No hash is negative. */
const blank = -1;

interface Groups {
  readonly all: number;
  readonly uniform: number;
  readonly mixed: number;
  /** Two rows of one group that differ: of the group that comes first in the file. */
  readonly firstMixed: readonly number[] | undefined;
}

/** Groups rows by one number: how many groups there are, and of those of several rows how many have one or several of the other. */
function groups(rows: Uint32Array, by: Float64Array, other: Float64Array): Groups {
  rows.sort((a, b) => (by[a] ?? 0) - (by[b] ?? 0));
  const at = (values: Float64Array, position: number): number => values[rows[position] ?? 0] ?? 0;
  const found = { all: 0, uniform: 0, mixed: 0 };
  let firstMixed: readonly [number, number] | undefined;
  for (let from = 0; from < rows.length;) {
    let to = from + 1;
    let differing: number | undefined;
    for (; to < rows.length && at(by, to) === at(by, from); to += 1)
      if (at(other, to) !== at(other, from)) differing ??= to;
    found.all += 1;
    if (differing !== undefined) {
      found.mixed += 1;
      const pair = [rows[from] ?? 0, rows[differing] ?? 0] as const;
      if (firstMixed === undefined || pair[0] < firstMixed[0]) firstMixed = pair;
    }
    if (differing === undefined && to - from > 1) found.uniform += 1;
    from = to;
  }
  return { ...found, firstMixed };
}

/** A list of numbers, 8 bytes each. */
class Numbers {
  #values = new Float64Array(1024);
  #length = 0;

  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const more = new Float64Array(this.#length * 2);
      more.set(this.#values);
      this.#values = more;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }
}

/** cyrb53: 53 bits, which a double holds exactly. */
function hash(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0);
}
