import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commandTable } from '../../src/cli/command-table.ts';
import { credentialNames } from '../../src/config/credentials.ts';
import { exitCodes, worstOf } from '../../src/core/outcome/exit-codes.ts';
import { flagOf, optionNames, options, variableOf } from '../../src/core/settings/options.ts';
import { notificationText } from '../../src/report/notification.ts';
import { summaryText } from '../../src/report/summary.ts';
import type { RunSummary } from '../../src/report/summary.ts';
import { readJobs } from '../../src/jobs/read-jobs.ts';

const page = await readFile(path.resolve(import.meta.dirname, '../../docs/nightly.md'), 'utf8');

/** The fenced code blocks of one language. */
function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text = '']) => text);
}

const noSummary = { version: 1, kind: 'failed', sentence: '', next: undefined, simulator: false } as const;
const flagsIn = (text: string): string[] => text.match(/(?<![\w-])--[a-z][a-z-]+/g) ?? [];
const codesIn = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
const flagsOf = new Map(
  commandTable.map(({ usage, flags = [], own = {} }) => [
    usage.split(' ')[0] ?? '',
    [...flags.map(flagOf), ...Object.keys(own).map((name) => `--${name}`)],
  ]),
);

describe('docs/nightly.md', () => {
  it('mentions only existing commands, with flags that they accept', () => {
    const unknown = flagsIn(page).filter((flag) => ![...flagsOf.values()].flat().includes(flag));
    expect(unknown).toEqual([]);
    const lines = [...page.matchAll(/gleantap-import (\w+)\b(?!-)([^\n`]*)/g)].filter(([, word = '']) =>
      flagsOf.has(word),
    );
    expect(lines.length).toBeGreaterThan(10);
    for (const [line, command = '', rest = ''] of lines)
      expect(flagsOf.get(command), line).toEqual(expect.arrayContaining(flagsIn(rest)));
    for (const block of [...blocks('sh'), ...blocks('bat'), ...blocks('ini')])
      for (const [line, word = ''] of block.matchAll(/gleantap-import (\w+).*/g))
        expect([...flagsOf.keys()], line).toContain(word);
    const args = [...page.matchAll(/args:\n +- (\w+)\n((?: +- .*\n)+)/g)];
    expect(args.map(([, command]) => command)).toEqual(['run', 'batch']);
    for (const [, command = '', list = ''] of args)
      expect(flagsOf.get(command)).toEqual(expect.arrayContaining(flagsIn(list)));
  });

  it('says what to do about every exit code', () => {
    const rows = [...page.matchAll(/^\| (\d+(?:, \d+)*) +\|/gm)].flatMap(([, codes = '']) => codesIn(codes));
    expect(rows.sort((a, b) => a - b)).toEqual(Object.keys(exitCodes).map(Number));
    const [, worst = ''] = /in the order ([\d, ]+)\./.exec(page) ?? [];
    const order = codesIn(worst);
    expect(new Set(order)).toEqual(new Set(rows));
    order.forEach((code, index) => expect(worstOf(order.slice(index))).toBe(code));
  });

  it('retries the same exit codes everywhere', () => {
    const known = Object.keys(exitCodes).map(Number);
    const retried = [3, 75];
    expect(codesIn(/RestartForceExitStatus=(.*)/.exec(page)?.[1] ?? '')).toEqual(retried);
    expect(codesIn(/^ +([\d |]+)\) \[ "\$try"/m.exec(page)?.[1] ?? '')).toEqual(retried);
    expect([...page.matchAll(/if %code%==(\d+) goto wait/g)].map(([, code]) => Number(code))).toEqual(retried);
    const failed = [...page.matchAll(/values: \[([\d, ]+)\]/g)].map(([, list = '']) => codesIn(list));
    expect(failed).toHaveLength(2);
    for (const list of failed) expect([0, ...list, ...retried, 130, 143].sort((a, b) => a - b)).toEqual(known);
    // In a batch the codes of its jobs count. Both patterns are for the summary as it is written.
    const patterns = /findstr \/r "(.*?)"/.exec(page)?.[1]?.split(' ') ?? [];
    const line = (exitCode: number): string => summaryText({ exitCode, ...noSummary });
    expect(known.filter((code) => patterns.some((pattern) => new RegExp(pattern).test(line(code))))).toEqual(retried);
    const extended = new RegExp(/grep -Eq '(.*?)'/.exec(page)?.[1] ?? '');
    expect(known.filter((code) => extended.test(line(code)))).toEqual(retried);
  });

  it('mentions only variables that exist', () => {
    const names = new Set<string>([...credentialNames, ...optionNames.map(variableOf)]);
    for (const name of page.match(/(?<![A-Z_])GLEANTAP_[A-Z_]+/g) ?? []) expect(names).toContain(name);
  });

  it('shows gate limits that the config file accepts', () => {
    const { gate } = JSON.parse(blocks('jsonc')[0] ?? '') as { gate: object };
    expect(options.gate.schema.parse(gate)).toEqual(gate);
  });

  it.each([
    { nights: [[0]], tries: 1, to: undefined },
    { nights: [[5, 1]], tries: 1, to: 'front-desk@example.com' },
    { nights: [[2, 5]], tries: 1, to: 'it@example.com' },
    // The location that was in use is worth a retry, although another one is held.
    { nights: [[5, 75], [5]], tries: 2, to: 'front-desk@example.com' },
    { nights: [[75], [3], [75]], tries: 3, to: 'it@example.com' },
    { nights: [[75], [0]], tries: 2, to: undefined },
    { nights: [[]], tries: 1, to: 'it@example.com' },
  ])('the script for all locations, on nights that end with $nights: $tries tries, a mail to $to', async (night) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'nightly-'));
    onTestFinished(async () => rm(folder, { recursive: true }));
    const script = blocks('sh').find((text) => text.includes('batch jobs.json --yes --quiet --out')) ?? '';
    const bin = path.join(folder, 'bin');
    await mkdir(bin);
    const stub = async (name: string, text: string): Promise<void> =>
      writeFile(path.join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    await stub('sleep', 'echo sleep >>calls');
    await stub('mail', 'echo "mail $*" >>calls; cat >body');
    // The batch, as its night says: no codes at all for one that could not start.
    await stub('gleantap-import', 'echo batch >>calls; sh "night-$(grep -c batch calls)" "$6"; exit $?');
    for (const [nth, codes] of night.nights.entries()) {
      const exitCode = codes.length === 0 ? 2 : worstOf(codes);
      const summary = JSON.stringify(
        { exitCode, jobs: codes.map((code) => ({ exitCode: code, sentence: '' })) },
        undefined,
        2,
      );
      const report =
        codes.length === 0 ? 'echo "Error: jobs.json"' : 'mkdir -p "$1"; echo "needs attention" >"$1/night.md"';
      await writeFile(
        path.join(folder, `night-${nth + 1}`),
        `${report}\necho '${summary}' >last-night.json\nexit ${exitCode}\n`,
      );
    }
    const local = script
      .replace(/^PATH=\S*/m, `PATH='${bin}':/usr/local/bin:/usr/bin:/bin`)
      .replace('cd /srv/gym', `cd '${folder}'`);
    const { status } = spawnSync('sh', { input: local });
    const codes = night.nights.at(-1) ?? [];
    expect(status).toBe(codes.length === 0 ? 2 : worstOf(codes));
    const calls = (await readFile(path.join(folder, 'calls'), 'utf8')).trim().split('\n');
    expect(calls.filter((call) => call === 'batch')).toHaveLength(night.tries);
    expect(calls.filter((call) => call === 'sleep')).toHaveLength(night.tries - 1);
    const mails = calls.filter((call) => call.startsWith('mail'));
    expect(mails.map((call) => call.split(' ').at(-1))).toEqual(night.to === undefined ? [] : [night.to]);
    for (const call of mails) {
      expect(call).toContain(codes.length === 0 ? 'Error' : 'needs attention');
      expect(call).not.toContain('failed');
    }
  });

  it('shows units that systemd accepts', async ({ skip }) => {
    const isHere = spawnSync('systemd-analyze', ['--version']).status === 0;
    const units = [...page.matchAll(/`\/etc\/systemd\/system\/([^`]+)`:\n\n```ini\n([\s\S]*?)^```/gm)];
    expect(units).toHaveLength(4);
    if (!isHere) skip('systemd-analyze is not installed');
    const folder = await mkdtemp(path.join(tmpdir(), 'units-'));
    onTestFinished(async () => rm(folder, { recursive: true }));
    await writeFile(path.join(folder, 'gleantap-import-alert.service'), '[Service]\nExecStart=/bin/true\n');
    const files = units.map(([, name = '']) => path.join(folder, name));
    for (const [nth, [, , text = '']] of units.entries())
      await writeFile(files[nth] ?? '', text.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'));
    const { stderr } = spawnSync('systemd-analyze', ['verify', ...files], { encoding: 'utf8' });
    expect(stderr.split('\n').filter((line) => line.includes('gleantap'))).toEqual([]);
  });

  it('shows a message as it is sent, and a script that takes it', async () => {
    const shown = JSON.parse(blocks('json')[1] ?? '') as RunSummary & { folder: string; text: string };
    const { folder, ...known } = shown;
    const about = { run: 1, input: '', account: { host: '', appId: '' }, started: '', files: {}, problems: {} };
    const sent = notificationText({ ...known, ...about, out: folder });
    expect(JSON.parse(sent)).toEqual(shown);
    const script = (blocks('js')[0] ?? '')
      .replace('.listen(9000, ', '.listen(0, ')
      .trimEnd()
      .replace(/\);$/, ', say);');
    const say = 'function say() { console.log(this.address().port); }\n';
    const child = spawn(process.execPath, ['--input-type=module', '-e', say + script]);
    onTestFinished(() => void child.kill());
    const next = async (): Promise<string> => String(((await once(child.stdout, 'data')) as [Buffer])[0]).trim();
    const url = `http://127.0.0.1:${await next()}`;
    const printed = next();
    expect((await fetch(url, { method: 'POST', body: sent })).status).toBe(200);
    expect(await printed).toBe(shown.text);
    for (const [, to = ''] of page.matchAll(/GLEANTAP_IMPORT_NOTIFY='?(http[^'`\n]+)/g))
      expect(options.notify.schema.parse(to)).toBe(to);
  });

  it('shows a valid jobs file and valid scripts', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'nightly-'));
    onTestFinished(async () => rm(folder, { recursive: true }));
    const file = path.join(folder, 'jobs.json');
    await writeFile(file, blocks('json')[0] ?? '');
    expect((await readJobs(file)).jobs).toHaveLength(2);
    for (const script of blocks('sh')) execFileSync('sh', ['-n'], { input: script });
  });
});
