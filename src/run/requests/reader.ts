import { RunError } from '../../core/outcome/run-error.ts';
import type { Attempt } from '../../gleantap/client.ts';
import { createStop } from '../events.ts';
import type { Ports } from '../ports.ts';
import type { PaceOptions } from '../setup.ts';
import type { ApiSession } from './api-session.ts';
import { createRequestRunner } from './request-runner.ts';

/** Makes a read call until its answer is clear. Undefined when the run was asked to stop. @throws RunError when there is none. */
export type Read = <T>(send: (signal: AbortSignal) => Promise<Attempt<T>>) => Promise<T | undefined>;

/** Reads under the run's rate and fault table. What would stop a run stops only the reading, with its reason. */
export function createReader(options: PaceOptions, ports: Ports, { limiter }: Pick<ApiSession, 'limiter'>): Read {
  const stop = createStop();
  const onStop = (): void => {
    if (ports.stop.reason !== undefined) stop.request(ports.stop.reason);
    // Nothing is lost with an answer that is only read.
    stop.abandonRequests();
  };
  ports.stop.signal.addEventListener('abort', onStop, { once: true });
  const runner = createRequestRunner({ ...ports, ...options, limiter, stop });
  return async (send) => {
    const result = await runner.run({ values: () => [], send });
    if (result.kind === 'succeeded') return result.value;
    if (ports.stop.signal.aborted) return undefined;
    if (result.kind === 'stopped' && stop.reason?.kind === 'error') throw stop.reason.error;
    throw new RunError(
      'server_refuses',
      result.kind === 'stopped' ? 'the run stopped' : (result.detail ?? result.code),
    );
  };
}
