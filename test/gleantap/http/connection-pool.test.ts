import { once } from 'node:events';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import zlib from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Act } from '../../run/send/raw-server.ts';
import {
  answer,
  drip,
  fin,
  good,
  goodThenIdleClose,
  head,
  raw,
  rawServer,
  reset,
  silence,
} from '../../run/send/raw-server.ts';
import { createTransport } from '../../../src/gleantap/http/connection-pool.ts';
import type { Transport } from '../../../src/gleantap/http/transport.ts';
import { endpoint, never, sendRow, transportTo, wordOf } from './transport.ts';

/** The result of one request on its own connection. */
async function ask(act: Act, timeoutMs?: number): Promise<string> {
  const server = await rawServer({ acts: { '1': [act] } });
  return wordOf(await sendRow(transportTo(server.port, timeoutMs), '1'));
}

const times = (count: number, word: string): string[] => Array.from({ length: count }, () => word);
const ok = '{"status":"success","_id":"a1"}';
const length = { 'content-length': String(ok.length) };
const early = 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n';
const chunked = { 'transfer-encoding': 'chunked' };

describe('an incomplete answer', () => {
  it.each<[string, Act, string]>([
    ['reset after the request was read', reset, 'reset_fresh'],
    ['closed after the request was read', fin, 'reset_fresh'],
    ['closed in the middle of the head', raw('HTTP/1.1 200 OK\r\nconte', 'fin'), 'reset_fresh'],
    ['reset in the middle of the head', raw('HTTP/1.1 200 OK\r\nconte', 'reset'), 'reset_fresh'],
    ['an interim answer, then closed', raw('HTTP/1.1 100 Continue\r\n\r\n', 'fin'), 'reset_fresh'],
    ['body shorter than its length', raw(head(200, { 'content-length': '99' }) + ok, 'fin'), 'truncated'],
    ['body reset', raw(head(200, { 'content-length': '99' }) + ok, 'reset'), 'truncated'],
    ['chunks without an end', raw(`${head(200, chunked)}5\r\n{"sta\r\n`, 'fin'), 'truncated'],
    ['a chunk of nonsense', raw(`${head(200, chunked)}zz\r\n`), 'protocol_error'],
    ['garbage', raw('220 smtp ready\r\n'), 'protocol_error'],
    ['TLS', raw(Buffer.from('15030300020228', 'hex'), 'fin'), 'protocol_error'],
    ['two lengths', raw(head(200, { 'content-length': '5', 'Content-Length ': '6' })), 'protocol_error'],
    ['a length and chunks', raw(head(200, { 'content-length': '5', ...chunked })), 'protocol_error'],
    ['one huge header', raw(head(200, { 'x-huge': 'x'.repeat(100_000) })), 'headers_too_large'],
    ['many headers', raw(`HTTP/1.1 200 OK\r\n${'x-many: x\r\n'.repeat(10_000)}\r\n`), 'headers_too_large'],
  ])('%s', async (_what, act, event) => {
    expect(await ask(act)).toBe(event);
  });

  it('switching protocols', async () => {
    const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n';
    expect(await ask(raw(upgrade))).toBe('reset_fresh');
  });

  it('a body without a length that stops early is left to the JSON reader', async () => {
    expect(await ask(raw(`${head(200, {})}{"status":"succ`, 'fin'))).toBe('200');
  });
});

describe('the time limit', () => {
  it.each<[string, Act, string]>([
    ['no head at all', silence, 'answer_timeout'],
    ['a head that drips', drip, 'answer_timeout'],
    ['a body that stalls', raw(head(200, { 'content-length': '99' })), 'body_timeout'],
    ['a body that drips', ({ socket }) => dripBody(socket), 'body_timeout'],
  ])('%s', async (_what, act, event) => {
    expect(await ask(act, 150)).toBe(event);
  });

  it('a connection that is never made', async () => {
    const transport = createTransport({ origin: new URL('http://127.0.0.1:9'), timeoutMs: 1 });
    onTestFinished(() => transport.close());
    expect(wordOf(await sendRow(transport, '1'))).toMatch(/^connect_(timeout|refused)$/);
  });
});

function dripBody(socket: net.Socket): void {
  socket.write(head(200, { 'content-length': '9999' }));
  const timer = setInterval(() => socket.write('x'), 20);
  socket.on('close', () => clearInterval(timer));
}

