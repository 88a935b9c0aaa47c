import type { Socket } from 'node:net';
import zlib from 'node:zlib';
import pLimit from 'p-limit';
import { afterAll, describe, expect, it } from 'vitest';
import type { AnySummary as Summary } from '../../any-summary.ts';
import { gleantapImport, start } from '../../cli/harness.ts';
import { fastWaits, peopleAt, play, runArguments } from './case.ts';
import type { Case, CaseRow } from './case.ts';
import { certificate } from './certificate.ts';
import {
  answer,
  drip,
  fin,
  good,
  goodAndClose,
  goodThenIdleClose,
  head,
  json,
  raw,
  rawServer,
  reset,
  silence,
} from './raw-server.ts';
import type { Act } from './raw-server.ts';

/**
 * The fault matrix, row by row, against servers that speak bytes. By default the first row succeeds, so
 * that the run has had a success, and the last row shows that the run continues.
 */

const tally = { faults: 0, runs: 0, requests: 0 };
afterAll(() => console.log(`fault matrix: ${tally.faults} faults, ${tally.runs} runs, ${tally.requests} requests`));

/** Plays cases, four at a time, and compares all of them at once. */
async function playAll(...cases: readonly Case[]): Promise<void> {
  const played = await pLimit(4).map(cases, play);
  tally.faults += cases.reduce(
    (sum, { rows }) => sum + Math.max(1, rows.filter(({ name }) => name !== undefined).length),
    0,
  );
  tally.runs += cases.length;
  tally.requests += played.reduce((sum, { requests }) => sum + requests, 0);
  expect(Object.fromEntries(played.map(({ name, got }) => [name, got]))).toEqual(
    Object.fromEntries(played.map(({ name, wanted }) => [name, wanted])),
  );
}

const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const row = (end: string, requests: number, ...meets: Act[]): CaseRow => ({ meets, requests, end });
const fine = row('succeeded', 1, good);
/** As `fine`, but the next request needs another connection. */
const fineOnce = row('succeeded', 1, goodAndClose);
const unsent = row('pending', 0, good);
const oneByOne = { '-c': '1' };

/** One fault between two rows that go well. */
const alone = (name: string, fault: CaseRow, more: Partial<Case> = {}): Case => ({
  name,
  rows: [fine, fault, fine],
  exit: fault.end === 'succeeded' ? 0 : 1,
  ...more,
});

/** Many faults in one run, one request at a time, each followed by a row that goes well and ends its connection. */
const together = (name: string, faults: Readonly<Record<string, CaseRow>>, more: Partial<Case> = {}): Case => ({
  name,
  rows: [fineOnce, ...Object.entries(faults).flatMap(([each, fault]) => [{ ...fault, name: each }, fineOnce])],
  exit: Object.values(faults).every(({ end }) => end.startsWith('succeeded')) ? 0 : 1,
  flags: oneByOne,
  ...more,
});
const each = <Key extends string | number>(
  keys: readonly Key[],
  fault: (key: Key) => CaseRow,
): Record<string, CaseRow> => Object.fromEntries(keys.map((key) => [String(key), fault(key)]));
const eachAct = (acts: Readonly<Record<string, Act>>, fault: (act: Act) => CaseRow): Record<string, CaseRow> =>
  Object.fromEntries(Object.entries(acts).map(([name, act]) => [name, fault(act)]));

/** The server says that something is wrong for all rows. */
const stops = (name: string, act: Act, error = 'server_refuses', exit = 3): Case => ({
  name,
  rows: [fine, row('pending', 1, act), unsent],
  flags: oneByOne,
  exit,
  error,
});

const goodText = json({ status: 'success', _id: 'it' });
const page = '<!doctype html><html><body>Sign in to the network</body></html>';
const ok = (text: string | Buffer, headers: Record<string, string> = {}): Act => answer(200, text, headers);
const toHead = (nth: number, act: (socket: Socket) => unknown) => ({
  onHead: (socket: Socket, which: number) => which === nth && act(socket) !== undefined,
});
const toConnections = (wanted: readonly number[], act: (socket: Socket) => unknown) => ({
  onConnection: (socket: Socket, nth: number) => wanted.includes(nth) && act(socket) !== undefined,
});

/** Loaded before the program: its name lookups follow a script, of which the last step repeats. */
const lookups = (...script: string[]): Pick<Case, 'env' | 'files' | 'url'> => ({
  url: (port) => `http://localhost:${port}`,
  env: { NODE_OPTIONS: '--require ./lookups.cjs' },
  files: {
    'lookups.cjs': `
      const script = ${json(script)};
      require('node:dns').lookup = (host, { all }, callback) => {
        const step = script.length > 1 ? script.shift() : script[0];
        if (step === 'ok') process.nextTick(callback, null, all ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4);
        else if (step.includes(',')) process.nextTick(callback, null, step.split(',').map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
        else if (step !== 'hang') process.nextTick(callback, Object.assign(new Error(step), { code: step }));
      };`,
  },
});

