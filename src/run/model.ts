/** What the stages of a run share: its file, what its check counted, and what its feed remembers. */
import type { ExcelSettings, SheetSummary } from '../excel/open.ts';
import type { Readable } from 'node:stream';
import type { Contact } from '../core/api/contact.ts';
import type { AccountPerson } from '../core/compare/person.ts';
import type { ComparedPeople } from '../core/compare/compared-people.ts';
import type { Change, Judgment } from '../core/compare/judge.ts';
import type { RowMapper, MappedRow } from '../core/mapping/compile.ts';
import type { FieldKind } from '../core/mapping/fields.ts';
import type { Mapping } from '../core/mapping/schema.ts';
import type { ConsentCounts, Consents } from '../core/people/consents.ts';
import type { WithheldName } from '../core/people/opt-outs.ts';
import type { ColumnDamage } from '../core/quality/column-damage.ts';
import type { Measures, Movement } from '../core/quality/nightly-gate.ts';
import type { OptionValues } from '../core/settings/options.ts';
import type { Hold, Share } from '../core/settings/option-values.ts';
import type { Sharing } from '../core/reports/figures.ts';
import type { CsvFile } from '../csv/reader.ts';
import type { FeedMemory, Ledger, PersonKeys, RowTrace, RunKind } from '../ledger/ledger.ts';

/** A CSV to import: a file, or what comes through a pipe. */
export interface InputSource {
  /** As the user typed it; `-` for a pipe. */
  readonly name: string;
  readonly stream?: Readable;
  /** How it is read if it is an Excel workbook. */
  readonly excel?: ExcelSettings;
}

export interface InputCopy {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  /** When the file was last written, in milliseconds since the epoch; undefined for what came through a pipe. */
  readonly modified: number | undefined;
  /** The sheet that was copied, where the file is an Excel workbook. */
  readonly sheet?: SheetSummary;
}

/** Which file is imported, and how its rows become requests: everything that an assessment needs to know of a run. */
export interface ImportSpec {
  /** The run's number in the ledger that keeps the decisions about its rows. */
  readonly run: number;
  /** The calendar day at the start, where the command was typed: `YYYY-MM-DD`. */
  readonly today: string;
  readonly input: { readonly name: string; readonly sha256: string; readonly bytes: number };
  readonly mappingFile: string;
  readonly mapping: Mapping;
  readonly selection: Selection;
  /** Tags that the command line gives every row, or takes from it. */
  readonly tags: { readonly add: readonly string[]; readonly remove: readonly string[] };
  /** Set for a clean-up of tags: then only identity, names as the account has them, and tags are sent. */
  readonly tagList?:
    | {
        /** The column of the tags that people have. */
        readonly currentTags?: string | undefined;
        /** Whether a mapping file says which column is which; else the header does. */
        readonly hasMapping: boolean;
      }
    | undefined;
  /** Set for the undo of a run: then each row is a contact to remove or to put back. */
  readonly undo?: UndoFacts | undefined;
  /** Whether people who were last sent exactly like this are skipped. */
  readonly onlyChanged: boolean;
  readonly acceptChanges: boolean;
  /** Reports that are written on request. */
  readonly lists: { readonly unchanged: boolean; readonly vanished: boolean; readonly excel: boolean };
  /** Absent until the check is done. */
  readonly check?: CheckStats | undefined;
}

