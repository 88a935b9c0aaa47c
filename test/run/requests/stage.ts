import { createRateLimiter } from '../../../src/flow/rate-limiter.ts';
import type { Attempt } from '../../../src/gleantap/client.ts';
import { createStop } from '../../../src/run/events.ts';
import type { RunEvent } from '../../../src/run/events.ts';
import { createRequestRunner } from '../../../src/run/requests/request-runner.ts';
import type { RequestResult, RequestRunnerOptions } from '../../../src/run/requests/request-runner.ts';
import { fakeClock } from '../../flow/fake-clock.ts';

/** Milliseconds that each answer takes. */
export const latency = 10;

export const success: Attempt<string> = { kind: 'success', status: 200, value: 'an-id', serverTime: undefined };

/** A sent request: when, and on what kind of connection. */
export interface Sent {
  readonly name: string;
  readonly at: number;
  readonly onFreshSocket: boolean;
}

/**
 * A request runner whose clock does not move until the test moves it, and whose requests get the answers in a script.
 *
 * @param rate Requests per second; 0 means no limit.
 */
export function stage(change: Partial<RequestRunnerOptions> = {}, rate = 0) {
  const clock = fakeClock();
  const stop = createStop();
  const events: RunEvent[] = [];
  const sent: Sent[] = [];
  const flight = { now: 0, most: 0 };
  const runner = createRequestRunner({
    limiter: createRateLimiter(rate, clock, clock),
    clock,
    waits: clock,
    random: () => 0.5,
    stop,
    emit: (event) => events.push(event),
    concurrency: 8,
    attempts: 3,
    maxOutage: 600_000,
    ...change,
  });

  /** Starts a request. The last answer of the script repeats. */
  const start = (name: string, ...script: readonly Attempt<string>[]) => {
    const request = { result: undefined as RequestResult<string> | undefined, at: 0 };
    let nth = 0;
    const ended = runner.run<string>({
      row: 7,
      values: () => ['jane@example.com', 'Doe'],
      async send(_signal, { onFreshSocket }) {
        sent.push({ name, at: clock.monotonic(), onFreshSocket });
        flight.now += 1;
        flight.most = Math.max(flight.most, flight.now);
        const answer = script[Math.min(nth, script.length - 1)] ?? success;
        nth += 1;
        await clock.sleep(latency);
        flight.now -= 1;
        return answer;
      },
    });
    void ended.then((result) => Object.assign(request, { result, at: clock.monotonic() }));
    return request;
  };
  /** Runs one request to its end. */
  const run = async (...script: readonly Attempt<string>[]): Promise<RequestResult<string>> => {
    const request = start('only', ...script);
    for (let hour = 0; request.result === undefined && hour < 100; hour += 1) await clock.advance(3_600_000);
    if (request.result === undefined) throw new Error('the request never ended');
    return request.result;
  };
  const delays = (): number[] => events.flatMap((event) => (event.type === 'retrying' ? [event.delayMs] : []));
  return { clock, stop, events, sent, flight, runner, start, run, delays };
}
