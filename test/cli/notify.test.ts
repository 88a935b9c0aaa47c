import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { endWithSummary } from '../../src/cli/end-with-summary.ts';
import type { Io } from '../../src/cli/io.ts';
import { tryUntil } from '../../src/cli/notify.ts';
import type { HttpResult } from '../../src/gleantap/http/transport.ts';
import { fakeClock } from '../flow/fake-clock.ts';
import type { AnySummary as Summary } from '../any-summary.ts';
import { appId, filesBelow, gleantapImport, simulator, start, workplace, writesReach } from './harness.ts';
import type { Ended } from './harness.ts';

/** Part of every URL here: it must never be written anywhere. */
const token = 'canary-hook-5d1e';

interface Call {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Message {
  readonly text: string;
  readonly exitCode: number;
  readonly sentence: string;
  readonly error?: string;
  readonly next?: string;
  readonly folder?: string;
  readonly job?: string;
  readonly counts?: Record<string, number>;
  readonly jobs?: readonly Message[];
}

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that answers calls with these statuses in turn, and then with the last; 0 never answers. */
async function hook(statuses: readonly number[] = [200], headers: Record<string, string> = {}) {
  const calls: Call[] = [];
  const url = await listening((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      calls.push({ method: request.method, path: request.url, headers: request.headers, body });
      const status = statuses[calls.length - 1] ?? statuses.at(-1) ?? 200;
      if (status !== 0) response.writeHead(status, headers).end('ok');
    });
  });
  return { calls, url: `${url}/${token}`, messages: () => calls.map(({ body }) => JSON.parse(body) as Message) };
}

const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last' };
const good = 'Id,First,Last\n1,Quirinius,Zabel\n2,Bo,Lee\n';
const bad = `${good}3,,Nolan\n`;

async function folder(csv = good, mapping: object = {}): Promise<string> {
  const cwd = await workplace();
  await writeFile(path.join(cwd, 'people.csv'), csv);
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ version: 1, name: 'people', fields, ...mapping }));
  onTestFinished(() => {
    for (const file of filesBelow(cwd)) if (!/config\.json$|^jobs/.test(path.basename(file))) expectNoToken(file);
  });
  return cwd;
}

function expectNoToken(file: string): void {
  if (readFileSync(file).includes(token)) throw new Error(`${path.basename(file)} holds the URL`);
}

const sending = (url: string): string[] => ['run', 'people.csv', '--base-url', url, '--yes', '--rate', '0', '--json'];

/** Runs a command that must not print the URL. The waits of a failing hook pass ten times as fast. */
async function cli(args: readonly string[], cwd: string, env: Record<string, string> = {}): Promise<Ended> {
  const ended = await gleantapImport(args, { cwd, env: { GLEANTAP_IMPORT_TEST_TIME_SCALE: '10', ...env } });
  expect(ended.stdout + ended.stderr).not.toContain(token);
  return ended;
}

const answering =
  (status: number, headers: Record<string, string> = {}): RequestListener =>
  (request, response) => {
    request.resume().on('end', () => response.writeHead(status, headers).end('{}'));
  };

