import { describe, expect, it } from 'vitest';
import { FAULTS, parseFaults } from '../../src/simulator/index.ts';
import type { FaultKind } from '../../src/simulator/index.ts';
import { newContact, newContactSeen, openNewContact, seeAnswer, startSimulator } from './client.ts';
import type { Seen } from './client.ts';

/** What the client sees of each fault; hanging ones have their own test. */
const SEEN: Record<Exclude<FaultKind, 'hang_before' | 'hang_after' | 'slow_body'>, (seen: Seen) => void> = {
  reset_before: isReset,
  reset_after: isReset,
  http_500_before: (seen) => isJson(seen, 500, 'error'),
  http_500_after: (seen) => isJson(seen, 500, 'error'),
  http_502_html: (seen) => isPage(seen, 502),
  http_503: (seen) => {
    isJson(seen, 503, 'error');
    expect(seen.headers['retry-after']).toBeUndefined();
  },
  http_503_retry_after: (seen) => {
    isJson(seen, 503, 'error');
    expect(seen.headers['retry-after']).toBe('1');
  },
  http_429: (seen) => {
    isJson(seen, 429, 'error');
    expect(seen.headers['retry-after']).toBe('1');
  },
  http_400: (seen) => isJson(seen, 400, 'error'),
  http_400_empty: (seen) => expect(seen).toMatchObject({ status: 400, text: '' }),
  ok_without_id: (seen) => {
    isJson(seen, 200, 'success');
    expect(JSON.parse(seen.text)).toEqual({ status: 'success' });
  },
  ok_not_json: (seen) => isPage(seen, 200),
  truncated_body: (seen) => {
    expect(seen).toMatchObject({ status: 200, error: 'ECONNRESET' });
    expect(Number(seen.headers['content-length'])).toBeGreaterThan(seen.text.length);
    expect('{"status":"success","_id":"').toContain(seen.text.slice(0, 20));
  },
  status_error: (seen) => isJson(seen, 200, 'error'),
};

function isReset(seen: Seen): void {
  expect(seen).toEqual({ headers: {}, text: '', error: 'ECONNRESET' });
}

function isJson({ status, headers, text }: Seen, expected: number, word: string): void {
  expect(status).toBe(expected);
  expect(headers['content-type']).toBe('application/json');
  expect(JSON.parse(text)).toMatchObject({ status: word });
  if (word === 'error') expect(JSON.parse(text)).toHaveProperty('message');
}

function isPage({ status, headers, text }: Seen, expected: number): void {
  expect(status).toBe(expected);
  expect(headers['content-type']).toBe('text/html');
  expect(text).toContain('<html>');
}

/** Of 400 people of whom a fifth is refused, those that are served. */
async function servedPeople(seed: number): Promise<number[]> {
  const simulator = await startSimulator({ seed, faults: { http_400: 0.2 } });
  const people = Array.from({ length: 400 }, (_, index) => index);
  const answers = await Promise.all(people.map((index) => newContact(simulator, { user_id: `u${index}` })));
  return people.filter((index) => answers[index]?.status === 200);
}

describe('each fault, from the client side', () => {
  it.each(Object.keys(SEEN) as (keyof typeof SEEN)[])('%s', async (kind) => {
    const simulator = await startSimulator({ faults: { [kind]: 1 } });
    const rule: { takesRow: boolean; lasting?: boolean } = FAULTS[kind];

    SEEN[kind](await newContactSeen(simulator, { user_id: '1' }));
    expect(simulator.contacts()).toHaveLength(rule.takesRow ? 1 : 0);
    expect(simulator.stats().faultsStaged).toEqual({ [kind]: 1 });

    const again = await newContactSeen(simulator, { user_id: '1' });
    if (rule.lasting === true) SEEN[kind](again);
    else isJson(again, 200, 'success');
    expect(simulator.stats().writesAccepted).toBe(rule.lasting === true ? 0 : rule.takesRow ? 2 : 1);
    expect(simulator.stats().contacts).toBe(rule.lasting === true ? 0 : 1);
  });

  it.each(['hang_before', 'hang_after'] as const)('%s, until the client disconnects', async (kind) => {
    const simulator = await startSimulator({ faults: { [kind]: 1 } });
    const outgoing = openNewContact(simulator, { user_id: '1' });
    const answer = seeAnswer(outgoing);
    await expect.poll(() => simulator.stats().faultsStaged).toEqual({ [kind]: 1 });
    expect(simulator.stats()).toMatchObject({ inFlight: 1, writesAccepted: kind === 'hang_after' ? 1 : 0 });
    outgoing.destroy();
    expect(await answer).toMatchObject({ text: '' });
    await expect.poll(() => simulator.stats()).toMatchObject({ inFlight: 0, unanswered: 1 });
    isJson(await newContactSeen(simulator, { user_id: '1' }), 200, 'success');
    expect(simulator.stats().perPersonOverlaps).toBe(0);
  });

  it('hang_*, disconnected when hangMs is over', async () => {
    const simulator = await startSimulator({ faults: { hang_after: 1 }, hangMs: 1 });
    expect(await newContactSeen(simulator, { user_id: '1' })).toMatchObject({ text: '', error: 'ECONNRESET' });
    expect(simulator.stats()).toMatchObject({ contacts: 1, unanswered: 1 });
  });

  it('slow_body, which stops halfway', async () => {
    const simulator = await startSimulator({ faults: { slow_body: 1 } });
    const outgoing = openNewContact(simulator, { user_id: '1' });
    const half = await new Promise<string>((resolve) => {
      outgoing.on('response', (incoming) => {
        incoming.once('data', (chunk: Buffer) => resolve(chunk.toString()));
        incoming.on('error', () => {
          // Ended by the client below.
        });
      });
    });
    expect(() => JSON.parse(half) as unknown).toThrow(SyntaxError);
    expect(simulator.stats()).toMatchObject({ inFlight: 1, writesAccepted: 1 });
    outgoing.destroy();
    await expect.poll(() => simulator.stats().inFlight).toBe(0);
  });

  it('slow_body, completed when hangMs is over', async () => {
    const simulator = await startSimulator({ faults: { slow_body: 1 }, hangMs: 1 });
    isJson(await newContactSeen(simulator, { user_id: '1' }), 200, 'success');
  });
});