describe('before the request is sent', () => {
  const nothingSent = { rows: times(3, unsent), exit: 2, error: 'unreachable' };

  it('names that are not found, networks that are down: again, and it costs no attempt', async () => {
    const flags = { ...oneByOne, '--attempts': '1', '--timeout': '500ms' };
    const failures = ['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'ECONNREFUSED', 'hang', 'hang'];
    await playAll(
      { name: 'no such host at the start', ...lookups('ENOTFOUND'), ...nothingSent, answers: { host_not_found: 1 } },
      {
        name: 'each failure later',
        rows: times(failures.length + 1, fineOnce),
        ...lookups('ok', ...failures.flatMap((failure) => [failure, 'ok'])),
        flags,
        exit: 0,
        answers: { host_not_found: 1, dns_failed: 1, network_unreachable: 2, connect_refused: 1, connect_timeout: 2 },
      },
      {
        name: 'some in a row',
        rows: times(2, fineOnce),
        ...lookups('ok', ...failures.slice(0, 4), 'ok'),
        flags,
        exit: 0,
      },
      {
        name: 'no such host any more: an outage',
        rows: [fineOnce, unsent, unsent],
        ...lookups('ok', 'ENOTFOUND'),
        flags: { '--max-outage': '20s' },
        exit: 3,
        error: 'outage',
        answers: { host_not_found: [5, 14] },
      },
    );
  });

  it('a name with several addresses: the one that answers is found within the connect limit', async () => {
    // Nothing listens on ::1. What is sent to 192.0.2.1 (RFC 5737) is refused or lost.
    const first = (name: string, addresses: string, more: Partial<Case> = {}): Case => ({
      name,
      rows: times(3, fineOnce),
      ...lookups(addresses),
      env: { NODE_OPTIONS: '--require ./lookups.cjs --no-network-family-autoselection' },
      flags: { ...oneByOne, '--attempts': '1' },
      exit: 0,
      answers: { '200': 3 },
      ...more,
    });
    await playAll(
      first('IPv6, but only IPv4 answers', '::1,127.0.0.1'),
      first('IPv4, but only the other answers', '127.0.0.2,127.0.0.1'),
      first('one that loses everything', '192.0.2.1,127.0.0.1', { rows: times(1, fineOnce), answers: { '200': 1 } }),
    );
  });

  it('TLS: exit 2 at the start, a stop later; a broken handshake is tried again', async () => {
    const https = (port: number): string => `https://127.0.0.1:${port}`;
    const trusted = { env: { NODE_EXTRA_CA_CERTS: 'ca.pem' }, files: { 'ca.pem': certificate.cert }, url: https };
    const server = { secure: certificate };
    await playAll(
      {
        name: 'it is for another name',
        server,
        ...trusted,
        ...nothingSent,
        url: (port) => `https://localhost:${port}`,
      },
      {
        name: 'plain HTTP',
        server: toConnections([1], (socket) => socket.end('HTTP/1.1 400 No\r\n\r\n')),
        ...nothingSent,
        url: https,
      },
      {
        name: 'plain HTTP that waits for a whole request first',
        server: { onConnection: (socket) => socket.once('data', () => socket.end(head(400, {}))) === socket },
        ...nothingSent,
        url: https,
      },
      {
        name: 'plain words after a success',
        ...trusted,
        server: { ...server, ...toConnections([2], (socket) => socket.end('plain words')) },
        rows: [fineOnce, unsent, unsent],
        flags: oneByOne,
        exit: 3,
        error: 'server_refuses',
      },
      {
        name: 'the handshake is cut, twice',
        ...trusted,
        server: { ...server, ...toConnections([2, 3], (socket) => socket.resetAndDestroy()) },
        rows: times(3, fineOnce),
        flags: { ...oneByOne, '--attempts': '1' },
        exit: 0,
        answers: { connect_refused: 2 },
      },
    );
  });
});

describe('an incomplete answer', () => {
  const info = 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n';
  const cut = head(200, { 'content-length': String(goodText.length + 9) });
  const chunked = head(200, { 'transfer-encoding': 'chunked' });
  const recovers = (act: Act): CaseRow => row('succeeded', 2, act, goodAndClose);
  const neverEnds = (name: string, act: Act, label: string, flags = {}): Case => ({
    name,
    rows: [fineOnce, row('unknown fate_unknown 3', 3, act), fineOnce],
    exit: 1,
    answers: { [label]: 3 },
    flags,
  });
  const quick = { '--timeout': '400ms' };

  it('on a fresh connection: may have been accepted, so again after a while', async () => {
    await playAll(
      {
        name: 'reset, then FIN as soon as it is there',
        rows: [fineOnce, fineOnce],
        server: {
          onConnection: (socket, nth) =>
            nth === 2 ? socket.resetAndDestroy() === socket : nth === 3 && socket.end() === socket,
        },
        exit: 0,
        connections: 4,
      },
      {
        name: 'reset while the body is sent',
        rows: [fineOnce, fineOnce],
        note: 'x'.repeat(900_000),
        server: toHead(2, (socket) => socket.resetAndDestroy()),
        exit: 0,
        connections: 3,
      },
      together(
        'after the request',
        eachAct(
          {
            reset,
            FIN: fin,
            '100, then FIN': raw('HTTP/1.1 100 Continue\r\n\r\n', 'fin'),
            '103, then reset': raw(info, 'reset'),
            '101': raw('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
            'half a status line': raw('HTTP/1.', 'fin'),
            'half a header': raw('HTTP/1.1 200 OK\r\ncontent-le', 'fin'),
            'another protocol': raw('SSH-2.0-OpenSSH_9.6\r\n', 'fin'),
            'two Content-Lengths': raw(`HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 9\r\n\r\n${goodText}`),
            'bad chunking': raw(`${chunked}zz\r\n${goodText}\r\n0\r\n\r\n`),
            'FIN before its Content-Length': raw(cut + goodText, 'fin'),
            'reset before its Content-Length': raw(cut + goodText, 'reset'),
            'chunks without an end': raw(`${chunked}5\r\n{"sta\r\n`, 'fin'),
          },
          recovers,
        ),
        { answers: { reset_fresh: 7, protocol_error: 3, truncated: 3 } },
      ),
      together(
        'too slow',
        eachAct(
          {
            'never a header': silence,
            'headers drop by drop': drip,
            'no body after the headers': raw(cut),
            'half a body': raw(cut + '{"sta'),
          },
          recovers,
        ),
        { answers: { answer_timeout: 2, body_timeout: 2 }, flags: { ...oneByOne, ...quick } },
      ),
    );
  });

  it('unknown when no attempts are left', async () => {
    await playAll(
      neverEnds('reset', reset, 'reset_fresh'),
      neverEnds('not HTTP', raw('SSH-2.0-OpenSSH_9.6\r\n', 'fin'), 'protocol_error'),
      neverEnds('cut body', raw(cut + goodText, 'fin'), 'truncated'),
      neverEnds('silence', silence, 'answer_timeout', quick),
      neverEnds('stalled body', raw(cut + '{"sta'), 'body_timeout', quick),
    );
  });

  it('on a kept connection before any byte: at once on a fresh one, which is an attempt but no server fault', async () => {
    const again = (act: Act): CaseRow => row('succeeded', 2, act, good);
    const unasked = head(408, { connection: 'close', 'content-length': '0' });
    const withUnasked: Act = (request) => {
      const text = json({ status: 'success', _id: `id-${request.row}` });
      raw(head(200, { 'content-length': String(text.length) }) + text + unasked, 'fin')(request);
    };
    await playAll(
      {
        name: 'one of each',
        rows: [
          fine,
          { ...again(reset), name: 'reset' },
          fine,
          { ...again(fin), name: 'FIN' },
          fine,
          { ...again(raw('H', 'fin')), name: 'a byte had come' },
          fine,
          { ...again(raw('HTTP/1.1 100 Continue\r\n\r\n', 'fin')), name: '100 had come' },
          fine,
        ],
        flags: oneByOne,
        exit: 0,
        answers: { reset_idle: 2, reset_fresh: 2 },
      },
      {
        name: 'and then on fresh ones',
        rows: [fine, row('unknown fate_unknown 3', 3, reset), fineOnce],
        exit: 1,
        flags: oneByOne,
        answers: { reset_idle: 1, reset_fresh: 2 },
      },
      alone('with one attempt', row('unknown fate_unknown 1', 1, reset), { flags: { ...oneByOne, '--attempts': '1' } }),
      {
        name: 'eight stale connections, two attempts',
        rows: [...times(17, fine), ...times(16, again(reset))],
        flags: { '--attempts': '2' },
        exit: 0,
      },
      { name: 'a 408 that nobody asked for', rows: [row('succeeded', 1, withUnasked), fine, fine], exit: 0 },
      {
        name: 'the idle race',
        rows: Array.from({ length: 150 }, (_, index) => row('succeeded', 1, goodThenIdleClose(index % 6))),
        exit: 0,
        // Anything else is an idle connection that had been closed, which is not a server fault, so no outage.
        answers: { '200': 150, reset_fresh: 0, write_broken: 0, connect_refused: 0, truncated: 0, answer_timeout: 0 },
      },
    );
  });

  it('headers that are too large: again; three in a row stop the run', async () => {
    const large = raw(head(200, { 'x-large': 'x'.repeat(20_000) }) + goodText);
    const many = raw(head(200, Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`x-${index}`, 'yes']))));
    const inARow = (name: string, act: Act): Case => ({
      name,
      rows: [fine, row('pending', 3, act)],
      exit: 3,
      error: 'server_refuses',
      answers: { headers_too_large: 3 },
    });
    await playAll(
      alone('twice', row('succeeded', 3, large, large, good), { answers: { headers_too_large: 2 } }),
      inARow('huge', large),
      inARow('many', many),
    );
  });
});

