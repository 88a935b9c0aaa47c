import { describe, expect, it } from 'vitest';
import { faultTable } from '../../../src/core/api/fault-table.ts';
import type { FaultEvent, FaultRule } from '../../../src/core/api/fault-table.ts';
import type { Failure } from '../../../src/gleantap/client.ts';
import { settled } from '../../flow/fake-clock.ts';
import { failure } from './health/failure.ts';
import { latency, stage, success } from './stage.ts';

const times = (count: number, event: FaultEvent): Failure[] => Array.from({ length: count }, () => failure(event));
const table = (Object.entries(faultTable) as [FaultEvent, FaultRule][]).filter(([event]) => event !== 'too_many_files');

it('a success ends the request after one attempt', async () => {
  const { run, sent, runner, events } = stage();
  expect(await run(success)).toEqual({ kind: 'succeeded', value: 'an-id', attempts: 1, status: 200 });
  expect(sent).toHaveLength(1);
  expect(events).toEqual([]);
  expect(runner.stats()).toMatchObject({ requests: 1, answers: { '200': 1 }, latency: { p50: latency } });
});

describe('each event of the fault table, met again and again', () => {
  it.each(table)('%s', async (event, rule) => {
    const attempts = 4;
    const { run, sent, stop } = stage({ attempts, answeredBefore: { succeeded: 1, refused: 0 } });
    const result = await run(failure(event));
    const most = Math.min(attempts, rule.attempts ?? attempts);
    if (rule.action === 'stop') {
      expect([result.kind, stop.signal.aborted, sent.length]).toEqual(['stopped', true, 1]);
    } else if (rule.action === 'fail' || rule.action === 'unknown') {
      const kind = rule.action === 'fail' ? 'failed' : 'unknown';
      expect(result).toMatchObject({ kind, code: rule.code, attempts: 1, isRefusal: rule.refusal === true });
      expect(sent).toHaveLength(1);
    } else if (!rule.counts) {
      // It costs no attempt, so an outage or too many in a row end the run.
      expect([result.kind, stop.reason]).toMatchObject(['stopped', { error: { code: 'outage' } }]);
    } else if (result.kind === 'stopped') {
      expect(rule.stop).toBeDefined();
      expect(sent.length).toBe(Math.min(rule.stopAfter ?? most, most));
    } else {
      expect(result).toMatchObject({ kind: rule.spent, code: rule.code, attempts: most, isRefusal: false });
      expect(sent).toHaveLength(most);
    }
  });
});

describe('a request is sent again', () => {
  it('after a backoff that doubles, when the server did not accept it', async () => {
    const { run, delays } = stage({ attempts: 4 });
    await run(...times(3, 'status_408'), success);
    expect(delays()).toEqual([500, 1000, 2000]);
  });

  it('after at least 2 s and growing, when the server may have accepted it', async () => {
    const { run, delays } = stage({ attempts: 4 });
    await run(...times(3, 'status_5xx'), success);
    expect(delays()).toEqual([2500, 5000, 10_000]);
  });

  it('at once and on a fresh socket, when an idle connection had been closed', async () => {
    const { run, delays, sent } = stage();
    expect(await run(failure('reset_idle'), success)).toMatchObject({ kind: 'succeeded', attempts: 2 });
    expect(delays()).toEqual([0]);
    expect(sent.map(({ onFreshSocket }) => onFreshSocket)).toEqual([false, true]);
  });

  it('on a kept connection after another failure', async () => {
    const { run, sent } = stage();
    await run(failure('reset_idle'), failure('status_408'), success);
    expect(sent.map(({ onFreshSocket }) => onFreshSocket)).toEqual([false, true, false]);
  });

  it('without a limit, when nothing left this machine', async () => {
    const { run, sent } = stage({ attempts: 1 });
    const result = await run(...times(4, 'connect_refused'), success);
    expect(result).toMatchObject({ kind: 'succeeded', attempts: 1 });
    expect(sent).toHaveLength(5);
  });
});

