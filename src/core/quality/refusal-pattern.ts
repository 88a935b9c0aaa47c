import { count } from '../reports/figures.ts';
import type { Contact } from '../api/contact.ts';

/** Finds what rows that the server refused without a reason have in common, and those that it accepted have not. */
export interface RefusalPattern {
  add(contact: Contact, isRefused: boolean): void;
  /** The strongest difference; undefined when there is none worth telling. */
  strongest(): Difference | undefined;
}

export interface Difference {
  readonly field: string;
  /** What the rows have: `a dob before 1920`, `no phone`. Never the value of a single person. */
  readonly what: string;
  readonly refused: number;
  readonly refusedOf: number;
  readonly accepted: number;
  readonly acceptedOf: number;
}

/** "3,912 of 3,920 refused rows have a `dob` before 1920; 4 of 4,000 accepted do". */
export function differenceSentence({ what, refused, refusedOf, accepted, acceptedOf }: Difference): string {
  return `${count(refused)} of ${count(refusedOf)} refused rows have ${what}, compared with ${count(accepted)} of ${count(acceptedOf)} accepted rows`;
}

/** How often something was met: among the refused rows, and among the accepted ones. */
type Pair = [refused: number, accepted: number];

/** All that is remembered of a field: bounded, whatever the file holds. */
interface FieldTally {
  readonly filled: Pair;
  readonly years: Map<number, Pair>;
  readonly lengths: Map<number, Pair>;
  readonly shapes: Map<string, Pair>;
  readonly values: Map<string, Pair>;
}

/** How many different shapes or values of a field are distinguished. */
const mostKinds = 200;
/** Fewer rows prove nothing, and a value of fewer could be a single person's. */
const fewestRows = 5;
/** How much more often the refused rows must have it, as a difference of shares. */
const leastDifference = 0.5;
const longestLength = 300;

export function createRefusalPattern(): RefusalPattern {
  const fields = new Map<string, FieldTally>();
  const all: Pair = [0, 0];
  const tallyOf = (field: string): FieldTally => {
    let tally = fields.get(field);
    if (tally === undefined) {
      tally = { filled: [0, 0], years: new Map(), lengths: new Map(), shapes: new Map(), values: new Map() };
      fields.set(field, tally);
    }
    return tally;
  };
  return {
    add(contact, isRefused) {
      const side = isRefused ? 0 : 1;
      all[side] += 1;
      for (const [field, value] of Object.entries(contact)) {
        const tally = tallyOf(field);
        tally.filled[side] += 1;
        const text = String(value);
        const year = /^(\d{4})-\d{2}-\d{2}(?: |$)/.exec(text)?.[1];
        if (year === undefined) {
          note(tally.lengths, Math.min(longestLength, text.length), side);
          note(tally.shapes, shapeOf(text), side);
          note(tally.values, text, side);
        } else note(tally.years, Number(year), side);
      }
    },
    strongest() {
      if (all[0] < fewestRows || all[1] < fewestRows) return undefined;
      const found = [...fields].flatMap(([field, tally]) => differencesOf(field, tally, all));
      // The first of equals: those that are easiest to understand are offered first.
      const best = found.reduce<Difference | undefined>(
        (known, each) => (known === undefined || strengthOf(each) > strengthOf(known) + 0.001 ? each : known),
        undefined,
      );
      return best !== undefined && best.refused >= fewestRows && strengthOf(best) >= leastDifference ? best : undefined;
    },
  };
}

function note<Kind>(kinds: Map<Kind, Pair>, kind: Kind, side: 0 | 1): void {
  const known = kinds.get(kind);
  if (known !== undefined) known[side] += 1;
  else if (kinds.size < mostKinds) kinds.set(kind, side === 0 ? [1, 0] : [0, 1]);
}

function strengthOf({ refused, refusedOf, accepted, acceptedOf }: Difference): number {
  return refused / refusedOf - accepted / acceptedOf;
}

function differencesOf(field: string, tally: FieldTally, all: Pair): Difference[] {
  const { filled, years, lengths, shapes, values } = tally;
  const name = `\`${field}\``;
  const say = (what: string, [refused, accepted]: Pair): Difference => {
    const [refusedOf, acceptedOf] = all;
    return { field, what, refused, refusedOf, accepted, acceptedOf };
  };
  return [
    say(`no ${name}`, [all[0] - filled[0], all[1] - filled[1]]),
    say(`a ${name}`, filled),
    ...thresholds(years).flatMap(({ from, below, rest }) => [
      say(`a ${name} before ${from}`, below),
      say(`a ${name} in ${from} or later`, rest),
    ]),
    ...[...values]
      .filter(([, [refused, accepted]]) => refused + accepted >= fewestRows)
      .map(([value, pair]) => say(`${JSON.stringify(value.slice(0, 60))} as ${name}`, pair)),
    ...[...shapes].map(([shape, pair]) => say(`a ${name} written like "${shape}"`, pair)),
    ...thresholds(lengths).flatMap(({ from, below, rest }) => [
      say(`a ${name} shorter than ${from} characters`, below),
      say(`a ${name} of ${from} characters or more`, rest),
    ]),
  ];
}

/** Every place at which ordered kinds can be split in two, with what is on either side. */
function thresholds(kinds: ReadonlyMap<number, Pair>): { from: number; below: Pair; rest: Pair }[] {
  const ordered = [...kinds].sort(([a], [b]) => a - b);
  const total = ordered.reduce<Pair>((sum, [, pair]) => plus(sum, pair), [0, 0]);
  let below: Pair = [0, 0];
  return ordered.map(([from, pair]) => {
    const cut = { from, below, rest: [total[0] - below[0], total[1] - below[1]] as Pair };
    below = plus(below, pair);
    return cut;
  });
}

function plus(a: Pair, b: Pair): Pair {
  return [a[0] + b[0], a[1] + b[1]];
}

/** A text's shape: `a` for letters of English, `é` for others, `9` for digits, everything else as it is; runs once. */
function shapeOf(text: string): string {
  return text
    .slice(0, longestLength)
    .replaceAll(/[A-Za-z]+/g, 'a')
    .replaceAll(/[^\P{L}a]+/gu, 'é')
    .replaceAll(/\p{Nd}+/gu, '9')
    .slice(0, 40);
}
