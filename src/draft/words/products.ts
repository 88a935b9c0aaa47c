import { plainName } from './header-words.ts';
import signatures from './products.json' with { type: 'json' };

/** Software that a set of columns points to. It only proposes: what each column means its cells decide. */
export interface Product {
  readonly name: string;
  /** Of its page in docs/products, where it has one. */
  readonly slug: string | undefined;
  /** The columns by which it is recognized. */
  readonly columns: readonly string[];
  /** What is known of its exports and can't be seen in the file. */
  readonly hint: string | undefined;
  /** Columns that mean something else than their names say, with the reason to leave them out; by name. */
  readonly leftOut: Readonly<Record<string, string>>;
}

interface Signature {
  readonly name: string;
  readonly slug?: string;
  /** Any of these sets of columns. */
  readonly sets: readonly (readonly string[])[];
  /** So many columns of a set are enough; all of them if not given. */
  readonly least?: number;
  /** One of these words must be in a status column too. */
  readonly statusWords?: readonly string[];
  readonly hint?: string;
  readonly leftOut?: Readonly<Record<string, string>>;
}

export function recogniseProduct(header: readonly string[], statusWords: readonly string[]): Product | undefined {
  const byName = new Map(header.map((name) => [plainName(name), name] as const));
  const words = new Set(statusWords.map((word) => word.toLowerCase()));
  for (const signature of signatures as readonly Signature[]) {
    const { name, slug, sets, least, hint, leftOut = {} } = signature;
    if (signature.statusWords?.some((word) => words.has(word.toLowerCase())) === false) continue;
    for (const set of sets) {
      const columns = set.flatMap((column) => byName.get(plainName(column)) ?? []);
      if (columns.length < (least ?? set.length)) continue;
      return { name, slug, columns, hint, leftOut };
    }
  }
  return undefined;
}