describe('one message, however a command ended', () => {
  const hours = { 'retry-after': '7200' };
  it.each<[string, number, { csv?: string; args?: string[]; server?: RequestListener; error?: string }]>([
    ['every row succeeded', 0, {}],
    ['a row failed', 1, { csv: bad }],
    ['a setting is wrong', 2, { args: ['--attempts', 'many'], error: 'usage' }],
    ['the command line is wrong', 2, { args: ['--limt', '5'], error: 'usage' }],
    [
      'the URL is also in a misspelt option',
      2,
      { args: ['--notfy', `https://hooks.example.com/${token}`], error: 'usage' },
    ],
    ['there is no mapping', 2, { args: ['--mapping', 'none.json'], error: 'mapping' }],
    ['the file is empty', 2, { csv: '', error: 'input' }],
    ['too many rows are invalid', 2, { csv: bad, args: ['--max-invalid', '0'], error: 'too_many_invalid' }],
    ['the keys are refused', 3, { server: answering(401), error: 'credentials_refused' }],
    ['the summary cannot be written', 4, { args: ['--summary', 'none/summary.json'], error: 'not_writable' }],
    ['the export is too old', 5, { args: ['--max-age', '1h'], error: 'too_old' }],
    ['the API asks for a long wait', 75, { server: answering(429, hours), error: 'try_later' }],
  ])('%s (exit %i)', async (_name, code, { csv, args = [], server, error }) => {
    const { url, calls, messages } = await hook();
    const cwd = await folder(csv);
    const yesterday = new Date(Date.now() - 86_400_000);
    await utimes(path.join(cwd, 'people.csv'), yesterday, yesterday);
    const api = server === undefined ? (await simulator()).url : await listening(server);
    const ended = await cli([...sending(api), '--notify', url, ...args], cwd);
    expect(ended.code).toBe(code);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      method: 'POST',
      path: `/${token}`,
      headers: { 'content-type': 'application/json' },
    });
    const [message] = messages();
    expect(message).toMatchObject({ version: 1, exitCode: code });
    expect(message?.error).toBe(error);
    expect(message?.text).toContain(message?.sentence);
    expect(message?.text).toContain(`exit ${code}`);
    const { next, out, counts } = JSON.parse(ended.stdout) as Summary;
    expect(message?.next).toBe(next);
    if (next !== undefined) expect(message?.text).toContain(next);
    expect(message?.counts).toEqual(counts);
    expect(message?.folder).toBe(out === undefined ? undefined : path.basename(out));
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s (exit %i)', async (signal, code) => {
    const { url, messages } = await hook();
    const server = await simulator({ latencyMs: 20 });
    const rows = Array.from({ length: 500 }, (_, index) => `${index},Bo,Lee`);
    const cwd = await folder(['Id,First,Last', ...rows].join('\n'));
    const { child, ended } = start([...sending(server.url), '--notify', url], { cwd });
    await writesReach(server, 5);
    child.kill(signal);
    expect((await ended).code).toBe(code);
    expect(messages()).toMatchObject([{ exitCode: code, next: expect.stringContaining('resume') as string }]);
  });

  it('a bug (exit 70), whose text can quote anything, is named but not quoted', async () => {
    const { url, messages } = await hook();
    const stream = { write: () => true };
    const io = { stdout: stream, stderr: stream, environment: {} } as unknown as Io;
    const work = async (): Promise<never> => Promise.reject(new TypeError('Quirinius is not iterable'));
    expect(await endWithSummary(io, { flags: { notify: url }, isNotified: true }, work)).toBe(70);
    expect(messages()).toMatchObject([{ exitCode: 70, error: 'bug' }]);
    expect(JSON.stringify(messages())).not.toContain('Quirinius');
  });

  it('resume and tags send one too, and check and report none', async () => {
    const { url, calls, messages } = await hook();
    const env = { GLEANTAP_IMPORT_NOTIFY: url };
    const server = await simulator();
    const cwd = await folder();
    await cli(['check', 'people.csv'], cwd, env);
    expect((await cli([...sending(server.url), '-o', 'out', '--deadline', '0s'], cwd)).code).toBe(3);
    await cli(['report', 'out'], cwd, env);
    expect(calls).toHaveLength(0);
    expect((await cli(['resume', 'out'], cwd, env)).code).toBe(0);
    await writeFile(path.join(cwd, 'list.csv'), 'User ID,Add tags\n1,VIP\n');
    const tags = ['tags', 'list.csv', '--base-url', server.url, '--yes', '--rate', '0'];
    await cli(tags, cwd, env);
    expect(messages().map(({ folder: name }) => name)).toEqual(['out', expect.stringContaining('list')]);
  });
});

