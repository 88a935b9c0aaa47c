import { plural } from '../core/reports/figures.ts';
import { duration } from '../core/settings/duration.ts';
import { faultRule } from '../core/api/fault-table.ts';
import type { RunEvent } from './events.ts';

/** A line of the log. Rows are named by number. */
export interface LogEntry {
  readonly severity: 'info' | 'warn' | 'debug';
  readonly fields: object;
  readonly message: string;
}

/** A pause of so many milliseconds is worth a line on the screen. */
const longPause = 15_000;

/** The line that an event writes to the log, if any. */
export function logEntryOf(event: RunEvent): LogEntry | undefined {
  const { type: _type, ...fields } = event;
  switch (event.type) {
    case 'warning':
      return { severity: 'warn', fields: {}, message: event.message };
    case 'run_started':
      return { severity: 'info', fields, message: event.resumed ? 'run resumed' : 'run started' };
    case 'sending':
      return { severity: 'info', fields, message: 'sending' };
    case 'row_ended':
      return {
        severity: event.outcome === 'succeeded' && event.contact === undefined ? 'debug' : 'info',
        fields,
        message: `row ${event.row} ${event.outcome}`,
      };
    case 'retrying':
      return {
        severity: 'info',
        fields,
        message: `${event.row === undefined ? '' : `row ${event.row}: `}${faultRule(event.event).says}. Retrying in ${duration(event.delayMs)}`,
      };
    case 'paused':
      // The bar shows short ones; a line for each would fill the screen of a long run.
      return {
        severity: event.ms < longPause ? 'info' : 'warn',
        fields,
        message: `paused by the server for ${duration(event.ms)}`,
      };
    case 'outage_began':
      return {
        severity: 'warn',
        fields,
        message: 'No clear answer from the API. Sending one request at a time until one is answered',
      };
    case 'outage_ended':
      return { severity: 'warn', fields, message: `API answering again after ${duration(event.ms)}` };
    case 'stopping':
      return { severity: 'warn', fields: {}, message: `stopping: ${event.reason}` };
    case 'reporting':
      return { severity: 'debug', fields, message: 'writing reports' };
    case 'reading_account':
    case 'looking_up':
      return event.done === 0
        ? { severity: 'info', fields, message: `looking up ${plural(event.total, 'person', 'people')}` }
        : undefined;
    case 'copying':
    case 'checking':
    case 'reading_contacts':
    case 'reading_optouts':
      return undefined;
  }
}
