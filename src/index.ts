/** The library: what the command line is built on. Nothing here prints, exits or reads the environment. See docs/library.md. */
export { findCredentials } from './config/credentials.ts';
export type { CredentialValues } from './config/credentials.ts';
export type { MappingFile } from './config/mapping-file.ts';
export type { Environment } from './config/settings.ts';
export type { Contact } from './core/api/contact.ts';
export type { FaultEvent } from './core/api/fault-table.ts';
export { mappingJsonSchema } from './core/mapping/json-schema.ts';
export type { Finding, Path } from './core/mapping/finding.ts';
export type { Mapping } from './core/mapping/schema.ts';
export type { ColumnDamageCode } from './core/outcome/column-messages.ts';
export type { Outcome } from './core/outcome/outcome.ts';
export { RunError } from './core/outcome/run-error.ts';
export type { RunErrorCode } from './core/outcome/run-error.ts';
export type { ConsentCounts } from './core/people/consents.ts';
export type { ColumnDamage } from './core/quality/column-damage.ts';
export type { GateLimits, Movement } from './core/quality/nightly-gate.ts';
export type { OptionName } from './core/settings/options.ts';
export type { CsvSettings } from './csv/reader.ts';
export { draftMapping } from './draft/draft.ts';
export type { Draft, DraftedColumn, DraftOptions } from './draft/draft.ts';
export type { LayoutProof } from './draft/evidence/layout.ts';
export type { EncodingProof } from './draft/evidence/encoding-proof.ts';
export type { CountryFinding } from './draft/fields/phone-country.ts';
export { applyAnswer } from './draft/question.ts';
export { createTransport } from './gleantap/http/connection-pool.ts';
export { fetchTransport } from './gleantap/http/fetch-transport.ts';
export type { Fetch } from './gleantap/http/fetch-transport.ts';
export type {
  AnswerHeaders,
  Connection,
  CreateTransport,
  HttpAnswer,
  HttpFault,
  HttpResult,
  Transport,
  TransportOptions,
} from './gleantap/http/transport.ts';
export type { Answer, Edit, JsonValue, Question } from './draft/question.ts';
export type { Certainty } from './draft/column.ts';
export type { Product } from './draft/words/products.ts';
export { checkImport } from './library/check-import.ts';
export type { AccountCredentials } from './library/credentials.ts';
export type { ImportRun } from './library/import-run.ts';
export type { Logger } from './library/logger.ts';
export { loadMapping } from './library/mapping.ts';
export type { LoadedMapping } from './library/mapping.ts';
export type {
  Access,
  CheckOptions,
  CommandOptions,
  ConfirmAnswer,
  ImportOptions,
  ImportSource,
  OptionInputs,
  ResumableOptions,
  ResumeOptions,
  RunControl,
} from './library/options.ts';
export type { ComparedPeople } from './core/compare/compared-people.ts';
export type { Sharing } from './core/reports/figures.ts';
export type { SheetSummary } from './excel/open.ts';
export { resumeImport } from './library/resume-import.ts';
export { runImport } from './library/run-import.ts';
export type {
  BatchSummary,
  CheckSummary,
  CommonSummary,
  FailedSummary,
  ImportSummary,
  JobSummary,
  MovementSummary,
  PeopleSummary,
  MergedSummary,
  RoundsSummary,
  RunDescription,
  RunSummary,
  Summary,
  SummaryCounts,
  SummaryError,
  TrafficSummary,
} from './report/summary.ts';
export type { Refusal } from './run/assess.ts';
export type { CheckResult, ShownRow } from './run/check.ts';
export type { RunEvent } from './run/events.ts';
export type { CheckStats, CodeCount, CollidingRows, PeopleStats, TagCount, UndoFacts } from './run/model.ts';
export type { FeedTag, Plan, PreflightStats, TagChange, TagPlan } from './run/plan.ts';
export { createSimulator } from './simulator/index.ts';
export type {
  ContactFields,
  Endpoint,
  FaultKind,
  FaultShares,
  SeedContact,
  Simulator,
  SimulatorCredentials,
  SimulatorOptions,
  SimulatorStats,
  StoredContact,
} from './simulator/index.ts';
