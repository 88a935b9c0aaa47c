import { describe, expect, it } from 'vitest';
import type { FaultEvent } from '../../../../src/core/api/fault-table.ts';
import { RunError } from '../../../../src/core/outcome/run-error.ts';
import type { RunEvent } from '../../../../src/run/events.ts';
import { createRunHealth } from '../../../../src/run/requests/health/run-health.ts';
import type { RunHealthOptions, HealthDecision } from '../../../../src/run/requests/health/run-health.ts';
import type { Failure } from '../../../../src/gleantap/client.ts';
import { fakeClock } from '../../../flow/fake-clock.ts';
import { failure } from './failure.ts';

const never = new AbortController().signal;

function machine(change: Partial<RunHealthOptions> = {}) {
  const clock = fakeClock();
  const events: RunEvent[] = [];
  const emit = (event: RunEvent): void => void events.push(event);
  const health = createRunHealth({ clock, waits: clock, emit, maxOutage: 60_000, ...change });
  const fails = (event: FaultEvent, more: Partial<Failure> = {}, isLastAttempt = false): HealthDecision =>
    health.failed('attempt', {
      request: {},
      failure: failure(event, more),
      sentAt: clock.monotonic(),
      isLastAttempt,
      backoff: 500,
    });
  const kinds = (count: number, event: FaultEvent): string[] => Array.from({ length: count }, () => fails(event).kind);
  return { clock, events, health, fails, kinds };
}
const times = (count: number, kind: string): string[] => Array.from({ length: count }, () => kind);

describe('after this answer', () => {
  it('continue: a refused or failed row concerns only the row', () => {
    const { fails } = machine();
    for (const event of ['status_400', 'status_5xx', 'reset_fresh', 'ok_without_id', 'status_408'] as const)
      expect([event, fails(event).kind]).toEqual([event, 'continue']);
  });

  it('pause: the server asks for it', () => {
    const { fails } = machine();
    expect(fails('status_429', { retryAfterMs: 2000 })).toEqual({ kind: 'pause', ms: 2000, isThrottle: true });
    expect(fails('status_503_retry_after', { retryAfterMs: 3000 })).toEqual({
      kind: 'pause',
      ms: 3000,
      isThrottle: false,
    });
  });

  it('pause: also when the request itself is not sent again', () => {
    expect(machine().fails('status_503_retry_after', { retryAfterMs: 3000 }, true).kind).toBe('pause');
  });

  it('probe: the fifth server fault in a row', () => {
    const { kinds, health, events } = machine();
    expect(kinds(6, 'reset_fresh')).toEqual([...times(4, 'continue'), 'probe', 'probe']);
    expect(health.isOut).toBe(true);
    expect(events).toEqual([{ type: 'outage_began' }]);
  });

  it('stop: the keys are refused', () => {
    expect(machine().fails('status_401')).toMatchObject({ kind: 'stop', error: { code: 'credentials_refused' } });
  });

  it('stop comes before pause', () => {
    expect(machine().fails('status_429', { retryAfterMs: Infinity }).kind).toBe('stop');
  });
});

describe('the count of requests without a clear answer', () => {
  it('starts over after a refusal', () => {
    const { kinds, fails } = machine();
    kinds(4, 'connect_refused');
    fails('status_400');
    expect(kinds(4, 'connect_refused')).toEqual(times(4, 'continue'));
  });

  it.each(['status_429', 'status_503_retry_after', 'status_408', 'ok_empty', 'ok_without_id'] as const)(
    'does not start over after an answer that says nothing about the row: %s',
    (event) => {
      const { kinds, fails, health } = machine();
      kinds(4, 'connect_refused');
      fails(event);
      expect(health.isOut).toBe(true);
    },
  );

  it('does not become an outage through one row alone when the server answers it', () => {
    const { health } = machine({ answeredBefore: { succeeded: 1, refused: 0 } });
    const fails = (request: object): void =>
      void health.failed('attempt', {
        request,
        failure: failure('status_408'),
        sentAt: 0,
        isLastAttempt: false,
        backoff: 500,
      });
    const [one, other] = [{}, {}];
    for (let nth = 0; nth < 9; nth += 1) fails(one);
    expect(health.isOut).toBe(false);
    for (let nth = 0; nth < 5; nth += 1) fails(other);
    expect(health.isOut).toBe(true);
  });

  it('counts requests that the server asks to wait at the same time as one', () => {
    const { clock, health } = machine();
    const told = (): void => {
      for (let nth = 0; nth < 8; nth += 1)
        health.failed('attempt', {
          request: {},
          failure: failure('status_429', { retryAfterMs: 1000 }),
          sentAt: clock.monotonic() - 1,
          isLastAttempt: false,
          backoff: 500,
        });
    };
    told();
    expect(health.isOut).toBe(false);
  });

  it('ignores a failure on this side: an idle connection that was closed, too many open files', () => {
    const { kinds, fails } = machine();
    kinds(4, 'connect_refused');
    fails('reset_idle');
    fails('too_many_files');
    expect(kinds(1, 'connect_refused')).toEqual(['probe']);
  });
});

