import { duration } from '../core/settings/duration.ts';
import { faultRule } from '../core/api/fault-table.ts';
import type { RunEvent } from './events.ts';

/** A line of the log. Rows are named by number. */
export interface LogEntry {
  readonly severity: 'info' | 'warn' | 'debug';
  readonly facts: object;
  readonly message: string;
}

/** Milliseconds from which on a pause is worth a line on the screen. */
const longPause = 15_000;

/** What an event says in the log, if anything. */
export function logEntryOf(event: RunEvent): LogEntry | undefined {
  const { type: _type, ...facts } = event;
  switch (event.type) {
    case 'warning':
      return { severity: 'warn', facts: {}, message: event.message };
    case 'run_started':
      return { severity: 'info', facts, message: event.resumed ? 'run resumed' : 'run started' };
    case 'sending':
      return { severity: 'info', facts, message: 'sending' };
    case 'row_ended':
      return {
        severity: event.outcome === 'succeeded' && event.contact === undefined ? 'debug' : 'info',
        facts,
        message: `row ${event.row} ${event.outcome}`,
      };
    case 'retrying':
      return {
        severity: 'info',
        facts,
        message: `${event.row === undefined ? '' : `row ${event.row}: `}${faultRule(event.event).says}; again in ${duration(event.delayMs)}`,
      };
    case 'paused':
      // The bar shows short ones; a line for each would fill the screen of a long run.
      return {
        severity: event.ms < longPause ? 'info' : 'warn',
        facts,
        message: `paused by the server for ${duration(event.ms)}`,
      };
    case 'outage_began':
      return { severity: 'warn', facts, message: 'API not responding. Retrying with one request until it recovers' };
    case 'outage_ended':
      return { severity: 'warn', facts, message: `API responding again after ${duration(event.ms)}` };
    case 'stopping':
      return { severity: 'warn', facts: {}, message: `stopping: ${event.reason}` };
    case 'reporting':
      return { severity: 'debug', facts, message: 'writing reports' };
    case 'looking_up':
      return event.done === 0 ? { severity: 'info', facts, message: `looking ${event.total} people up` } : undefined;
    case 'checking':
      return undefined;
  }
}