/** Everything that decides what is sent; kept in `run.json`, so that a resumed run makes no new decisions. */
export interface RunFile extends ImportSpec {
  readonly version: 1;
  readonly identity: string;
  /** Absolute path. */
  readonly ledger: string;
  /** ISO time. */
  readonly started: string;
  readonly account: { readonly origin: string; readonly appId: string; readonly name?: string | undefined };
  readonly tolerate: Share;
  readonly acceptRefusals: boolean;
  /** Kept by a resumed run unless its command sets them. */
  readonly pace: Pick<OptionValues, 'rate' | 'concurrency' | 'timeout' | 'attempts' | 'maxOutage'>;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Absent for anything but a whole file of a feed. */
  readonly snapshot?: FeedSnapshot | undefined;
  readonly keepRuns?: number | undefined;
  /** Absent where the file was not compared with the account. */
  readonly compared?: ComparedPeople | undefined;
  /** Set when answers were other than documented, and the run stopped for it: a person has looked since. */
  readonly contradicted?: true | undefined;
  /** When the run last stopped sending, as an ISO time. */
  readonly ended?: string | undefined;
  /** Rows that are kept back because of what the account has. */
  readonly hold?: readonly Hold[] | undefined;
}

/** What an undo is about. */
export interface UndoFacts {
  /** The run that is undone. */
  readonly run: number;
  /** When it ended, as an ISO time: contacts that changed later are kept. */
  readonly since: string;
  /** Contacts on the list to remove, and to put back as they were; how many of both changed since. */
  readonly remove: number;
  readonly restore: number;
  readonly changedSince: number;
  /** Contacts that --restore would put back. */
  readonly couldRestore: number;
}

/** The list of what a file would do to the account, in the run's folder. */
export const compareFile = 'compare.csv';

/** An account as it was before the run. */
export interface AccountView {
  readonly size: number;
  readonly taken: string;
  /** Whether there was a contact with this `_id`. */
  has(id: string): boolean;
  judgmentOf(mapped: MappedRow): Judgment;
  /** What a contact would change, or has changed, of the person with this `_id`; undefined where there was none. */
  changesOf(
    contact: Contact,
    id: string,
  ): { readonly person: AccountPerson; readonly changes: readonly Change[] } | undefined;
  /** Whether a row's `_id` came back although the documentation lets expect another. */
  isUnexpected(mapped: MappedRow, id: string): boolean;
  close(): void;
}

/** Which of the valid rows are sent: pilots and duplicates. */
export interface Selection {
  readonly limit?: number | undefined;
  readonly rows?: readonly (readonly [number, number])[] | undefined;
  readonly duplicates: 'send' | 'first' | 'last' | 'fail';
}

/** The copy of the input, in the run's folder. */
export const inputFile = 'input.csv';

/** The list that undoes a clean-up of tags, in the run's folder. */
export const inverseFile = 'inverse.csv';

/** An import with its copy of the input opened and its mapping compiled. */
export interface ImportContext {
  readonly folder: string;
  readonly file: ImportSpec;
  /** Keeps the decisions about its rows. */
  readonly ledger: Ledger;
  readonly csv: CsvFile;
  readonly map: RowMapper;
  /** Compares the file with the memory of its feed. */
  readonly matcher?: FeedMatcher | undefined;
}

/** An import that may send: its run is in the ledger, and outcomes of a `full` run enter the memory of its feed. */
export interface RunContext extends ImportContext {
  readonly file: RunFile;
  /** The account as it was before the run, where it was read. */
  readonly account?: AccountView | undefined;
}

/** What the check pass hands on. */
export interface Checked {
  readonly stats: CheckStats;
  /** For the memory of the feed, before the first request. */
  readonly expected: ExpectedPeople | undefined;
  /** The first rows to be sent. */
  readonly samples: readonly SampleRow[];
  readonly sentRows: SentRows;
}

/** The rows to be sent, in file order. */
export interface SentRows extends Iterable<SentRow> {
  /** Frees what the check knew of every row: sending does not need it. Nothing can be iterated afterwards. */
  release(): void;
}

export interface SampleRow {
  readonly row: number;
  readonly mapped: MappedRow;
}