describe('outages', () => {
  const failing = answer(500, json({ message: 'later' }));
  const flags = { '--max-outage': '60s' };
  const pending = (act: Act): CaseRow => row('pending', 0, act);

  it('cost a bounded number of requests', async () => {
    await playAll(
      {
        name: '500 before any success',
        rows: times(21, pending(failing)),
        flags,
        // Three attempts of the first row, then probes.
        requests: [5, 15],
        exit: 3,
        error: 'outage',
      },
      {
        name: '500 after a success',
        rows: [fine, ...times(60, pending(failing))],
        flags: { ...flags, '--attempts': '6' },
        // Requests in progress when the outage begins, then probes.
        requests: [6, 24],
        exit: 3,
        error: 'outage',
      },
      {
        name: '521: the CDN was refused',
        rows: [fine, ...times(60, pending(answer(521)))],
        flags: { ...flags, '--attempts': '1' },
        requests: [6, 24],
        exit: 3,
        error: 'outage',
      },
      alone('523 four times costs no attempt', row('succeeded', 5, ...times(4, answer(523)), good), {
        flags: { '--attempts': '1' },
        answers: { '523': 4 },
      }),
      {
        name: 'probes are no attempts',
        rows: [fineOnce, row('succeeded', 9, ...times(8, reset), good)],
        flags: { ...oneByOne, '--attempts': '6' },
        exit: 0,
      },
    );
  });

  it.each([
    ['before any success', []],
    ['after a success', [fine]],
  ])('from a server that gives no row a clear answer, %s', async (_name, before) => {
    const told = { 'retry-after': '1' };
    const endless = (name: string, act: Act, exit = 3, more: Partial<Case> = {}): Case => ({
      name,
      rows: [...before, ...times(60, pending(act))],
      flags: { '--max-outage': '60s', '--attempts': '6' },
      // Requests in progress when the outage begins, then probes. For 429, this many rounds.
      requests: [3, 52],
      exit,
      error: exit === 75 ? 'try_later' : 'outage',
      ...more,
    });
    let nth = 0;
    const mixed = [answer(408), answer(425), answer(429), ok(''), answer(500), answer(503, '', told)];
    await playAll(
      endless('200 empty', ok('')),
      endless('200 cut', ok(goodText.slice(0, 12))),
      endless('200 cut, few attempts', ok(goodText.slice(0, 12)), 3, {
        flags: { '--max-outage': '60s', '--attempts': '3', '-c': '1' },
      }),
      endless('408', answer(408)),
      endless('425', answer(425)),
      endless('503 with Retry-After', answer(503, '', told), 75),
      endless('429 with Retry-After', answer(429, '', told), 75),
      endless('429 without', answer(429)),
      endless('a mixture', (request) => mixed[nth++ % (mixed.length - 1)]?.(request)),
    );
  });

  it('a server is not blamed for one row, nor a row for the server', async () => {
    let toFail = 12;
    const poison = row('unknown fate_unknown 6 200', 6, ok(''));
    await playAll(
      // The last row: the others got through.
      { name: 'one row at the end', rows: [fine, fine, poison], flags: { '--attempts': '6' }, exit: 1 },
      {
        name: 'one row at the start: others take turns as probes',
        rows: [row('failed gave_up 3 408', 0, answer(408)), ...times(5, row('succeeded', 1, good))],
        requests: [8, 14],
        exit: 1,
      },
      {
        name: 'the server is back: no row has used up its attempts',
        rows: times(
          6,
          row('succeeded', 0, (request) => (toFail-- > 0 ? answer(408) : good)(request)),
        ),
        requests: [18, 18],
        exit: 0,
      },
    );
  });

  it('end when the server is back', async () => {
    const cwd = await peopleAt(30);
    const server = await rawServer({ acts: { '9': [() => void server.close(), good] } });
    const { child, ended } = start(runArguments(`http://127.0.0.1:${server.port}`), { cwd, env: fastWaits });
    let isBack = false;
    child.stderr?.on('data', (text: string) => {
      // The first warning is that of the outage.
      if (isBack || !text.includes('WARN')) return;
      isBack = true;
      void server.reopen();
    });
    const { code, stdout } = await ended;
    const { counts, traffic } = JSON.parse(stdout) as Summary;
    expect({ code, isBack }).toEqual({ code: 0, isBack: true });
    expect(counts).toMatchObject({ read: 30, succeeded: 30, unknown: 0, pending: 0 });
    expect(traffic?.answers['connect_refused']).toBeGreaterThanOrEqual(4);
    expect(new Set(server.received.map(({ row: each_ }) => each_)).size).toBe(30);
  });

  it('from a server that does not exist', async () => {
    const server = await rawServer();
    await server.close();
    const cwd = await peopleAt(3);
    const { code, stdout } = await gleantapImport(runArguments(`http://127.0.0.1:${server.port}`, flags), {
      cwd,
      env: fastWaits,
    });
    const { counts, traffic, error } = JSON.parse(stdout) as Summary;
    expect({ code, error: error?.code }).toEqual({ code: 3, error: 'outage' });
    expect(counts).toMatchObject({ read: 3, pending: 3 });
    expect(traffic?.requests).toBeLessThan(16);
  });
});

