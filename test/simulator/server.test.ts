import { Agent } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createSimulator } from '../../src/simulator/index.ts';
import { RateLimit } from '../../src/simulator/rate-limit.ts';
import { SlidingWindow } from '../../src/simulator/sliding-window.ts';
import { call, KEYS, newContact, openNewContact, seeAnswer, send, startSimulator } from './client.ts';

const PATH = '/v2/ExternalApi/newContact';
const BODY = JSON.stringify({ app_id: 'app', first_name: 'Ana', last_name: 'Diaz', user_id: '1' });

describe('credentials', () => {
  const credentials = { apiKey: 'key', secretKey: 'secret', appId: 'app' };

  it.each([
    ['no API key', { 'X-SECRET-KEY': 'secret' }, BODY],
    ['no secret key', { 'X-API-KEY': 'key' }, BODY],
    ['a wrong API key', { 'X-API-KEY': 'other', 'X-SECRET-KEY': 'secret' }, BODY],
    ['a wrong secret key', { 'X-API-KEY': 'key', 'X-SECRET-KEY': 'other' }, BODY],
    ['a wrong app_id', KEYS, BODY.replace('"app"', '"other"')],
  ])('answers 401 to %s, on every endpoint', async (_, keys, body) => {
    const simulator = await startSimulator({ credentials });
    for (const endpoint of ['newContact', 'getCustomers', 'getOptoutCustomers']) {
      const seen = await send(simulator, `/v2/ExternalApi/${endpoint}`, {
        headers: { 'Content-Type': 'application/json', ...keys },
        body,
      });
      expect(seen.status).toBe(401);
      expect(JSON.parse(seen.text)).toMatchObject({ status: 'error' });
    }
    expect(simulator.contacts()).toEqual([]);
  });

  it('accepts the right ones, and any non-empty ones when none are configured', async () => {
    for (const simulator of [await startSimulator({ credentials }), await startSimulator()]) {
      expect((await send(simulator, PATH, { body: BODY })).status).toBe(200);
    }
  });

  it('requires non-empty ones when none are configured', async () => {
    const simulator = await startSimulator();
    const headers = { ...KEYS, 'X-API-KEY': ' ' };
    expect((await send(simulator, PATH, { headers, body: BODY })).status).toBe(401);
  });
});

describe('the shape of requests', () => {
  it.each([
    ['an unknown path', '/v2/ExternalApi/addContact', {}, 404],
    ['an unknown inspection', '/_simulator/reset', {}, 404],
    ['GET on an endpoint', PATH, { method: 'GET' }, 405],
    ['POST on an inspection', '/_simulator/stats', {}, 405],
    ['no JSON', PATH, { body: '{"app_id":' }, 400],
    ['a JSON list', PATH, { body: '[]' }, 400],
    ['another content type', PATH, { body: BODY, headers: { ...KEYS, 'Content-Type': 'text/plain' } }, 400],
    ['a body over 1 MiB', PATH, { body: `${BODY}${' '.repeat(1024 * 1024)}` }, 413],
    ['a body of 1 MiB', PATH, { body: BODY.padEnd(1024 * 1024) }, 200],
    ['a query', `${PATH}?a=b`, { body: BODY }, 200],
    ['a charset', PATH, { body: BODY, headers: { ...KEYS, 'Content-Type': 'application/json; charset=utf-8' } }, 200],
  ])('answers %s with JSON', async (_, path, shape, status) => {
    const seen = await send(await startSimulator(), path, shape);
    expect(seen.status).toBe(status);
    expect(JSON.parse(seen.text)).toMatchObject({ status: status === 200 ? 'success' : 'error' });
  });

  it('names the allowed method', async () => {
    const seen = await send(await startSimulator(), PATH, { method: 'PUT' });
    expect(seen.headers.allow).toBe('POST');
  });
});

describe('the rate limit', () => {
  it('answers 429 with Retry-After beyond the limit, and does not accept the request', async () => {
    const simulator = await startSimulator({ rateLimit: 1 });
    const people = Array.from({ length: 30 }, (_, index) => ({ user_id: String(index) }));
    const answers = await Promise.all(people.map((person) => seeAnswer(openNewContact(simulator, person))));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers, text } of refused) {
      expect(headers['retry-after']).toBe('1');
      expect(JSON.parse(text)).toMatchObject({ status: 'error' });
    }
    const served = answers.length - refused.length;
    expect(simulator.contacts()).toHaveLength(served);
    expect(simulator.stats().byStatus).toEqual({ 200: served, 429: refused.length });
  });

  it('accepts the allowed number in any second, and does not count the requests that it refuses', () => {
    const limit = new RateLimit(2);
    const times = [0, 400, 500, 999, 1000, 1399, 1400, 1401];
    expect(times.map((now) => limit.admits(now))).toEqual([true, true, false, false, true, false, true, false]);
  });

  it('does not apply when it is 0', () => {
    const limit = new RateLimit(0);
    expect(Array.from({ length: 100 }, () => limit.admits(0))).not.toContain(false);
  });
});

describe('the sliding window', () => {
  it('counts the events of the last second, however many there are', () => {
    const window = new SlidingWindow();
    for (let time = 0; time < 5000; time++) window.add(time);
    expect(window.sizeAt(4999)).toBe(1000);
    for (let turn = 0; turn < 5000; turn++) window.add(5000);
    expect(window.sizeAt(5000)).toBe(5999);
    expect(window.sizeAt(5999)).toBe(5000);
    expect(window.sizeAt(6000)).toBe(0);
  });
});

