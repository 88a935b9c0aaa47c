import { duration } from '../../core/settings/duration.ts';
import { dayOf } from '../../flow/clock.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { kindOf } from '../model.ts';
import type { RunContext } from '../model.ts';
import type { StopReason } from '../events.ts';
import type { Ports } from '../ports.ts';
import type { ResumeSetup } from '../setup.ts';
import type { ApiSession } from '../requests/api-session.ts';
import { createRequestRunner } from '../requests/request-runner.ts';
import { sendPass } from './send-pass.ts';
import { createUndoRow } from './undo-row.ts';
import { createSendRow } from './send-row.ts';
import { readTraffic } from '../files/traffic-file.ts';
import type { TrafficStats } from '../requests/traffic-recorder.ts';

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
    ignoreRefusals: file.acceptRefusals || options.acceptRefusals,
    timeline: await readTraffic(context.folder),
  });
  const ended = new AbortController();
  const onStop = (): void => {
    const { reason } = stop;
    emit({ type: 'stopping', reason: reason?.kind === 'error' ? reason.error.message : (reason?.signal ?? '') });
    void after(grace, () => stop.abandonRequests());
  };
  /** Does something later, unless sending has ended by then. */
  const after = async (ms: number, work: () => void): Promise<void> => {
    await clock.sleep(ms, ended.signal);
    if (!ended.signal.aborted) work();
  };
  stop.signal.addEventListener('abort', onStop);
  const start = clock.monotonic();
  const { deadline } = options;
  if (deadline !== undefined)
    void after(deadline - clock.now(), () => stop.request({ kind: 'error', error: deadlineError(deadline) }));
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
        account: context.account,
        expectsDocumented: file.contradicted !== true,
        sendRow:
          file.undo === undefined ? createSendRow(runner, client) : createUndoRow(runner, client, file.undo.since),
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
    ended.abort();
    stop.signal.removeEventListener('abort', onStop);
  }
  return {
    reason: isThrough && isDeadline(stop.reason) ? undefined : stop.reason,
    traffic: runner.stats(),
    durationMs: clock.monotonic() - start,
  };
}

const halfADay = 43_200_000;

/** A clock time that has just passed is tomorrow's. The user must know when a run may take until then. */
export function warnOfFarDeadline(deadline: number | undefined, { emit, clock }: Pick<Ports, 'emit' | 'clock'>): void {
  if (deadline === undefined || deadline - clock.now() <= halfADay) return;
  const at = new Date(deadline);
  const left = duration(deadline - clock.now());
  emit({
    type: 'warning',
    message: `The deadline is ${dayOf(at)} at ${at.toTimeString().slice(0, 5)}, in ${left}. A time that has passed today counts as tomorrow's`,
  });
}

/** @param deadline Milliseconds since the epoch. */
function deadlineError(deadline: number): RunError {
  const time = new Date(deadline).toTimeString().slice(0, 5);
  return new RunError('deadline', `Stopped at the deadline (${time})`, {
    hint: 'Continue with "resume". Or wait: pending rows are sent first in the next run.',
  });
}

function isDeadline(reason: StopReason | undefined): boolean {
  return reason?.kind === 'error' && reason.error.code === 'deadline';
}