describe('what the URL answers', () => {
  it.each<[string, number[], number, boolean]>([
    ['an error, twice', [500, 429, 200], 3, true],
    ['an error, always', [503], 3, false],
    ['a refusal that another try does not change', [404], 1, false],
  ])('%s: the result stays as it is', async (_name, statuses, tries, isTold) => {
    const { url, calls } = await hook(statuses);
    const server = await simulator();
    const cwd = await folder(bad);
    const args = [...sending(server.url), '--notify', url, '--summary', 'last.json'];
    const { code, stdout, stderr } = await cli(args, cwd);
    expect(code).toBe(1);
    expect(calls).toHaveLength(tries);
    const summary = JSON.parse(stdout) as Summary;
    expect(summary.notifyError === undefined).toBe(isTold);
    expect(stderr.includes('--notify')).toBe(!isTold);
    expect(JSON.parse(await readFile(path.join(cwd, 'last.json'), 'utf8'))).toEqual(summary);
  });

  it('no answer: the result stays as it is', async () => {
    const { url } = await hook([0]);
    const env = { GLEANTAP_IMPORT_TEST_TIME_SCALE: '200' };
    const args = [...sending((await simulator()).url), '--notify', url];
    const { code, stdout } = await cli(args, await folder(), env);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Summary).notifyError).toBeDefined();
  });

  it('a redirect is not followed', async () => {
    const elsewhere = await hook();
    const { url, calls } = await hook([307], { location: elsewhere.url });
    const { code, stdout } = await cli([...sending((await simulator()).url), '--notify', url], await folder());
    expect(code).toBe(0);
    expect([calls.length, elsewhere.calls.length]).toEqual([1, 0]);
    expect((JSON.parse(stdout) as Summary).notifyError).toContain('307');
  });

  it('a closed port, and an HTTPS_PROXY that is not a URL', async () => {
    const cwd = await folder();
    const { url } = await simulator();
    const closed = `http://127.0.0.1:9/${token}`;
    for (const [to, env] of [
      [closed, {}],
      [`https://hooks.example.com/${token}`, { HTTPS_PROXY: `not-a-url-${token}` }],
    ] as const) {
      const { code, stdout } = await cli([...sending(url), '--again', '--notify', to], cwd, env);
      expect(code).toBe(0);
      expect((JSON.parse(stdout) as Summary).notifyError).toBeDefined();
    }
  });

  it('it is reached through HTTPS_PROXY, which learns only the host', async () => {
    const asked: string[] = [];
    const proxy = net.createServer((socket) => {
      socket
        .on('error', () => undefined)
        .once('data', (head) => {
          asked.push(head.toString('latin1'));
          socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
        });
    });
    onTestFinished(() => void proxy.close());
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const args = [...sending((await simulator()).url), '--notify', `https://127.0.0.1:9/${token}`];
    const env = { HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
    expect((await cli(args, await folder(), env)).code).toBe(0);
    expect(asked).toHaveLength(3);
    expect(asked[0]).toContain('CONNECT 127.0.0.1:9 ');
    expect(asked.join('')).not.toContain(token);
  });

  it('a signal ends the telling, and the exit code stays', async () => {
    const { url, calls } = await hook([0]);
    const { child, ended } = start([...sending((await simulator()).url), '--notify', url], { cwd: await folder() });
    await vi.waitUntil(() => calls.length > 0, { interval: 2, timeout: 30_000 });
    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 0, notifyError: expect.any(String) as string });
  });

  it('three tries in 30 seconds', async () => {
    const clock = fakeClock(0);
    const started: number[] = [];
    const fault: HttpResult = { kind: 'fault', event: 'answer_timeout', cause: '8000 ms' };
    const lateAnswer = async (until: AbortSignal): Promise<HttpResult> => {
      started.push(clock.now());
      await clock.sleep(8000, until);
      return fault;
    };
    const told = tryUntil(lateAnswer, clock, 30_000, []);
    await clock.advance(30_000);
    expect(await told).toContain('8000 ms');
    expect(started).toEqual([0, 9000, 20_000]);
    expect(clock.sleepers).toBe(0);

    const neverAnswers = async (until: AbortSignal): Promise<HttpResult> => {
      await clock.sleep(1e9, until);
      return fault;
    };
    const hurried = tryUntil(neverAnswers, clock, 5000, []);
    await clock.advance(5000);
    expect(await hurried).toBeDefined();
    expect(clock.sleepers).toBe(0);
  });
});

