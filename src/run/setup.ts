import { createHash } from 'node:crypto';
import type { Finding } from '../core/mapping/finding.ts';
import type { Mapping } from '../core/mapping/schema.ts';
import type { OptionValues } from '../core/settings/options.ts';
import type { Credentials } from '../gleantap/credentials.ts';
import type { RunsFeed, RunRecord } from '../ledger/ledger.ts';
import type { ImportSpec, InputCopy, InputSource, RunFile } from './model.ts';

/** The options of a run that concern it, resolved. */
export type RunOptions = Pick<
  OptionValues,
  | 'sheet'
  | 'excel'
  | 'limit'
  | 'rows'
  | 'duplicates'
  | 'addTags'
  | 'removeTags'
  | 'again'
  | 'maxInvalid'
  | 'tolerate'
  | 'preflight'
  | 'acceptRefusals'
  | 'acceptOptouts'
  | 'respectOptouts'
  | 'onlyChanged'
  | 'newLedger'
  | 'acceptChanges'
  | 'listUnchanged'
  | 'listVanished'
  | 'rate'
  | 'concurrency'
  | 'timeout'
  | 'attempts'
  | 'maxOutage'
  | 'logValues'
  | 'reportValues'
  | 'maxAge'
  | 'gate'
  | 'keepRuns'
  | 'compare'
  | 'hold'
  | 'snapshotAge'
> &
  RunDeadline;

export interface ImportSetup {
  readonly input: InputSource;
  readonly mapping: Mapping;
  readonly mappingFile: string;
  /** What is wrong with the mapping as far as it is known without the header. */
  readonly findings: readonly Finding[];
  readonly options: RunOptions;
  /** Options that are not the default, for plan and summary. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly credentials: Credentials;
  /** Origin of the API. */
  readonly origin: URL;
  /** An HTTP proxy on the way to it. */
  readonly proxy?: URL | undefined;
  /** Absolute path of the run folder, and whether the user chose it. */
  readonly out: string;
  readonly ledgerFile: string;
  /** Local calendar day, `YYYY-MM-DD`. */
  readonly today: string;
  /**
   * Whether the account is read and the file compared with it. `offered`: the import continues without it; `required`: it was asked for.
   */
  readonly comparing?: 'offered' | 'required' | undefined;
  /** Set for a clean-up of tags. */
  readonly tagList?: RunFile['tagList'];
  /** Set for the undo of a run. */
  readonly undo?: RunFile['undo'];
}

/** What may differ when a run is resumed. */
export type PaceOptions = Pick<
  OptionValues,
  'rate' | 'concurrency' | 'timeout' | 'attempts' | 'maxOutage' | 'acceptRefusals' | 'logValues' | 'reportValues'
> &
  RunDeadline;

/** When the run stops sending anything new, in milliseconds since the epoch. */
interface RunDeadline {
  readonly deadline?: number | undefined;
}

/** What a resumed run needs from outside: the rest it stored itself. */
export type ResumeSetup = Pick<ImportSetup, 'credentials' | 'origin' | 'proxy'> & { readonly options: PaceOptions };

/** A digest of everything that changes what is sent (DESIGN.md section 4). @param account As `accountOf`. */
export function identityOf(
  { mapping, account }: { readonly mapping: Mapping; readonly account: string },
  sha256: string,
  options: IdentityOptions,
): string {
  const { limit, rows, duplicates, addTags, removeTags, onlyChanged, respectOptouts, hold = [] } = options;
  const switches = {
    ...(onlyChanged ? { onlyChanged } : {}),
    ...(respectOptouts === undefined ? {} : { respectOptouts }),
    ...(hold.length === 0 ? {} : { hold: hold.toSorted() }),
  };
  const selected = { limit, rows, duplicates, addTags, removeTags, ...switches };
  return createHash('sha256')
    .update(JSON.stringify([sha256, mapping, account, selected]))
    .digest('hex');
}

type IdentityOptions = Pick<
  RunOptions,
  'limit' | 'rows' | 'duplicates' | 'addTags' | 'removeTags' | 'onlyChanged' | 'respectOptouts'
> & { readonly hold?: RunOptions['hold'] };

/** The tags that the command line gives every row. */
export function extraTagsOf({ addTags, removeTags }: Pick<OptionValues, 'addTags' | 'removeTags'>): RunFile['tags'] {
  return { add: addTags, remove: removeTags };
}

export function accountOf({
  origin,
  credentials,
}: Pick<ImportSetup, 'origin'> & { readonly credentials: { readonly appId: string } }): string {
  return `${origin.origin} ${credentials.appId}`;
}

/** The feed of a run that is laid out. */
export function feedOf({ account, mapping }: Pick<RunFile, 'account' | 'mapping'>): RunsFeed {
  return { account: `${account.origin} ${account.appId}`, feed: mapping.name };
}

/** What a setup imports. @param run The run's number in the ledger that keeps the decisions. */
export function specOf(
  { input, mapping, mappingFile, options, today, tagList, undo }: SpecSetup,
  { sha256, bytes, sheet }: InputCopy,
  run: number,
): ImportSpec {
  return {
    run,
    today,
    input: { name: input.name, sha256, bytes },
    mappingFile,
    mapping,
    selection: { limit: options.limit, rows: options.rows, duplicates: options.duplicates },
    tags: extraTagsOf(options),
    tagList,
    undo,
    onlyChanged: options.onlyChanged,
    acceptChanges: options.acceptChanges,
    lists: {
      unchanged: options.listUnchanged,
      vanished: options.listVanished,
      excel: options.excel || sheet !== undefined,
    },
  };
}

type SpecSetup = Pick<ImportSetup, 'input' | 'mapping' | 'mappingFile' | 'today' | 'tagList' | 'undo'> & {
  readonly options: Pick<
    RunOptions,
    | 'limit'
    | 'rows'
    | 'duplicates'
    | 'addTags'
    | 'removeTags'
    | 'onlyChanged'
    | 'acceptChanges'
    | 'listUnchanged'
    | 'listVanished'
    | 'excel'
  >;
};

export function runFileOf(setup: ImportSetup, record: RunRecord, copy: InputCopy): RunFile {
  const { options, mapping } = setup;
  return {
    version: 1,
    ...specOf(setup, copy, record.id),
    identity: record.identity,
    ledger: setup.ledgerFile,
    started: record.started,
    account: { origin: setup.origin.origin, appId: setup.credentials.appId, name: mapping.account?.name },
    tolerate: options.tolerate,
    acceptRefusals: options.acceptRefusals,
    pace: paceOf(options),
    settings: { ...setup.settings },
    keepRuns: options.keepRuns,
    ...(options.hold.length === 0 ? {} : { hold: options.hold }),
  };
}

function paceOf({ rate, concurrency, timeout, attempts, maxOutage }: PaceOptions): RunFile['pace'] {
  return { rate, concurrency, timeout, attempts, maxOutage };
}