describe('an outage', () => {
  it('ends with an answer to the probe', async () => {
    const { clock, health, kinds, events } = machine();
    kinds(5, 'answer_timeout');
    const permit = health.admit(never);
    await clock.advance(1000);
    expect(await permit).toBe('probe');
    health.succeeded('probe');
    expect(health.isOut).toBe(false);
    expect(events.at(-1)).toEqual({ type: 'outage_ended', ms: 1000 });
    expect(await health.admit(never)).toBe('attempt');
  });

  it('that lasts longer than the longest outage is an error of the run', async () => {
    const { clock, health, kinds } = machine({ maxOutage: 1500 });
    kinds(5, 'answer_timeout');
    const first = health.admit(never);
    await clock.advance(1000);
    expect(await first).toBe('probe');
    health.failed('probe', {
      request: {},
      failure: failure('answer_timeout'),
      sentAt: 0,
      isLastAttempt: false,
      backoff: 500,
    });
    const second = health.admit(never);
    await clock.advance(500);
    const error = await second;
    expect(error).toBeInstanceOf(RunError);
    expect(error).toMatchObject({ code: 'outage' });
  });

  it('uses the clock for waits', async () => {
    const waits = fakeClock();
    const { clock, health, kinds } = machine({ waits });
    kinds(5, 'answer_timeout');
    let got: unknown;
    void health.admit(never).then((permit) => (got = permit));
    await clock.advance(60_000);
    expect(got).toBeUndefined();
    await waits.advance(1000);
    expect(got).toBe('probe');
  });
});

describe('refused rows', () => {
  it('stop the run at the limits, and are provisional until then', () => {
    const { health } = machine();
    const decisions = Array.from({ length: 20 }, () => health.rowRefused('Invalid phone').kind);
    expect(decisions).toEqual([...times(19, 'continue'), 'stop']);
    expect(health.refusalsAreProvisional).toBe(true);
  });

  it('continue the count of a resumed run, and never stop one that ignores the limits', () => {
    const resumed = machine({ answeredBefore: { succeeded: 0, refused: 19 } });
    expect(resumed.health.rowRefused(undefined)).toMatchObject({ kind: 'stop', error: { code: 'server_refuses' } });
    const ignoring = machine({ answeredBefore: { succeeded: 0, refused: 19 }, ignoreRefusals: true });
    expect(ignoring.health.rowRefused(undefined).kind).toBe('continue');
    expect(ignoring.health.refusalsAreProvisional).toBe(false);
  });

  it('are final after 100 answered rows', () => {
    const { health } = machine();
    for (let nth = 0; nth < 99; nth += 1) health.rowSucceeded();
    expect(health.refusalsAreProvisional).toBe(true);
    health.rowRefused(undefined);
    expect(health.refusalsAreProvisional).toBe(false);
  });
});

it('a run that had a success before its resume does not treat a missing host as wrong settings', () => {
  expect(machine().fails('host_not_found')).toMatchObject({ kind: 'stop', error: { code: 'unreachable' } });
  const resumed = machine({ answeredBefore: { succeeded: 1, refused: 0 } });
  expect(resumed.fails('host_not_found').kind).toBe('continue');
});
