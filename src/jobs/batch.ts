import pLimit from 'p-limit';
import { exitCodeOf, exitCodeOfSignal, worstOf } from '../core/outcome/exit-codes.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { headlineOf, openJobs, stateOf } from '../report/night.ts';
import { failedSummary } from '../report/summary.ts';
import type { BatchSummary, CheckSummary, FailedSummary, ImportSummary, JobSummary } from '../report/summary.ts';
import type { Stop } from '../run/events.ts';
import type { Job } from './jobs-schema.ts';

/** How a job is carried out; brought by the caller, who knows settings and screen. */
export interface Work<Prepared> {
  /** Gathers all that the job needs and changes nothing. May throw: then this job ends so, and no other. */
  prepare(job: Job): Promise<Prepared>;
  /** The feed of a prepared job: no two jobs may have the same. */
  feedOf(prepared: Prepared): string;
  run(job: Job, prepared: Prepared): Promise<ImportSummary | CheckSummary>;
  /** Called for each job as it ends. `error` is set where the job ended with one. */
  ended(job: Job, summary: ImportSummary | CheckSummary, error: unknown): void;
}

interface Ready<Prepared> {
  readonly job: Job;
  readonly found: { readonly prepared: Prepared } | { readonly error: unknown };
}

/**
 * Runs jobs: several accounts at the same time, and the jobs of one account one after the other in the order of the file. What
 * happens to one job, a bug included, does not stop the others. After `stop`, no more jobs start.
 *
 * @param parallel Accounts at the same time.
 * @returns How each job ended, in the order of the file.
 * @throws RunError `usage` when two jobs belong to one feed. Then nothing was started.
 */
export async function runJobs<Prepared>(
  jobs: readonly Job[],
  parallel: number,
  stop: Stop,
  work: Work<Prepared>,
): Promise<JobSummary[]> {
  const ready: Ready<Prepared>[] = [];
  for (const job of jobs) {
    const found = await work.prepare(job).then(
      (prepared) => ({ prepared }),
      (error: unknown) => ({ error }),
    );
    ready.push({ job, found });
  }
  refuseTwoOfOneFeed(ready, work);

  const summaries = new Map<Job, JobSummary>();
  const end = (job: Job, summary: ImportSummary | CheckSummary, error?: unknown): void => {
    summaries.set(job, { name: job.name, ...summary });
    work.ended(job, summary, error);
  };
  const runOne = async ({ job, found }: Ready<Prepared>): Promise<void> => {
    if ('error' in found) end(job, failedSummary(found.error), found.error);
    else if (stop.signal.aborted) end(job, notBegun(stop));
    else {
      await work.run(job, found.prepared).then(
        (summary) => end(job, summary),
        (error: unknown) => end(job, failedSummary(error), error),
      );
    }
  };
  const limit = pLimit(parallel);
  const accounts = [...new Set(jobs.map(({ app_id: account }) => account))];
  await Promise.all(
    accounts.map(async (account) =>
      limit(async () => {
        for (const each of ready.filter(({ job }) => job.app_id === account)) await runOne(each);
      }),
    ),
  );
  return jobs.flatMap((job) => summaries.get(job) ?? []);
}

/** One summary of several jobs. Their counts are added up; the exit code is the worst. */
export function summarizeJobs(
  jobs: readonly JobSummary[],
): Pick<BatchSummary, 'exitCode' | 'sentence' | 'counts' | 'jobs'> {
  const open = openJobs(jobs).map((job) => `${job.name} (${stateOf(job)})`);
  return {
    exitCode: worstOf(jobs.map(({ exitCode }) => exitCode)),
    sentence: open.length === 0 ? headlineOf(jobs) : `${headlineOf(jobs)}: ${open.join(', ')}`,
    ...totalOf(jobs),
    jobs,
  };
}

function totalOf(jobs: readonly JobSummary[]): Pick<BatchSummary, 'counts'> {
  const counted = jobs.flatMap((job) => (job.kind === 'run' ? job.counts : []));
  if (counted.length === 0) return {};
  const total = { read: 0, blank: 0, succeeded: 0, failed: 0, unknown: 0, skipped: 0, pending: 0 };
  for (const counts of counted) {
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += counts[name];
  }
  return { counts: total };
}

function refuseTwoOfOneFeed<Prepared>(ready: readonly Ready<Prepared>[], { feedOf }: Work<Prepared>): void {
  const owners = new Map<string, string>();
  for (const { job, found } of ready) {
    if ('error' in found) continue;
    const feed = feedOf(found.prepared);
    const owner = owners.get(feed);
    if (owner !== undefined) {
      throw new RunError(
        'usage',
        `Nothing was started: the jobs "${owner}" and "${job.name}" are one feed (same account, same "name" in the mapping)`,
        { hint: "Each would treat the other's people as missing. Give each mapping its own name." },
      );
    }
    owners.set(feed, job.name);
  }
}

function notBegun({ reason }: Stop): FailedSummary {
  return {
    version: 1,
    kind: 'failed',
    exitCode: reason?.kind === 'signal' ? exitCodeOfSignal(reason.signal) : exitCodeOf('interrupted'),
    sentence: 'Not started: the batch was interrupted first.',
    next: undefined,
    simulator: false,
  };
}