describe('--notify and --notify-on', () => {
  it.each<[string, string | undefined, number]>([
    [good, undefined, 1],
    [good, 'always', 1],
    [good, 'failure', 0],
    [bad, 'failure', 1],
  ])('sends always, or only on failure', async (csv, when, times) => {
    const { url, calls } = await hook();
    const flags = when === undefined ? [] : ['--notify-on', when];
    await cli([...sending((await simulator()).url), '--notify', url, ...flags], await folder(csv));
    expect(calls).toHaveLength(times);
  });

  it.each([
    [good, 0],
    [bad, 1],
  ])('{status} becomes the exit code, and the message a GET without any text', async (csv, code) => {
    const { url, calls } = await hook();
    const to = `${url}/{status}?state={status}`;
    const { stdout } = await cli([...sending((await simulator()).url), '--notify', to], await folder(csv));
    expect(calls).toMatchObject([{ method: 'GET', path: `/${token}/${code}?state=${code}`, body: '' }]);
    expect(JSON.parse(stdout)).not.toHaveProperty('notifyError');
  });

  it('a user and a password in the URL are sent as its header', async () => {
    const { url, calls } = await hook();
    const to = url.replace('://', '://gym:open%20sesame@');
    await cli([...sending((await simulator()).url), '--notify', to], await folder());
    expect(calls[0]?.headers.authorization).toBe(`Basic ${btoa('gym:open sesame')}`);
    expect(calls[0]?.path).toBe(`/${token}`);
  });

  it('are read from the config file too, even if another setting is wrong', async () => {
    const { url, calls } = await hook();
    const cwd = await folder();
    const config = path.join(cwd, 'gleantap-import.config.json');
    await writeFile(config, JSON.stringify({ notify: url, notifyOn: 'failure' }));
    await cli(sending((await simulator()).url), cwd);
    expect(calls).toHaveLength(0);
    await writeFile(config, JSON.stringify({ notify: url, summary: 'last.json', attempts: 'many' }));
    expect((await cli(sending('https://api.example.com'), cwd)).code).toBe(2);
    expect(calls).toHaveLength(1);
    expect(JSON.parse(await readFile(path.join(cwd, 'last.json'), 'utf8'))).toMatchObject({ exitCode: 2 });
  });

  it('the URL of a corrected report is the one next to the mapping of its run', async () => {
    const { url, calls } = await hook();
    const cwd = await folder(bad);
    await mkdir(path.join(cwd, 'gym'));
    const mapping = await readFile(path.join(cwd, 'mapping.json'));
    await writeFile(path.join(cwd, 'gym/mapping.json'), mapping);
    await writeFile(path.join(cwd, 'gym/.env'), await readFile(path.join(cwd, '.env')));
    await writeFile(path.join(cwd, 'gym/gleantap-import.config.json'), JSON.stringify({ notify: url }));
    await cli([...sending((await simulator()).url), '-m', 'gym/mapping.json', '-o', 'out'], cwd);
    expect(calls).toHaveLength(1);
    await cli(['run', 'out/failure.csv', '--yes'], cwd);
    expect(calls).toHaveLength(2);
  });

  it.each(['ftp://127.0.0.1', 'http://hooks.example.com', 'hooks.example.com'])(
    'refuses %s before anything is sent, without showing it',
    async (base) => {
      const server = await simulator();
      const cwd = await folder();
      const url = `${base}/${token}`;
      const outcomes = [
        await cli([...sending(server.url), '--notify', url], cwd),
        await cli(sending(server.url), cwd, { GLEANTAP_IMPORT_NOTIFY: url }),
      ];
      await writeFile(path.join(cwd, 'gleantap-import.config.json'), JSON.stringify({ notify: url }));
      outcomes.push(await cli(sending(server.url), cwd));
      for (const { code } of outcomes) expect(code).toBe(2);
      expect(server.stats().writesAccepted).toBe(0);
    },
  );
});

