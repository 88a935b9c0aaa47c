import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { parse } from 'csv-parse/sync';
import { onTestFinished, vi } from 'vitest';
import type { runApp as RunApp } from '../../src/cli/app.ts';
import type { Io } from '../../src/cli/io.ts';
import { createSimulator } from '../../src/simulator/index.ts';
import type { Simulator, SimulatorOptions } from '../../src/simulator/index.ts';

export const root = path.resolve(import.meta.dirname, '../..');
export const fixture = (name: string): string => path.join(root, 'fixtures', name);
const cli = path.join(root, 'dist/cli/main.js');
const app = pathToFileURL(path.join(root, 'dist/cli/app.js')).href;

/** Strings that must never appear in anything that the program writes. */
export const canaries = { apiKey: 'canary-api-7f3a', secretKey: 'canary-secret-91bd' };
export const appId = 'demo-gym';

/** A separate folder for one test, with credentials, deleted afterwards. Only `.env` may ever contain a key. */
export async function workplace(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gleantap import '));
  await writeFile(
    path.join(folder, '.env'),
    `GLEANTAP_API_KEY=${canaries.apiKey}\nGLEANTAP_SECRET_KEY=${canaries.secretKey}\nGLEANTAP_APP_ID=${appId}\n`,
    { mode: 0o600 },
  );
  onTestFinished(async () => {
    expectNoSecrets(folder);
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

export async function simulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const started = await createSimulator({ credentials: { ...canaries, appId }, ...options });
  onTestFinished(async () => started.close());
  return started;
}

/** Resolves when the server has accepted that many contacts since it started. */
export async function writesReach(server: Simulator, count: number): Promise<void> {
  await vi.waitUntil(() => server.stats().writesAccepted >= count, { interval: 2, timeout: 30_000 });
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

interface StartOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Buffer;
}

/**
 * Starts the built command line as a process, with an environment as bare as cron's: for tests that stop it, or that are
 * about the process itself. Starting costs ten times what most imports cost, so the others use `gleantapImport`.
 */
export function start(args: readonly string[], { cwd, env = {}, stdin }: StartOptions): Started {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(stdin);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      for (const canary of Object.values(canaries)) {
        if (stdout.includes(canary) || stderr.includes(canary)) reject(new Error(`${canary} was printed`));
      }
      resolve({ code, signal, stdout, stderr });
    });
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended.catch(() => undefined);
  });
  return { child, ended };
}

/** A process has one working directory, so commands in this process take turns. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Runs the built command line in this process, as `src/cli/main.ts` does in one of its own. Two commands never run at the
 * same time here: use `start` for that.
 */
export async function gleantapImport(args: readonly string[], options: StartOptions): Promise<Ended> {
  const ended = turn.then(async () => runHere(args, options));
  turn = ended.catch(() => undefined);
  return ended;
}

async function runHere(args: readonly string[], { cwd, env = {}, stdin = '' }: StartOptions): Promise<Ended> {
  const { runApp } = (await import(app)) as { runApp: typeof RunApp };
  const [stdout, stderr] = [collector(), collector()];
  const io = {
    stdin: Readable.from([Buffer.from(stdin)], { objectMode: false }),
    stdout: stdout.stream,
    stderr: stderr.stream,
    environment: { PATH: process.env['PATH'], ...env },
  } as unknown as Io;
  const restore = becomeProcessIn(cwd);
  try {
    const code = await runApp(args, io);
    for (const canary of Object.values(canaries)) {
      if (stdout.text().includes(canary) || stderr.text().includes(canary)) throw new Error(`${canary} was printed`);
    }
    return { code, signal: null, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    restore();
  }
}

/** Sets this process up as the command line's own. Returns a function that undoes it. */
function becomeProcessIn(cwd: string): () => void {
  const umask = process.umask(0o077);
  process.chdir(cwd);
  return () => {
    process.chdir(root);
    process.umask(umask);
  };
}

/** A stream that keeps what is written to it, and is not a terminal. */
function collector(): { readonly stream: Writable; readonly text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY: false }), text: () => Buffer.concat(chunks).toString() };
}

/** Reads a report as any program would. */
export async function readReport(file: string): Promise<Record<string, string>[]> {
  const text = await readFile(file, 'utf8');
  return parse(text, { bom: true, columns: true });
}

export async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

/** The only run folder below a workplace. */
export function runFolderIn(cwd: string): string {
  const base = path.join(cwd, 'gleantap-import');
  const folders = readdirSync(base, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const [only] = folders;
  if (folders.length !== 1 || only === undefined) throw new Error(`expected one run folder, found ${folders.length}`);
  return path.join(base, only.name);
}

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Promise P8: no key in any file but the env file, and files for the owner's eyes only. */
function expectNoSecrets(folder: string): void {
  for (const file of filesBelow(folder)) {
    if (path.basename(file).startsWith('.env')) continue;
    const bytes = readFileSync(file);
    for (const canary of Object.values(canaries)) {
      if (bytes.includes(canary)) throw new Error(`${path.basename(file)} holds ${canary}`);
    }
    if (file.includes(`${path.sep}gleantap-import${path.sep}`) && (statSync(file).mode & 0o077) !== 0)
      throw new Error(`${path.basename(file)} is readable by others`);
  }
}
