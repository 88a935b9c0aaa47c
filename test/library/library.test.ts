import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { checkImport, createTransport, loadMapping, resumeImport, runImport } from '../../src/index.ts';
import type { ConfirmAnswer, CreateTransport, Logger, Plan, RunEvent } from '../../src/index.ts';
import { gym, ranToTheEnd } from './gym.ts';

it('imports, reports events, and returns a summary', async () => {
  const { options, server } = await gym(3);
  const run = runImport(options);
  const events: RunEvent[] = [];
  for await (const event of run) events.push(event);
  const summary = await run.summary;
  expect(summary).toMatchObject({ exitCode: 0, counts: { read: 3, succeeded: 3 }, simulator: true });
  expect(server.contacts()).toHaveLength(3);
  expect(events.find(({ type }) => type === 'run_started')).toMatchObject({ resumed: false });
  expect(events.filter(({ type }) => type === 'row_ended')).toHaveLength(3);
  expect(events.at(-1)).toMatchObject({ type: 'reporting' });

  // The same call again sends nothing.
  const again = runImport({ ...options, out: `${options.out}-2` });
  expect(await again.summary).toMatchObject({ exitCode: 0 });
  expect(server.stats().writesAccepted).toBe(3);
});

it('accepts a stream, and a pilot', async () => {
  const { options, server } = await gym(5);
  const seen: Plan[] = [];
  const confirm = (plan: Plan): ConfirmAnswer => {
    seen.push(plan);
    return 2;
  };
  const csv = createReadStream(options.csv);
  const { counts } = await ranToTheEnd(runImport({ ...options, csv, confirm }));
  expect(counts).toMatchObject({ read: 5, succeeded: 2, skipped: 3 });
  expect(seen).toMatchObject([{ appId: 'demo-gym', stats: { toSend: 5 }, credentialSource: 'program' }]);
  expect(server.contacts()).toHaveLength(2);
});

it('ignores environment, .env and config file, and prints nothing', async () => {
  const { options, folder, server } = await gym(3);
  await writeFile(path.join(folder, 'gleantap-import.config.json'), '{ "limit": 1 }');
  await writeFile(
    path.join(folder, '.env'),
    'GLEANTAP_API_KEY=other\nGLEANTAP_SECRET_KEY=other\nGLEANTAP_APP_ID=other',
  );
  vi.stubEnv('GLEANTAP_IMPORT_LIMIT', '1');
  vi.stubEnv('GLEANTAP_APP_ID', 'other');
  vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:9');
  vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9');
  const written = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  const { stats, folder: checkFolder } = await checkImport({ ...options, out: path.join(folder, 'check') });
  expect(stats).toMatchObject({ read: 3, toSend: 3 });
  expect(checkFolder).toBe(path.join(folder, 'check'));
  expect(server.stats().requests).toBe(0);
  await runImport(options).summary;
  for (const write of written) expect(write).not.toHaveBeenCalled();
  expect(server.contacts()).toHaveLength(3);
});

it('a signal ends it like Ctrl-C, and resume continues', async () => {
  const { options, folder, server } = await gym(50);
  const controller = new AbortController();
  const run = runImport({ ...options, concurrency: 1, signal: controller.signal });
  let ended = 0;
  for await (const event of run) {
    if (event.type === 'row_ended') ended += 1;
    if (ended === 3) controller.abort();
  }
  const { exitCode, counts, out } = await ranToTheEnd(run);
  expect(exitCode).toBe(130);
  expect(counts.pending).toBeGreaterThan(0);
  expect(counts.succeeded).toBe(server.stats().writesAccepted);
  expect(out).toBe(path.join(folder, 'run'));

  const { credentials } = options;
  const events: RunEvent[] = [];
  const resumed = resumeImport(out, { credentials, concurrency: 2 });
  for await (const event of resumed) events.push(event);
  expect(await resumed.summary).toMatchObject({ exitCode: 0, counts: { succeeded: 50, pending: 0 } });
  expect(events[0]).toMatchObject({ type: 'run_started', resumed: true });
  expect(server.stats().writesAccepted).toBe(50);
});

