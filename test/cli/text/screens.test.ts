import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { guardedStream, labelled } from '../../../src/cli/io.ts';
import { runLines } from '../../../src/cli/text/runs.ts';
import type { ListedRun } from '../../../src/cli/text/runs.ts';
import { colored, plainScreen, screenOf } from '../../../src/cli/text/screen.ts';
import type { Screen } from '../../../src/cli/text/screen.ts';
import { summaryLines } from '../../../src/cli/text/summary.ts';
import { table } from '../../../src/cli/text/words.ts';
import type { RunSummary } from '../../../src/report/summary.ts';

const run: RunSummary = {
  version: 1,
  kind: 'run',
  exitCode: 1,
  sentence: 'Finished: 49,988 succeeded, 11 failed, 1 unknown. Look at the rows in failure.csv and correct them.',
  next: undefined,
  simulator: true,
  run: 3,
  out: '/runs/members-20261128-090000',
  input: 'members.csv',
  account: { host: 'api.gleantap.com', appId: 'demo-gym' },
  started: '2026-11-28T09:00:00.000Z',
  counts: { read: 50_000, succeeded: 49_988, failed: 11, unknown: 1, skipped: 0, pending: 0, blank: 0 },
  files: { '/runs/members-20261128-090000/failure.csv': 11 },
  problems: { date_not_in_calendar: 4, bad_email: 3, word_not_mapped: 2, required_missing: 1, refused: 1 },
};

const listed = (change: Partial<ListedRun>): ListedRun => ({
  id: 12,
  started: '2026-11-28T09:00:00.000Z',
  state: 'finished',
  identity: '',
  account: 'https://api.gleantap.com demo-gym',
  feed: 'members',
  inputName: 'members-of-the-downtown-gym.csv',
  inputSha: '',
  out: '/runs/1',
  read: 50_000,
  blank: 0,
  exitCode: 0,
  kind: 'full',
  counts: { succeeded: 49_980, failed: 12, unknown: 3, skipped: 0, pending: 5 },
  ...change,
});
const runs = [listed({ state: 'stopped' }), listed({ id: 7, account: 'https://api.gleantap.com other-gym' })];

const wide: Screen = { ...plainScreen, width: 10_000, sentenceWidth: 10_000 };
const cells = [
  [{ text: 'COLUMN', style: 'dim' as const }, 'GOES TO', 'EXAMPLES', 'WHY'],
  [
    'First Name',
    'first_name',
    'Ana, Sam, Ben',
    '100% of its cells are written like names, and none of them contradicts it',
  ],
  ['Emergency Contact Name', '-', 'W***** W*******', 'an emergency contact is another person'],
];
const screens: readonly [string, (screen: Screen) => string[]][] = [
  ['a summary', (screen) => summaryLines(run, screen).split('\n')],
  ['runs', (screen) => runLines(runs, screen)],
  ['a table', (screen) => table(cells, screen)],
];

describe.each(screens)('%s', (_name, lines) => {
  it.each([120, 80, 60])('fits %d columns and splits no word', (width) => {
    const shown = lines({ ...plainScreen, width, sentenceWidth: width });
    expect(shown.filter((line) => line.length > width)).toEqual([]);
    const words = (of: string[]): string[] => of.join(' ').split(/\s+/).sort();
    expect(words(shown)).toEqual(words(lines(wide)));
  });

  it('has colors that say nothing that its words do not say', () => {
    const stream = { isTTY: true, columns: 80, hasColors: () => true } as unknown as NodeJS.WriteStream;
    const text = colored(lines(screenOf(stream, {})).join('\n'));
    expect(text).toContain('\u001b[');
    const plain = lines({ ...plainScreen, width: 80, sentenceWidth: 80 }).join('\n');
    const atEnds = (of: string): string => of.replaceAll(/ +$/gm, '');
    expect(atEnds(stripVTControlCharacters(text))).toBe(atEnds(plain));
  });
});

it('colors what we painted, and shows the codes in a text of a file', () => {
  let written = '';
  const real = { isTTY: true, hasColors: () => true, write: (text: string) => (written += text) };
  const stream = guardedStream(real as unknown as NodeJS.WriteStream);
  stream.write(screenOf(stream, {}).paint('failed', 'bad \u001b[32mcell'));
  expect(written).toBe('\u001b[31mbad \\u001b[32mcell\u001b[39m');
});

it('shows only the columns of runs that say something, and commands whole', () => {
  const next = `gleantap-import resume ${'a-long-folder/'.repeat(12)}`;
  const [header = '', ...lines] = runLines([listed({ state: 'stopped', next })], { ...plainScreen, width: 60 });
  expect(header).not.toContain('account');
  expect(lines.some((line) => line.includes(next))).toBe(true);
});

it.each([
  ['a terminal', 80, 80 - '[harbor] '.length],
  ['a pipe', undefined, Infinity],
])('what a job of a batch writes to %s is wrapped with its label', (_where, columns, expected) => {
  const stream = { isTTY: columns !== undefined, columns, write: () => true, hasColors: () => false };
  const io = { stdout: stream, stderr: stream } as unknown as Parameters<typeof labelled>[0];
  expect(screenOf(labelled(io, 'harbor').stderr, {}).sentenceWidth).toBe(expected);
});