describe('2xx', () => {
  const packed = (data: Buffer | string, encoding: string): Act => ok(data, { 'content-encoding': encoding });

  it('without a result: may have been accepted', async () => {
    const odd = {
      'half a JSON text without a length': raw(head(200, {}) + goodText.slice(0, 12), 'fin'),
      'half a JSON text of the right length': ok(goodText.slice(0, 12)),
      empty: ok(''),
      blank: ok(' \n'),
      'invalid UTF-8': ok(Buffer.from(goodText.replace('it', '\u00E9'), 'latin1')),
      'UTF-16': ok(Buffer.from(`\uFEFF${goodText}`, 'utf16le')),
    };
    const undecodable = {
      'gzip that is none': packed(goodText, 'gzip'),
      'half a gzip': packed(zlib.gzipSync(goodText).subarray(0, 20), 'gzip'),
      'an unknown encoding': packed(goodText, 'zstd'),
    };
    await playAll(
      ...Object.entries({
        ...eachAct(odd, (act) => row('unknown fate_unknown 3 200', 3, act)),
        '204': row('unknown fate_unknown 3 204', 3, raw(head(204, {}))),
        '201 empty': row('unknown fate_unknown 3 201', 3, answer(201)),
        ...eachAct(undecodable, (act) => row('unknown fate_unknown 3', 3, act)),
      }).map(([name, fault]) => alone(name, fault)),
      together(
        'twice',
        eachAct({ ...odd, ...undecodable }, (act) => row('succeeded', 3, act, act, good)),
      ),
    );
  });

  it('with a web page: once more; five in a row stop the run', async () => {
    const html = ok(page, { 'content-type': 'text/html' });
    const isLost = row('unknown fate_unknown 2 200', 2, html);
    await playAll(
      together('some', {
        'HTML once': row('succeeded', 2, html, good),
        HTML: isLost,
        'JSON that is no object': row(isLost.end, 2, ok('["success"]')),
        'a word': row(isLost.end, 2, ok('OK')),
      }),
      {
        name: 'HTML for all',
        rows: times(5, row('pending', 0, html)),
        requests: [5, 5],
        exit: 3,
        error: 'server_refuses',
      },
    );
  });

  it('with an error message: failed, and counted as a refusal for the limits', async () => {
    const refusal = { status: 'error', message: 'Invalid phone' };
    await playAll(
      together(
        'refusals',
        each(
          [refusal, { status: false, message: 'no' }, { error: 'Unknown app_id' }, { ...refusal, _id: 'x' }].map(json),
          (text) => row('failed refused 1 200', 1, ok(text)),
        ),
      ),
      {
        name: 'for all',
        rows: [...times(20, row('pending', 1, ok(json(refusal)))), ...times(5, unsent)],
        exit: 3,
        error: 'server_refuses',
      },
    );
  });

  it('with a success that is not as documented: unknown, not sent again', async () => {
    const ids = { missing: undefined, 'a number': 7, null: null, empty: '', 'of 300 characters': 'x'.repeat(300) };
    const withoutId = {
      ...Object.fromEntries(
        Object.entries(ids).map(([name, _id]) => [`_id ${name}`, ok(json({ status: 'success', _id }))]),
      ),
      '_id inherited': ok('{"status":"success","__proto__":{"_id":"x"}}'),
    };
    const others = {
      'status inherited': ok('{"__proto__":{"status":"success","_id":"x"}}'),
      'as mergeContacts': ok(json({ status: true, message: 'Contacts merged successfully' })),
      'as removeContact': ok(json({ result: 'success' })),
      'no status': ok(json({ _id: 'x' })),
      'nothing in it': ok('{}'),
      'a huge body': ok(goodText + ' '.repeat(2_000_000)),
      'a gzip bomb': packed(zlib.gzipSync(Buffer.alloc(100 * 1024 * 1024)), 'gzip'),
    };
    await playAll(
      together('all', {
        ...eachAct(withoutId, (act) => row('unknown accepted_without_id 1 200', 1, act)),
        ...eachAct(others, (act) => row('unknown fate_unknown 1 200', 1, act)),
      }),
    );
  });

  it('in unusual forms, but valid', async () => {
    const withId = (id: string): CaseRow => row(`succeeded ${id}`, 1, ok(json({ status: 'success', _id: id })));
    const early = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\n\r\n';
    const plain = head(200, { 'content-length': String(goodText.length) }) + goodText;
    await playAll(
      together('all', {
        ...eachAct(
          {
            '201': answer(201, goodText),
            '202': answer(202, goodText),
            '299': answer(299, goodText),
            'called a page': ok(goodText, { 'content-type': 'text/html' }),
            'a BOM': ok(`\uFEFF${goodText}`),
            'space around it': ok(`\r\n ${goodText}\n`),
            'no Content-Length': raw(head(200, {}) + goodText, 'fin'),
            '100 and 103 before it': raw(early + plain),
            'keys twice: the last counts': ok('{"status":"error","status":"success","_id":"x","_id":"it"}'),
            'an own __proto__': ok('{"status":"success","_id":"it","__proto__":{"status":"error"}}'),
            gzip: packed(zlib.gzipSync(goodText), 'gzip'),
            'x-gzip': packed(zlib.gzipSync(goodText), 'X-Gzip'),
            deflate: packed(zlib.deflateSync(goodText), 'deflate'),
            'deflate without its header': packed(zlib.deflateRawSync(goodText), 'deflate'),
            br: packed(zlib.brotliCompressSync(goodText), 'br'),
          },
          (act) => row('succeeded it', 1, act),
        ),
        '_id of 256 characters': withId('x'.repeat(256)),
        '_id with line breaks': withId('a\r\nb\n"c",'),
        '_id that is a formula': { ...withId('=1+1'), end: "succeeded '=1+1" },
      }),
    );
  });
});

