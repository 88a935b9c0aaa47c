import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Mapping } from '../../../src/core/mapping/schema.ts';
import { RunError } from '../../../src/core/outcome/run-error.ts';
import { openLedger, undecided } from '../../../src/ledger/ledger.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { createStop } from '../../../src/run/events.ts';
import type { RunEvent } from '../../../src/run/events.ts';
import { createRunHealth } from '../../../src/run/requests/health/run-health.ts';
import type { AnsweredRows } from '../../../src/run/requests/health/run-health.ts';
import { sendPass } from '../../../src/run/send/send-pass.ts';
import type { SendInput } from '../../../src/run/send/send-pass.ts';
import type { RowRequest, RowResult } from '../../../src/run/send/send-row.ts';
import { fakeClock, settled } from '../../flow/fake-clock.ts';
import { newFile } from '../../ledger/folder.ts';
import { fileOf, mapperOf, people, peopleMapping } from './people.ts';

const run = 1;
const succeeded: RowResult = { kind: 'succeeded', value: 'an-id', attempts: 1, status: 200 };
const refused: RowResult = {
  kind: 'failed',
  code: 'refused',
  attempts: 1,
  status: 400,
  detail: 'no',
  isRefusal: true,
};

interface Options {
  readonly people: readonly string[];
  readonly sendRow: (request: RowRequest) => Promise<RowResult> | RowResult;
  readonly ledger?: Ledger;
  readonly mapping?: Mapping;
  readonly answeredBefore?: AnsweredRows;
  readonly input?: Partial<SendInput>;
}

async function newLedger(): Promise<Ledger> {
  const ledger = openLedger(await newFile());
  onTestFinished(() => ledger.close());
  return ledger;
}

/** A send pass over these people, with a counter of rows that were mapped and a list of rows that were sent. */
async function pass(options: Options) {
  const ledger = options.ledger ?? (await newLedger());
  const clock = fakeClock();
  const stop = createStop();
  const events: RunEvent[] = [];
  const sent: number[] = [];
  const seen = { mapped: 0 };
  const compiled = mapperOf(options.mapping);
  const map = Object.assign((cells: readonly string[]) => ((seen.mapped += 1), compiled(cells)), {
    trace: compiled.trace,
  });
  const { answeredBefore = { succeeded: 0, refused: 0 } } = options;
  const emit = (event: RunEvent): void => void events.push(event);
  const input: SendInput = {
    csv: fileOf(options.people),
    map,
    ledger,
    run,
    traceOf: undefined,
    sendRow: async (request) => {
      sent.push(request.row);
      return options.sendRow(request);
    },
    expectsDocumented: false,
    health: createRunHealth({ clock, waits: clock, emit, maxOutage: 60_000, answeredBefore }),
    concurrency: 4,
    hasWaited: false,
    logValues: false,
    stop,
    emit,
    ...options.input,
  };
  return { ledger, stop, events, sent, seen, done: sendPass(input) };
}
const outcomes = (ledger: Ledger): (readonly [number, string, string | undefined])[] => {
  ledger.flush();
  return ledger.rowsAfter(run, 0, 10_000).map(({ row, outcome, code }) => [row, outcome, code] as const);
};

describe('the window of rows in progress', () => {
  it('contains one row until the first success', async () => {
    let answer!: (result: RowResult) => void;
    const { sent, seen, done } = await pass({
      people: people(50),
      sendRow: async () =>
        sent.length === 1 ? new Promise((resolve) => (answer = resolve)) : Promise.resolve(succeeded),
    });
    await settled();
    await settled();
    expect([sent, seen.mapped]).toEqual([[2], 1]);
    answer(succeeded);
    expect(await done).toBe(true);
    expect(sent).toHaveLength(50);
  });

  it('stays at one row while rows are refused', async () => {
    let [now, most] = [0, 0];
    const { done } = await pass({
      people: people(19),
      sendRow: async () => {
        most = Math.max(most, (now += 1));
        await settled();
        now -= 1;
        return refused;
      },
    });
    expect([await done, most]).toEqual([true, 1]);
  });

  it('then contains 4 rows per slot, however long the file is, and no more are read ahead', async () => {
    const waiting: (() => void)[] = [];
    const { sent, seen, done } = await pass({
      people: people(5000),
      sendRow: async () =>
        sent.length === 1
          ? Promise.resolve(succeeded)
          : new Promise((resolve) => waiting.push(() => resolve(succeeded))),
    });
    for (let nth = 0; nth < 20; nth += 1) await settled();
    expect([waiting.length, seen.mapped]).toEqual([16, 17]);
    waiting.shift()?.();
    for (let nth = 0; nth < 20; nth += 1) await settled();
    expect([waiting.length, seen.mapped]).toEqual([16, 18]);
    const drain = setInterval(() => waiting.splice(0).forEach((end) => end()), 0);
    expect(await done).toBe(true);
    clearInterval(drain);
    expect(seen.mapped).toBe(5000);
  });

  it('is wide from the start when an earlier part of the run had a success', async () => {
    const ledger = await newLedger();
    ledger.book(run, { ...undecided, row: 2, outcome: 'succeeded', id: 'x' });
    ledger.flush();
    const waiting: (() => void)[] = [];
    const { sent, done } = await pass({
      people: people(30),
      ledger,
      sendRow: async () => new Promise((resolve) => waiting.push(() => resolve(succeeded))),
    });
    for (let nth = 0; nth < 5; nth += 1) await settled();
    expect(sent).toHaveLength(16);
    const drain = setInterval(() => waiting.splice(0).forEach((end) => end()), 0);
    await done;
    clearInterval(drain);
    expect(sent).toHaveLength(29);
  });

  it('waits for listeners that are behind', async () => {
    let catchUp!: () => void;
    const { sent, done } = await pass({
      people: people(3),
      sendRow: () => succeeded,
      input: { keptUp: async () => new Promise((resolve) => (catchUp = resolve)) },
    });
    for (let nth = 0; nth < 3; nth += 1) {
      await settled();
      expect(sent).toHaveLength(nth);
      catchUp();
      await settled();
    }
    expect(await done).toBe(true);
  });
});

