import { once } from 'node:events';
import http from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Clock } from '../../src/flow/clock.ts';
import { createClient } from '../../src/gleantap/client.ts';
import type { GleantapClient } from '../../src/gleantap/client.ts';
import { Credentials } from '../../src/gleantap/credentials.ts';
import { root } from '../cli/harness.ts';
import { transportTo } from './http/transport.ts';

const keys = { apiKey: 'canary-api/7', secretKey: 'canary-secret' };
const never = new AbortController().signal;
const now = Date.UTC(2026, 10, 27, 12, 0, 0);
const clock: Clock = { now: () => now, monotonic: () => 0, sleep: async () => undefined };

type Body = string | Buffer | object;
type Headers = Record<string, string | string[]>;
type Reply = readonly [status: number, body?: Body, headers?: Headers];

interface Asked {
  readonly call: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

interface Api {
  readonly client: GleantapClient;
  readonly asked: readonly Asked[];
  /** Stops the server. */
  close(): Promise<void>;
}

/** A client, and the server that it talks to: it gives these answers in turn. */
async function api(replies: readonly Reply[], hadSuccess?: boolean): Promise<Api> {
  const asked: Asked[] = [];
  const server = http.createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const [status, body = '', headers = {}] = replies[asked.length] ?? [500];
      asked.push({ call: `${request.method} ${request.url}`, headers: request.headers, body: JSON.parse(text) });
      response.sendDate = false;
      response.writeHead(status, headers);
      response.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(close);
  const credentials = new Credentials({ ...keys, appId: 'app', source: 'test' });
  const client = createClient(transportTo((server.address() as AddressInfo).port), credentials, clock, hadSuccess);
  return { client, asked, close };
}

/** The result of newContact for this answer from the server. */
async function send(status: number, body: Body = '', headers: Headers = {}, hadSuccess?: boolean) {
  const { client } = await api([[status, body, headers]], hadSuccess);
  return client.newContact({ first_name: 'Ana' }, never);
}
async function ask(status: number, body: Body = '', headers: Headers = {}) {
  const { client, asked } = await api([[status, body, headers]]);
  const answer = await client.getCustomers({ limit: 5 }, never);
  expect(asked[0]).toMatchObject({ call: 'POST /v2/ExternalApi/getCustomers', body: { app_id: 'app', limit: 5 } });
  return answer;
}

describe('newContact', () => {
  it('sends app_id and the contact, with the keys as headers', async () => {
    const { client, asked } = await api([[200, { status: 'success', _id: 'a1' }]]);
    const attempt = await client.newContact({ first_name: 'José', optin_sms: true }, never);
    expect(attempt).toEqual({ kind: 'success', status: 200, value: 'a1', serverTime: undefined });
    const headers = { 'x-api-key': keys.apiKey, 'x-secret-key': keys.secretKey };
    expect(asked).toMatchObject([{ call: 'POST /v2/ExternalApi/newContact', headers }]);
    expect(asked[0]?.body).toEqual({ app_id: 'app', first_name: 'José', optin_sms: true });
  });

  const good = { status: 'success', _id: 'a1' };
  it.each([200, 201, 202])('%i is judged by its body', async (status) => {
    expect(await send(status, good)).toMatchObject({ kind: 'success', status });
    expect(await send(status, {})).toMatchObject({ kind: 'fault', event: 'ok_other_shape', status });
  });

  it.each<[string, Body, string]>([
    ['a byte order mark is dropped', `\uFEFF${JSON.stringify(good)}`, 'success'],
    ['no body', '', 'ok_empty'],
    ['a page', '<html>', 'ok_not_json'],
    ['half of it', '{"status":"succ', 'ok_unreadable'],
    [
      'bytes that are no UTF-8',
      Buffer.from('7b22737461747573223a2273756363657373222c225f6964223a22ff227d', 'hex'),
      'ok_unreadable',
    ],
    ['UTF-16', Buffer.from(JSON.stringify(good), 'utf16le'), 'ok_unreadable'],
    ['too much', JSON.stringify(good) + ' '.repeat(1024 * 1024), 'ok_too_large'],
    ['no id', { status: 'success' }, 'ok_without_id'],
    ['an error', { status: 'error', message: 'no' }, 'ok_status_error'],
  ])('200 with %s', async (_what, body, event) => {
    const attempt = await send(200, body);
    expect(attempt.kind === 'success' ? 'success' : attempt.event).toBe(event);
  });

  it.each<[string, Body, string | undefined]>([
    ['in JSON', { message: 'bad dob' }, 'bad dob'],
    ['in words', 'bad dob', 'bad dob'],
    ['as a page', '<html>bad dob', undefined],
    ['nowhere', '', undefined],
    ['in bytes that are no UTF-8', Buffer.from([0x62, 0xff]), undefined],
    ['in more than 1 MiB', 'x'.repeat(1024 * 1024 + 1), undefined],
  ])('400 gives its reason %s', async (_what, body, reason) => {
    expect(await send(400, body)).toMatchObject({ event: 'status_400', status: 400, reason });
  });

  it.each<[string, number, Body]>([
    ['a refusal', 400, { message: `wrong key ${keys.apiKey}` }],
    ['a refusal in escapes', 400, String.raw`{"sent":"canary-api\/7","and":"\u0063anary-secret"}`],
    ['half a refusal', 400, String.raw`{"sent":"canary-api\/7`],
    ['a success that is none', 200, { status: 'error', message: keys.secretKey }],
    ['a page', 200, `<html>${keys.secretKey}`],
    ['another shape', 200, { status: true, key: keys.apiKey }],
  ])('%s that quotes the keys has them removed', async (_what, status, body) => {
    expect(inspect(await send(status, body), { depth: Infinity })).not.toContain('canary');
  });

  describe('Retry-After', () => {
    it.each<[string, Headers, number | undefined]>([
      ['seconds', { 'retry-after': '7' }, 7000],
      ['a date by the clock here', { 'retry-after': 'Fri, 27 Nov 2026 12:00:30 GMT' }, 30_000],
      [
        'a date by the clock there',
        { 'retry-after': 'Fri, 27 Nov 2026 12:00:30 GMT', date: 'Fri, 27 Nov 2026 12:00:20 GMT' },
        10_000,
      ],
      ['nonsense', { 'retry-after': 'soon' }, undefined],
      ['twice: the first counts', { 'retry-after': ['7', '9'] }, 7000],
      ['none', {}, undefined],
    ])('%s', async (_what, headers, retryAfterMs) => {
      expect(await send(429, '', headers)).toMatchObject({ event: 'status_429', retryAfterMs });
    });

    it('makes a 503 wait', async () => {
      expect(await send(503, '', { 'retry-after': '7' })).toMatchObject({ event: 'status_503_retry_after' });
      expect(await send(503, '', { 'retry-after': 'soon' })).toMatchObject({ event: 'status_5xx' });
    });
  });

  describe('403', () => {
    it('is about the keys before any success, about the row after one', async () => {
      expect(await send(403)).toMatchObject({ event: 'status_403_first' });
      expect(await send(403, '', {}, true)).toMatchObject({ event: 'status_403' });
      const { client } = await api([[200, good], [403]]);
      await client.newContact({ first_name: 'Ana' }, never);
      expect(await client.newContact({ first_name: 'Bo' }, never)).toMatchObject({ event: 'status_403' });
    });
  });

  it.each<[string | undefined, string]>([
    ['https://evil.example:8443/x?contact=1', 'evil.example:8443'],
    ['//evil.example/x', 'evil.example'],
    ['https://user:pass@evil.example/x', 'evil.example'],
    ['/login', 'this host'],
    [undefined, 'this host'],
    ['http://[', 'this host'],
  ])('a redirect to %s shows only the host', async (location, shown) => {
    const attempt = await send(302, '', location === undefined ? {} : { location });
    expect(attempt).toMatchObject({ event: 'redirect', reason: expect.stringContaining(shown) });
    expect(inspect(attempt)).not.toMatch(/contact=1|pass|login/);
  });

  it('what the transport reported is named by its code', async () => {
    const { client, close } = await api([]);
    await close();
    const attempt = await client.newContact({ first_name: 'Ana' }, never);
    expect(attempt).toMatchObject({ event: 'connect_refused', status: undefined, reason: 'ECONNREFUSED' });
  });
});

it('every call names the program that it comes from', async () => {
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
  const { client, asked } = await api([]);
  await client.newContact({ first_name: 'Ana' }, never);
  await client.getCustomers({ limit: 5 }, never);
  await client.getOptoutCustomers({ type: 'sms', limit: 5, offset: 0 }, never);
  expect(asked.map(({ headers }) => headers['user-agent'])).toEqual(Array(3).fill(`gleantap-import/${version}`));
});

describe('removeContact', () => {
  it('sends the id, and succeeds by the documented word alone', async () => {
    const { client, asked } = await api([[200, { result: 'success' }]]);
    expect(await client.removeContact('a1', never)).toMatchObject({ kind: 'success', value: 'a1' });
    expect(asked[0]).toMatchObject({
      call: 'POST /v2/ExternalApi/removeContact',
      body: { app_id: 'app', id: 'a1' },
    });
  });

  it.each<[string, number, Body, string]>([
    ['the answer of another call', 200, { status: 'success', _id: 'a1' }, 'ok_other_shape'],
    ['an error that calls itself 200', 200, { status: 'error', message: 'no' }, 'ok_status_error'],
    ['a success with an error', 200, { result: 'success', error: 'no' }, 'ok_other_shape'],
    ['nothing', 200, '', 'ok_empty'],
    ['a web page', 200, '<html></html>', 'ok_not_json'],
    ['a refusal', 400, { message: 'Invalid request' }, 'status_400'],
  ])('%s is not a success', async (_what, status, body, event) => {
    const { client } = await api([[status, body]]);
    expect(await client.removeContact('a1', never)).toMatchObject({ kind: 'fault', event });
  });
});

describe('getCustomers', () => {
  const ana = { id: 'a1', firstname: 'Ana', lastname: null, email: 'a@b.co' };
  it.each<[string, Body, number]>([
    ['a list', { members: [ana, { ...ana, id: 'a2', tags: ['x'] }] }, 2],
    ['one object instead of a list', { members: ana }, 1],
    ['an empty list', { members: [] }, 0],
    ['null', { members: null }, 0],
    ['null with a word of success', { members: null, status: 'success' }, 0],
    ['a list with a message', { members: [ana], message: 'found' }, 1],
  ])('%s', async (_what, body, count) => {
    const answer = await ask(200, body, { date: 'Fri, 27 Nov 2026 12:00:20 GMT' });
    expect(answer).toMatchObject({ kind: 'success', serverTime: now + 20_000 });
    expect(answer.kind === 'success' && answer.value.length).toBe(count);
  });

  it('returns the documented fields, and nothing else', async () => {
    const answer = await ask(200, { members: [{ ...ana, secret: 'x' }] });
    expect(answer.kind === 'success' && answer.value[0]).toEqual({
      id: 'a1',
      firstname: 'Ana',
      lastname: undefined,
      email: 'a@b.co',
      phone: undefined,
      last_location: undefined,
    });
  });

  it.each<[string, number, Body, string]>([
    ['an error in words is no empty list', 200, { status: 'error', message: 'bad key' }, 'ok_status_error'],
    ['another shape', 200, { members: [7] }, 'list_missing'],
    ['a page', 200, '<html>', 'ok_not_json'],
    ['half of it', 200, '{"members":[', 'ok_unreadable'],
    ['nothing', 200, '', 'ok_empty'],
    ['no list', 200, {}, 'list_missing'],
    ['no list, but a word of success', 200, { status: 'success' }, 'list_missing'],
    ['a success of newContact', 200, { status: 'success', _id: 'a1' }, 'list_missing'],
    ['a list by another name', 200, { data: [ana] }, 'list_missing'],
    ['an error word', 200, { result: 'error' }, 'list_missing'],
    ['null and an error word', 200, { members: null, success: false }, 'list_missing'],
    ['null and an error', 200, { members: null, error: 'bad key' }, 'ok_status_error'],
    ['null and a message', 200, { members: null, message: 'bad key' }, 'ok_status_error'],
    ['people and an error word', 200, { members: [ana], result: 'failed' }, 'list_missing'],
    ['an empty text', 200, { members: '' }, 'list_missing'],
    ['an empty object', 200, { members: {} }, 'list_missing'],
    ['refused keys', 401, '', 'status_401'],
  ])('%s', async (_what, status, body, event) => {
    expect(await ask(status, body)).toMatchObject({ kind: 'fault', event });
  });
});
