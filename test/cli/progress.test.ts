import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';
import type { RunEvent } from '../../src/run/events.ts';

/** What a terminal of this width gets: each state of the line that moves. */
function onTerminal(columns: number, events: readonly RunEvent[], log?: string): string {
  let written = '';
  const stream = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written += chunk.toString();
        done();
      },
    }),
    { isTTY: true, columns },
  ) as unknown as NodeJS.WriteStream;
  const progress = createProgress({ stderr: stream, terminal: stream, style: 'bar' });
  for (const event of events) progress.note(event);
  if (log !== undefined) progress.write(log);
  progress.stop();
  return written;
}

const ended: RunEvent = { type: 'row_ended', row: 2, outcome: 'succeeded', code: undefined, attempts: 1 };
const sending: RunEvent = { type: 'sending', total: 50_000, done: 25_000 };

describe('progress on a terminal', () => {
  it.each([120, 80])('draws a bar on %d columns', (columns) => {
    const shown = onTerminal(columns, [sending, ended]);
    expect(shown).toMatch(/█+░+ 50%/);
    expect(shown).toContain('25,001/50,000');
  });

  it('gives the room of the bar to what the run waits for', () => {
    const shown = onTerminal(80, [sending, { type: 'paused', event: 'status_429', ms: 20_000 }]);
    expect(shown).toMatch(/\(paused by the server for 20 s\) 0 failed/);
  });

  it.each<[RunEvent, string]>([
    [{ type: 'copying', input: 'mem\u001bbers.csv' }, 'mem\\u001bbers.csv'],
    [{ type: 'checking', rows: 340_000 }, '340,000 rows'],
    [{ type: 'reading_account', done: 3, total: 8 }, '3 of 8'],
    [{ type: 'reading_optouts', people: 12_000 }, '12,000 people'],
    [{ type: 'reporting', out: '/runs/1' }, 'reports'],
  ])('shows a line that goes away for %o', (event, expected) => {
    const shown = onTerminal(80, [event]);
    expect(shown).toContain(expected);
    // The end clears it.
    expect(shown.lastIndexOf('\u001b[0J')).toBeGreaterThan(shown.lastIndexOf(expected));
  });

  it('loses no line that is written just before the end', () => {
    expect(onTerminal(80, [{ type: 'checking', rows: 0 }], 'WARN something\n')).toContain('WARN something\n');
  });
});