describe('3xx', () => {
  it('stops the run, and no other host gets a request', async () => {
    let heard = 0;
    const elsewhere = await rawServer({ onConnection: () => ++heard > 0 });
    const away = { location: `http://127.0.0.1:${elsewhere.port}/v2/ExternalApi/newContact` };
    await playAll(
      ...[301, 302, 303, 307, 308].map((status) =>
        stops(`${status} to another origin`, answer(status, goodText, away)),
      ),
      stops('308 to itself', answer(308, '', { location: '/v2/ExternalApi/newContact' })),
      ...[300, 304].map((status) => stops(String(status), raw(head(status, { 'content-length': '0' })))),
    );
    expect(heard).toBe(0);
  });
});

describe('4xx', () => {
  const no = json({ message: 'no' });

  it('refuses the row: it fails, and the others continue', async () => {
    const long = { 'content-length': '2000000' };
    const bomb = zlib.gzipSync(Buffer.alloc(5_000_000));
    const refusals = {
      'a message': answer(400, json({ message: 'first_name is required' })),
      empty: answer(400),
      HTML: answer(400, page),
      '1 MB': answer(400, 'x'.repeat(1_000_000)),
      '2 MB': answer(400, 'x'.repeat(2_000_000)),
      'invalid UTF-8': answer(400, Buffer.from([0xff, 0xfe, 0x80])),
      'cut off': raw(head(400, long) + '{"mess', 'fin'),
      'bad chunks': raw(`${head(400, { 'transfer-encoding': 'chunked' })}zz\r\n`),
      'in no known encoding': answer(400, 'x', { 'content-encoding': 'zstd' }),
      'as a gzip bomb': answer(400, bomb, { 'content-encoding': 'gzip' }),
      'that stalls': raw(head(400, long) + '{"mess'),
    };
    await playAll(
      together(
        'one after the other',
        {
          ...eachAct(refusals, (act) => row('failed refused 1 400', 1, act)),
          ...each([402, 403, 418, 422, 451], (status) => row(`failed refused 1 ${status}`, 1, answer(status, no))),
          ...each([413, 414], (status) => row(`failed row_too_large 1 ${status}`, 1, answer(status))),
        },
        { flags: { ...oneByOne, '--timeout': '1s' } },
      ),
      {
        name: '413 before the body was read',
        rows: [fine, row('failed row_too_large 1 413', 0, good), fine],
        note: 'x'.repeat(900_000),
        server: toHead(2, (socket) => socket.end(head(413, { connection: 'close', 'content-length': '0' }))),
        flags: oneByOne,
        exit: 1,
      },
    );
  });

  it('refuses almost all rows: the run stops, and those rows are pending again', async () => {
    const stopped = { flags: oneByOne, exit: 3, error: 'server_refuses' };
    const refused = (status: number, count: number): CaseRow[] => times(count, row('pending', 1, answer(status, no)));
    const denied = times(4, row('failed refused 1 403', 1, answer(403)));
    await playAll(
      {
        name: '400: 20 with no success',
        rows: [...refused(400, 20), ...times(5, unsent)],
        exit: 3,
        error: 'server_refuses',
      },
      // One more may be in progress by then.
      { name: '400: 25 of the first 100', rows: [fine, ...refused(400, 40)], requests: [26, 27], ...stopped },
      { name: '403: 5 in a row', rows: [fine, ...refused(403, 5), ...times(5, unsent)], ...stopped },
      {
        name: '403: 4 in a row, again and again',
        rows: [fine, ...denied, fine, ...denied, fine],
        flags: oneByOne,
        exit: 1,
      },
      { name: '451: 20 in a row', rows: [fine, ...refused(451, 20), ...times(4, unsent)], ...stopped },
    );
  });

  it('is wrong for all rows: the run stops', async () => {
    const first = (status: number, error: string): Case => ({
      name: `${status} at first`,
      rows: [row('pending', 1, answer(status, no)), unsent],
      exit: 3,
      error,
    });
    await playAll(
      first(401, 'credentials_refused'),
      first(403, 'credentials_refused'),
      stops('401', answer(401, no), 'credentials_refused'),
      {
        ...stops('401 that stalls', raw(head(401, { 'content-length': '9' })), 'credentials_refused'),
        flags: { ...oneByOne, '--timeout': '1s' },
      },
      ...[404, 405, 407, 410, 415, 431].map((status) => stops(String(status), answer(status, page))),
    );
  });

  it('was not processed: again, then failed', async () => {
    const busy = [408, 423, 424, 425];
    const fourAttempts = { ...oneByOne, '--attempts': '4' };
    const misdirected = answer(421);
    await playAll(
      // Each in its own run: five in a row from several rows would be an outage.
      ...busy.flatMap((status) => [
        alone(`${status}`, row(`failed gave_up 4 ${status}`, 4, answer(status)), { flags: fourAttempts }),
        alone(`${status} twice`, row('succeeded', 3, ...times(2, answer(status)), good), { flags: fourAttempts }),
      ]),
      alone('409', row('failed conflict 3 409', 3, answer(409)), { flags: fourAttempts }),
      alone('409 twice', row('succeeded', 3, answer(409), answer(409), good), { flags: fourAttempts }),
      alone('421 once', row('succeeded', 2, misdirected, good), { flags: oneByOne, connections: 3 }),
      { name: '421 once for each of two', rows: [fine, ...times(2, row('succeeded', 2, misdirected, good))], exit: 0 },
      {
        name: '421 again on a new connection',
        rows: [fine, row('pending', 2, misdirected)],
        exit: 3,
        error: 'server_refuses',
      },
    );
  });

  it('403 concerns only its row in a resumed run that has had a success', async () => {
    const cwd = await peopleAt(3);
    const server = await rawServer({ acts: { '2': [answer(401), answer(403)] } });
    const url = `http://127.0.0.1:${server.port}`;
    const stopped = await gleantapImport(runArguments(url, oneByOne), { cwd, env: fastWaits });
    const resumed = await gleantapImport(['resume', 'out', '--rate', '0', '--json'], { cwd, env: fastWaits });
    expect([stopped.code, resumed.code]).toEqual([3, 1]);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ counts: { read: 3, succeeded: 2, failed: 1 } });
    expect(server.received.map((request) => request.row)).toEqual(['1', '2', '2', '3']);
  });
});

