import { unsentColumns } from '../core/mapping/rules.ts';
import { isLoopback } from '../gleantap/origin.ts';
import type { ComparedPeople } from '../core/compare/compared-people.ts';
import type { CheckStats, RunContext, UndoFacts } from './model.ts';

/** What will happen if the user says yes. */
export interface Plan {
  readonly host: string;
  readonly simulator: boolean;
  readonly appId: string;
  readonly accountName: string | undefined;
  readonly credentialSource: string;
  readonly input: string;
  readonly feed: string;
  readonly out: string;
  readonly ledger: string;
  readonly isReport: boolean;
  /** A good pilot to offer; empty where the run is one already, or too small for it. */
  readonly pilotRows: readonly number[];
  readonly stats: CheckStats;
  /** Columns that nothing is sent from. */
  readonly unsent: readonly string[];
  readonly preflight: PreflightStats | undefined;
  /** The file compared with the account, where that was read. */
  readonly compared: ComparedPeople | undefined;
  /** Whether rows that would make a second person are kept back. */
  readonly holdsSecondPeople: boolean;
  /** At the rate and one request a row, or two where tags are both removed and added. Undefined without a rate. */
  readonly minutes: number | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
  /** For the undo of a run. */
  readonly undo: UndoFacts | undefined;
  /** For a clean-up of tags. */
  readonly tags: TagPlan | undefined;
}

/** What read-only calls showed about the account before the first write. */
export interface PreflightStats {
  /** Contacts that were shown, at most `shown`. */
  readonly contacts: number;
  readonly locations: readonly string[];
  /** Phones of the account that start with +, and all that were shown. */
  readonly phones: { readonly international: number; readonly all: number };
  /** Rows of the file that were looked up, and how many were found by each key. */
  readonly lookedUp: number;
  readonly found: Readonly<Record<'user_id' | 'email' | 'phone', number>>;
  /** Why the calls failed, when they did. */
  readonly failure: string | undefined;
}

/** What would become of one tag, in rows of the list. */
export interface TagChange {
  readonly tag: string;
  gain: number;
  lose: number;
  /** How many of them already have it, or do not have it. 0 where the list does not show that. */
  alreadyOn: number;
  alreadyOff: number;
  /** Rows that name it and are not sent. */
  notSent: number;
}

/** What a clean-up of tags would do, and what about it looks like a mistake. */
export interface TagPlan {
  readonly changes: readonly TagChange[];
  /** Whether the list has a column of the tags that people have. */
  readonly knowsCurrent: boolean;
  /** Spellings of what is probably one tag. */
  readonly twins: readonly (readonly string[])[];
  /** Tags that an import of this ledger will remove or add again. */
  readonly undoneBy: readonly FeedTag[];
  /** Contacts that one row gives a tag and another takes it from: the later row wins. */
  readonly split: number;
}

/** A tag that a recurring import adds or removes. */
export interface FeedTag {
  readonly feed: string;
  readonly tag: string;
  readonly action: 'add' | 'remove';
}

/**
 * The user's answer: everything, a pilot of the first rows or of these rows, or nothing. `hold` keeps back rows that would make a second
 * person, and asks again.
 */
export type Confirmation =
  | { readonly kind: 'all' }
  | { readonly kind: 'hold' }
  | { readonly kind: 'pilot'; readonly rows: number | readonly number[] }
  | { readonly kind: 'nothing' };

export function createPlan(
  { folder, file, ledger, csv }: RunContext,
  stats: CheckStats,
  more: {
    readonly preflight: PreflightStats | undefined;
    readonly credentialSource: string;
    readonly rate: number;
    readonly tags: TagPlan | undefined;
  },
): Plan {
  const { host } = new URL(file.account.origin);
  const isWhole = file.selection.limit === undefined && file.selection.rows === undefined;
  return {
    host,
    simulator: isLoopback(file.account.origin),
    appId: file.account.appId,
    accountName: file.account.name,
    credentialSource: more.credentialSource,
    input: file.input.name,
    feed: file.mapping.name,
    out: folder,
    ledger: ledger.file,
    isReport: csv.report !== undefined,
    pilotRows: isWhole && csv.report === undefined && stats.pilotRows.length < stats.toSend ? stats.pilotRows : [],
    stats,
    unsent: csv.report === undefined ? unsentColumns(file.mapping, csv.header) : [],
    preflight: more.preflight,
    compared: file.compared,
    holdsSecondPeople: file.hold?.includes('second-person') ?? false,
    minutes: more.rate === 0 ? undefined : stats.requests / more.rate / 60,
    settings: file.settings,
    undo: file.undo,
    tags: more.tags,
  };
}