describe('before anything is sent', () => {
  it('no server listens', async () => {
    const server = await rawServer();
    await server.close();
    expect(wordOf(await sendRow(transportTo(server.port), '1'))).toBe('connect_refused');
  });

  it('a name that does not exist', async () => {
    const transport = createTransport({ origin: new URL('http://nowhere.invalid'), timeoutMs: 10_000 });
    onTestFinished(() => transport.close());
    expect(wordOf(await sendRow(transport, '1'))).toMatch(/^(host_not_found|dns_failed)$/);
  });

  it('a server that speaks no TLS', async () => {
    const server = await rawServer({ onConnection: (socket) => !socket.write('220 ready\r\n') || true });
    const transport = createTransport({
      origin: new URL(`https://127.0.0.1:${server.port}`),
      timeoutMs: 10_000,
    });
    onTestFinished(() => transport.close());
    expect(wordOf(await sendRow(transport, '1'))).toBe('tls_failed');
  });

  it('a signal that is already aborted', async () => {
    const server = await rawServer();
    expect(wordOf(await sendRow(transportTo(server.port), '1', AbortSignal.abort()))).toBe('connect_timeout');
    expect(server.received).toEqual([]);
  });
});

it('an abort releases an answer in flight', async () => {
  const controller = new AbortController();
  const server = await rawServer({ acts: { '1': [() => controller.abort()] } });
  expect(wordOf(await sendRow(transportTo(server.port), '1', controller.signal))).toBe('answer_timeout');
});

describe('kept connections', () => {
  const hangUp: Act = ({ socket }) => void socket.resetAndDestroy();

  it('are reused', async () => {
    const server = await rawServer();
    const transport = transportTo(server.port);
    for (const row of ['1', '2', '3']) expect(wordOf(await sendRow(transport, row))).toBe('200');
    expect(server.connections()).toBe(1);
  });

  it.each<[string, Act, string]>([
    ['reset before any byte', hangUp, 'reset_idle'],
    ['closed before any byte', fin, 'reset_idle'],
    ['reset after some bytes', raw('HTTP/1.1 200 OK\r\nconte', 'reset'), 'reset_fresh'],
    ['no answer', silence, 'answer_timeout'],
  ])('%s', async (_what, act, event) => {
    const server = await rawServer({ acts: { '2': [act] } });
    const transport = transportTo(server.port, 500);
    expect(wordOf(await sendRow(transport, '1'))).toBe('200');
    expect(wordOf(await sendRow(transport, '2'))).toBe(event);
  });

  it('are skipped when a new one is requested', async () => {
    const server = await rawServer({ acts: { '2': [hangUp, good] } });
    const transport = transportTo(server.port);
    await sendRow(transport, '1');
    expect(wordOf(await sendRow(transport, '2'))).toBe('reset_idle');
    const again = await transport.post(endpoint, {}, JSON.stringify({ user_id: '2' }), never, { onFreshSocket: true });
    expect(wordOf(again)).toBe('200');
    expect(server.connections()).toBe(2);
  });

  it('that were closed while nothing was sent are replaced without a fault', async () => {
    const server = await rawServer({ acts: { '1': [goodThenIdleClose(1)] } });
    const transport = transportTo(server.port);
    expect(wordOf(await sendRow(transport, '1'))).toBe('200');
    await sleep(50);
    expect(wordOf(await sendRow(transport, '2'))).toBe('200');
    expect(server.connections()).toBe(2);
  });

  it.each<[string, Act]>([
    ['408', answer(408)],
    ['421', answer(421)],
    ['a broken body', raw(`${head(200, chunked)}zz\r\n`)],
    ['too much of a body', answer(200, 'x'.repeat(1024 * 1024 + 1))],
  ])('are not kept after %s', async (_what, act) => {
    const server = await rawServer({ acts: { '1': [act] } });
    const transport = transportTo(server.port);
    await sendRow(transport, '1');
    expect(wordOf(await sendRow(transport, '2'))).toBe('200');
    expect(server.connections()).toBe(2);
  });
});

describe('idle connections', () => {
  it('are closed before the server closes them', async () => {
    const server = await rawServer();
    await sendRow(transportTo(server.port), '1');
    await once(server.received[0]!.socket, 'close');
  });

  it('become busy again, and then an answer can take longer than that', async () => {
    const slow: Act = (request) => void setTimeout(() => good(request), 3200);
    const server = await rawServer({ acts: { '2': [slow] } });
    const transport = transportTo(server.port);
    for (const row of ['1', '2', '3']) expect(wordOf(await sendRow(transport, row))).toBe('200');
    expect(server.connections()).toBe(1);
  });

  it('are closed earlier when the server announces it', async () => {
    const server = await rawServer({ acts: { '1': [answer(200, ok, { 'keep-alive': 'timeout=1' })] } });
    const transport = transportTo(server.port);
    for (const row of ['1', '2']) expect(wordOf(await sendRow(transport, row))).toBe('200');
    expect(server.connections()).toBe(2);
  });

  it('are closed when data arrives on them, which is never taken for the answer to the next request', async () => {
    const clients = clientSockets();
    const server = await rawServer();
    const transport = transportTo(server.port);
    await sendRow(transport, '1');
    server.received[0]!.socket.write(`${head(200, length)}${ok}`);
    // Newer versions of Node close it without showing what arrived.
    await Promise.race(['data', 'close'].map(async (event) => once(clients[0]!, event)));
    expect(await sendRow(transport, '2')).toMatchObject({ body: Buffer.from('{"status":"success","_id":"id-2"}') });
    expect(server.connections()).toBe(2);
  });

  it('that are already closed when a request takes them cost it nothing', async () => {
    const clients = clientSockets();
    const server = await rawServer();
    const transport = transportTo(server.port);
    await Promise.all(['1', '2'].map(async (row) => sendRow(transport, row)));
    // The one that was used last is taken next.
    const { remotePort } = server.received[1]!.socket;
    clients.find(({ localPort }) => localPort === remotePort)!.destroy();
    expect(wordOf(await sendRow(transport, '3'))).toBe('200');
    expect(server.received).toHaveLength(3);
    expect(server.connections()).toBe(2);
  });
});

