import type { Timeline } from '../../flow/timeline.ts';
import type { OutcomeCounts } from '../../core/outcome/outcome.ts';

/** All that the page shows. It is aggregated: its size does not depend on the file's. */
export interface ReportData {
  readonly title: string;
  /** What happened, in one sentence. */
  readonly sentence: string;
  readonly exitCode: number;
  readonly exitMeaning: string;
  readonly simulator: boolean;
  /** Facts about the run, as name and value. */
  readonly details: readonly (readonly [string, string])[];
  readonly read: number;
  readonly counts: OutcomeCounts;
  /** What to do now, and the command to type, if there is one. */
  readonly next: readonly { readonly why: string; readonly command: string | undefined }[];
  readonly problems: readonly CodeLine[];
  readonly warnings: readonly CodeLine[];
  /** Further findings in sentences: refusals compared, gate, what is odd about the file. */
  readonly notes: readonly string[];
  /** Share of the rows to send that have each field, 0 to 1, and their number. */
  readonly fields: readonly { readonly name: string; readonly rows: number; readonly share: number }[];
  /** Consent and tag changes in words. */
  readonly changes: readonly { readonly what: string; readonly rows: number }[];
  readonly timeline: Timeline | undefined;
  readonly traffic: readonly (readonly [string, string])[];
  /** Settings that are not the default, without secrets. */
  readonly settings: readonly (readonly [string, string])[];
  /** File names and their rows. */
  readonly files: readonly (readonly [string, number])[];
}

export interface CodeLine {
  readonly code: string;
  readonly rows: number;
  readonly sentence: string;
  readonly hint: string;
  readonly examples: readonly { readonly row: number; readonly value: string | undefined }[];
}
