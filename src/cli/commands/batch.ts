import { rmdir } from 'node:fs/promises';
import path from 'node:path';
import { resolveSettings } from '../../config/settings.ts';
import { commandText } from '../../core/settings/command-text.ts';
import { nearestName } from '../../core/settings/nearest.ts';
import { flagOf } from '../../core/settings/options.ts';
import type { OptionName, OptionValues } from '../../core/settings/options.ts';
import { exitCodeOf } from '../../core/outcome/exit-codes.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { createRateLimiter } from '../../flow/rate-limiter.ts';
import { systemClock } from '../../flow/clock.ts';
import { runJobs, summarizeJobs } from '../../jobs/batch.ts';
import type { Job } from '../../jobs/jobs-schema.ts';
import { newestFile } from '../../jobs/newest-file.ts';
import { readJobs } from '../../jobs/read-jobs.ts';
import { writeNight } from '../../report/write-night.ts';
import { writeSummary } from '../../report/summary.ts';
import type { BatchSummary, JobSummary } from '../../report/summary.ts';
import { createStop } from '../../run/events.ts';
import { requireLedger } from '../../run/files/account-lock.ts';
import { importFile } from '../../run/import.ts';
import { checkPrefix, freshFolder } from '../../run/files/places.ts';
import type { Plan } from '../../run/plan.ts';
import { claimRunFolder } from '../../run/files/run-folder.ts';
import { accountOf } from '../../run/setup.ts';
import { printError } from '../errors.ts';
import { labelled, printLine } from '../io.ts';
import type { Io } from '../io.ts';
import { acceptOptions } from '../option-groups.ts';
import { notifyOfJob } from '../notify.ts';
import { prepareImport } from '../prepare-import.ts';
import type { PreparedImport } from '../prepare-import.ts';
import { inSession } from '../session.ts';
import { hearSignals } from '../signals.ts';
import { plural } from '../text/words.ts';
import { check } from './check.ts';
import type { Command, Typed } from './command.ts';

interface BatchArguments {
  /** The jobs file. */
  readonly jobs: string;
  /** Labels of the jobs to run; undefined for all. */
  readonly only: readonly string[] | undefined;
  /** Whether each job is only checked. */
  readonly dryRun: boolean;
}

/** Runs many feeds in one process, each with its own folder and summary, and writes one summary for all. */
export const batch: Command<BatchArguments> = async (typed, io: Io): Promise<BatchSummary> => {
  const { dryRun, flags } = typed;
  const file = await readJobs(typed.jobs);
  const jobs = chosen(file.jobs, typed.only);
  const { values } = await resolveSettings(flags, io.environment);
  requireConsent(typed, values);
  const started = new Date();
  const prefix = dryRun ? checkPrefix : 'batch-';
  const out =
    values.out === undefined
      ? freshFolder(path.basename(typed.jobs, '.json'), started, prefix, path.dirname(path.resolve(typed.jobs)))
      : path.resolve(values.out);
  const isNew = await claimRunFolder(out, () => false);

  const repeated = repeatedFlags(typed);
  const stop = createStop();
  const sharedLimiter = file.rate === 0 ? undefined : createRateLimiter(file.rate, systemClock, systemClock);
  const ioOf = (job: Job): Io => labelled(io, job.name);
  const note = (job: Job, line: string): void => {
    if (!values.quiet) printLine(ioOf(job).stderr, line);
  };
  // Each run listens for itself, besides the batch.
  process.setMaxListeners(process.getMaxListeners() + file.parallel);
  const unhear = hearSignals(stop);
  try {
    const notices = new Map<string, Promise<string | undefined>>();
    const jobsEnded = await runJobs<PreparedImport>(jobs, dryRun ? 1 : file.parallel, stop, {
      prepare: async (job) => prepareJob(job, typed, path.join(out, job.name), ioOf(job)),
      feedOf: ({ setup }) => `${accountOf(setup)} ${setup.mapping.name}`,
      run: async (job, { setup, time }) => {
        if (dryRun) {
          const { name: csv } = setup.input;
          return check(
            { csv, show: undefined, flags: { ...flagsOf(job, typed), out: setup.out, json: true } },
            ioOf(job),
          );
        }
        return inSession(ioOf(job), values, time, async (ports) =>
          importFile(setup, {
            ...ports,
            sharedLimiter,
            confirm: async (plan) => {
              note(job, planLine(plan));
              return Promise.resolve({ kind: 'all' });
            },
          }),
        );
      },
      ended: (job, summary, error) => {
        const { exitCode, sentence } = summary;
        if (!dryRun) {
          const told = notifyOfJob(
            { name: job.name, ...summary },
            flagsOf(job, typed),
            values.notify,
            ioOf(job),
            stop.signal,
          );
          notices.set(job.name, told);
        }
        if (error === undefined) note(job, `Exit ${exitCode}: ${sentence}`);
        // The result says it too, but for the stack of a bug.
        else if (!values.quiet || exitCode === exitCodeOf('bug')) printError(ioOf(job), error);
      },
    });
    const ended = await Promise.all(
      jobsEnded.map(async (job): Promise<JobSummary> => {
        const notifyError = await notices.get(job.name);
        if (notifyError === undefined) return job;
        printLine(labelled(io, job.name).stderr, `Warning: ${notifyError}`);
        return { ...job, notifyError };
      }),
    );
    const summary: BatchSummary = {
      version: 1,
      kind: 'batch',
      flags: repeated,
      ...summarizeJobs(ended),
      next: nextOf(typed.jobs, repeated, ended),
      simulator: ended.some(({ simulator }) => simulator),
      out,
      input: typed.jobs,
      started: started.toISOString(),
      durationMs: Date.now() - started.getTime(),
    };
    await writeSummary(out, summary);
    await writeNight(summary);
    return summary;
  } finally {
    unhear();
    // A batch that could not start leaves nothing behind.
    if (isNew) await rmdir(out).catch(() => undefined);
  }
};