/** The sockets that this process opens until the test ends. */
function clientSockets(): net.Socket[] {
  const sockets: net.Socket[] = [];
  const note = (message: unknown): void => void sockets.push((message as { socket: net.Socket }).socket);
  subscribe('net.client.socket', note);
  onTestFinished(() => void unsubscribe('net.client.socket', note));
  return sockets;
}

it('a server that speaks first and hangs up is not connected to again at once', async () => {
  const server = await rawServer({ onConnection: (socket) => !socket.end('HTTP/1.1 408 Late\r\n\r\n') || true });
  expect(wordOf(await sendRow(transportTo(server.port), '1'))).toMatch(/^(408|reset_fresh|connect_refused)$/);
  expect(server.connections()).toBe(1);
});

describe('a request is never written twice', () => {
  it.each<[string, Act]>([
    ['reset', reset],
    ['closed', fin],
    ['closed in the middle of the head', raw('HTTP/1.1 200 OK\r\nconte', 'fin')],
    ['closed in the middle of the body', raw(head(200, { 'content-length': '99' }) + ok, 'fin')],
    ['408', answer(408, '', { connection: 'close' })],
    ['garbage', raw('220 smtp ready\r\n')],
    ['no answer', silence],
  ])('%s', async (_what, act) => {
    const server = await rawServer({ acts: { '1': [act], '3': [act] } });
    const transport = transportTo(server.port, 300);
    for (const row of ['1', '2', '3']) await sendRow(transport, row);
    await sleep(50);
    expect(server.received.map(({ row }) => row)).toEqual(['1', '2', '3']);
  });
});

describe('many requests', () => {
  const rows = ['1', '2', '3', '4', '5', '6'];
  const sendAll = async (transport: Transport): Promise<string[]> =>
    Promise.all(rows.map(async (row) => wordOf(await sendRow(transport, row))));

  it('at once have one connection each, which later ones reuse', async () => {
    const server = await rawServer();
    const transport = transportTo(server.port);
    expect(await sendAll(transport)).toEqual(times(6, '200'));
    expect(server.connections()).toBe(6);
    expect(await sendAll(transport)).toEqual(times(6, '200'));
    expect(server.connections()).toBe(6);
  });

  it('in turn use the connection that was used last, so that the others become idle', async () => {
    const server = await rawServer();
    const transport = transportTo(server.port);
    await sendAll(transport);
    for (const row of rows) await sendRow(transport, row);
    expect(new Set(server.received.slice(6).map(({ socket }) => socket)).size).toBe(1);
  });

  it('share no fault', async () => {
    const server = await rawServer({ acts: { '1': [reset], '2': [fin], '3': [raw('HTTP/1.1 2', 'reset')] } });
    const words = await sendAll(transportTo(server.port));
    expect(words).toEqual([...times(3, 'reset_fresh'), ...times(3, '200')]);
    expect(server.received.map(({ row }) => row).sort()).toEqual(rows);
  });
});

it('closing ends everything in progress, and nothing is sent after it', async () => {
  const server = await rawServer({ acts: { '1': [silence] } });
  const transport = transportTo(server.port);
  const pending = sendRow(transport, '1');
  while (server.received.length === 0) await sleep(5);
  transport.close();
  expect(wordOf(await pending)).toBe('answer_timeout');
  expect(wordOf(await sendRow(transport, '3'))).toBe('connect_timeout');
  expect(server.received.map(({ row }) => row)).toEqual(['1']);
});

it('a transport that is closed before its first request sends nothing', async () => {
  const server = await rawServer();
  const transport = transportTo(server.port);
  transport.close();
  expect(wordOf(await sendRow(transport, '1'))).toBe('connect_timeout');
  expect(server.connections()).toBe(0);
});

