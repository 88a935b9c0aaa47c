import { FAULTS, FAULT_KINDS } from './faults.ts';
import type { FaultKind, FaultRule, FaultShares } from './faults.ts';
import { seededPlace } from './seeded.ts';

/**
 * Says which person meets which fault. The choice hangs on the seed and the person alone, so neither the order of the
 * requests nor their number changes it, and a second run against the same seed meets the same faults.
 */
export class FaultPlan {
  readonly #seed: number;
  readonly #times: number;
  /** Ranges of the seeded place, each from the end of the one before. */
  readonly #ranges: { readonly kind: FaultKind; readonly end: number }[] = [];
  readonly #met = new Map<string, number>();

  constructor(shares: FaultShares, seed: number, times: number) {
    this.#seed = seed;
    this.#times = times;
    let end = 0;
    for (const kind of FAULT_KINDS) {
      const share = shares[kind] ?? 0;
      end += share;
      if (share > 0) this.#ranges.push({ kind, end });
    }
  }

  /** The fault that this request of the person gets. Undefined when the request succeeds. */
  next(person: string | undefined): FaultKind | undefined {
    if (person === undefined || this.#ranges.length === 0) return undefined;
    const place = seededPlace(this.#seed, person);
    const kind = this.#ranges.find((range) => place < range.end)?.kind;
    if (kind === undefined) return undefined;
    const rule: FaultRule = FAULTS[kind];
    if (rule.lasting === true) return kind;
    const met = this.#met.get(person) ?? 0;
    if (met >= this.#times) return undefined;
    this.#met.set(person, met + 1);
    return kind;
  }
}
