import { spawnSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { incomingCopyOf } from '../../src/run/files/run-folder.ts';
import { appId } from '../cli/harness.ts';
import { createWitness, referenceOf } from './invariants.ts';
import { launch } from './process.ts';
import { createSite } from './site.ts';
import type { Site } from './site.ts';
import { createWorkload } from './workload.ts';

/** Whether system calls can be made to fail here. */
export const hasStrace = spawnSync('strace', ['-o', '/dev/null', '-e', 'inject=fsync:error=EIO', 'true']).status === 0;

/** What happens at the N-th system call: the process dies, or the call fails, once or from then on. */
const blows = {
  kill: 'signal=SIGKILL',
  'disk full': 'error=ENOSPC',
  'bad disk': 'error=EIO',
} as const;
type Blow = keyof typeof blows;

/** Files of a run that are written the same way. */
const targets = {
  ledger: ({ ledger }: Site) => ['', '-wal', '-journal'].map((suffix) => ledger + suffix),
  files: ({ out, ledger, server }: Site) => [
    incomingCopyOf(ledger, `${server.url} ${appId}`),
    ...['run.json', 'success.csv', 'failure.csv', 'unknown.csv', 'skipped.csv', 'summary.json'].map((name) =>
      path.join(out, `${name}.partial`),
    ),
  ],
  log: ({ out }: Site) => [path.join(out, 'run.log')],
} as const;
type Target = keyof typeof targets;

interface Series {
  readonly target: Target;
  readonly call: 'pwrite64' | 'write' | 'fsync';
  readonly blow: Blow;
}

/** Every kind of call that a run makes to write something to disk. */
export const allSeries: readonly Series[] = (Object.keys(blows) as Blow[]).flatMap((blow) => [
  { target: 'ledger', call: 'pwrite64', blow },
  { target: 'ledger', call: 'fsync', blow },
  { target: 'files', call: 'write', blow },
  { target: 'files', call: 'fsync', blow },
  { target: 'log', call: 'write', blow },
]);

const concurrency = 4;

interface Tally {
  killed: number;
  refused: number;
  unharmed: number;
  requests: number;
}

/**
 * Declares a test for each series: the N-th call fails, for growing N, until a run finishes undisturbed. After each fault
 * the cause is removed, and the next command must lead to the result of an undisturbed run.
 *
 * @param step From one N to the next.
 */
export function declareStrikes(series: readonly Series[], step: (nth: number) => number, atOnce: number): void {
  const tally: Tally = { killed: 0, refused: 0, unharmed: 0, requests: 0 };
  afterAll(() => {
    const { killed, refused, unharmed, requests } = tally;
    console.log(
      `${killed + refused + unharmed} blows: ${killed} killed, ${refused} ended with exit 4, ${unharmed} did no harm; ${requests} requests`,
    );
  });
  it.for(series)('$blow at the N-th $call of $target', { timeout: 600_000 }, async (one) => {
    let next = 1;
    let isOver = false;
    const strikeOn = async (): Promise<void> => {
      while (!isOver) {
        const nth = next;
        next = step(nth);
        const isHit = await isStruck(one, nth, tally).catch((error: unknown) => {
          isOver = true;
          throw error;
        });
        isOver ||= !isHit;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, strikeOn));
  });
}

/** Causes one fault. Returns false when the run finished before the N-th call. */
async function isStruck({ target, call, blow }: Series, nth: number, tally: Tally): Promise<boolean> {
  const workload = createWorkload('lasting', 60, 3);
  const reference = await referenceOf(workload);
  const site = await createSite(workload, 3);
  const witness = createWitness(site, reference);
  const trace = path.join(site.cwd, 'trace.txt');
  const paths = targets[target](site);
  // A full disk stays full; a bad sector may be a single one.
  const when = `${nth}${blow === 'disk full' ? '+' : ''}`;
  const ended = await launch([...site.run, '--concurrency', `${concurrency}`], {
    cwd: site.cwd,
    // strace counts calls for each thread.
    env: { UV_THREADPOOL_SIZE: '1' },
    under: [
      'strace',
      '-f',
      '-qq',
      '-ttt',
      `--output=${trace}`,
      // Without it each call of Node stops for strace, but it swallows signals.
      ...(blow === 'kill' ? [] : ['--seccomp-bpf']),
      `--trace=${call}`,
      `--inject=${call}:${blows[blow]}:when=${when}`,
      ...paths.map((file) => `--trace-path=${file}`),
    ],
  }).ended;
  const struckAt = blow === 'kill' ? undefined : await firstInjection(trace);
  await rm(trace, { force: true });
  const where = `${blow} at ${call} ${nth} of ${target}`;
  const isHit = blow === 'kill' ? ended.signal === 'SIGKILL' : struckAt !== undefined;
  tally.requests += site.server.requests.length;
  if (!isHit) {
    await witness.expectWhole(ended);
    return false;
  }
  if (blow === 'kill') tally.killed += 1;
  else if (ended.code === reference.code) {
    // A failure after everything is done (SQLite cleaning up) loses nothing.
    tally.unharmed += 1;
    await witness.expectWhole(ended);
    return true;
  } else {
    tally.refused += 1;
    const said = ended.stderr + ended.stdout;
    expect(ended.code, `${where}\n${said}`).toBe(4);
    expect(said, where).not.toMatch(/^\s+at |This is a bug/m);
    expect(said, where).toMatch(/ENOSPC|disk is full|EIO|I\/O error|disk reports an error/);
    expect(
      paths.some((file) => said.includes(file.replace(/(\.partial|-wal|-journal)$/, ''))),
      `${where} names the file: ${said}`,
    ).toBe(true);
    const late = site.server.requests.filter(({ at }) => at > (struckAt ?? 0));
    expect(late.length, `${where}: requests after it`).toBeLessThanOrEqual(2 * concurrency);
  }
  const { run } = await witness.afterEnd();
  const isUnderWay = run?.state === 'sending' || run?.state === 'stopped';
  const next = isUnderWay && nth % 2 === 0 ? ['resume', site.out, ...site.pace] : site.run;
  await witness.expectWhole(await launch(next, site).ended).catch((error: unknown) => {
    throw new Error(`${where}, then ${next[0]}`, { cause: error });
  });
  return true;
}

/** When strace first made a call fail, in milliseconds since the epoch. */
async function firstInjection(trace: string): Promise<number | undefined> {
  const line = (await readFile(trace, 'utf8')).split('\n').find((text) => text.endsWith('(INJECTED)'));
  const seconds = line === undefined ? undefined : /^\d+ +(\d+\.\d+) /.exec(line)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
