import { expect, it } from 'vitest';
import { TextHash } from '../../../src/core/people/text-hash.ts';

const count = 200_000;
/** Keys as in real lists: alike except for a few digits. */
const lists: [string, (nth: number) => string][] = [
  ['ids', (nth) => String(100_000 + nth)],
  ['emails', (nth) => `member.${nth}@example.com\0ana`],
  ['phones', (nth) => `+1${2_025_550_000 + nth * 7}\0maria ada`],
  ['words of two digits', (nth) => String.fromCharCode(97 + (nth % 26), 97 + ((nth / 26) % 26), 97 + nth / 676)],
];

it.each(lists)('%s collide no more often than by chance', (_what, textOf) => {
  const hash = new TextHash();
  const [lows, highs, whole] = [new Set<number>(), new Set<number>(), new Set<string>()];
  for (let nth = 0; nth < count; nth += 1) {
    const { low, high } = hash.of(textOf(nth));
    lows.add(low);
    highs.add(high);
    whole.add(`${low} ${high}`);
  }
  expect(whole.size).toBe(count);
  // By chance about 5 of 200,000 share 32 bits.
  expect(count - lows.size).toBeLessThan(25);
  expect(count - highs.size).toBeLessThan(25);
});

it('the two halves are independent, and a seed changes both', () => {
  const hash = new TextHash();
  const bits = Array.from({ length: 32 }, () => 0);
  for (let nth = 0; nth < 10_000; nth += 1) {
    const { low, high } = hash.of(`key ${nth}`);
    bits.forEach((_, bit) => (bits[bit]! += ((low ^ high) >>> bit) & 1));
  }
  for (const ones of bits) expect(Math.abs(ones - 5000)).toBeLessThan(300);
  const { low, high } = new TextHash().of('ana', 1);
  expect(new TextHash().of('ana', 2)).not.toMatchObject({ low });
  expect(new TextHash().of('ana', 2)).not.toMatchObject({ high });
});

it('a seed is not just a prefix', () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 16; seed += 1) {
    for (let letter = 0; letter < 1000; letter += 1) {
      const { low, high } = new TextHash().of(String.fromCharCode(letter), seed);
      seen.add(`${low} ${high}`);
    }
  }
  expect(seen.size).toBe(16_000);
});
