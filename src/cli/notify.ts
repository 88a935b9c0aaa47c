import { proxyFor } from '../config/proxy.ts';
import { validSettings } from '../config/settings.ts';
import { isOk } from '../core/api/fault-table.ts';
import { exitCodeOfSignal } from '../core/outcome/exit-codes.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { notifyUrlFor } from '../core/settings/option-values.ts';
import type { OptionValues } from '../core/settings/options.ts';
import type { Clock } from '../flow/clock.ts';
import { ConnectionPool } from '../gleantap/http/connection-pool.ts';
import { addressOf } from '../gleantap/http/connect.ts';
import type { HttpResult } from '../gleantap/http/transport.ts';
import { packageVersion } from '../gleantap/version.ts';
import { notificationText } from '../report/notification.ts';
import type { JobSummary, Summary } from '../report/summary.ts';
import type { Io } from './io.ts';
import { timeOf } from './launch.ts';

/** Milliseconds before each try, of each try, and of all of them. */
const waitsBefore = [0, 1000, 3000];
const longestTry = 8000;
const longest = 30_000;
/** After a signal: systemd and Kubernetes kill after 30 s, of which the run itself may have taken 10. */
const longestInterrupted = 5000;

const interrupted = new Set<number>([exitCodeOfSignal('SIGINT'), exitCodeOfSignal('SIGTERM')]);

/**
 * Tells the URL of --notify how a command ended. The URL is a secret: many of them are all that it takes to post.
 *
 * @param signal Gives up when it aborts.
 * @returns Why that failed, in a sentence; undefined if it did not. Never rejects: this changes nothing about the end.
 */
export async function notify(
  summary: Summary | JobSummary,
  { notify: address, notifyOn }: Partial<OptionValues>,
  io: Io,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { exitCode } = summary;
  if (address === undefined || (notifyOn === 'failure' && exitCode === 0)) return undefined;
  try {
    const url = new URL(notifyUrlFor(address, exitCode));
    const { waits } = timeOf(io, url);
    const pool = new ConnectionPool({ origin: url, timeoutMs: longestTry, proxy: proxyFor(url, io.environment) });
    const path = url.pathname + url.search;
    const headers = headersFor(url);
    // A ping: the exit code is the whole message.
    const isPing = address.includes('{status}');
    const request = async (until: AbortSignal): Promise<HttpResult> =>
      isPing ? pool.get(path, headers, until) : pool.post(path, headers, notificationText(summary), until);
    const isHurried = signal.aborted || interrupted.has(exitCode);
    const within = isHurried ? longestInterrupted : longest;
    // A signal that came before has ended the command, of which this tells.
    const giveUp = signal.aborted ? [] : [signal];
    const failure = await tryUntil(request, waits, within, giveUp).finally(() => pool.close());
    return failure === undefined ? undefined : notTold(failure);
  } catch (error) {
    // Only our own messages are known not to quote the URL.
    return notTold(error instanceof RunError ? error.message : 'a bug in this program');
  }
}

/**
 * The same for a job of a batch, whose own URL is in the jobs file or in the config file next to its mapping. The environment's is the
 * batch's.
 *
 * @param flags The job's options, as if they were typed.
 * @param ofBatch The batch's URL, which gets one message for all jobs.
 */
export async function notifyOfJob(
  summary: JobSummary,
  flags: Readonly<Record<string, unknown>>,
  ofBatch: string | undefined,
  io: Io,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { values, sources } = await validSettings(flags, io.environment);
  const isOwn = sources.notify !== 'environment' && values.notify !== ofBatch;
  return isOwn ? notify(summary, values, io, signal) : undefined;
}

/**
 * Tries a request up to three times. A lost answer is tried again too: being told twice is better than not at all.
 *
 * @returns Why it failed; undefined after success.
 */
export async function tryUntil(
  request: (until: AbortSignal) => Promise<HttpResult>,
  clock: Clock,
  within: number,
  giveUp: readonly AbortSignal[],
): Promise<string | undefined> {
  const over = new AbortController();
  const until = AbortSignal.any([...giveUp, over.signal]);
  void clock.sleep(within, until).then(() => over.abort());
  let failure = 'it was interrupted';
  try {
    for (const wait of waitsBefore) {
      await clock.sleep(wait, until);
      if (until.aborted) break;
      const result = await request(until);
      if (result.kind === 'answer' && isOk(result.status)) return undefined;
      failure =
        result.kind === 'answer' ? `the URL answered with status ${result.status}` : `no answer: ${result.cause}`;
      if (result.kind === 'answer' && !isTemporary(result.status)) break;
    }
    return failure;
  } finally {
    over.abort();
  }
}

function isTemporary(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

function headersFor(url: URL): Record<string, string> {
  const { auth } = addressOf(url);
  return {
    'User-Agent': `gleantap-import/${packageVersion()}`,
    ...(auth === undefined ? {} : { authorization: `Basic ${Buffer.from(auth).toString('base64')}` }),
  };
}

function notTold(failure: string): string {
  return `The message of --notify could not be sent (${failure}). The result is not affected. Check the URL.`;
}