describe('a result', () => {
  it('counts only attempts that count', async () => {
    const { run } = stage();
    const script = [failure('connect_refused'), failure('status_408'), failure('status_429', { retryAfterMs: 1000 })];
    expect(await run(...script, success)).toMatchObject({ kind: 'succeeded', attempts: 2 });
  });

  it('quotes the server with the values of the row masked', async () => {
    const { run } = stage();
    const result = await run(failure('status_400', { reason: 'JANE@example.com is taken' }));
    expect(result).toMatchObject({ kind: 'failed', detail: '*** is taken', status: 400 });
  });

  it('reports what happened when the server did not answer', async () => {
    const { run } = stage({ attempts: 1, answeredBefore: { succeeded: 1, refused: 0 } });
    const result = await run(failure('reset_fresh', { reason: 'ECONNRESET' }));
    expect(result).toMatchObject({ kind: 'unknown', status: undefined, detail: faultTable.reset_fresh.says });
  });
});

describe('a pause that the server asks for', () => {
  it('holds back all requests, costs no attempt and is in the events', async () => {
    const { clock, start, sent, events } = stage({ attempts: 1 });
    const throttled = start('throttled', failure('status_429', { retryAfterMs: 5000 }), success);
    await clock.advance(latency);
    const other = start('other', success);
    await clock.advance(4999);
    expect(sent.map(({ name }) => name)).toEqual(['throttled']);
    await clock.advance(10_000);
    expect(sent.map(({ name }) => name).toSorted()).toEqual(['other', 'throttled', 'throttled']);
    expect([throttled.result?.kind, other.result?.kind]).toEqual(['succeeded', 'succeeded']);
    expect(events).toEqual([
      { type: 'paused', event: 'status_429', ms: 5000 },
      { type: 'retrying', row: 7, event: 'status_429', status: 429, delayMs: 0 },
    ]);
  });

  it('holds the others back also when its own request is not sent again', async () => {
    const { clock, start, sent } = stage({ attempts: 1, answeredBefore: { succeeded: 1, refused: 0 } });
    const spent = start('spent', failure('status_503_retry_after', { retryAfterMs: 5000 }));
    await clock.advance(latency);
    expect(spent.result?.kind).toBe('failed');
    start('other', success);
    await clock.advance(4999);
    expect(sent.map(({ name }) => name)).toEqual(['spent']);
    await clock.advance(1);
    expect(sent).toHaveLength(2);
  });
});

describe('five server faults in a row', () => {
  it('leave one request to probe, and probes cost no attempts', async () => {
    const { run, sent, events } = stage({ attempts: 6 });
    expect(await run(...times(9, 'reset_fresh'), success)).toMatchObject({ kind: 'succeeded', attempts: 6 });
    expect(sent).toHaveLength(10);
    expect(events.filter(({ type }) => type.startsWith('outage')).map(({ type }) => type)).toEqual([
      'outage_began',
      'outage_ended',
    ]);
  });

  it('hold back all other requests until the probe is answered', async () => {
    const { clock, start, sent } = stage({ attempts: 10 });
    const probing = start('probing', ...times(5, 'connect_refused'), success);
    while (sent.length < 5) await clock.advance(100);
    await clock.advance(latency);
    const others = [1, 2, 3].map((nth) => start(`other ${nth}`, success));
    await settled();
    expect(sent).toHaveLength(5);
    await clock.advance(60_000);
    expect([probing, ...others].map(({ result }) => result?.kind)).toEqual(Array(4).fill('succeeded'));
  });

  it('also hold back requests that had already got their turn and wait for a slot', async () => {
    const { clock, start, sent } = stage({ concurrency: 2 });
    for (let nth = 0; nth < 20; nth += 1) start(String(nth), failure('connect_refused'));
    await clock.advance(10 * latency);
    // The fifth fault comes while the sixth request is in flight.
    expect(sent).toHaveLength(6);
  });

  it('stop the run with exit code 3 when the longest outage is over', async () => {
    const { run, stop, clock } = stage({ attempts: 10, maxOutage: 60_000 });
    expect(await run(failure('connect_refused'))).toEqual({ kind: 'stopped' });
    expect(stop.reason).toMatchObject({ kind: 'error', error: { code: 'outage' } });
    expect(clock.sleepers).toBe(0);
  });
});

