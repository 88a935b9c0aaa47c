import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/flow/clock.ts';
import { createClient } from '../../src/gleantap/client.ts';
import { Credentials } from '../../src/gleantap/credentials.ts';
import { createTransport } from '../../src/gleantap/http/connection-pool.ts';
import { fetchTransport } from '../../src/gleantap/http/fetch-transport.ts';

// Statuses, bodies and errors. What happens on the wire is tested on the wire: connection-pool.test.ts, fetch-transport.test.ts.

const origin = 'https://api.gleantap.com';
const credentials = new Credentials({ apiKey: 'canary-api', secretKey: 'canary-secret', appId: 'app', source: 'test' });
const success = { status: 'success', _id: 'a1' };

beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

describe.each([
  ['node:http', createTransport],
  ['fetch', fetchTransport(async (...request) => fetch(...request))],
])('over %s', (_what, create) => {
  const send = async () => {
    const client = createClient(create({ origin: new URL(origin), timeoutMs: 5000 }), credentials, systemClock);
    const attempt = await client.newContact({ first_name: 'Ana', user_id: '1' }, new AbortController().signal);
    client.close();
    return attempt;
  };
  const api = () =>
    nock(origin, { reqheaders: { 'x-api-key': 'canary-api', 'x-secret-key': 'canary-secret' } }).post(
      '/v2/ExternalApi/newContact',
      { app_id: 'app', first_name: 'Ana', user_id: '1' },
    );

  it('a contact that is accepted', async () => {
    api().reply(200, success);
    expect(await send()).toMatchObject({ kind: 'success', value: 'a1' });
  });

  it.each<[number, string | object, string]>([
    [200, '', 'ok_empty'],
    [200, '<html>', 'ok_not_json'],
    [200, { status: 'success' }, 'ok_without_id'],
    [200, { status: 'error', message: 'no' }, 'ok_status_error'],
    [204, '', 'ok_empty'],
    [302, '', 'redirect'],
    [400, { message: 'bad dob' }, 'status_400'],
    [401, '', 'status_401'],
    [403, '', 'status_403_first'],
    [404, '', 'status_404'],
    [408, '', 'status_408'],
    [409, '', 'status_409'],
    [413, '', 'status_413'],
    [421, '', 'status_421'],
    [429, '', 'status_429'],
    [500, '', 'status_5xx'],
    [502, '<html>', 'status_5xx'],
    [503, '', 'status_5xx'],
    [521, '', 'status_521'],
  ])('%i %j is %s', async (status, body, event) => {
    api().reply(status, body);
    expect(await send()).toMatchObject({ kind: 'fault', event, status });
  });

  it('Retry-After sets the wait', async () => {
    api().reply(429, '', { 'Retry-After': '7' });
    expect(await send()).toMatchObject({ event: 'status_429', retryAfterMs: 7000 });
    api().reply(503, '', { 'Retry-After': '9' });
    expect(await send()).toMatchObject({ event: 'status_503_retry_after', retryAfterMs: 9000 });
  });

  it.each([301, 302, 303, 307, 308])('a redirect (%i) is never followed', async (status) => {
    const elsewhere = nock('https://evil.example').get(/.*/).reply(200, success).post(/.*/).reply(200, success);
    api().reply(status, '', { location: 'https://evil.example/v2/ExternalApi/newContact' });
    expect(await send()).toMatchObject({ event: 'redirect', reason: 'to evil.example' });
    expect(elsewhere.pendingMocks()).toHaveLength(2);
  });

  it('an error in transit may mean that the contact was accepted', async () => {
    api().replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    expect(await send()).toMatchObject({ event: 'reset_fresh', reason: 'ECONNRESET', status: undefined });
  });

  it('a refusal that quotes the keys has them removed', async () => {
    api().reply(400, { message: 'wrong key canary-api' });
    const attempt = await send();
    expect(attempt).toMatchObject({ event: 'status_400', reason: 'wrong key ***' });
  });
});
