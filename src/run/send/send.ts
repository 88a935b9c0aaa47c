import { RunError } from '../../core/outcome/run-error.ts';
import { kindOf } from '../model.ts';
import type { RunContext } from '../model.ts';
import type { StopReason } from '../events.ts';
import type { Ports } from '../ports.ts';
import type { ResumeSetup } from '../setup.ts';
import type { ApiSession } from './api-session.ts';
import { createRequestRunner } from './request-runner.ts';
import { sendPass } from './send-pass.ts';
import { createSendRow } from './send-row.ts';
import { readTraffic } from './traffic-file.ts';
import type { TrafficStats } from './traffic-recorder.ts';

/** How sending ended. */
export interface SendResult {
  /** Why it stopped early; undefined when every row has its outcome. */
  readonly reason: StopReason | undefined;
  readonly traffic: TrafficStats;
  /** Milliseconds. */
  readonly durationMs: number;
}

/** Milliseconds for which answers in flight are awaited when a run stops. */
const grace = 10_000;

/** Sends every row that has no outcome yet. Why it stopped early is in the result. */
export async function send(
  context: RunContext,
  setup: Pick<ResumeSetup, 'options'>,
  ports: Ports,
  { client, limiter }: ApiSession,
): Promise<SendResult> {
  const { ledger, file, csv, map } = context;
  const { stop, emit, clock } = ports;
  const { options } = setup;
  const total = file.check?.toSend ?? 0;
  const before = ledger.countRows(file.run);
  const notSent = (file.check?.failed ?? 0) + (file.check?.skipped ?? 0);
  const done = before.succeeded + before.failed + before.unknown + before.skipped - notSent;
  const runner = createRequestRunner({
    ...options,
    ...ports,
    limiter,
    answeredBefore: { succeeded: before.succeeded, refused: ledger.countProvisional(file.run) },
    ignoreRefusals: file.acceptRefusals,
    timeline: await readTraffic(context.folder),
  });
  let abandon: NodeJS.Timeout | undefined;
  const onStop = (): void => {
    const { reason } = stop;
    emit({ type: 'stopping', reason: reason?.kind === 'error' ? reason.error.message : (reason?.signal ?? '') });
    abandon = setTimeout(() => stop.abandonRequests(), grace);
  };
  stop.signal.addEventListener('abort', onStop);
  const start = clock.monotonic();
  const deadline = stopAt(options.deadline, ports);
  let isThrough = true;
  try {
    ledger.updateRun(file.run, { state: 'sending' });
    emit({ type: 'sending', total, done });
    if (done < total) {
      const { matcher } = context;
      isThrough = await sendPass({
        csv,
        map,
        ledger,
        run: file.run,
        traceOf: kindOf(context) === 'full' ? matcher?.traceOf : undefined,
        sendRow: createSendRow(runner, client),
        health: runner.health,
        concurrency: options.concurrency,
        hasWaited: (file.check?.waited ?? 0) > 0,
        logValues: options.logValues,
        stop,
        emit,
        keptUp: ports.keptUp,
      });
    }
    ledger.flush();
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    stop.request({ kind: 'error', error });
  } finally {
    deadline.cancel();
    stop.signal.removeEventListener('abort', onStop);
    clearTimeout(abandon);
  }
  return {
    reason: isThrough && isDeadline(stop.reason) ? undefined : stop.reason,
    traffic: runner.stats(),
    durationMs: clock.monotonic() - start,
  };
}

/** Stops the run at a moment, in milliseconds since the epoch. Answers in flight are still awaited. */
function stopAt(moment: number | undefined, { clock, stop }: Ports): { cancel(): void } {
  const over = new AbortController();
  if (moment === undefined) return { cancel: () => undefined };
  const wait = async (): Promise<void> => {
    await clock.sleep(moment - clock.now(), over.signal);
    if (over.signal.aborted) return;
    const time = new Date(moment).toTimeString().slice(0, 5);
    const error = new RunError('deadline', `Stopped at the deadline (${time})`, {
      hint: 'Continue with "resume". Or wait: pending rows are sent first in the next run.',
    });
    stop.request({ kind: 'error', error });
  };
  void wait();
  return { cancel: () => over.abort() };
}

function isDeadline(reason: StopReason | undefined): boolean {
  return reason?.kind === 'error' && reason.error.code === 'deadline';
}
