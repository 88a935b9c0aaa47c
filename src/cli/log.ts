import { closeSync, constants, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import pino from 'pino';
import type { Logger } from 'pino';
import type { RunError } from '../core/outcome/run-error.ts';
import { notWritable } from '../report/atomic-file.ts';
import type { RunEvent } from '../run/events.ts';
import { logEntryOf } from '../run/log-entry.ts';

export interface RunLog {
  readonly note: (event: RunEvent) => void;
  close(): void;
}

export interface LogOptions {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly format: 'pretty' | 'json';
  /** Where lines for people go. */
  write(line: string): void;
  /** Called once, when `run.log` can't be written any more. */
  onError(error: RunError): void;
}

/**
 * Turns events into log lines: JSON in the run folder's `run.log` (info and above), and on stderr as asked. Rows are named by
 * number; nobody's data is in an event.
 *
 * @throws RunError `not_writable` when `run.log` can't be opened.
 */
export function createRunLog({ level, format, write, onError }: LogOptions): RunLog {
  const screen = pino({ level, base: null }, { write: (line) => write(format === 'json' ? line : pretty(line)) });
  let file: { readonly logger: Logger; readonly descriptor: number } | undefined;
  const log = (severity: 'info' | 'warn' | 'debug', facts: object, message: string): void => {
    screen[severity](facts, message);
    file?.logger[severity](facts, message);
  };
  const open = (folder: string): void => {
    const name = path.join(folder, 'run.log');
    // O_NOFOLLOW: a symbolic link in the way is refused, not written through.
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);
    let descriptor: number;
    try {
      descriptor = openSync(name, flags, 0o600);
    } catch (error) {
      throw notWritable(name, error);
    }
    const append = (line: string): void => {
      try {
        writeSync(descriptor, line);
      } catch (error) {
        close();
        onError(notWritable(name, error));
      }
    };
    file = { descriptor, logger: pino({ base: null }, { write: append }) };
  };
  const close = (): void => {
    if (file !== undefined) closeSync(file.descriptor);
    file = undefined;
  };
  return {
    note(event) {
      if (event.type === 'run_started') open(event.out);
      const entry = logEntryOf(event);
      if (entry !== undefined) log(entry.severity, entry.facts, entry.message);
    },
    close,
  };
}

/** A pino line for people: time, level unless it is plain information, message. */
function pretty(line: string): string {
  const { time, level, msg } = JSON.parse(line) as { time: number; level: number; msg: string };
  const clock = new Date(time).toTimeString().slice(0, 8);
  const label = level >= 50 ? 'ERROR ' : level >= 40 ? 'WARN  ' : '';
  return `${clock} ${label}${msg.replaceAll(/\p{Cc}+/gu, ' ')}\n`;
}
