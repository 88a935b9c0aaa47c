import { columnAddresses, createColumnFinder } from '../core/mapping/columns.ts';
import type { Claim, NamedColumn, SheetColumn, Verdict } from './column.ts';
import { confirm } from './confirm.ts';
import type { ColumnEvidence } from './evidence/column-evidence.ts';
import type { Survey } from './evidence/survey.ts';
import { candidateOf, plainName } from './words/header-words.ts';
import type { Meaning } from './words/header-words.ts';
import { reasonByName } from './words/never-forward.ts';
import secondMeanings from './words/second-meanings.json' with { type: 'json' };

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
        repeats: survey.repeats.get(index),
        verdict: undefined,
      };
    });
    for (const column of this.columns) refuseOutright(column);
  }

  /** Columns for a meaning that no field has taken, best name first, as far as their cells bear it out. The others are left out with the reason. */
  claims(meaning: Meaning): Claim[] {
    const named = this.columns.filter(
      (column) =>
        column.verdict === undefined &&
        (column.candidate?.meaning === meaning || alternativesOf(column).includes(meaning)),
    );
    const claims = named.flatMap((column): (Claim & { readonly rank: number })[] => {
      const { candidate, address } = column;
      if (candidate === undefined || address === undefined) return [];
      const { fits, isPlain, why } = confirm(meaning, column);
      const isNear = candidate.match === 'near';
      if (!fits || (isNear && !isPlain)) {
        const others = [candidate.meaning, ...alternativesOf(column)].filter((other) => other !== meaning);
        if (!others.some((other) => confirm(other, column).fits)) leaveOut(column, why);
        return [];
      }
      const reason = isNear ? `its name is close to a known one, and ${why}` : why;
      return [
        {
          column: { ...column, address },
          certainty: isPlain && !isNear ? 'sure' : 'likely',
          why: reason,
          rank: candidate.rank + (isNear ? 1000 : 0) + (candidate.meaning === meaning ? 0 : secondRank),
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
  get free(): NamedColumn[] {
    return this.columns.flatMap((column) =>
      column.verdict === undefined && column.address !== undefined ? [{ ...column, address: column.address }] : [],
    );
  }

  /** Gives a column to one more field. */
  share({ index }: Pick<SheetColumn, 'index'>, field: string, certainty: 'asked' | 'sure', why: string): void {
    const { verdict } = this.columns[index] ?? {};
    const known = verdict === undefined || verdict.certainty === 'left out' ? undefined : verdict;
    this.#set(index, {
      fields: [...(known?.fields ?? []), field],
      certainty,
      why: known === undefined ? why : `${known.why}; ${why}`,
    });
  }

  #set(index: number, verdict: Verdict): void {
    const column = this.columns[index];
    if (column !== undefined) column.verdict = verdict;
  }
}

/** Names that mean one thing in one language and another in the next. */
const alternatives = new Map<string, readonly string[]>(Object.entries(secondMeanings));

function alternativesOf({ header }: SheetColumn): readonly Meaning[] {
  return (alternatives.get(plainName(header)) ?? []) as readonly Meaning[];
}

/** A name that means something else first comes after all that mean it for certain. */
const secondRank = 500;

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
  if (address === undefined) return 'its name is the same as that of another column';
  return (
    reasonByName(header) ?? reasonByValue(evidence) ?? (evidence.filled === 0 ? 'it is empty in this file' : undefined)
  );
}

function reasonByValue(evidence: ColumnEvidence): string | undefined {
  if (evidence.filled === 0) return undefined;
  if (evidence.shareOf('private') >= 0.5)
    return 'its cells are written like identity numbers, bank accounts or passwords, which are never forwarded';
  if (evidence.shareOf('card') >= 0.8) return 'its cells look like payment cards, which are never forwarded';
  return undefined;
}
