import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { onTestFinished } from 'vitest';
import path from 'node:path';
import { canaries, root } from '../cli/harness.ts';
import type { Ended } from '../cli/harness.ts';

export const cli = path.join(root, 'dist/cli/main.js');

/** The program's waits are divided by this. Its rules do not change. */
const timeScale = '50';

export interface LaunchOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A program that the command line runs under, like strace, with its arguments. */
  readonly under?: readonly string[];
  /** Keeps stdin open for the test to write to. */
  readonly holdStdin?: boolean;
  /** The user to run as, when the test is root. */
  readonly uid?: number | undefined;
}

export interface Launched {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Aborted as soon as the process is gone. */
  readonly gone: AbortSignal;
  /** Resolves when stderr holds a text, or the process is gone. */
  says(text: string): Promise<void>;
}

/** Starts the built command line with an environment as bare as cron's. */
export function launch(args: readonly string[], options: LaunchOptions): Launched {
  const [program = '', ...words] = [...(options.under ?? []), process.execPath, cli, ...args];
  const stdio: StdioOptions = [options.holdStdin === true ? 'pipe' : 'ignore', 'pipe', 'pipe'];
  const { uid } = options;
  const child = spawn(program, words, {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'] ?? '', GLEANTAP_IMPORT_TEST_TIME_SCALE: timeScale, ...options.env },
    stdio,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  child.stdin?.on('error', () => undefined);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const gone = new AbortController();
  child.once('exit', () => gone.abort());
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
  const says = async (text: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (stderr.includes(text)) resolve();
      };
      child.stderr?.on('data', look);
      child.once('exit', () => resolve());
      look();
    });
  return { child, ended, gone: gone.signal, says };
}