/** A row to be sent, as far as consent is concerned. */
export interface SentRow {
  readonly row: number;
  /** The first row of its person, where the person has several. */
  readonly person: number | undefined;
  readonly goesFirst: boolean;
  readonly consents: Consents;
  /** What the check withheld already. */
  readonly withheld: readonly WithheldName[];
  /** The row of another person who may be the same contact, and the warning about it. */
  readonly otherRow: number | undefined;
  readonly warnings: string | undefined;
  /** The person of the row, as a list of opt-outs identifies people. Undefined where the check did not note it. */
  readonly marks: readonly number[] | undefined;
  /** Numbers of the people in the memory of the feed who it may be. */
  people(): readonly number[];
}

/** A run whose whole file is checked. */
export type CheckedContext = RunContext & Checked;

/** What a run imports, and so whether it enters the memory of its feed. */
export function kindOf({ file, csv }: Pick<ImportContext, 'file' | 'csv'>): RunKind {
  if (file.tagList !== undefined) return 'tags';
  if (file.undo !== undefined) return 'undo';
  if (csv.report !== undefined) return 'report';
  return file.selection.limit === undefined && file.selection.rows === undefined ? 'full' : 'pilot';
}

/** What the check counted: the plan shows it, and `run.json` keeps it for the summary of a resumed run. */
export interface CheckStats {
  readonly read: number;
  readonly blank: number;
  /** Rows left out because they repeat the header, and by `csv.footer`. */
  readonly repeatedHeaders: number;
  readonly footer: number;
  readonly toSend: number;
  /** The people of these rows. Absent in runs that an earlier version checked. */
  readonly peopleToSend?: number | undefined;
  readonly requests: number;
  /** Invalid rows of the whole file. */
  readonly invalid: number;
  /** Rows that fail: the invalid ones, in a pilot only its own. */
  readonly failed: number;
  readonly skipped: number;
  /** Persons with several rows, and those rows. */
  readonly sharing: Sharing;
  /** Rows whose email or phone and first name belong to another user_id too: the API may take them for one contact. */
  readonly strangers: number;
  /** The first rows whose people Gleantap may take for one. Absent in runs that an earlier version checked. */
  readonly collisions?: readonly CollidingRows[] | undefined;
  /** Compared with the memory of the feed; absent where the file is not compared with it. */
  readonly people?: PeopleStats | undefined;
  readonly problems: Readonly<Record<string, CodeCount>>;
  readonly warnings: Readonly<Record<string, CodeCount>>;
  /** How many of the rows to send have each field. */
  readonly filled: Readonly<Record<string, number>>;
  /** Valid rows of the whole file, and how many of them have each field, whether they are sent or not. */
  readonly valid: number;
  readonly filledOfAll: Readonly<Record<string, number>>;
  /** Whether the last record is broken or too short. */
  readonly endsDamaged: boolean;
  /** Rows that are sent first: their people were left pending when the feed's last run stopped. */
  readonly waited: number;
  readonly tags: readonly TagCount[];
  /** More tags than are listed. */
  readonly moreTags: boolean;
  /** Rows to send that add or remove a tag. Absent in runs that an earlier version checked. */
  readonly tagged?: number | undefined;
  readonly consent: ConsentCounts;
  /** Columns that look like consent and are not sent. Absent in runs that an earlier version checked. */
  readonly unsentConsent?: readonly string[] | undefined;
  /** Valid rows of the whole file, sent or not, and how many of them opt their person out of email. */
  readonly emailOptouts: { readonly rows: number; readonly of: number };
  /** Rows in which a default would overwrite a stored name. */
  readonly defaultNames: number;
  /** Damage that shows only in a whole column. */
  readonly columns: readonly ColumnDamage[];
  /** A good pilot: see `pilot.ts`. */
  readonly pilotRows: readonly number[];
}

/** Two rows with different user_ids that Gleantap may take for one contact. */
export interface CollidingRows {
  readonly code: 'same_keys_other_user_id' | 'user_id_case_differs';
  readonly rows: readonly [number, number];
}

/** Rows that are named with a code. */
export const listedRows = 3;

