import type { Timeline } from '../../flow/timeline.ts';
import type { Outcome } from '../../core/outcome/outcome.ts';

/** All that a page shows, of a run or of a check. It is aggregated: its size does not depend on the file's. */
export interface ReportData {
  /** What was imported into what: `members.csv into Downtown gym`. */
  readonly subject: string;
  /** How it went, in a few words. */
  readonly headline: string;
  /** What that means, in a sentence or two. */
  readonly lead: string;
  readonly severity: Severity;
  /** Undefined for a run that is not over. */
  readonly exitCode: number | undefined;
  readonly exitMeaning: string;
  readonly simulator: boolean;
  /** When, how long and so on. */
  readonly meta: readonly string[];
  readonly read: number;
  /** The rows of the file by what became of them, or will. */
  readonly outcomes: readonly OutcomeLine[];
  /** What to do now, and the command to type, if there is one. */
  readonly next: readonly Step[];
  readonly problems: readonly FindingLine[];
  readonly warnings: readonly FindingLine[];
  /** Further findings in sentences: refusals compared, what is odd about the file. */
  readonly notes: readonly string[];
  /** What the account has, what the file has, and what they share. Empty where the account was not read. */
  readonly account: readonly ChannelPicture[];
  readonly consent: readonly ChannelPicture[];
  /** What else is to be said about consent. */
  readonly consentNotes: readonly string[];
  readonly tags: readonly TagLine[];
  readonly moreTags: boolean;
  /** What the words of a file become. */
  readonly words: readonly WordTable[];
  readonly fields: readonly FieldLine[];
  /** Columns of the file that are not sent. */
  readonly unsent: readonly string[];
  /** Empty where the run was too short to have a shape. */
  readonly timeline: Timeline | undefined;
  readonly traffic: Pairs;
  /** The files in the folder of the page, with what they hold. */
  readonly files: readonly { readonly name: string; readonly about: string }[];
  readonly details: Pairs;
  /** Settings that are not the default, without secrets. */
  readonly settings: Pairs;
  /** Whether the cells of people are shown as they are. */
  readonly showsValues: boolean;
  /** What the tense of a page is. */
  readonly kind: 'run' | 'check';
}

export type Severity = 'good' | 'warn' | 'bad';
export type Pairs = readonly (readonly [string, string])[];

export interface Step {
  readonly why: string;
  readonly command: string | undefined;
}

export interface OutcomeLine {
  readonly outcome: Outcome;
  /** What the outcome means: `in Gleantap`. */
  readonly label: string;
  readonly rows: number;
  /** The report that lists these rows. */
  readonly file: string | undefined;
}

/** What is wrong with rows, or was repaired in them, by code and column. */
export interface FindingLine {
  readonly code: string;
  readonly rows: number;
  readonly sentence: string;
  readonly hint: string;
  /** Which column, and which field. */
  readonly where: string | undefined;
  readonly examples: readonly string[];
  /** The first row numbers, with names if the page shows them. */
  readonly firstRows: readonly string[];
}

/** A channel's consent as bars: what the file says and, where that differs, what is sent. */
export interface ChannelPicture {
  readonly channel: string;
  readonly bars: readonly { readonly name: string | undefined; readonly parts: readonly PicturePart[] }[];
}

export interface PicturePart {
  readonly label: string;
  readonly people: number;
  readonly tone: 'succeeded' | 'failed' | 'unknown' | 'pending' | 'rest';
}

export interface TagLine {
  readonly tag: string;
  readonly action: 'add' | 'remove';
  readonly rows: number;
}

export interface WordTable {
  /** The field, and the column that it is read from. */
  readonly field: string;
  readonly column: string;
  readonly words: readonly { readonly word: string; readonly rows: number; readonly becomes: string }[];
  /** Whether the column has more words. */
  readonly more: boolean;
}

export interface FieldLine {
  readonly name: string;
  /** Where it comes from. */
  readonly source: string;
  readonly rows: number;
  /** Of the rows to send, 0 to 1. */
  readonly share: number;
  readonly examples: readonly string[];
}
