import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTransport } from '../../../src/gleantap/http/connection-pool.ts';
import { certificate } from '../../run/send/certificate.ts';
import { rawServer } from '../../run/send/raw-server.ts';
import { sendRow, wordOf } from './transport.ts';

/** A proxy that does this with every connection after the request for a tunnel, and the requests that it got. */
async function proxyThat(act: (socket: Socket) => unknown): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (head) => {
      asked.push(head.toString('latin1'));
      act(socket);
    });
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: (server.address() as AddressInfo).port, asked };
}

/** The result of a request through this proxy. */
async function sendThrough(proxy: string, origin = 'https://127.0.0.1:9', timeoutMs = 5000): Promise<string> {
  const transport = createTransport({ origin: new URL(origin), timeoutMs, proxy: new URL(proxy) });
  onTestFinished(() => transport.close());
  return wordOf(await sendRow(transport, '1'));
}

describe('a proxy that does not open a tunnel: nothing was sent, and Gleantap has not answered', () => {
  const answering = (status: number, body = '{"status":"success","_id":"a1"}') => {
    const text = `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    return (socket: Socket) => socket.end(text);
  };

  it.each<[string, (socket: Socket) => unknown, string]>([
    ['407', answering(407), 'status_407'],
    ['403', answering(403), 'proxy_refused'],
    ['400', answering(400), 'proxy_refused'],
    ['302', answering(302), 'proxy_refused'],
    ['429', answering(429), 'proxy_refused'],
    ['502', answering(502), 'proxy_refused'],
    ['503', answering(503), 'proxy_refused'],
    ['garbage', (socket) => socket.end('220 smtp ready\r\n'), 'proxy_refused'],
    ['closed', (socket) => socket.end(), 'connect_refused'],
    ['reset', (socket) => socket.resetAndDestroy(), 'connect_refused'],
    ['half an answer', (socket) => socket.end('HTTP/1.1 200 Conn'), 'connect_refused'],
    ['a tunnel that ends at once', (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'), 'connect_refused'],
    [
      'a tunnel that is reset',
      (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n', () => setTimeout(() => socket.resetAndDestroy(), 20)),
      'connect_refused',
    ],
    [
      'a tunnel to something else',
      (socket) =>
        socket.write('HTTP/1.1 200 OK\r\n\r\n', () => setTimeout(() => socket.write('220 smtp ready\r\n'), 20)),
      'tls_failed',
    ],
  ])('%s', async (_what, act, event) => {
    const proxy = await proxyThat(act);
    expect(await sendThrough(`http://127.0.0.1:${proxy.port}`)).toBe(event);
    expect(proxy.asked).toHaveLength(1);
  });

  it.each<[string, (socket: Socket) => unknown]>([
    ['no answer', () => undefined],
    ['a tunnel in which nothing comes', (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n')],
  ])('%s: the attempt releases it', async (_what, act) => {
    let isLetGo = false;
    const proxy = await proxyThat((socket) => {
      socket.on('close', () => (isLetGo = true));
      act(socket);
    });
    expect(await sendThrough(`http://127.0.0.1:${proxy.port}`, 'https://127.0.0.1:9', 200)).toBe('connect_timeout');
    await expect.poll(() => isLetGo).toBe(true);
  });

  it('no server listens', async () => {
    const server = await rawServer();
    await server.close();
    expect(await sendThrough(`http://127.0.0.1:${server.port}`)).toBe('connect_refused');
  });

  it('an https proxy that does not speak TLS, or whose certificate is not trusted', async () => {
    const proxy = await proxyThat((socket) => socket.end('220 smtp ready\r\n'));
    expect(await sendThrough(`https://127.0.0.1:${proxy.port}`)).toBe('tls_failed');
    const unknown = await rawServer({ secure: certificate });
    expect(await sendThrough(`https://127.0.0.1:${unknown.port}`)).toBe('tls_failed');
    expect(unknown.connections()).toBe(1);
  });
});

it('a proxy gets the host name and its own password, and nothing else', async () => {
  const proxy = await proxyThat((socket) => socket.end());
  await sendThrough(`http://us%40er:pa%3Ass@127.0.0.1:${proxy.port}`, 'https://api.example.com');
  const [first, ...lines] = proxy.asked.join('').split('\r\n');
  expect(first).toBe('CONNECT api.example.com:443 HTTP/1.1');
  expect(lines.map((line) => line.toLowerCase().split(':')[0]).filter((name) => name !== '')).toEqual([
    'host',
    'proxy-connection',
    'proxy-authorization',
    'connection',
  ]);
  expect(lines).toContain(`proxy-authorization: Basic ${Buffer.from('us@er:pa:ss').toString('base64')}`);
  expect(proxy.asked).toHaveLength(1);
});

it('a server on this machine that is reached over http needs no proxy', async () => {
  const server = await rawServer();
  const proxy = await proxyThat((socket) => socket.end());
  expect(await sendThrough(`http://127.0.0.1:${proxy.port}`, `http://127.0.0.1:${server.port}`)).toBe('200');
  expect(proxy.asked).toEqual([]);
});