describe('the message holds nothing of the people in the file', () => {
  const people = ['Quirinius', 'Zabel', 'quirinius@example.com', '555-0142', '23/04/1971'];
  const row = 'Quirinius,Zabel,quirinius@example.com,(202) 555-0142,23/04/1971';
  const plain = `Id,First,Last,Email,Phone,Born\n1,${row}\n2,Bo,Lee,bo@example.com,,04/30/1980\n`;
  const sound = plain.replace('23/04/1971', '04/23/1971');
  const withMore = { ...fields, email: 'Email', phone: 'Phone', dob: { column: 'Born', format: 'MM/DD/YYYY' } };
  const mapping = { country: 'US', strictColumns: true, fields: withMore };

  /** Refuses every row, and the keys, with the row in its answer. */
  const quoting: RequestListener = (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => response.writeHead(401).end(JSON.stringify({ status: 'error', message: body })));
  };

  it.each([
    ['an export without a header', 'mapping', plain.replace(/.*\n/, '')],
    ['people in the place of a column', 'mapping', sound.replaceAll('\n', ',x\n').replace(',x', ',Quirinius Zabel')],
    ['dates in another order', 'input', plain],
    ['a server that quotes the row', 'credentials_refused', sound],
  ])('%s', async (_name, error, csv) => {
    const { url, messages } = await hook();
    const cwd = await folder(csv, mapping);
    const api = await listening(quoting);
    await cli([...sending(api), '--notify', url, '--no-preflight'], cwd);
    expect(messages()).toMatchObject([{ error }]);
    for (const text of people) expect(JSON.stringify(messages())).not.toContain(text);
  });

  it('a file that is held for its new columns, whose names are people if the header is missing', async () => {
    const { url, messages } = await hook();
    const cwd = await folder(good, { ignore: '*' });
    const { url: api } = await simulator();
    expect((await cli([...sending(api), '--only-changed', '--new-ledger'], cwd)).code).toBe(0);
    await writeFile(path.join(cwd, 'people.csv'), 'Id,First,Last,"Quirinius ""Q"" Zabel"\n1,Ann,Diaz,x\n2,Bo,Lee,x\n');
    expect((await cli([...sending(api), '--only-changed', '--notify', url], cwd)).code).toBe(5);
    expect(messages()).toMatchObject([{ exitCode: 5, error: 'held' }]);
    expect(messages()[0]?.sentence).toContain('is new');
    for (const text of people) expect(JSON.stringify(messages())).not.toContain(text);
  });
});

