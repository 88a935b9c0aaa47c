import { describe, expect, it } from 'vitest';
import { createCircuitBreaker } from '../../../../src/run/requests/health/circuit-breaker.ts';
import { fakeClock, settled } from '../../../flow/fake-clock.ts';

const never = new AbortController().signal;

function breaker(maxOutage = 600_000) {
  const clock = fakeClock();
  const events: string[] = [];
  const circuit = createCircuitBreaker({
    clock,
    maxOutage,
    onOpen: () => events.push('open'),
    onClose: (ms) => events.push(`closed after ${ms}`),
  });
  const faults = (count: number): void => {
    for (let nth = 0; nth < count; nth += 1) circuit.ended('attempt', 'fault');
  };
  /** Asks for a permit, and records when it came. */
  const asks = (signal = never) => {
    const asked = { got: undefined as string | undefined, at: 0 };
    void circuit.admit(signal).then((permit) => Object.assign(asked, { got: permit, at: clock.monotonic() }));
    return asked;
  };
  return { clock, circuit, events, faults, asks };
}

describe('the circuit opens', () => {
  it('after 5 server faults in a row, not after 4', () => {
    const { circuit, faults, events } = breaker();
    faults(4);
    expect(circuit.isOpen).toBe(false);
    faults(1);
    expect(circuit.isOpen).toBe(true);
    faults(3);
    expect(events).toEqual(['open']);
  });

  it('not when any answer comes between them', () => {
    const { circuit, faults } = breaker();
    faults(4);
    circuit.ended('attempt', 'answer');
    faults(4);
    expect(circuit.isOpen).toBe(false);
  });

  it('also when a failure that is neither an answer nor a server fault comes between them', () => {
    const { circuit, faults } = breaker();
    faults(4);
    circuit.ended('attempt', 'neither');
    faults(1);
    expect(circuit.isOpen).toBe(true);
  });
});

it('a closed circuit admits attempts at once', async () => {
  const { circuit } = breaker();
  expect(await circuit.admit(never)).toBe('attempt');
});

describe('an open circuit', () => {
  it('admits one probe at a time, with gaps that double from 1 s to 30 s', async () => {
    const { clock, circuit, faults, asks } = breaker();
    faults(5);
    const gaps: number[] = [];
    let [probe, other] = [asks(), asks()];
    for (let nth = 0; nth < 8; nth += 1) {
      const start = clock.monotonic();
      while (probe.got === undefined) await clock.advance(1000);
      expect([probe.got, other.got]).toEqual(['probe', undefined]);
      gaps.push(probe.at - start);
      circuit.ended('probe', 'fault');
      await settled();
      [probe, other] = [other, asks()];
    }
    expect(gaps).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('closes with the answer to a probe and admits all waiting attempts', async () => {
    const { clock, circuit, faults, asks, events } = breaker();
    faults(5);
    const waiting = [asks(), asks(), asks()];
    await clock.advance(1000);
    expect(waiting.map(({ got }) => got)).toEqual(['probe', undefined, undefined]);
    circuit.ended('probe', 'answer');
    await settled();
    expect(waiting.map(({ got }) => got)).toEqual(['probe', 'attempt', 'attempt']);
    expect(events).toEqual(['open', 'closed after 1000']);
    expect(clock.sleepers).toBe(0);
  });

  it('closes with a late answer to an attempt too', async () => {
    const { clock, circuit, faults, asks } = breaker();
    faults(5);
    const [first, second] = [asks(), asks()];
    await settled();
    circuit.ended('attempt', 'answer');
    await clock.advance(1000);
    expect([circuit.isOpen, second.got]).toEqual([false, 'attempt']);
    expect(first.got).toBe('probe');
  });

  it('starts the gaps over in the next outage', async () => {
    const { clock, circuit, faults, asks } = breaker();
    faults(5);
    for (let nth = 0; nth < 4; nth += 1) {
      asks();
      await clock.advance(30_000);
      circuit.ended('probe', nth < 3 ? 'fault' : 'answer');
    }
    faults(5);
    const start = clock.monotonic();
    const probe = asks();
    await clock.advance(30_000);
    expect(probe.at - start).toBe(1000);
  });

  it('lets another request probe when a probe got neither an answer nor a server fault', async () => {
    const { clock, circuit, faults, asks } = breaker();
    faults(5);
    const [first, second] = [asks(), asks()];
    await clock.advance(1000);
    expect(first.got).toBe('probe');
    circuit.ended('probe', 'neither');
    await clock.advance(2000);
    expect(second.got).toBe('probe');
  });
});

describe('the end of an outage', () => {
  it('comes when it has lasted for the longest outage, counted from its first fault', async () => {
    const { clock, circuit, faults, asks } = breaker(10_000);
    faults(1);
    await clock.advance(4000);
    faults(4);
    const first = asks();
    await clock.advance(1000);
    expect(first.got).toBe('probe');
    circuit.ended('probe', 'fault');
    const second = asks();
    await clock.advance(2000);
    expect(second.got).toBe('probe');
    circuit.ended('probe', 'fault');
    // The next gap would be 4 s, but the outage has only 3 s left.
    const last = asks();
    await clock.advance(2999);
    expect(last.got).toBeUndefined();
    await clock.advance(1);
    expect(last.got).toBe('expired');
  });

  it('comes after a bounded number of probes', async () => {
    const { clock, circuit, faults } = breaker(600_000);
    faults(5);
    let probes = 0;
    let isExpired = false;
    const probe = async (): Promise<void> => {
      for (;;) {
        if ((await circuit.admit(never)) === 'expired') break;
        probes += 1;
        circuit.ended('probe', 'fault');
      }
      isExpired = true;
    };
    void probe();
    await clock.advance(599_999);
    expect(isExpired).toBe(false);
    await clock.advance(1);
    expect(isExpired).toBe(true);
    // 1 + 2 + 4 + 8 + 16 s, then one every 30 s.
    expect(probes).toBe(5 + Math.floor((600 - 31) / 30));
  });
});

it('an abort wakes all waiting attempts and leaves no timer', async () => {
  const { clock, faults, asks } = breaker();
  const controller = new AbortController();
  faults(5);
  const waiting = [asks(controller.signal), asks(controller.signal)];
  await settled();
  controller.abort();
  await settled();
  expect(waiting.every(({ got }) => got !== undefined)).toBe(true);
  expect(clock.sleepers).toBe(0);
});