it('a signal that is already aborted sends nothing', async () => {
  const { options, server } = await gym(3);
  expect(await runImport({ ...options, signal: AbortSignal.abort() }).summary).toMatchObject({ exitCode: 130 });
  await expect(checkImport({ ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'interrupted' });
  expect(server.stats().requests).toBe(0);
});

it.each<[string, object, string]>([
  ['no confirm', { confirm: undefined }, 'confirm'],
  ['an answer that is none', { confirm: () => undefined }, 'undefined'],
  ['a misspelt option', { limt: 1 }, 'limit'],
  ['an option of the terminal', { yes: true }, 'yes'],
  ['a value that is none', { maxInvalid: 'many', rate: -1 }, 'rate'],
  ['http to another machine', { baseUrl: 'http://gleantap.example' }, 'https'],
  ['a proxy that is none', { proxy: 'nowhere' }, 'proxy'],
  ['no key', { credentials: { apiKey: '', secretKey: 'a', appId: 'demo-gym' } }, 'apiKey'],
  ['no file', { csv: 7 }, 'csv'],
])('%s is refused before anything is sent', async (_what, wrong, named) => {
  const { options, server } = await gym(2);
  const run = runImport({ ...options, ...wrong });
  await expect(run.summary).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(named) as string });
  expect(server.stats().writesAccepted).toBe(0);
});

it('a program that only iterates gets a failure there', async () => {
  const { options } = await gym(1);
  const run = runImport({ ...options, csv: 'no-such.csv' });
  const reading = (async () => {
    for await (const event of run) expect(event.type).not.toBe('row_ended');
  })();
  await expect(reading).rejects.toMatchObject({ code: 'input' });
});

it('a failure that no one awaits is an unhandled rejection, and one that reaches a loop or summary is not', async () => {
  const { options } = await gym(1);
  const broken = { ...options, csv: 'no-such.csv' };
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => {
    unhandled.push(error);
  };
  // The test runner listens too, and would fail the run.
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', note);
  onTestFinished(() => {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  });
  await expect(runImport(broken).summary).rejects.toMatchObject({ code: 'input' });
  const loop = async (): Promise<void> => {
    for await (const event of runImport(broken)) expect(event.type).not.toBe('row_ended');
  };
  await expect(loop()).rejects.toMatchObject({ code: 'input' });
  await turn();
  expect(unhandled).toEqual([]);

  runImport(broken);
  await vi.waitUntil(() => unhandled.length > 0);
  expect(unhandled).toMatchObject([{ code: 'input' }]);
});

it('all mistakes in a mapping are returned as data', async () => {
  const { folder } = await gym(1);
  const file = path.join(folder, 'wrong.json');
  await writeFile(
    file,
    '{ "version": 1, "name": "x", "fields": { "frist_name": "First", "dob": { "column": "B", "format": "?" } } }',
  );
  const error: unknown = await loadMapping(file).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'mapping' });
  const { findings } = error as { findings: { path: string }[] };
  expect(findings.map(({ path: place }) => place)).toEqual(expect.arrayContaining(['fields.dob.format']));
  expect(findings.length).toBeGreaterThan(1);
});

it('a transport from the caller carries every request, and is closed', async () => {
  const { options, server } = await gym(3);
  const seen: string[] = [];
  let closed = 0;
  const transport: CreateTransport = (given) => {
    const http = createTransport(given);
    return {
      async post(address, headers, json, signal, connection) {
        seen.push(`${address} ${json}`);
        return http.post(address, headers, json, signal, connection);
      },
      close() {
        closed += 1;
        http.close();
      },
    };
  };
  await runImport({ ...options, transport }).summary;
  expect(seen.filter((text) => text.includes('newContact'))).toHaveLength(3);
  expect(seen).toHaveLength(server.stats().requests);
  expect(closed).toBe(1);
});

it('a logger gets lines without personal data; one that fails ends the run, and nothing is lost', async () => {
  const { options, server } = await gym(20);
  const lines: string[] = [];
  const note = (level: string) => (message: string, stats: object) => {
    lines.push(`${level} ${message} ${JSON.stringify(stats)}`);
  };
  const logger: Logger = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
  const failing: Logger = {
    ...logger,
    debug(message, stats) {
      if (lines.length === 6) throw new Error('disk full');
      logger.debug(message, stats);
    },
  };
  const first = await ranToTheEnd(runImport({ ...options, concurrency: 1, logger: failing }));
  expect(first).toMatchObject({ exitCode: 4, error: { code: 'not_writable' } });
  expect(first.counts.succeeded).toBe(server.stats().writesAccepted);
  expect(await runImport({ ...options, logger }).summary).toMatchObject({ exitCode: 0, counts: { succeeded: 20 } });
  expect(lines.filter((line) => /^debug row \d+ succeeded/.test(line)).length).toBeGreaterThan(10);
  expect(lines.join('\n')).not.toMatch(/@example\.com|canary/);
  expect(await readFile(path.join(first.out, 'summary.json'), 'utf8')).not.toContain('canary');
});