/** Everything about a job that can be wrong before its export is read. */
async function prepareJob(job: Job, typed: Typed<BatchArguments>, out: string, io: Io): Promise<PreparedImport> {
  const flags = { ...flagsOf(job, typed), out };
  const prepared = await prepareImport(await newestFile(job.csv), flags, io);
  const { credentials, ledgerFile } = prepared.setup;
  if (credentials.appId !== job.app_id) {
    throw new RunError(
      'usage',
      `The job is for the account "${job.app_id}", the credentials (${credentials.source}) are for "${credentials.appId}"`,
      { hint: 'Correct "app_id", "envFile" or "envPrefix" of this job.' },
    );
  }
  if (!typed.dryRun && !prepared.values.newLedger) {
    requireLedger(
      ledgerFile,
      'Without it, every person would count as new and be sent. On the first run of a feed, add --new-ledger. Otherwise, find out where the ledger is.',
    );
  }
  return prepared;
}

/** A job's options, as if they were typed, and what was typed for all of its batch. */
function flagsOf(job: Job, { flags }: Typed<BatchArguments>): Record<string, unknown> {
  const { mapping, envFile, envPrefix, options } = job;
  const typed = ['newLedger', ...acceptOptions, 'deadline', 'logValues', 'reportValues'] as const;
  return { ...options, mapping, envFile, envPrefix, ...pick(flags, typed) };
}

/** Those that were typed. */
function pick(flags: Readonly<Record<string, unknown>>, names: readonly OptionName[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]]));
}

function chosen(jobs: readonly Job[], only: readonly string[] | undefined): Job[] {
  const unknown = only?.find((name) => !jobs.some((job) => job.name === name));
  if (unknown !== undefined) {
    const names = jobs.map(({ name }) => name);
    const nearest = nearestName(unknown, names);
    throw new RunError(
      'usage',
      `--only ${unknown}: the jobs file has no job of this name${nearest === undefined ? '' : `, did you mean ${nearest}?`}`,
      {
        hint: `The jobs are ${names.join(', ')}.`,
      },
    );
  }
  return jobs.filter(({ name }) => only === undefined || only.includes(name));
}

/** A batch can't ask about a dozen plans at once, and no person has looked at a dozen odd files. */
function requireConsent({ dryRun, only }: BatchArguments, values: OptionValues): void {
  if (!dryRun && !values.yes) {
    throw new RunError('usage', 'Nothing was sent: a batch does not ask questions', {
      hint: 'Review it with --dry-run, then run the same command with --yes.',
    });
  }
  const accepted = acceptOptions.find((name) => values[name]);
  if (accepted !== undefined && only === undefined)
    throw new RunError('usage', `${flagOf(accepted)} requires --only: name the jobs that you reviewed`);
}

function planLine({ input, appId, accountName, host, stats }: Plan): string {
  const account = accountName === undefined ? appId : `${accountName} (${appId})`;
  return `${path.basename(input)}: sending ${plural(stats.toSend, 'row')} to ${account} at ${host} (${stats.invalid} invalid, ${stats.skipped} skipped)`;
}

/** What was typed for all jobs, to be repeated with those that need something. */
function repeatedFlags({ dryRun, flags }: Typed<BatchArguments>): string[] {
  if (dryRun) return ['--dry-run'];
  return ['--yes', ...(['newLedger', ...acceptOptions] as const).filter((name) => flags[name] === true).map(flagOf)];
}

/**
 * The same command for every job that needs something. It continues what was started, tries failed rows again, and holds a file
 * again that is still held.
 */
function nextOf(file: string, repeated: readonly string[], ended: readonly JobSummary[]): string | undefined {
  const open = ended.filter(({ exitCode }) => exitCode !== 0).map(({ name }) => name);
  return open.length === 0 ? undefined : commandText('batch', file, '--only', open.join(','), ...repeated);
}
