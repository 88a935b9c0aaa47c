import { describe, expect, it } from 'vitest';
import { faultTable } from '../../../../src/core/api/fault-table.ts';
import type { FaultEvent, FaultRule } from '../../../../src/core/api/fault-table.ts';
import { exitCodeOf } from '../../../../src/core/outcome/exit-codes.ts';
import { createStopRules } from '../../../../src/run/requests/health/stop-rules.ts';
import type { StopRules } from '../../../../src/run/requests/health/stop-rules.ts';
import { fakeClock } from '../../../flow/fake-clock.ts';
import { failure } from './failure.ts';

const fresh = (hadSuccess = true): StopRules => createStopRules(fakeClock(), hadSuccess);
const events = Object.entries(faultTable) as [FaultEvent, FaultRule][];
const hour = 3_600_000;

/** How many failures of one kind in a row stop the run, and with which code; undefined when 200 do not. */
function stopsAfter(event: FaultEvent, rules = fresh()): [number, string] | undefined {
  for (let nth = 1; nth <= 200; nth += 1) {
    const error = rules.errorAfter(failure(event), false);
    if (error !== undefined) return [nth, error.code];
  }
  return undefined;
}

describe('a single answer that stops the run', () => {
  const stopping = events.filter(([, rule]) => rule.action === 'stop');

  it.each(stopping.map(([event]) => event))('%s, at once and also after a success', (event) => {
    expect(stopsAfter(event)?.[0]).toBe(1);
  });

  it.each([
    ['status_401', 'credentials_refused', 3],
    ['status_403_first', 'credentials_refused', 3],
    ['status_404', 'server_refuses', 3],
    ['redirect', 'server_refuses', 3],
    ['tls_failed', 'server_refuses', 3],
  ] as const)('%s as %s, exit %i', (event, code, exit) => {
    const error = fresh().errorAfter(failure(event), false);
    expect([error?.code, exitCodeOf(error?.code ?? 'bug')]).toEqual([code, exit]);
    expect(error?.hint).toBeDefined();
  });
});

describe('before any success, wrong settings stop the run with exit 2', () => {
  it.each(['host_not_found', 'tls_failed', 'proxy_refused'] as const)('%s', (event) => {
    expect(stopsAfter(event, fresh(false))).toEqual([1, 'unreachable']);
    expect(exitCodeOf('unreachable')).toBe(2);
  });

  it.each(['host_not_found', 'proxy_refused'] as const)('but not after a success: %s', (event) => {
    const rules = fresh(false);
    rules.succeeded();
    expect(stopsAfter(event, rules)).toBeUndefined();
  });
});

describe('this many in a row stop the run', () => {
  it.each([
    ['status_403', 5, 'server_refuses'],
    ['status_4xx', 20, 'server_refuses'],
    ['ok_not_json', 5, 'server_refuses'],
    ['headers_too_large', 3, 'server_refuses'],
    ['status_429', 51, 'try_later'],
    ['status_503_retry_after', 51, 'try_later'],
  ] as const)('%s: %i, as %s', (event, count, code) => {
    expect(stopsAfter(event)).toEqual([count, code]);
  });

  it('a success or another failure starts the count over', () => {
    for (const between of [undefined, 'status_400'] as const) {
      const rules = fresh();
      for (let round = 0; round < 3; round += 1) {
        for (let nth = 0; nth < 4; nth += 1) expect(rules.errorAfter(failure('status_403'), false)).toBeUndefined();
        if (between === undefined) rules.succeeded();
        else rules.errorAfter(failure(between), false);
      }
    }
  });
});

describe('a request without attempts left', () => {
  it('stops the run when it was misdirected (421)', () => {
    expect(fresh().errorAfter(failure('status_421'), false)).toBeUndefined();
    expect(fresh().errorAfter(failure('status_421'), true)?.code).toBe('server_refuses');
  });

  it.each(['status_5xx', 'reset_fresh', 'status_408', 'status_400', 'ok_without_id', 'status_403'] as const)(
    'otherwise concerns only its row: %s',
    (event) => expect(fresh().errorAfter(failure(event), true)).toBeUndefined(),
  );
});

describe('a wait that the server asks for', () => {
  it.each(['status_429', 'status_503_retry_after'] as const)('of more than an hour stops the run: %s', (event) => {
    expect(fresh().errorAfter(failure(event, { retryAfterMs: hour }), false)).toBeUndefined();
    expect(fresh().errorAfter(failure(event, { retryAfterMs: hour + 1000 }), false)?.code).toBe('try_later');
    expect(fresh().errorAfter(failure(event, { retryAfterMs: Infinity }), false)?.code).toBe('try_later');
    expect(exitCodeOf('try_later')).toBe(75);
  });

  it('has no meaning with other answers', () => {
    expect(fresh().errorAfter(failure('status_5xx', { retryAfterMs: 2 * hour }), false)).toBeUndefined();
  });
});

it('no other failure stops a run, however often it occurs', () => {
  const others = events.filter(([, rule]) => rule.action !== 'stop' && rule.stopAfter === undefined);
  for (const [event] of others) expect([event, stopsAfter(event)]).toEqual([event, undefined]);
});
