// Compiled like a user's program, against the built package, by consumer.test.ts.
import { createReadStream } from 'node:fs';
import { checkImport, draftMapping, loadMapping, resumeImport, runImport } from 'gleantap-import';
import type {
  ConfirmAnswer,
  FailedSummary,
  ImportOptions,
  Logger,
  Plan,
  RunEvent,
  RunSummary,
  Summary,
  CreateTransport,
} from 'gleantap-import';

declare const transport: CreateTransport;
const logger: Logger = console;
const needed = {
  csv: createReadStream('members.csv'),
  mapping: await loadMapping('mapping.json'),
  credentials: { apiKey: 'a', secretKey: 'b', appId: 'c' },
};

const options: ImportOptions = {
  ...needed,
  confirm: async (plan: Plan): Promise<ConfirmAnswer> => (plan.stats.toSend > 100 ? 10 : 'all'),
  rate: 2,
  timeout: '30s',
  maxInvalid: '5%',
  rows: '2-500,812',
  duplicates: 'last',
  addTags: ['new'],
  signal: AbortSignal.timeout(1000),
  logger,
  transport,
};
const run = runImport(options);
for await (const event of run) {
  const each: RunEvent = event;
  if (event.type === 'row_ended') {
    const row: number = event.row;
    const outcome: 'succeeded' | 'failed' | 'unknown' | 'skipped' | 'pending' = event.outcome;
    console.log(row, outcome, each);
  }
  // @ts-expect-error: only some events have a row
  console.log(event.row);
}
const summary: RunSummary | FailedSummary = await run.summary;
const anyKind: Summary = summary;
const failed: number = summary.kind === 'run' ? summary.counts.failed : 0;
// @ts-expect-error: only some kinds of summaries have counts
console.log(summary.counts);
const invalid: number = (await checkImport(needed)).stats.invalid;
const { text } = await draftMapping('members.csv', { name: 'members.csv', today: '2026-11-27' });
console.log(anyKind, text, failed, invalid, resumeImport('folder', { credentials: needed.credentials, rate: 1 }));

// @ts-expect-error: there is no undo, so the caller must confirm
runImport(needed);
// @ts-expect-error: misspelt
runImport({ ...needed, confirm: 'all', limt: 1 });
// @ts-expect-error: an option of the terminal
runImport({ ...needed, confirm: 'all', yes: true });
// @ts-expect-error: not one of the choices
runImport({ ...needed, confirm: 'all', duplicates: 'middle' });
// @ts-expect-error: what is sent was decided when the run began
resumeImport('folder', { credentials: needed.credentials, limit: 1 });
