/**
 * Finds the holders of a key without searching. Almost every key has one holder, which is then stored bare; several
 * people may share an email or a phone.
 */
export class HolderIndex<Holder extends object> {
  readonly #holders = new Map<string, Holder | Set<Holder>>();

  add(key: string, holder: Holder): void {
    const known = this.#holders.get(key);
    if (known === undefined) this.#holders.set(key, holder);
    else if (known instanceof Set) known.add(holder);
    else if (known !== holder) this.#holders.set(key, new Set([known, holder]));
  }

  remove(key: string, holder: Holder): void {
    const known = this.#holders.get(key);
    if (known === holder) this.#holders.delete(key);
    else if (known instanceof Set) known.delete(holder);
  }

  /** The one that has held the key longest. */
  first(key: string): Holder | undefined {
    const known = this.#holders.get(key);
    return known instanceof Set ? known.values().next().value : known;
  }

  all(key: string): Iterable<Holder> {
    const known = this.#holders.get(key);
    if (known === undefined) return [];
    return known instanceof Set ? known : [known];
  }
}
