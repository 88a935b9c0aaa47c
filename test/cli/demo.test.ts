import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { fixture, gleantapImport, readReport, root, simulator } from './harness.ts';
import { commandsOf, shellWords } from './typed.ts';

it.each([[[]], [['--excel']]])(
  'the commands that the demo %j ends with work when they are typed after it',
  async (words) => {
    const { stdout } = await promisify(execFile)(process.execPath, [fixture('demo.mjs'), ...words]);
    const out = path.join(root, 'gleantap-import', 'demo', 'run');
    const commands = commandsOf({ stdout: stdout.replaceAll(/^\$ .*$/gm, ''), stderr: '' }, out).map(shellWords);
    const simulate = commands.find(([, name]) => name === 'simulate');
    const next = commands.find(([, name]) => name === 'run');
    expect(commands).toHaveLength(2);
    await simulator({ port: Number(simulate?.at(-1)), credentials: undefined });
    const failed = await readReport(path.join(out, 'failure.csv'));
    const again = path.join(root, 'gleantap-import', 'demo', 'again');
    const ended = await gleantapImport([...(next ?? []).slice(1), '--yes', '--out', again, '--json'], { cwd: root });
    // The rows are as they were: they are read, and fail again.
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ simulator: true, counts: { read: failed.length } });
  },
);
