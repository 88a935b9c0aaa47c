import { RunError } from '../core/outcome/run-error.ts';
import { logEntryOf } from '../run/log-entry.ts';
import type { RunEvent } from '../run/events.ts';

/**
 * Takes lines of the log: what happened, and its details. `console` is one. Lines hold no personal data unless `logValues` is
 * set.
 */
export interface Logger {
  debug(message: string, details: object): void;
  info(message: string, details: object): void;
  warn(message: string, details: object): void;
  error(message: string, details: object): void;
}

/**
 * Hands events to a logger as lines.
 *
 * @param onError Called once, when the logger throws. The logger gets no lines after that.
 */
export function noteIn(logger: Logger | undefined, onError: (error: RunError) => void): (event: RunEvent) => void {
  let hasFailed = false;
  return (event) => {
    const entry = logger === undefined || hasFailed ? undefined : logEntryOf(event);
    if (entry === undefined) return;
    try {
      logger?.[entry.severity](entry.message, entry.fields);
    } catch (error) {
      hasFailed = true;
      onError(new RunError('not_writable', `The logger failed: ${String(error)}`, { cause: error }));
    }
  };
}