describe('429', () => {
  /** Enough traffic that the rate, which falls to 0.7 of what was achieved, stays high. */
  const traffic = times(30, fine);
  const throttled = (retryAfter?: string, date?: string): Act =>
    answer(429, json({ message: 'slow down' }), {
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
      ...(date === undefined ? {} : { date }),
    });
  const newYear = 'Wed, 01 Jan 2020 00:00:00 GMT';

  it('waits as long as the server asks, or by default, and costs no attempt', async () => {
    const waits = {
      'in seconds': throttled('2'),
      'seconds with space around them': throttled(' 7 '),
      'not said': throttled(),
      '0': throttled('0'),
      negative: throttled('-5'),
      'a fraction': throttled('1.5'),
      'a word': throttled('soon'),
      'a list': throttled('120, 60'),
      'a date by the clock of the server': throttled('Wed, 01 Jan 2020 00:00:20 GMT', newYear),
      'a date of RFC 850': throttled('Wednesday, 01-Jan-20 00:00:20 GMT', newYear),
      'a date in the past': throttled('Wed, 21 Oct 2015 07:28:00 GMT'),
    };
    const faults = Object.entries(waits).map(([name, act]) => ({ ...row('succeeded', 2, act, good), name }));
    const run = (name: string, rows: readonly CaseRow[], env = {}): Case => ({
      name,
      rows: [...traffic, ...rows],
      flags: { ...oneByOne, '--attempts': '1' },
      exit: 0,
      env,
    });
    await playAll(
      run('first', faults.slice(0, 4)),
      run('second', faults.slice(4, 8)),
      run('third', faults.slice(8)),
      run('three times', [row('succeeded', 4, throttled(), throttled(), throttled('1'), good)]),
      run('an hour', [row('succeeded', 2, throttled('3600'), good)], { GLEANTAP_IMPORT_TEST_TIME_SCALE: '20000' }),
    );
  });

  it('stops when that would be too long, or happens too often', async () => {
    const tooLong = (name: string, act: Act): Case => stops(name, act, 'try_later', 75);
    await playAll(
      tooLong('more than an hour', throttled('3601')),
      tooLong('absurd seconds', throttled('9'.repeat(20))),
      tooLong('a date in 2138', throttled('Wed, 31 Dec 2138 02:26:59 GMT')),
      tooLong('two hours by the clock of the server', throttled('Wed, 01 Jan 2020 02:00:00 GMT', newYear)),
      {
        name: 'more than 50 in a row',
        rows: [fine, ...times(70, row('pending', 0, throttled('1')))],
        flags: { '-c': '60' },
        // When the 51st answer comes, up to 59 others are in flight.
        requests: [52, 111],
        exit: 75,
        error: 'try_later',
        answers: { '429': [51, 110] },
      },
    );
  });
});

