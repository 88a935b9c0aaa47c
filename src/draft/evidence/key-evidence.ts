import { fold } from '../../core/values/text.ts';

/** What a column is worth as a person's key. */
export interface KeyVerdict {
  readonly different: number;
  /** Values that stand in several rows, always with the same first name: one row per membership, for example. */
  readonly repeated: number;
  /** Values that stand with different first names: no single person's. (A last name may change.) */
  readonly shared: number;
  /** Names that stand with several values: what a membership's or contract's number looks like. */
  readonly severalPerName: number;
}

/**
 * Finds out whether each value of a column belongs to one person only. Keeps three numbers a row (24 bytes), and says nothing
 * wrong but for a hash collision: 53 bits, one in a million for a million rows squared over two to the 54th.
 */
export class KeyEvidence {
  #keys = new Float64Array(1024);
  #firstNames = new Float64Array(1024);
  #names = new Float64Array(1024);
  #length = 0;

  add(value: string, firstName: string, name: string): void {
    if (this.#length === this.#keys.length) {
      this.#keys = grown(this.#keys);
      this.#firstNames = grown(this.#firstNames);
      this.#names = grown(this.#names);
    }
    this.#keys[this.#length] = hash(fold(value));
    this.#firstNames[this.#length] = hash(firstName);
    this.#names[this.#length] = hash(name);
    this.#length += 1;
  }

  get verdict(): KeyVerdict {
    const byKey = groups(this.#keys, this.#firstNames, this.#length);
    const byName = groups(this.#names, this.#keys, this.#length);
    return { different: byKey.groups, repeated: byKey.uniform, shared: byKey.mixed, severalPerName: byName.mixed };
  }
}

/** Groups pairs by their first number: how many groups, and those of several pairs with one or several second numbers. */
function groups(
  by: Float64Array,
  other: Float64Array,
  length: number,
): { groups: number; uniform: number; mixed: number } {
  const order = new Uint32Array(length).map((_, index) => index);
  const at = (values: Float64Array, position: number): number => values[order[position] ?? 0] ?? 0;
  order.sort((a, b) => (by[a] ?? 0) - (by[b] ?? 0));
  const found = { groups: 0, uniform: 0, mixed: 0 };
  for (let from = 0; from < length;) {
    let to = from + 1;
    let isMixed = false;
    for (; to < length && at(by, to) === at(by, from); to += 1) isMixed ||= at(other, to) !== at(other, from);
    found.groups += 1;
    if (isMixed) found.mixed += 1;
    else if (to - from > 1) found.uniform += 1;
    from = to;
  }
  return found;
}

function grown(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const more = new Float64Array(values.length * 2);
  more.set(values);
  return more;
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
