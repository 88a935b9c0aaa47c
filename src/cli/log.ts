import { constants, openSync } from 'node:fs';
import path from 'node:path';
import pino from 'pino';
import { visible } from '../core/reports/visible.ts';
import type { RunError } from '../core/outcome/run-error.ts';
import { notWritable } from '../core/outcome/path-fault.ts';
import type { RunEvent } from '../run/events.ts';
import { logEntryOf } from '../run/log-entry.ts';
import type { Screen, Style } from './text/screen.ts';
import { wrap } from './text/words.ts';

export interface RunLog {
  readonly note: (event: RunEvent) => void;
  close(): void;
}

export interface LogOptions {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly format: 'pretty' | 'json';
  /** How lines for people look. */
  readonly screen: Screen;
  /** Where they go. */
  write(line: string): void;
  /** Called once, when `run.log` can no longer be written. */
  onError(error: RunError): void;
}

/**
 * Turns events into log lines: JSON in the run folder's `run.log` (info and above), and on stderr as asked. Lines name rows by
 * number and hold no personal data, unless `--log-values` adds what was sent.
 *
 * @throws RunError `not_writable` when `run.log` can't be opened.
 */
export function createRunLog({ level, format, screen, write, onError }: LogOptions): RunLog {
  const lines = format === 'json' ? { write: (line: string) => write(visible(line)) } : new PrettyStream(screen, write);
  let file: ReturnType<typeof pino.destination> | undefined;
  const streams = pino.multistream([
    { level, stream: lines },
    { level: 'info', stream: { write: (line) => file?.write(visible(line)) } },
  ]);
  const logger = pino({ level: level === 'debug' ? 'debug' : 'info', base: null }, streams);

  const open = (folder: string): void => {
    const name = path.join(folder, 'run.log');
    const opened = pino.destination({ dest: openLog(name), sync: true });
    // pino may emit one error twice.
    opened.on('error', (error: unknown) => {
      if (file === undefined) return;
      file = undefined;
      opened.destroy();
      onError(notWritable(name, error));
    });
    file = opened;
  };
  return {
    note(event) {
      if (event.type === 'run_started') open(event.out);
      const entry = logEntryOf(event);
      if (entry !== undefined) logger[entry.severity](entry.fields, entry.message);
    },
    close() {
      file?.end();
      file = undefined;
    },
  };
}

function openLog(name: string): number {
  // O_NOFOLLOW: a symbolic link in the way is refused, not written through.
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);
  try {
    return openSync(name, flags, 0o600);
  } catch (error) {
    throw notWritable(name, error);
  }
}

/** Lines for people: time, level unless it is plain information, message. pino sets the fields before each `write`. */
class PrettyStream {
  readonly [pino.symbols.needsMetadataGsym] = true;
  lastLevel = 0;
  lastMsg = '';
  lastTime = '';
  readonly #screen: Screen;
  readonly #print: (text: string) => void;

  constructor(screen: Screen, print: (text: string) => void) {
    this.#screen = screen;
    this.#print = print;
  }

  write(): void {
    const clock = new Date(Number(this.lastTime)).toTimeString().slice(0, 8);
    const [label, style]: [string, Style] =
      this.lastLevel >= 50 ? ['ERROR ', 'failed'] : this.lastLevel >= 40 ? ['WARN  ', 'warning'] : ['', 'dim'];
    const start = `${clock} ${label}`;
    const message = visible(this.lastMsg.replaceAll(/[\t\n\r]+/g, ' '));
    const [first = '', ...more] = wrap(start + message, this.#screen.sentenceWidth);
    const painted = `${this.#screen.paint('dim', clock)} ${this.#screen.paint(style, label)}`;
    this.#print([painted + first.slice(start.length), ...more, ''].join('\n'));
  }
}
