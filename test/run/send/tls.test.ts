import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTransport } from '../../../src/gleantap/http/connection-pool.ts';
import type { AnySummary as Summary } from '../../any-summary.ts';
import { canaries, start, workplace } from '../../cli/harness.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) console.log('skipped: TLS and proxy (needs openssl to make a certificate)');

let folder = '';
const file = (name: string): string => path.join(folder, name);

beforeAll(async () => {
  if (!hasOpenssl) return;
  folder = await mkdtemp(path.join(tmpdir(), 'gleantap-tls-'));
  const made = spawnSync(
    'openssl',
    'req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1'.split(
      ' ',
    ),
    { cwd: folder },
  );
  expect(made.status).toBe(0);
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A server over TLS that takes every row. */
async function secure(): Promise<{ url: string; requests: () => number }> {
  let requests = 0;
  const server = https.createServer(
    { key: readFileSync(file('key.pem')), cert: readFileSync(file('cert.pem')) },
    (request, response) => {
      requests += 1;
      request.resume().on('end', () => response.end('{"status":"success","_id":"a1"}'));
    },
  );
  onTestFinished(() => server.closeAllConnections());
  return { url: `https://127.0.0.1:${await listening(server)}`, requests: () => requests };
}

async function send(url: string, env: Record<string, string>) {
  const cwd = await workplace();
  await writeFile(path.join(cwd, 'people.csv'), 'Id,First,Last\n1,Ana,Diaz\n2,Bo,Lee\n');
  const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last' };
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ version: 1, name: 'people', fields }));
  // Node reads the certificates of its environment when it starts.
  return start(['run', 'people.csv', '--base-url', url, '--yes', '--rate', '0', '--no-preflight', '--json'], {
    cwd,
    env,
  }).ended;
}

describe.runIf(hasOpenssl)('https', () => {
  it('works with a private certificate authority in NODE_EXTRA_CA_CERTS', async () => {
    const { url, requests } = await secure();
    const { code } = await send(url, { NODE_EXTRA_CA_CERTS: file('cert.pem') });
    expect([code, requests()]).toEqual([0, 2]);
  });

  it('a certificate that cannot be trusted is exit 2 before any success, and is never accepted', async () => {
    const { url, requests } = await secure();
    const { code, stdout } = await send(url, {});
    expect([code, requests()]).toEqual([2, 0]);
    expect(JSON.parse(stdout) as Summary).toMatchObject({ error: { code: 'unreachable' }, counts: { pending: 2 } });
  });

  it('NODE_TLS_REJECT_UNAUTHORIZED=0 is refused', async () => {
    const { url, requests } = await secure();
    const { code } = await send(url, { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect([code, requests()]).toEqual([2, 0]);
  });

  it('NODE_TLS_REJECT_UNAUTHORIZED=0 does not weaken the library, which does not read it', async () => {
    const { url, requests } = await secure();
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    const transport = createTransport({ origin: new URL(url), timeoutMs: 5000 });
    const { signal } = new AbortController();
    expect(await transport.post('/', {}, '{}', signal)).toMatchObject({ kind: 'fault', event: 'tls_failed' });
    transport.close();
    expect(requests()).toBe(0);
  });

  describe.each(['http', 'https'])('an %s proxy', (scheme) => {
    /** A proxy that answers CONNECT like this. */
    async function proxying(onConnect: (request: http.IncomingMessage, socket: Duplex) => void): Promise<string> {
      const proxy =
        scheme === 'http'
          ? http.createServer()
          : https.createServer({ key: readFileSync(file('key.pem')), cert: readFileSync(file('cert.pem')) });
      proxy.on('connect', onConnect);
      return `${scheme}://us%40er:secret@127.0.0.1:${await listening(proxy)}`;
    }

    it('is a tunnel that sees no key, and NO_PROXY bypasses it', async () => {
      const { url, requests } = await secure();
      const tunnels: string[] = [];
      let seen = '';
      const HTTPS_PROXY = await proxying((request, socket) => {
        tunnels.push(request.url ?? '');
        seen += JSON.stringify(request.headers);
        const upstream = connect(Number(new URL(url).port), '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
          socket.on('data', (chunk: Buffer) => (seen += chunk.toString('latin1')));
          socket.pipe(upstream).pipe(socket);
        });
        for (const end of [socket, upstream]) end.on('error', () => socket.destroy());
      });
      const env = { NODE_EXTRA_CA_CERTS: file('cert.pem'), HTTPS_PROXY };
      expect((await send(url, env)).code).toBe(0);
      expect(requests()).toBe(2);
      expect(tunnels).toContain(new URL(url).host);
      expect(seen).toContain(`Basic ${Buffer.from('us@er:secret').toString('base64')}`);
      expect(seen).not.toContain(canaries.apiKey);

      const before = tunnels.length;
      expect((await send(url, { ...env, NO_PROXY: '127.0.0.1' })).code).toBe(0);
      expect(tunnels).toHaveLength(before);
    });

    it.each([
      [407, 3, 'server_refuses'],
      [403, 2, 'unreachable'],
      [502, 2, 'unreachable'],
    ])('that answers %i stops the run (exit %i), with all rows pending', async (status, exit, error) => {
      const { url, requests } = await secure();
      const HTTPS_PROXY = await proxying((_request, socket) =>
        socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\n{}`),
      );
      const { code, stdout } = await send(url, { NODE_EXTRA_CA_CERTS: file('cert.pem'), HTTPS_PROXY });
      expect([code, requests()]).toEqual([exit, 0]);
      const summary = JSON.parse(stdout) as Summary;
      expect(summary).toMatchObject({ error: { code: error }, counts: { pending: 2, failed: 0, unknown: 0 } });
      expect(summary.error?.message).toContain('proxy');
    });
  });
});
