import type { CheckFacts } from './check/check-facts.ts';
import type { PreflightFacts } from './preflight.ts';
import type { RunContext } from './context.ts';
import type { TagPlan } from './tags/plan-tags.ts';

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
  readonly facts: CheckFacts;
  readonly preflight: PreflightFacts | undefined;
  /** At the rate and one request a row, or two where tags come off and go on; undefined without a rate. */
  readonly minutes: number | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
  /** For a clean-up of tags. */
  readonly tags: TagPlan | undefined;
}

/** The user's word: everything, a pilot of the first so many rows or of these rows, or nothing. */
export type Confirmation =
  | { readonly kind: 'all' }
  | { readonly kind: 'pilot'; readonly rows: number | readonly number[] }
  | { readonly kind: 'nothing' };

export function createPlan(
  { folder, file, ledger, csv }: RunContext,
  facts: CheckFacts,
  more: {
    readonly preflight: PreflightFacts | undefined;
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
    pilotRows: isWhole && csv.report === undefined && facts.pilotRows.length < facts.toSend ? facts.pilotRows : [],
    facts,
    preflight: more.preflight,
    minutes: more.rate === 0 ? undefined : facts.requests / more.rate / 60,
    settings: file.settings,
    tags: more.tags,
  };
}

/** Whether an origin is this machine: then nothing reaches Gleantap. */
export function isLoopback(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