describe('5xx', () => {
  it('may have been written before the failure: again, then unknown', async () => {
    const statuses = [500, 502, 503, 504, 507, 520, 522, 524, 530];
    const once = (act: Act): CaseRow => row('succeeded', 2, act, goodAndClose);
    await playAll(
      together(
        'once',
        {
          ...each(statuses, (status) => once(answer(status, page))),
          '503 with Retry-After: soon': once(answer(503, '', { 'retry-after': 'soon' })),
          '500 with Retry-After, which means nothing there': once(answer(500, '', { 'retry-after': '7200' })),
          '500 that stalls': once(raw(head(500, { 'content-length': '9' }))),
        },
        { flags: { ...oneByOne, '--timeout': '1s' } },
      ),
      ...[500, 503].map((status) =>
        alone(`${status} always`, row(`unknown fate_unknown 3 ${status}`, 3, answer(status, page))),
      ),
    );
  });

  it('503 with Retry-After: waits, again, then failed', async () => {
    const busy = (retryAfter: string): Act =>
      answer(503, page, { 'retry-after': retryAfter, date: 'Wed, 01 Jan 2020 00:00:00 GMT' });
    const dates = ['Wed, 01 Jan 2020 00:00:05 GMT', 'Wed, 01 Jan 2014 00:00:05 GMT'];
    await playAll(
      together('waits', {
        ...each(['2', '0', ...dates], (wait) => row('succeeded', 3, busy(wait), busy(wait), good)),
        always: row('failed gave_up 3 503', 3, busy('1')),
      }),
      stops('more than an hour', busy('7200'), 'try_later', 75),
    );
  });

  it('501 and 505 stop the run', async () => {
    await playAll(stops('501', answer(501)), stops('505', answer(505)));
  });
});
