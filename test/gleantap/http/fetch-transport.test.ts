import { once } from 'node:events';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchTransport } from '../../../src/gleantap/http/fetch-transport.ts';
import type { Transport } from '../../../src/gleantap/http/transport.ts';
import type { Act } from '../../run/send/raw-server.ts';
import { answer, fin, head, raw, rawServer, reset, silence } from '../../run/send/raw-server.ts';
import { endpoint, never, sendRow, wordOf } from './transport.ts';

const MiB = 1024 * 1024;
const ok = '{"status":"success","_id":"a1"}';

function transportTo(port: number, timeoutMs = 10_000): Transport {
  const transport = fetchTransport(fetch)({ origin: new URL(`http://127.0.0.1:${port}`), timeoutMs });
  onTestFinished(() => transport.close());
  return transport;
}

describe('over fetch', () => {
  it.each<[string, Act, string]>([
    ['an answer', answer(200, ok), `200 ${ok}`],
    ['a refusal', answer(400, 'no'), '400 no'],
    ['nothing to read', raw(head(204, {})), '204 '],
    ['gzip', answer(200, zlib.gzipSync(ok), { 'content-encoding': 'gzip' }), `200 ${ok}`],
    ['1 MiB', answer(200, 'x'.repeat(MiB)), '200 xxx'],
    ['more than 1 MiB', answer(200, 'x'.repeat(MiB + 1)), '200 too large'],
    ['a bomb', answer(200, zlib.gzipSync(Buffer.alloc(8 * MiB)), { 'content-encoding': 'gzip' }), '200 too large'],
    ['broken gzip', answer(200, ok, { 'content-encoding': 'gzip' }), 'truncated'],
    ['a body that is cut off', raw(head(200, { 'content-length': '99' }) + ok, 'fin'), 'truncated'],
    ['a refusal that is cut off', raw(head(400, { 'content-length': '99' }) + ok, 'fin'), '400 '],
    ['closed after the request was read', fin, 'reset_fresh'],
    ['reset after the request was read', reset, 'reset_fresh'],
    ['no head at all', silence, 'answer_timeout'],
    ['a body that stalls', raw(head(200, { 'content-length': '99' })), 'body_timeout'],
    ['a refusal that stalls', raw(head(503, { 'content-length': '99' })), '503 '],
  ])('%s', async (_what, act, expected) => {
    const server = await rawServer({ acts: { '1': [act] } });
    const result = await sendRow(transportTo(server.port, 500), '1');
    const text = result.kind === 'answer' ? `${wordOf(result)} ${result.body.toString()}` : result.event;
    expect(text.slice(0, expected.length)).toBe(expected);
    expect(server.received.map(({ row }) => row)).toEqual(['1']);
  });

  it('garbage, which newer versions of Node do not name', async () => {
    const server = await rawServer({ acts: { '1': [raw('220 smtp ready\r\n')] } });
    expect(wordOf(await sendRow(transportTo(server.port), '1'))).toMatch(/^(protocol_error|reset_fresh)$/);
  });

  it.each([301, 302, 303, 307, 308])(
    'a redirect (%i) is an answer, and the other host gets no request',
    async (status) => {
      let heard = 0;
      const other = net.createServer(() => (heard += 1)).listen(0, '127.0.0.1');
      onTestFinished(() => void other.close());
      await once(other, 'listening');
      const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}${endpoint}`;
      const server = await rawServer({ acts: { '1': [answer(status, '', { location })] } });
      expect(await sendRow(transportTo(server.port), '1')).toMatchObject({ status, headers: { location } });
      expect(heard).toBe(0);
    },
  );

  it('no bytes were sent to a server that does not listen', async () => {
    const server = await rawServer();
    await server.close();
    expect(wordOf(await sendRow(transportTo(server.port), '1'))).toBe('connect_refused');
  });

  it('abort and close end requests in progress', async () => {
    const stop = new AbortController();
    const server = await rawServer({ acts: { '1': [() => stop.abort()], '2': [() => transport.close()] } });
    const transport = transportTo(server.port);
    expect(wordOf(await sendRow(transport, '1', stop.signal))).toBe('answer_timeout');
    expect(wordOf(await sendRow(transport, '2'))).toBe('answer_timeout');
    expect(wordOf(await sendRow(transport, '3'))).toBe('connect_timeout');
    expect(server.received.map(({ row }) => row)).toEqual(['1', '2']);
  });

  it('a fetch that ignores its signal cannot hold up a request', async () => {
    const transport = fetchTransport(async () => new Promise(() => undefined))({
      origin: new URL('http://127.0.0.1:9'),
      timeoutMs: 50,
    });
    expect(await transport.post(endpoint, {}, '{}', never)).toMatchObject({ event: 'answer_timeout' });
  });

  it('a fetch that fails with any other value has no name to show', async () => {
    const transport = fetchTransport(async () => Promise.reject('canary'))({
      origin: new URL('http://127.0.0.1:9'),
      timeoutMs: 1000,
    });
    expect(await transport.post(endpoint, {}, '{}', never)).toEqual({
      kind: 'fault',
      event: 'reset_fresh',
      cause: 'fetch failed',
    });
  });

  it('a proxy is refused, because fetch would go around it', () => {
    const options = { origin: new URL('https://127.0.0.1:9'), timeoutMs: 1000, proxy: new URL('http://127.0.0.1:9') };
    expect(() => fetchTransport(fetch)(options)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