it('a header that cannot be sent is a bug in the caller, reported without its value', async () => {
  const server = await rawServer();
  const transport = transportTo(server.port);
  const told = await transport
    .post(endpoint, { 'X-API-KEY': 'canary\n' }, '{}', never)
    .catch((error: unknown) => error);
  expect(inspect(told)).toMatch(/ERR_INVALID_CHAR.*X-API-KEY|X-API-KEY.*ERR_INVALID_CHAR/s);
  expect(inspect(told)).not.toContain('canary');
  expect(wordOf(await sendRow(transport, '1'))).toBe('200');
});

describe('redirects', () => {
  it.each([301, 302, 303, 304, 307, 308])('%i is an answer, and the other host gets no request', async (status) => {
    let heard = 0;
    const other = net.createServer(() => (heard += 1)).listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}${endpoint}`;
    expect(await ask(answer(status, '', { location }))).toBe(String(status));
    expect(heard).toBe(0);
  });
});

describe('bodies', () => {
  const MiB = 1024 * 1024;

  async function bodyOf(act: Act): Promise<string> {
    const server = await rawServer({ acts: { '1': [act] } });
    const result = await sendRow(transportTo(server.port), '1');
    return result.kind === 'answer' ? `${wordOf(result)} ${result.body.toString().slice(0, 40)}` : wordOf(result);
  }

  it.each<[string, Act, string]>([
    ['plain', answer(200, ok), `200 ${ok}`],
    ['chunked', raw(`${head(200, chunked)}${ok.length.toString(16)}\r\n${ok}\r\n0\r\n\r\n`), `200 ${ok}`],
    ['gzip', answer(200, zlib.gzipSync(ok), { 'content-encoding': 'gzip' }), `200 ${ok}`],
    ['deflate', answer(200, zlib.deflateSync(ok), { 'content-encoding': 'deflate' }), `200 ${ok}`],
    ['brotli', answer(200, zlib.brotliCompressSync(ok), { 'content-encoding': 'br' }), `200 ${ok}`],
    ['of unknown encoding', answer(200, ok, { 'content-encoding': 'zstd' }), 'bad_encoding'],
    ['of broken encoding', answer(200, ok, { 'content-encoding': 'gzip' }), 'bad_encoding'],
    [
      'that is a bomb',
      answer(200, zlib.gzipSync(Buffer.alloc(8 * MiB)), { 'content-encoding': 'gzip' }),
      '200 too large ',
    ],
    ['that is too large', answer(200, 'x'.repeat(MiB + 1)), `200 too large ${'x'.repeat(40)}`],
    ['of a refusal, of broken encoding: the status counts', answer(400, ok, { 'content-encoding': 'gzip' }), '400 '],
    [
      'of a refusal, cut off: the status counts',
      raw(`${head(400, { 'content-length': '99' })}{"mess`, 'fin'),
      '400 {"mess',
    ],
    ['of a refusal, reset: the status counts', raw(head(401, { 'content-length': '99' }), 'reset'), '401 '],
    ['after 100 and 103', raw(`HTTP/1.1 100 Continue\r\n\r\n${early}${head(200, length)}${ok}`), `200 ${ok}`],
    ['that looks like 100', answer(200, 'HTTP/1.1 100'), '200 HTTP/1.1 100'],
    ['empty', answer(200), '200 '],
    ['absent', raw(head(204, {})), '204 '],
  ])('%s', async (_what, act, expected) => {
    expect(await bodyOf(act)).toBe(expected);
  });

  it('of a refusal that stalls: the status counts', async () => {
    expect(await ask(raw(head(503, { 'content-length': '99' })), 150)).toBe('503');
  });

  it('1 MiB is kept whole, and more is cut', async () => {
    const whole = await rawServer({
      acts: { '1': [answer(200, Buffer.alloc(MiB, 'x'))], '2': [answer(200, Buffer.alloc(3 * MiB, 'x'))] },
    });
    const transport = transportTo(whole.port);
    expect(await sendRow(transport, '1')).toMatchObject({ tooLarge: false, body: { length: MiB } });
    const cut = await sendRow(transport, '2');
    expect(cut.kind === 'answer' && cut.tooLarge && cut.body.length <= MiB).toBe(true);
  });
});

describe('the request', () => {
  it('is one POST of JSON with its length in bytes, and asks for an unencoded answer', async () => {
    let seen: http.IncomingMessage | undefined;
    const server = http.createServer((request, response) => {
      seen = request;
      request.resume().on('end', () => response.end(ok));
    });
    onTestFinished(() => void server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const transport = transportTo((server.address() as AddressInfo).port);
    await transport.post(endpoint, { 'X-API-KEY': 'canary' }, '{"first_name":"José"}', never);
    expect(seen).toMatchObject({ method: 'POST', url: endpoint });
    expect(seen?.headers).toMatchObject({
      'x-api-key': 'canary',
      'content-type': 'application/json',
      'content-length': '22',
      'accept-encoding': 'identity',
    });
    transport.close();
  });
});