describe('requests in flight', () => {
  it('never exceed the concurrency', async () => {
    const { clock, start, flight } = stage({ concurrency: 3 });
    const all = Array.from({ length: 50 }, (_, nth) => start(String(nth), success));
    await clock.advance(50 * latency);
    expect(flight.most).toBe(3);
    expect(all.every(({ result }) => result?.kind === 'succeeded')).toBe(true);
  });

  it('decrease when the server is overloaded', async () => {
    const { clock, start, sent, flight } = stage({ concurrency: 10, attempts: 100 });
    start('slow', failure('answer_timeout'), success);
    await clock.advance(latency);
    for (let nth = 0; nth < 50; nth += 1) start(String(nth), success);
    await settled();
    expect(flight.now).toBe(7);
    await clock.advance(60_000);
    expect(sent).toHaveLength(52);
  });

  it('do not include those that wait to be sent again', async () => {
    const { clock, start } = stage({ concurrency: 1 });
    const waiting = start('waiting', failure('status_5xx'), success);
    await clock.advance(latency);
    const other = start('other', success);
    await clock.advance(latency);
    expect([waiting.result, other.result?.kind]).toEqual([undefined, 'succeeded']);
  });
});

describe('a stop', () => {
  it('quotes the server with the values of the row masked', async () => {
    const { run, stop } = stage();
    expect(await run(failure('status_401', { reason: 'no access for jane@example.com' }))).toEqual({ kind: 'stopped' });
    const message = stop.reason?.kind === 'error' ? stop.reason.error.message : '';
    expect(message).toContain('no access for ***');
  });

  it('ends waiting requests at once, and waits for the answers of those in flight', async () => {
    const { clock, start, stop, sent } = stage({ concurrency: 2 });
    const delayed = start('delayed', failure('status_5xx'), success);
    await clock.advance(latency);
    const [first, second, queued] = ['first', 'second', 'queued'].map((name) => start(name, success));
    await settled();
    stop.request({ kind: 'signal', signal: 'SIGINT' });
    await settled();
    expect(delayed.result).toEqual({ kind: 'stopped' });
    await clock.advance(latency);
    expect([first?.result?.kind, second?.result?.kind]).toEqual(['succeeded', 'succeeded']);
    expect(queued?.result).toEqual({ kind: 'stopped' });
    expect(sent.map(({ name }) => name)).toEqual(['delayed', 'first', 'second']);
    expect(clock.sleepers).toBe(0);
  });

  it('leaves a request open whose answer did not arrive in time: its failure proves nothing', async () => {
    const { clock, start, stop, runner } = stage();
    const request = start('abandoned', failure('status_400'));
    await settled();
    stop.request({ kind: 'signal', signal: 'SIGINT' });
    stop.abandonRequests();
    await clock.advance(latency);
    expect(request.result).toEqual({ kind: 'stopped' });
    expect(runner.health.isOut).toBe(false);
  });

  it('keeps a success that arrived anyway', async () => {
    const { clock, start, stop } = stage();
    const request = start('late', success);
    await settled();
    stop.request({ kind: 'signal', signal: 'SIGINT' });
    stop.abandonRequests();
    await clock.advance(latency);
    expect(request.result?.kind).toBe('succeeded');
  });
});

it('every attempt waits for the rate, also when a request is sent again', async () => {
  const { clock, start, sent } = stage({}, 2);
  for (let nth = 0; nth < 3; nth += 1) start(String(nth), failure('reset_idle'), success);
  await clock.advance(10_000);
  const gaps = sent.slice(1).map(({ at }, nth) => at - (sent[nth]?.at ?? 0));
  expect(gaps).toHaveLength(5);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(490);
});

it('too many open files on this machine: tried again at a slower and slower pace, without a limit', async () => {
  const { run, sent, delays } = stage({ attempts: 1 });
  expect(await run(...times(50, 'too_many_files'), success)).toMatchObject({ kind: 'succeeded', attempts: 1 });
  expect(sent).toHaveLength(51);
  expect(Math.max(...delays())).toBe(15_000);
});
