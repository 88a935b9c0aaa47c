import { once } from 'node:events';
import net from 'node:net';
import type { Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createDeadlines } from '../../../src/gleantap/http/deadlines.ts';
import type { Exchange } from '../../../src/gleantap/http/exchange.ts';
import { Link } from '../../../src/gleantap/http/link.ts';
import { Posting } from '../../../src/gleantap/http/posting.ts';
import { rawServer, silence } from '../../run/send/raw-server.ts';
import type { RawServer } from '../../run/send/raw-server.ts';
import { endpoint, never, wordOf } from './transport.ts';

/** Sends rows over one link. `onSocket` gets each of its connections before undici does, and may keep it waiting. */
function linkTo(
  server: RawServer,
  onSocket: (socket: Socket) => Promise<void> | void,
): (row: string) => Promise<string> {
  const link = new Link(new URL(`http://127.0.0.1:${server.port}`), (onResult) => {
    const socket = net.connect(server.port, '127.0.0.1');
    const connected = async (): Promise<void> => {
      await once(socket, 'connect');
      await onSocket(socket);
      onResult(socket);
    };
    void connected();
    return socket.on('error', onResult);
  });
  const deadlines = createDeadlines();
  onTestFinished(() => {
    deadlines.close();
    link.end();
  });
  return async (row) => {
    const exchange = await new Promise<Exchange>((resolve, reject) => {
      const request = { path: endpoint, method: 'POST', headers: [], body: `{"user_id":"${row}"}` } as const;
      new Posting(
        request,
        { deadlines, timeoutMs: 2000, onOver: (posting) => posting.settle() },
        never,
        resolve,
        reject,
      ).start(link);
    });
    return wordOf(exchange);
  };
}

it('a server that speaks first and hangs up is not called again at once', async () => {
  const server = await rawServer({ onConnection: (socket) => !socket.end('HTTP/1.1 408 Late\r\n\r\n') || true });
  const send = linkTo(server, async (socket) => {
    await once(socket, 'readable');
  });
  expect(await send('1')).toBe('connect_refused');
  expect(server.connections()).toBe(1);
});

it('a request that was written is not written again, whatever undici makes of the end of its connection', async () => {
  let latest: Socket | undefined;
  const cut = (): void => {
    // By this code undici knows what it did itself, and takes the request for one that is still to be sent.
    latest?.destroy(Object.assign(new Error('cut'), { code: 'UND_ERR_INFO' }));
  };
  const server = await rawServer({ acts: { '2': [cut, silence] } });
  const send = linkTo(server, (socket) => void (latest = socket));
  expect([await send('1'), await send('2')]).toEqual(['200', 'reset_idle']);
  expect(server.received.map(({ row }) => row)).toEqual(['1', '2']);
  expect(server.connections()).toBe(1);
});