describe('a batch', () => {
  /** Jobs in folders of their own. The job `late` has no export. */
  async function jobs(options: Record<string, object>): Promise<{ cwd: string; env: Record<string, string> }> {
    const cwd = await folder();
    const list = Object.entries(options).map(([name, own]) => ({
      name,
      app_id: appId,
      csv: name === 'late' ? 'none-*.csv' : 'people.csv',
      mapping: `${name}/mapping.json`,
      envFile: '.env',
      sharedAccount: true,
      options: { rate: 0, preflight: false, ...own },
    }));
    for (const { name } of list) {
      await mkdir(path.join(cwd, name));
      await writeFile(path.join(cwd, name, 'mapping.json'), JSON.stringify({ version: 1, name, fields }));
    }
    await writeFile(path.join(cwd, 'jobs.json'), JSON.stringify({ version: 1, jobs: list }));
    return { cwd, env: { GLEANTAP_IMPORT_BASE_URL: (await simulator()).url } };
  }

  const batch = ['batch', 'jobs.json', '--yes', '--new-ledger', '--json'];

  it('one message for all jobs, with each in it', async () => {
    const { url, calls, messages } = await hook();
    const { cwd, env } = await jobs({ downtown: {}, late: {} });
    expect((await cli([...batch, '--dry-run'], cwd, { ...env, GLEANTAP_IMPORT_NOTIFY: url })).code).toBe(2);
    expect(calls).toHaveLength(0);
    expect((await cli(batch, cwd, { ...env, GLEANTAP_IMPORT_NOTIFY: url })).code).toBe(2);
    const [message, ...more] = messages();
    expect(more).toEqual([]);
    expect(message).toMatchObject({ exitCode: 2, counts: { succeeded: 2 } });
    expect(message?.jobs).toMatchObject([
      { job: 'downtown', exitCode: 0, folder: 'downtown', counts: { succeeded: 2 } },
      { job: 'late', exitCode: 2, error: 'input' },
    ]);
    expect(message?.text).toContain('late: exit 2');
  });

  it('a job with a URL of its own gets a message of its own, in the jobs file or next to its mapping', async () => {
    const [all, own, late, config] = [await hook(), await hook(), await hook(), await hook()];
    const { cwd, env } = await jobs({
      downtown: { notify: own.url },
      late: { notify: late.url },
      harbor: {},
      park: {},
    });
    await writeFile(path.join(cwd, 'harbor/gleantap-import.config.json'), JSON.stringify({ notify: config.url }));
    await writeFile(path.join(cwd, 'park/gleantap-import.config.json'), JSON.stringify({ notify: all.url }));
    await cli([...batch, '--notify', all.url], cwd, env);
    expect(all.messages().map(({ jobs: each }) => each?.length)).toEqual([4]);
    expect(own.messages()).toMatchObject([{ job: 'downtown', exitCode: 0 }]);
    expect(late.messages()).toMatchObject([{ job: 'late', exitCode: 2 }]);
    expect(config.messages()).toMatchObject([{ job: 'harbor', exitCode: 0 }]);
  });

  it('a signal: the jobs and the batch still send theirs', async () => {
    const [all, own] = [await hook(), await hook()];
    const { cwd } = await jobs({ downtown: { notify: own.url }, harbor: {} });
    const rows = Array.from({ length: 500 }, (_, index) => `${index},Bo,Lee`);
    await writeFile(path.join(cwd, 'people.csv'), ['Id,First,Last', ...rows].join('\n'));
    const server = await simulator({ latencyMs: 20 });
    const env = { GLEANTAP_IMPORT_BASE_URL: server.url, GLEANTAP_IMPORT_NOTIFY: all.url };
    const { child, ended } = start(batch, { cwd, env });
    await writesReach(server, 5);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(143);
    expect(own.messages()).toMatchObject([{ job: 'downtown', exitCode: 143 }]);
    expect(all.messages()).toMatchObject([{ exitCode: 143, jobs: [{ job: 'downtown' }, { job: 'harbor' }] }]);
  });

  it('a job whose URL refuses is as it was, with a warning', async () => {
    const { url } = await hook([410]);
    const { cwd, env } = await jobs({ downtown: { notify: url } });
    const { code, stdout, stderr } = await cli(batch, cwd, env);
    expect(code).toBe(0);
    expect(stderr).toContain('410');
    expect((JSON.parse(stdout) as Summary).jobs?.[0]?.notifyError).toContain('410');
  });

  it('a jobs file that is wrong is reported, and a URL in it is not shown', async () => {
    const { url, messages } = await hook();
    const { cwd } = await jobs({ downtown: { notify: `http://hooks.example.com/${token}` } });
    expect((await cli([...batch, '--notify', url], cwd)).code).toBe(2);
    expect(messages()).toMatchObject([{ exitCode: 2, error: 'usage' }]);
  });
});
