import type { Path } from '../core/mapping/finding.ts';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** One change that an answer makes to the draft. Without a value, what is at the path is removed. */
export interface Edit {
  readonly path: Path;
  readonly value?: JsonValue;
}

/** An answer that can be given, and what follows from it. */
export interface Answer {
  /** A few words to choose it by. */
  readonly answer: string;
  /** What happens then, in words. */
  readonly consequence: string;
  readonly edits: readonly Edit[];
}

/** What a file does not settle: data, so that a person can be asked on a terminal or elsewhere. */
export interface Question {
  /** Stable for one file: `date-order:dob`, `country`, `status-word:Zombie`. */
  readonly id: string;
  /** Where the draft holds `"?"` until it is answered. */
  readonly paths: readonly Path[];
  readonly question: string;
  /** The evidence, in sentences. */
  readonly because: readonly string[];
  /** None when the file itself must be exported again, or when any text will do. */
  readonly answers: readonly Answer[];
  /** How many of the answers, the first ones, are likely. The others are offered where there is room to choose from a long list. */
  readonly likely?: number;
}

/** Carries an answer out on a draft, in place. */
export function applyAnswer(mapping: JsonValue, { edits }: Answer): void {
  for (const { path, value } of edits) {
    const key = path.at(-1);
    let owner: unknown = mapping;
    for (const part of path.slice(0, -1)) owner = isContainer(owner) ? Reflect.get(owner, part) : undefined;
    if (!isContainer(owner) || key === undefined) continue;
    if (value === undefined && Array.isArray(owner)) owner.splice(Number(key), 1);
    else if (value === undefined) Reflect.deleteProperty(owner, key);
    else Reflect.set(owner, key, structuredClone(value));
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
