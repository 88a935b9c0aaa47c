import { RunError } from '../../core/outcome/run-error.ts';
import { createGate } from '../../flow/gate.ts';
import type { Gate } from '../../flow/gate.ts';
import { createClient } from '../../gleantap/client.ts';
import type { GleantapClient } from '../../gleantap/client.ts';
import { createTransport } from '../../gleantap/http/connection-pool.ts';
import type { Summary } from '../../report/summary.ts';
import { kindOf } from '../context.ts';
import type { RunContext } from '../context.ts';
import { createCaller } from './calls.ts';
import { createDeliver } from './deliver.ts';
import type { StopReason } from '../events.ts';
import { readTraffic } from './traffic-file.ts';
import { finish } from '../finish.ts';
import type { Ports } from '../ports.ts';
import { sendPass } from './send-pass.ts';
import type { ResumeSetup } from '../setup.ts';

/** Milliseconds that answers in flight are awaited when a run stops. */
const grace = 10_000;

/** Sends what has no outcome yet, then ends the run: reports, summary, state. */
export async function send(
  context: RunContext,
  setup: Pick<ResumeSetup, 'options'>,
  ports: Ports,
  traffic: Traffic,
): Promise<Summary> {
  const { ledger, file, csv, map } = context;
  const { stop, emit, clock } = ports;
  const { options } = setup;
  const total = file.check?.toSend ?? 0;
  const before = ledger.countRows(file.run);
  const notSent = (file.check?.failed ?? 0) + (file.check?.skipped ?? 0);
  const done = before.succeeded + before.failed + before.unknown + before.skipped - notSent;
  const caller = createCaller({
    // In this order: the option `gate` is another thing than the gate before every request.
    ...options,
    ...ports,
    ...traffic,
    hadSuccess: before.succeeded > 0,
    timeline: await readTraffic(context.folder),
  });
  let letGo: NodeJS.Timeout | undefined;
  const onStop = (): void => {
    const { reason } = stop;
    emit({ type: 'stopping', reason: reason?.kind === 'error' ? reason.error.message : (reason?.signal ?? '') });
    letGo = setTimeout(() => stop.letGo(), grace);
  };
  stop.signal.addEventListener('abort', onStop);
  const start = clock.monotonic();
  const watch = watchDeadline(options.deadline, ports);
  let isThrough = true;
  try {
    ledger.updateRun(file.run, { state: 'sending' });
    emit({ type: 'sending', total, done });
    if (done < total) {
      isThrough = await sendPass({
        csv,
        map,
        ledger,
        run: file.run,
        recognition: kindOf(context) === 'full' ? context.recognition : undefined,
        deliver: createDeliver(caller, traffic.client),
        concurrency: options.concurrency,
        acceptRefusals: file.acceptRefusals,
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
    watch.end();
    stop.signal.removeEventListener('abort', onStop);
    clearTimeout(letGo);
  }
  return finish(context, ports, {
    reason: isThrough && isDeadline(stop.reason) ? undefined : stop.reason,
    reportValues: options.reportValues,
    traffic: caller.facts(),
    durationMs: clock.monotonic() - start,
  });
}

/** Stops the run when its deadline has passed; answers in flight are still awaited. */
function watchDeadline(deadline: number | undefined, { clock, stop }: Ports): { end(): void } {
  const over = new AbortController();
  if (deadline === undefined) return { end: () => undefined };
  const wait = async (): Promise<void> => {
    await clock.sleep(deadline - clock.now(), over.signal);
    if (over.signal.aborted) return;
    const at = new Date(deadline).toTimeString().slice(0, 5);
    const error = new RunError('deadline', `Stopped at the deadline (${at})`, {
      hint: '"resume" goes on. Or wait for the next night: who was left pending goes first then.',
    });
    stop.request({ kind: 'error', error });
  };
  void wait();
  return { end: () => over.abort() };
}

function isDeadline(reason: StopReason | undefined): boolean {
  return reason?.kind === 'error' && reason.error.code === 'deadline';
}

/** What a run talks through: one client and one gate for all of its requests. */
export interface Traffic {
  readonly client: GleantapClient;
  readonly gate: Gate;
  close(): void;
}

/** @param hadSuccess Whether an earlier part of the run has had a success. */
export function openTraffic(
  { origin, proxy, credentials, options }: ResumeSetup,
  { clock, waits, sharedGate, transport: create = createTransport }: Ports,
  hadSuccess = false,
): Traffic {
  const transport = create({ origin, proxy, timeoutMs: options.timeout });
  const client = createClient(transport, credentials, clock, hadSuccess);
  return { client, gate: createGate(options.rate, clock, waits, sharedGate), close: () => client.close() };
}