describe('a fault', () => {
  it('is chosen by the seed and the person, close to the given share', async () => {
    const [first, second, other] = [await servedPeople(1), await servedPeople(1), await servedPeople(2)];
    expect(first).toEqual(second);
    expect(first).not.toEqual(other);
    expect(first.length).toBeGreaterThan(280);
    expect(first.length).toBeLessThan(360);
  });

  it('belongs to the person of the strongest key', async () => {
    const simulator = await startSimulator({ faults: { http_500_before: 1 } });
    expect((await newContact(simulator, { user_id: '1', email: 'a@example.com' })).status).toBe(500);
    expect((await newContact(simulator, { user_id: ' 1', email: 'b@example.com' })).status).toBe(200);
    expect((await newContact(simulator, { email: 'c@example.com', phone: '1' })).status).toBe(500);
    expect((await newContact(simulator, { email: 'C@example.com', phone: '2' })).status).toBe(200);
    expect((await newContact(simulator, { phone: '3' })).status).toBe(500);
    expect((await newContact(simulator, { phone: '3', first_name: 'Bo' })).status).toBe(500);
  });

  it('never happens without a match key, or for a request that is refused anyway', async () => {
    const simulator = await startSimulator({ faults: { http_500_before: 1 } });
    expect((await newContact(simulator, {})).status).toBe(200);
    expect((await newContact(simulator, { user_id: '1', dob: 'never' })).status).toBe(400);
    expect(simulator.stats().faultsStaged).toEqual({});
  });

  it('happens faultTimes times in a row', async () => {
    const simulator = await startSimulator({ faults: { http_500_before: 1 }, faultTimes: 3 });
    const statuses: unknown[] = [];
    for (let turn = 0; turn < 5; turn++) statuses.push((await newContact(simulator, { user_id: '1' })).status);
    expect(statuses).toEqual([500, 500, 500, 200, 200]);
  });

  it('happens every time when faultTimes is Infinity', async () => {
    const simulator = await startSimulator({ faults: { http_500_before: 1 }, faultTimes: Infinity });
    for (let turn = 0; turn < 5; turn++) expect((await newContact(simulator, { user_id: '1' })).status).toBe(500);
  });

  it('is always of one kind for each person', async () => {
    const simulator = await startSimulator({ faults: { http_500_before: 0.5, http_503: 0.5 } });
    await Promise.all(Array.from({ length: 50 }, (_, index) => newContact(simulator, { user_id: `u${index}` })));
    const { http_500_before: some = 0, http_503: others = 0 } = simulator.stats().faultsStaged;
    expect(some + others).toBe(50);
    expect(Math.min(some, others)).toBeGreaterThan(0);
  });
});

describe('parseFaults', () => {
  it('reads kinds and shares', () => {
    expect(parseFaults('reset_after=0.02, http_500_before = 0.05')).toEqual({
      reset_after: 0.02,
      http_500_before: 0.05,
    });
    expect(parseFaults('')).toEqual({});
  });

  it.each([
    ['an unknown kind', 'http_501=0.1', 'http_500_before, http_500_after'],
    ['a name every object has', 'constructor=0.1', 'not a fault that the simulator knows'],
    ['no share', 'http_503', 'http_503=0.05'],
    ['two shares', 'http_503=0.1=0.2', 'http_503=0.05'],
    ['a share that is no number', 'http_503=often', 'from 0 to 1'],
    ['a share over 1', 'http_503=5', 'from 0 to 1'],
    ['a kind given twice', 'http_503=0.1,http_503=0.2', 'twice'],
    ['too much together', 'http_503=0.7,http_429=0.4', 'add up to'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseFaults(text)).toThrow(message);
  });

  it('accepts shares that add up to 1 except for rounding', () => {
    const kinds = Object.keys(FAULTS).slice(0, 10);
    expect(Object.keys(parseFaults(kinds.map((kind) => `${kind}=0.1`).join(',')))).toEqual(kinds);
  });
});
