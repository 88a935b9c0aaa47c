/** The library: what the command line is built on. Nothing here prints, exits or reads the environment. See docs/library.md. */
export { findCredentials } from './config/credentials.ts';
export { mappingJsonSchema } from './core/mapping/json-schema.ts';
export type { Finding } from './core/mapping/finding.ts';
export type { Mapping } from './core/mapping/schema.ts';
export { RunError } from './core/outcome/run-error.ts';
export type { RunErrorCode } from './core/outcome/run-error.ts';
export { draftMapping } from './draft/draft.ts';
export type { Draft, DraftOptions } from './draft/draft.ts';
export { applyAnswer } from './draft/question.ts';
export type { Question } from './draft/question.ts';
export { createTransport } from './gleantap/http/exchange.ts';
export type { Connection, Exchange, Transport, TransportOptions } from './gleantap/http/exchange.ts';
export { checkImport } from './library/check-import.ts';
export type { AccountCredentials } from './library/credentials.ts';
export type { ImportRun } from './library/import-run.ts';
export type { Logger } from './library/logger.ts';
export { loadMapping } from './library/mapping.ts';
export type { LoadedMapping } from './library/mapping.ts';
export type { Answer, CheckOptions, ImportOptions, ResumeOptions } from './library/options.ts';
export { resumeImport } from './library/resume-import.ts';
export { runImport } from './library/run-import.ts';
export type {
  BatchSummary,
  CheckSummary,
  FailedSummary,
  ImportSummary,
  JobSummary,
  MovementSummary,
  PeopleSummary,
  RoundsSummary,
  RunSummary,
  Summary,
  SummaryCounts,
  SummaryError,
  TrafficSummary,
} from './report/summary.ts';
export type { Refusal } from './run/assess.ts';
export type { CheckResult } from './run/check.ts';
export type { RunEvent } from './run/events.ts';
export type { Plan } from './run/plan.ts';
export { createSimulator } from './simulator/index.ts';
export type { Simulator, SimulatorOptions } from './simulator/index.ts';
