import { columnAddresses, createColumnFinder } from '../core/mapping/columns.ts';
import type { ColumnEvidence } from './evidence/column-evidence.ts';
import type { KeyVerdict } from './evidence/key-evidence.ts';
import type { Survey } from './evidence/survey.ts';
import { confirm } from './confirm.ts';
import { candidateOf, plainName } from './words/header-words.ts';
import type { Candidate, Meaning } from './words/header-words.ts';
import { reasonByName } from './words/never-forward.ts';

export type Certainty = 'sure' | 'likely' | 'asked' | 'left out';

/** A column of the file: what its name proposes, what its cells say, and what became of it. */
export interface SheetColumn {
  readonly index: number;
  readonly header: string;
  /** What a mapping calls it, like `Phone#2`; undefined where no name leads to it. */
  readonly address: string | undefined;
  readonly candidate: Candidate | undefined;
  readonly evidence: ColumnEvidence;
  readonly key: KeyVerdict | undefined;
  /** What it goes to, so far. */
  verdict: PersonDecision | undefined;
}

export interface PersonDecision {
  /** API fields that take it. */
  fields: string[];
  certainty: Certainty;
  why: string;
  /** It must not or can't be sent, not even as a custom attribute. */
  isRefused?: true;
}

/** A column whose cells bear out what its name says. */
export interface Claim {
  readonly column: SheetColumn & { readonly address: string };
  readonly certainty: 'sure' | 'likely';
  readonly why: string;
}

/** The columns of a file, from which fields take what is theirs. */
export class Sheet {
  readonly columns: readonly SheetColumn[];
  readonly rows: number;

  constructor(header: readonly string[], survey: Survey) {
    const addresses = columnAddresses(header);
    const find = createColumnFinder(header);
    this.rows = survey.rows;
    this.columns = header.map((name, index): SheetColumn => {
      const address = addresses[index] ?? '';
      const lookup = find(address);
      const isReachable = lookup.kind === 'found' && lookup.index === index && address !== '?';
      const evidence = survey.columns[index];
      if (evidence === undefined) throw new Error('a survey has evidence for every column of its header');
      const key = survey.keys.get(index);
      return {
        index,
        header: name,
        address: isReachable ? address : undefined,
        candidate: candidateOf(name),
        evidence,
        key,
        verdict: undefined,
      };
    });
    for (const column of this.columns) refuseOutright(column);
  }

  /** Columns for a meaning that nobody has taken, best name first, as far as their cells bear it out. The others are told why not. */
  claims(meaning: Meaning): Claim[] {
    const named = this.columns.filter(
      (column) =>
        column.verdict === undefined && (column.candidate?.meaning === meaning || alternative(column) === meaning),
    );
    const claims = named.flatMap((column): (Claim & { readonly rank: number })[] => {
      const { candidate, address } = column;
      if (candidate === undefined || address === undefined) return [];
      const { fits, isPlain, why } = confirm(meaning, column);
      const isNear = candidate.match === 'near';
      if (!fits || (isNear && !isPlain)) {
        const others = [candidate.meaning, alternative(column)].filter((other) => other !== meaning);
        if (!others.some((other) => other !== undefined && confirm(other, column).fits)) leaveOut(column, why);
        return [];
      }
      const reason = isNear ? `its name is close to a known one, and ${why}` : why;
      return [
        {
          column: { ...column, address },
          certainty: isPlain && !isNear ? 'sure' : 'likely',
          why: reason,
          rank: candidate.rank + (isNear ? 1000 : 0),
        },
      ];
    });
    return claims.sort((a, b) => a.rank - b.rank || a.column.index - b.column.index);
  }

  /** Gives a column to a field. */
  take({ column: { index }, certainty, why }: Claim, fields: readonly string[], because = why): void {
    this.#set(index, { fields: [...fields], certainty, why: because });
  }

  ask({ index }: Pick<SheetColumn, 'index'>, fields: readonly string[], why: string): void {
    this.#set(index, { fields: [...fields], certainty: 'asked', why });
  }

  leaveOut({ index }: Pick<SheetColumn, 'index'>, why: string): void {
    this.#set(index, { fields: [], certainty: 'left out', why });
  }

  /** Columns that a person could name in an answer: filled, reachable, not refused and not taken. */
  get free(): (SheetColumn & { readonly address: string })[] {
    return this.columns.flatMap((column) =>
      column.verdict === undefined && column.address !== undefined ? [{ ...column, address: column.address }] : [],
    );
  }

  #set(index: number, verdict: PersonDecision): void {
    const column = this.columns[index];
    if (column !== undefined) column.verdict = verdict;
  }
}

/** Names that mean one thing in one language and another in the next. */
const alternatives: Readonly<Record<string, Meaning>> = {
  estado: 'status',
  stato: 'status',
  nom: 'full_name',
  nome: 'first_name',
  naam: 'last_name',
  name: 'first_name',
  nombre: 'full_name',
  anrede: 'gender',
  groups: 'tags',
};

function alternative({ header }: SheetColumn): Meaning | undefined {
  return alternatives[plainName(header)];
}

function leaveOut(column: SheetColumn, why: string): void {
  column.verdict = { fields: [], certainty: 'left out', why };
}

/** What is decided before any field may claim the column. */
function refuseOutright(column: SheetColumn): void {
  const why = reasonToRefuse(column);
  if (why !== undefined) column.verdict = { fields: [], certainty: 'left out', why, isRefused: true };
}

function reasonToRefuse({ index, header, address, evidence }: SheetColumn): string | undefined {
  if (header === '') return `column ${index + 1} has no name, so no mapping can name it`;
  if (address === undefined) return 'its name does not tell it apart from another column';
  return (
    reasonByName(header) ?? reasonByValue(evidence) ?? (evidence.filled === 0 ? 'it is empty in this file' : undefined)
  );
}

function reasonByValue(evidence: ColumnEvidence): string | undefined {
  if (evidence.filled === 0) return undefined;
  if (evidence.shareOf('ssn') >= 0.5)
    return 'its cells are written like social security numbers, which are never forwarded';
  if (evidence.shareOf('card') >= 0.8) return 'its cells look like payment cards, which are never forwarded';
  return undefined;
}
