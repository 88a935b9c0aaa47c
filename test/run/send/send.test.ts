import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { CheckStats } from '../../../src/run/model.ts';
import { createRateLimiter } from '../../../src/flow/rate-limiter.ts';
import { createClient } from '../../../src/gleantap/client.ts';
import type { Attempt } from '../../../src/gleantap/client.ts';
import { Credentials } from '../../../src/gleantap/credentials.ts';
import { openLedger, undecided } from '../../../src/ledger/ledger.ts';
import { createStop } from '../../../src/run/events.ts';
import type { RunEvent } from '../../../src/run/events.ts';
import { send } from '../../../src/run/send/send.ts';
import type { ImportSetup } from '../../../src/run/setup.ts';
import { fakeClock, settled } from '../../flow/fake-clock.ts';
import { newFile } from '../../ledger/folder.ts';
import { failure } from '../requests/health/failure.ts';
import { fileOf, mapperOf, people, runFile } from './people.ts';
import { success } from '../requests/stage.ts';

interface Options {
  readonly rows: number;
  /** Milliseconds after the start. */
  readonly deadline?: number;
  readonly newContact: (signal: AbortSignal) => Promise<Attempt<string>>;
}

/** A send stage whose rows get the answers in the test. */
async function sending({ rows, deadline, newContact }: Options) {
  const file = await newFile();
  const ledger = openLedger(file);
  onTestFinished(() => ledger.close());
  const clock = fakeClock();
  const stop = createStop();
  const events: RunEvent[] = [];
  const seen = { calls: 0 };
  const { id: run } = ledger.createRun({
    started: runFile.started,
    identity: 'identity',
    inputSha: 'sha',
    account: 'account',
    feed: 'people',
    inputName: 'people.csv',
    out: 'out',
  });
  const check = { read: rows, toSend: rows, failed: 0, skipped: 0, waited: 0 } as CheckStats;
  const context = {
    folder: path.dirname(file),
    file: { ...runFile, run, check },
    ledger,
    csv: fileOf(people(rows)),
    map: mapperOf(),
  };
  const options = {
    rate: 0,
    concurrency: 2,
    timeout: 30_000,
    attempts: 3,
    maxOutage: 60_000,
    logValues: false,
    deadline: deadline === undefined ? undefined : clock.now() + deadline,
  } as ImportSetup['options'];
  const ports = {
    clock,
    waits: clock,
    random: () => 0.5,
    stop,
    emit: (event: RunEvent) => void events.push(event),
    confirm: async () => Promise.resolve({ kind: 'nothing' } as const),
  };
  const credentials = new Credentials({ apiKey: 'k', secretKey: 's', appId: 'a', source: 'test' });
  const transport = { post: async () => Promise.reject(new Error('not used')), close: () => undefined };
  const client = {
    ...createClient(transport, credentials, clock),
    newContact: async (_contact: object, signal: AbortSignal) => {
      seen.calls += 1;
      return newContact(signal);
    },
  };
  const session = { client, limiter: createRateLimiter(0, clock, clock), close: () => undefined };
  const counts = () => {
    ledger.flush();
    return ledger.countRows(run);
  };
  const begin = async () => send(context, { options }, ports, session);
  /** Starts, and returns when the first request is in flight. */
  const underWay = async () => {
    const ended = begin();
    while (seen.calls === 0) await settled();
    return { ended };
  };
  return { clock, stop, events, ledger, run, counts, begin, underWay };
}
const types = (events: readonly RunEvent[]): string[] => events.map(({ type }) => type);

it('sends all rows and returns the outcome', async () => {
  const { begin, counts, events, clock, ledger, run } = await sending({
    rows: 3,
    newContact: async () => Promise.resolve(success),
  });
  const result = await begin();
  expect(result).toMatchObject({ reason: undefined, traffic: { requests: 3, answers: { '200': 3 } } });
  expect(counts()).toMatchObject({ succeeded: 3 });
  expect(types(events)).toEqual(['sending', 'row_ended', 'row_ended', 'row_ended']);
  expect(ledger.findRun(run)?.state).toBe('sending');
  expect(clock.sleepers).toBe(0);
});

it('sends nothing when all rows have an outcome', async () => {
  const { begin, ledger, run } = await sending({ rows: 1, newContact: async () => Promise.reject(new Error('sent')) });
  ledger.book(run, { ...undecided, row: 2, outcome: 'succeeded', id: 'x' });
  ledger.flush();
  expect(await begin()).toMatchObject({ reason: undefined, traffic: { requests: 0 } });
});

it('stops at the deadline, and waits for the answers in flight', async () => {
  const { underWay, counts, clock, events } = await sending({
    rows: 100,
    deadline: 25_000,
    newContact: async () => {
      await clock.sleep(10_000);
      return success;
    },
  });
  const { ended } = await underWay();
  await clock.advance(40_000);
  const { reason } = await ended;
  expect(reason).toMatchObject({ kind: 'error', error: { code: 'deadline' } });
  // One until the first success, then two at a time.
  expect(counts()).toMatchObject({ succeeded: 5 });
  expect(types(events)).toContain('stopping');
  expect(clock.sleepers).toBe(0);
});

it('a deadline that comes when all rows are in flight does not keep the run from finishing', async () => {
  const { underWay, counts, clock } = await sending({
    rows: 1,
    deadline: 5000,
    newContact: async () => {
      await clock.sleep(9000);
      return success;
    },
  });
  const { ended } = await underWay();
  await clock.advance(9000);
  expect(await ended).toMatchObject({ reason: undefined });
  expect(counts()).toMatchObject({ succeeded: 1 });
});

it('abandons requests that are not answered within 10 s of a stop; their rows stay pending', async () => {
  let isAbandoned = false;
  const { underWay, counts, clock, stop } = await sending({
    rows: 5,
    newContact: async (signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          isAbandoned = true;
          resolve(failure('answer_timeout'));
        }),
      ),
  });
  const { ended } = await underWay();
  stop.request({ kind: 'signal', signal: 'SIGINT' });
  await clock.advance(9999);
  expect(isAbandoned).toBe(false);
  await clock.advance(1);
  expect(isAbandoned).toBe(true);
  expect(await ended).toMatchObject({ reason: { kind: 'signal' } });
  expect(counts()).toMatchObject({ succeeded: 0, failed: 0, unknown: 0 });
});
