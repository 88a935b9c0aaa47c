import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
export const cli = path.join(here, '..', 'dist', 'cli', 'main.js');

/** A folder for everything that the benchmarks write. It is deleted when they end. */
export const workplace = mkdtempSync(path.join(tmpdir(), 'gleantap-bench-'));
process.on('exit', () => rmSync(workplace, { recursive: true, force: true }));

/**
 * Loopback figures depend on which core runs what, so server and client each get their own core if possible. Without a
 * server, programs run on any core, as they do for users.
 */
const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;
const pinned = (core, command, args) =>
  canPin ? ['taskset', ['-c', String(core), command, ...args]] : [command, args];

export const has = (command, args) => spawnSync(command, args).status === 0;
export const rival = (name) => path.join(here, 'rivals', name);

/** The environment of the measured command line, with made-up credentials. */
const environment = {
  PATH: process.env.PATH,
  HOME: workplace,
  GLEANTAP_API_KEY: 'bench-key',
  GLEANTAP_SECRET_KEY: 'bench-secret',
  GLEANTAP_APP_ID: 'bench-app',
};

/**
 * Runs a program to its end and measures it: wall time, CPU time and peak memory (the last two of Node processes only).
 *
 * @param options.isPinned Whether it talks to the server on the other core.
 * @param options.stopAfter Milliseconds after which it gets SIGINT.
 */
export async function run(command, args, { isPinned = false, codes = [0], stopAfter } = {}) {
  const probe = path.join(workplace, `probe-${Math.random().toString(36).slice(2)}.json`);
  const probed = command === 'node' ? ['--import', path.join(here, 'probe.mjs'), ...args] : args;
  const program = command === 'node' ? process.execPath : command;
  const [file, all] = isPinned ? pinned(0, program, probed) : [program, probed];
  const start = performance.now();
  const child = spawn(file, all, {
    cwd: workplace,
    env: { ...environment, BENCH_PROBE: probe },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = stopAfter === undefined ? undefined : setTimeout(() => child.kill('SIGINT'), stopAfter);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr = (stderr + text).slice(-4000)));
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  const ms = performance.now() - start;
  if (!codes.includes(code)) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`);
  const usage = existsSync(probe) ? JSON.parse(readFileSync(probe, 'utf8')) : {};
  return { ms, stdout, ...usage };
}

/** Starts the bare server in its own process. @param account A member list that the account holds; without it, it is empty. */
export async function withServer(latency, work, account) {
  const [file, args] = pinned(1, process.execPath, [
    path.join(here, 'server.mjs'),
    String(latency),
    ...(account === undefined ? [] : [account]),
  ]);
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout.setEncoding('utf8'), 'data');
  const url = `http://127.0.0.1:${port.trim()}`;
  try {
    return await work(url, async () => (await fetch(`${url}/stats`)).json());
  } finally {
    child.kill('SIGTERM');
    await once(child, 'close');
  }
}

let folders = 0;

/** A whole `run` of the command line in a fresh folder with a fresh ledger; returns its summary too. */
export async function importFile(file, url, { args = [], ...options } = {}) {
  folders += 1;
  const out = path.join(workplace, `run-${folders}`);
  const target = ['--mapping', path.join(workplace, 'mapping.json'), '--base-url', url, '--out', out];
  const ledger = args.includes('--ledger') ? [] : ['--ledger', path.join(workplace, `ledger-${folders}.db`)];
  const unattended = ['--yes', '--json', '--no-preflight', '--rate', '0', '--quiet'];
  const measured = await run('node', [cli, 'run', file, ...target, ...ledger, ...unattended, ...args], {
    isPinned: true,
    ...options,
  });
  return { ...measured, out, summary: JSON.parse(measured.stdout) };
}

/** Runs several things in turn, each this often, and returns their results by name. Changes in speed then affect all. */
export async function alternate(times, subjects) {
  const results = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let nth = 0; nth < times; nth += 1) {
    for (const [name, work] of Object.entries(subjects)) results[name].push(await work());
  }
  return results;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of pairwise ratios, with the smallest and largest. */
export function ratio(ours, theirs) {
  const each = ours.map((value, index) => value / theirs[index]);
  return { median: median(each), low: Math.min(...each), high: Math.max(...each) };
}