/** How often a code occurred, and the first rows where. */
export interface CodeCount {
  count: number;
  readonly rows: number[];
}

/** What a check shows of a field. */
export interface FieldSamples {
  readonly name: string;
  readonly kind: FieldKind;
  /** Values that the first rows send, and how many of these rows have each. */
  readonly values: ReadonlyMap<string, number>;
  /** The words of its column, for a field whose words the mapping lists. */
  readonly words: readonly FieldWord[];
  readonly moreWords: boolean;
}

export interface FieldWord {
  /** As the file has it; empty for a blank cell. */
  readonly word: string;
  rows: number;
  /** What is sent. Undefined where the field is left out. */
  readonly becomes: string | undefined;
  /** Whether the row can't be imported with it. */
  readonly fails: boolean;
}

export interface TagCount {
  readonly tag: string;
  readonly action: 'add' | 'remove';
  count: number;
}

/** The people of a file, compared with those whom the feed remembers. */
export interface PeopleStats {
  /** People of valid rows whom the feed does not know. */
  readonly new: number;
  /** People whose payload differs from the one that was last sent with success. */
  readonly changed: number;
  /** People who are known, but whose last outcome was not a success. */
  readonly unsettled: number;
  readonly unchanged: number;
  /** People with a cell that was filled last time and is empty now. An empty cell does not clear anything. */
  readonly emptied: number;
  /** Rows that would make a second contact of a known person, by a new first name. */
  readonly held: number;
  /** People of earlier files who are not in this one. Nothing is sent about them. */
  readonly vanished: number;
}

/** What the memory of the feed must know before the first request. */
export interface ExpectedPeople {
  /** Known people whose payload will not be the one that was last sent. */
  readonly toSend: readonly number[];
  /** The current row of each person by number, 0 for a person who is not in the file. */
  readonly seen: Uint32Array;
}

/** A feed's current file, compared with its baselines. Kept with the run, so that a resumed one still becomes a baseline. */
export interface FeedSnapshot {
  readonly measures: Measures;
  /** What differs from the baselines by more than the gate allows. */
  readonly drift: readonly Movement[];
  /** Whether the last record is broken and the file does not end with a line break. */
  readonly isCut: boolean;
  /** The feed's finished run before this one, when its file was the same byte for byte. */
  readonly sameAs?: number | undefined;
}

/** Turns rows into what the memory of a feed knows them by. */
export interface FeedMatcher {
  readonly memory: FeedMemory;
  /** Digest of the payload. */
  payloadOf(mapped: MappedRow): string;
  keysOf(mapped: MappedRow): PersonKeys;
  traceOf(mapped: MappedRow): RowTrace;
  /** Whether a row lacks something that its person had last time: `1` for each of the feed's fields that it lacks. */
  missing(before: string, mapped: MappedRow): string | undefined;
}

/** Compares the rows of a file with the memory of its feed, valid rows by their index in the order of the file. */
export interface FeedComparison {
  /** Returns whether this payload was last sent with success: unless it is one of several rows, nothing has changed. */
  add(index: number, row: number, mapped: MappedRow): boolean;
  /** Notes a row that is invalid or filtered: its person is in the file all the same. */
  leaveOut(row: number, mapped: MappedRow): void;
  /** Notes a valid row that is not compared: nothing is decided about it here. */
  recognize(index: number, row: number, mapped: MappedRow): void;
  /** Says that all rows have been read. */
  complete(): void;
  isHeld(index: number): boolean;
  /** Numbers of the people in the memory who a row may be. */
  peopleAt(index: number): readonly number[];
  /**
   * Decides about one person, once all rows have been read.
   *
   * @param chosen The rows that would be sent, of all its valid rows.
   * @returns Whether it was last sent exactly like this.
   */
  compare(chosen: readonly number[], all: readonly number[]): boolean;
  stats(): Omit<PeopleStats, 'held'>;
  expected(): ExpectedPeople;
}
