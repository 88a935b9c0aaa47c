import type { ColumnEvidence } from './evidence/column-evidence.ts';
import type { KeyVerdict } from './evidence/key-evidence.ts';
import type { Repeats } from './evidence/survey.ts';
import type { Candidate } from './words/header-words.ts';

export type Certainty = 'sure' | 'likely' | 'asked' | 'left out';

/** A column of the file: what its name proposes, what its cells say, and what became of it. */
export interface SheetColumn {
  readonly index: number;
  readonly header: string;
  /** What a mapping calls it, like `Phone#2`. Undefined where no name leads to it. */
  readonly address: string | undefined;
  readonly candidate: Candidate | undefined;
  readonly evidence: ColumnEvidence;
  readonly key: KeyVerdict | undefined;
  /** How often its cells repeat the first name of their row; of columns that may hold names. */
  readonly repeats: Repeats | undefined;
  /** What it goes to, so far. */
  verdict: Verdict | undefined;
}

export interface Verdict {
  /** API fields that take it. */
  fields: string[];
  certainty: Certainty;
  why: string;
  /** It must not or can't be sent, not even as a custom attribute. */
  isRefused?: true;
}

/** A column that a mapping can name. */
export type NamedColumn = SheetColumn & { readonly address: string };

/** A column whose cells bear out what its name says. */
export interface Claim {
  readonly column: NamedColumn;
  readonly certainty: 'sure' | 'likely';
  readonly why: string;
}