describe('rows of one person', () => {
  it('are never in flight together and are sent in file order; rows of others overtake them', async () => {
    const anyone = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const property = fc.asyncProperty(
      fc.array(anyone, { maxLength: 60 }),
      fc.infiniteStream(fc.nat(4)),
      async (file, delay) => {
        const inFlight = new Set<string>();
        const ended: string[] = [];
        const { done, sent } = await pass({
          people: file,
          sendRow: async ({ row }) => {
            const person = file[row - 2] ?? '';
            expect(inFlight.has(person)).toBe(false);
            inFlight.add(person);
            for (let ticks = delay.next().value ?? 0; ticks > 0; ticks -= 1) await settled();
            inFlight.delete(person);
            ended.push(person);
            return succeeded;
          },
        });
        expect(await done).toBe(true);
        for (const person of new Set(file)) {
          const rows = sent.filter((row) => file[row - 2] === person);
          expect(rows).toEqual(rows.toSorted((a, b) => a - b));
        }
        expect(ended.toSorted()).toEqual(file.toSorted());
      },
    );
    await fc.assert(property, { numRuns: 30 });
  });

  it('wait without delaying the others', async () => {
    let end!: (result: RowResult) => void;
    const { sent, done } = await pass({
      people: ['first', 'slow', 'slow', 'other', 'another'],
      sendRow: async ({ row }) => (row === 3 ? new Promise((resolve) => (end = resolve)) : Promise.resolve(succeeded)),
    });
    for (let nth = 0; nth < 5; nth += 1) await settled();
    expect(sent).toEqual([2, 3, 5, 6]);
    end(succeeded);
    await done;
    expect(sent).toEqual([2, 3, 5, 6, 4]);
  });
});

describe('results', () => {
  it('are stored with their rows and emitted as events, without personal data unless asked', async () => {
    const unknown: RowResult = { ...refused, kind: 'unknown', code: 'fate_unknown', isRefusal: false, attempts: 3 };
    const results = [succeeded, unknown];
    const one = await pass({ people: people(2), sendRow: ({ row }) => results[row - 2] ?? succeeded });
    expect(await one.done).toBe(true);
    one.ledger.flush();
    expect(one.ledger.rowsAfter(run, 0, 10)).toMatchObject([
      { row: 2, outcome: 'succeeded', id: 'an-id', attempts: 1, status: 200, provisional: false },
      { row: 3, outcome: 'unknown', code: 'fate_unknown', attempts: 3, status: 400, detail: 'no', provisional: false },
    ]);
    expect(one.events).toEqual([
      { type: 'row_ended', row: 2, outcome: 'succeeded', code: undefined, attempts: 1 },
      { type: 'row_ended', row: 3, outcome: 'unknown', code: 'fate_unknown', attempts: 3 },
    ]);
    const shown = await pass({ people: people(1), sendRow: () => succeeded, input: { logValues: true } });
    await shown.done;
    expect(shown.events).toMatchObject([{ contact: { user_id: 'p0', first_name: 'First p0' } }]);
  });

  it('rows that have an outcome are not sent again', async () => {
    const ledger = await newLedger();
    for (const [row, outcome] of [
      [2, 'failed'],
      [3, 'skipped'],
      [4, 'unknown'],
      [5, 'succeeded'],
      [6, 'pending'],
    ] as const)
      ledger.decide(run, { ...undecided, row, outcome, attempts: 1 });
    ledger.decideUnchanged(run, { first: 8, last: 9, rows: 2 });
    ledger.flush();
    const { sent, done } = await pass({ people: people(10), ledger, sendRow: () => succeeded });
    expect(await done).toBe(true);
    expect(sent).toEqual([6, 7, 10, 11]);
    // Attempts of the parts before a resume count too.
    ledger.flush();
    expect(ledger.rowsAfter(run, 5, 1)).toMatchObject([{ row: 6, attempts: 2 }]);
  });
});

