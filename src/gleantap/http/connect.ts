import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { urlToHttpOptions } from 'node:url';

/** Makes a connection that requests can go over, and says once what came of it. It can be ended however far it has come. */
export type Connect = (onResult: OnResult) => Endable;

type OnResult = (result: Socket | Error) => void;

/** Something that can be ended, however far it has come. */
export interface Endable {
  destroy(): unknown;
}

/**
 * If a name has several addresses, each is tried in turn until one answers (Happy Eyeballs), whatever the environment says. Node's
 * 250 ms for each would give up on good addresses that are far away; this still leaves time for four within the connect limit.
 */
const anyAddress = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 2000 };

/** How to connect to the origin: to https through the proxy, if there is one. */
export function createConnect(origin: URL, proxy: URL | undefined): Connect {
  const { host, port } = addressOf(origin);
  if (origin.protocol !== 'https:')
    return (onResult) => watch(net.connect({ host, port, ...anyAddress }), 'connect', onResult);
  let session: Buffer | undefined;
  const encrypt = (onResult: OnResult, tunnel?: Socket): Socket => {
    const socket = tls.connect({
      host,
      port,
      servername: net.isIP(host) === 0 ? host : '',
      ...anyAddress,
      ALPNProtocols: ['http/1.1'],
      // Node would let an environment variable switch this off, and with it the protection of the keys.
      rejectUnauthorized: true,
      ...(session === undefined ? {} : { session }),
      ...(tunnel === undefined ? {} : { socket: tunnel }),
    });
    socket.on('session', (latest) => (session = latest));
    return watch(socket, 'secureConnect', onResult);
  };
  if (proxy === undefined) return encrypt;
  return (onResult) => {
    let latest: Endable = openTunnel(proxy, `${origin.hostname}:${port}`, (result) => {
      if (result instanceof Error) onResult(result);
      else latest = encrypt(onResult, result);
    });
    return { destroy: () => latest.destroy() };
  };
}

/** Asks a proxy for a connection to `target`. The proxy learns only that name. */
function openTunnel(proxy: URL, target: string, onResult: OnResult): Endable {
  const { host, port, auth } = addressOf(proxy);
  const asking = (proxy.protocol === 'https:' ? https : http).request({
    host,
    port,
    method: 'CONNECT',
    path: target,
    agent: false,
    ...anyAddress,
    rejectUnauthorized: true,
    headers: {
      host: target,
      'proxy-connection': 'keep-alive',
      ...(auth === undefined ? {} : { 'proxy-authorization': `Basic ${Buffer.from(auth).toString('base64')}` }),
    },
  });
  const say = once(onResult);
  asking.on('error', say).on('connect', ({ statusCode: status = 0 }, socket: Socket) => {
    if (status >= 200 && status < 300) {
      say(socket);
      return;
    }
    socket.destroy();
    say(Object.assign(new Error('the proxy would not connect'), { code: `PROXY_${status}` }));
  });
  return asking.end();
}

function watch(socket: Socket, ready: 'connect' | 'secureConnect', onResult: OnResult): Socket {
  const say = once(onResult);
  return socket
    .setNoDelay(true)
    .setKeepAlive(true, 60_000)
    .on('error', say)
    .once('close', () => say(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
    .once(ready, () => say(socket));
}

function once(onResult: OnResult): OnResult {
  let isSaid = false;
  return (result) => {
    if (isSaid) return;
    isSaid = true;
    onResult(result);
  };
}

export function addressOf(url: URL): { host: string; port: number; auth: string | undefined } {
  const { hostname, port, auth } = urlToHttpOptions(url) as { hostname: string; port?: number; auth?: string };
  return { host: hostname, port: port ?? (url.protocol === 'https:' ? 443 : 80), auth };
}
