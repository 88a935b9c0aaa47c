import fs from 'node:fs';
import path from 'node:path';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRunLog, type LogOptions } from '../../src/cli/log.ts';
import { plainScreen } from '../../src/cli/text/screen.ts';
import type { RunError } from '../../src/core/outcome/run-error.ts';
import type { RunEvent } from '../../src/run/events.ts';

let folder = '';
let shown: string[] = [];
let errors: RunError[] = [];
const file = (): string => path.join(folder, 'run.log');
const lines = (): Record<string, unknown>[] =>
  fs
    .readFileSync(file(), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const log = (options: Partial<LogOptions> = {}): ReturnType<typeof createRunLog> =>
  createRunLog({
    level: 'info',
    format: 'pretty',
    screen: plainScreen,
    write: (line) => shown.push(line),
    onError: (error) => errors.push(error),
    ...options,
  });
const started = (): RunEvent => ({
  type: 'run_started',
  run: 1,
  out: folder,
  resumed: false,
  simulator: true,
  input: 'members.csv',
});
const warning: RunEvent = { type: 'warning', message: 'a\u0007warning\nin two lines' };
const succeeded: RunEvent = { type: 'row_ended', row: 7, outcome: 'succeeded', code: undefined, attempts: 1 };

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), 'log-test-'));
  shown = [];
  errors = [];
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

describe('run.log', () => {
  it('holds info and above, whatever the screen shows, and only its owner can read it', () => {
    for (const level of ['error', 'debug'] as const) {
      const one = log({ level });
      for (const event of [started(), warning, succeeded]) one.note(event);
      one.close();
    }
    expect(lines().map(({ level }) => level)).toEqual([30, 40, 30, 40]);
    expect(lines()[1]).toMatchObject({ msg: 'a\u0007warning\nin two lines' });
    expect(lines()[0]).not.toHaveProperty('hostname');
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('is not written through a symbolic link', () => {
    const foreign = path.join(folder, 'foreign.txt');
    fs.writeFileSync(foreign, 'mine');
    fs.symlinkSync(foreign, file());
    expect(() => log().note(started())).toThrow(expect.objectContaining({ code: 'not_writable' }));
    expect(fs.readFileSync(foreign, 'utf8')).toBe('mine');
  });

  it('that can no longer be written is reported once, and the screen output continues', () => {
    const one = log();
    one.note(started());
    const full = vi.spyOn(fs, 'writeSync').mockImplementation(() => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    });
    one.note(warning);
    one.note(warning);
    full.mockRestore();
    one.note(warning);
    one.close();
    expect(errors.map(({ code }) => code)).toEqual(['not_writable']);
    expect(lines()).toHaveLength(1);
    expect(shown).toHaveLength(4);
  });

  it('ends with its run: later events go to the screen only', () => {
    const one = log();
    one.note(started());
    one.close();
    one.note(warning);
    expect(lines()).toHaveLength(1);
    expect(shown).toHaveLength(2);
  });
});

describe('the screen', () => {
  it('shows time, level, and message on one line, control characters as escapes', () => {
    log().note(warning);
    expect(shown).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d WARN  a\\u0007warning in two lines\n$/)]);
  });

  it.each([
    ['error', 0],
    ['warn', 1],
    ['info', 2],
    ['debug', 3],
  ] as const)('at level %s shows %i of a start, a warning and a success', (level, count) => {
    const one = log({ level });
    for (const event of [started(), warning, succeeded]) one.note(event);
    one.close();
    expect(shown).toHaveLength(count);
  });

  it("shows pino's JSON on request", () => {
    log({ format: 'json', level: 'debug' }).note(succeeded);
    expect(JSON.parse(shown.join(''))).toMatchObject({ level: 20, row: 7, outcome: 'succeeded' });
  });
});