describe('refused rows', () => {
  it('are provisional, and 20 without a success stop the run', async () => {
    const { ledger, stop, sent, done } = await pass({ people: people(30), sendRow: () => refused });
    expect(await done).toBe(false);
    expect(stop.reason).toMatchObject({ kind: 'error', error: { code: 'server_refuses' } });
    ledger.flush();
    expect([sent.length, ledger.countProvisional(run)]).toEqual([20, 20]);
  });

  it('become final when 100 rows are answered', async () => {
    const sendRow = ({ row }: RowRequest): RowResult => (row % 10 === 0 ? refused : succeeded);
    const before = await pass({ people: people(98), sendRow });
    await before.done;
    before.ledger.flush();
    expect(before.ledger.countProvisional(run)).toBe(9);
    const after = await pass({ people: people(125), sendRow });
    await after.done;
    after.ledger.flush();
    expect(after.ledger.countProvisional(run)).toBe(0);
    expect(outcomes(after.ledger).filter(([, outcome]) => outcome === 'failed')).toHaveLength(12);
  });
});

describe('rows that were left by the last run', () => {
  it('are sent first, and every row is sent once', async () => {
    const ledger = await newLedger();
    for (const row of [5, 9]) ledger.decide(run, { ...undecided, row, goesFirst: true });
    ledger.flush();
    const { sent, done } = await pass({
      people: people(10),
      ledger,
      sendRow: () => succeeded,
      input: { hasWaited: true },
    });
    expect(await done).toBe(true);
    expect(sent).toEqual([5, 9, 2, 3, 4, 6, 7, 8, 10, 11]);
  });
});

describe('rows with two requests', () => {
  const twoTags: Mapping = {
    ...peopleMapping,
    fields: { ...peopleMapping.fields, tags: { add: [{ value: 'new' }], remove: [{ value: 'old' }] } },
  };

  it('are stored as pending and partly applied between the two', async () => {
    const { ledger, done } = await pass({
      people: people(1),
      mapping: twoTags,
      sendRow: ({ contacts, applied, onApplied }) => {
        expect([contacts.length, applied]).toEqual([2, 0]);
        onApplied(1);
        return { kind: 'stopped' };
      },
    });
    expect(await done).toBe(false);
    ledger.flush();
    expect(ledger.rowsAfter(run, 0, 10)).toMatchObject([{ row: 2, outcome: 'pending', applied: 1, attempts: 1 }]);
  });

  it('continue with the second after a resume', async () => {
    const ledger = await newLedger();
    ledger.decide(run, { ...undecided, row: 2, applied: 1, attempts: 1 });
    ledger.flush();
    const applied: number[] = [];
    const { done } = await pass({
      people: people(2),
      mapping: twoTags,
      ledger,
      sendRow: (request) => {
        applied.push(request.applied);
        return succeeded;
      },
    });
    await done;
    expect(applied).toEqual([1, 0]);
  });
});

describe('a stop', () => {
  it('reads no more rows, waits for those in flight and leaves the rest pending', async () => {
    const waiting: (() => void)[] = [];
    const { ledger, stop, sent, done } = await pass({
      people: people(100),
      sendRow: async () =>
        sent.length < 3 ? Promise.resolve(succeeded) : new Promise((resolve) => waiting.push(() => resolve(succeeded))),
    });
    for (let nth = 0; nth < 10; nth += 1) await settled();
    stop.request({ kind: 'signal', signal: 'SIGINT' });
    const before = sent.length;
    let isDone = false;
    void done.then(() => (isDone = true));
    await settled();
    expect(isDone).toBe(false);
    for (const end of waiting) end();
    expect(await done).toBe(false);
    expect(sent).toHaveLength(before);
    expect(outcomes(ledger)).toHaveLength(before);
  });

  it('follows a bug in a request, and nothing hangs', async () => {
    const { stop, done } = await pass({
      people: people(5),
      sendRow: () => {
        throw new TypeError('a bug');
      },
    });
    expect(await done).toBe(false);
    expect(stop.reason).toMatchObject({ kind: 'error', error: { code: 'bug' } });
  });

  it('follows a bug in the mapping of a row, and nothing hangs', async () => {
    const { stop, done } = await pass({
      people: people(5),
      sendRow: () => succeeded,
      input: {
        map: Object.assign(
          () => {
            throw new TypeError('a bug');
          },
          { trace: () => [] },
        ),
      },
    });
    expect(await done).toBe(false);
    expect(stop.reason).toMatchObject({ kind: 'error', error: { code: 'bug' } });
  });

  it('follows a ledger that cannot be written', async () => {
    const ledger = await newLedger();
    const { stop, done } = await pass({
      people: people(5),
      sendRow: () => succeeded,
      ledger: {
        ...ledger,
        book: () => {
          throw new RunError('not_writable', 'The disk is full');
        },
      },
    });
    expect(await done).toBe(false);
    expect(stop.reason).toMatchObject({ kind: 'error', error: { code: 'not_writable' } });
  });
});