describe('latency', () => {
  it('delays the answer, not the write', async () => {
    const simulator = await startSimulator({ latencyMs: 2 ** 31 - 1 });
    const outgoing = openNewContact(simulator, { user_id: '1' });
    const answer = seeAnswer(outgoing);
    await expect.poll(() => simulator.contacts()).toHaveLength(1);
    expect(simulator.stats()).toMatchObject({ inFlight: 1, byStatus: {} });
    await simulator.close();
    expect(await answer).toMatchObject({ error: 'ECONNRESET' });
  });

  it('answers in the end', async () => {
    const simulator = await startSimulator({ latencyMs: 1, latencyJitterMs: 2 });
    expect((await newContact(simulator, { user_id: '1' })).status).toBe(200);
  });
});

describe('inspection', () => {
  it('shows contacts and stats over HTTP as it does in the process', async () => {
    const simulator = await startSimulator();
    await newContact(simulator, { user_id: '1', tags: 'a,b', balance: 3 });
    const contacts = await send(simulator, '/_simulator/contacts', { method: 'GET', headers: {} });
    const stats = await send(simulator, '/_simulator/stats', { method: 'GET', headers: {} });
    expect(JSON.parse(contacts.text)).toEqual({
      contacts: JSON.parse(JSON.stringify(simulator.contacts())) as unknown,
    });
    expect(JSON.parse(stats.text)).toEqual(simulator.stats());
  });

  it('streams contacts that do not fit into one chunk', async () => {
    const contacts = Array.from({ length: 1201 }, (_, index) => ({
      first_name: 'Ana',
      last_name: `Diaz ${index}`,
      user_id: String(index),
    }));
    const simulator = await startSimulator({ contacts });
    const seen = await send(simulator, '/_simulator/contacts', { method: 'GET' });
    expect(JSON.parse(seen.text)).toMatchObject({ contacts });
  });

  it('counts requests by endpoint and status, writes and the busiest second', async () => {
    const simulator = await startSimulator();
    await newContact(simulator, { user_id: '1' });
    await newContact(simulator, { user_id: '1', dob: 'never' });
    await call(simulator, 'getCustomers', {});
    await send(simulator, '/favicon.ico', { method: 'GET' });
    const { worstOneSecondWindow, ...stats } = simulator.stats();
    expect(stats).toEqual({
      requests: 4,
      byEndpoint: { newContact: 2, getCustomers: 1, getOptoutCustomers: 0, removeContact: 0, other: 1 },
      byStatus: { 200: 2, 400: 1, 404: 1 },
      unanswered: 0,
      writesAccepted: 1,
      contacts: 1,
      faultsStaged: {},
      inFlight: 0,
      maxInFlight: 1,
      perPersonOverlaps: 0,
    });
    expect(worstOneSecondWindow).toBeGreaterThanOrEqual(1);
    expect(worstOneSecondWindow).toBeLessThanOrEqual(4);
  });

  it('detects overlapping requests for one person, by any shared key', async () => {
    const simulator = await startSimulator({ faults: { hang_after: 1 } });
    const rows = [
      { user_id: '1', email: 'a@example.com' },
      { user_id: '2', email: 'a@example.com', phone: '5' },
      { user_id: '3', phone: '5' },
      { user_id: '4', email: 'a@example.com', first_name: 'Bo' },
    ];
    const outgoing = rows.map((row) => openNewContact(simulator, row));
    const answers = outgoing.map((each) => seeAnswer(each));
    await expect.poll(() => simulator.stats().writesAccepted).toBe(rows.length);
    expect(simulator.stats()).toMatchObject({ perPersonOverlaps: 2, maxInFlight: 4 });
    for (const each of outgoing) each.destroy();
    await Promise.all(answers);
  });

  it('detects no overlap when a client sends at once after each answer', async () => {
    const simulator = await startSimulator();
    const agent = new Agent({ keepAlive: true });
    for (let turn = 0; turn < 50; turn++) await send(simulator, PATH, { body: BODY, agent });
    agent.destroy();
    expect(simulator.stats()).toMatchObject({ perPersonOverlaps: 0, maxInFlight: 1, contacts: 1 });
  });
});

describe('start and end', () => {
  it('listens on the loopback address and on its own port', async () => {
    const [one, other] = [await startSimulator(), await startSimulator()];
    expect(one.url).toBe(`http://127.0.0.1:${one.port}`);
    expect(one.port).not.toBe(other.port);
  });

  it('fails when the port is taken', async () => {
    const { port } = await startSimulator();
    await expect(createSimulator({ port })).rejects.toThrow('EADDRINUSE');
  });

  it.each([
    { port: -1 },
    { latencyMs: -1 },
    { latencyJitterMs: Number.NaN },
    { rateLimit: 0.5 },
    { seed: 1.5 },
    { faultTimes: 0 },
    { hangMs: -1 },
    { faults: { http_400: 2 } },
  ])('refuses the option %j', async (options) => {
    await expect(createSimulator(options)).rejects.toThrow();
  });

  it('closes while requests hang, and can be closed twice', async () => {
    const simulator = await startSimulator({ faults: { hang_before: 0.5, slow_body: 0.5 } });
    const agent = new Agent({ keepAlive: true });
    const answers = Array.from({ length: 20 }, (_, index) =>
      send(simulator, PATH, { body: BODY.replace('"1"', `"${index}"`), agent }),
    );
    await expect.poll(() => simulator.stats().requests).toBe(20);
    await Promise.all([simulator.close(), simulator.close()]);
    await simulator.close();
    for (const answer of await Promise.all(answers)) expect(answer.error).toBe('ECONNRESET');
    agent.destroy();
    expect(await send(simulator, PATH, { body: BODY })).toMatchObject({ error: 'ECONNREFUSED' });
  });
});
