import { MultiBar } from 'cli-progress';
import { plural } from '../core/reports/figures.ts';
import type { RunEvent } from '../run/events.ts';
import { duration } from '../core/settings/duration.ts';
import { visible } from '../core/reports/visible.ts';
import { forTerminal } from './io.ts';
import { count } from './text/words.ts';

/** Shows how far a run is, on stderr. */
export interface Progress {
  readonly note: (event: RunEvent) => void;
  /** Shows that something takes a while: a line that moves and then goes away. */
  show(activity: string): void;
  /** Writes a line above what moves. */
  write(line: string): void;
  stop(): void;
}

export interface ProgressOptions {
  /** For lines. */
  readonly stderr: NodeJS.WriteStream;
  /** The real stderr, for codes that move the cursor. It gets visible text only. */
  readonly terminal: NodeJS.WriteStream;
  /** `bar` on a terminal, `lines` elsewhere, `none` when quiet. */
  readonly style: 'bar' | 'lines' | 'none';
}

/** Rows that are sent or looked up, of a known number. */
interface Tally {
  total: number;
  done: number;
  failed: number;
  startedAt: number;
  sentHere: number;
}

const firstLineAfter = 10_000;
const longestSilence = 300_000;
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const framesPerSecond = 8;
const [shortestBar, longestBar] = [5, 24];

export function createProgress({ stderr, terminal, style }: ProgressOptions): Progress {
  let bars: MultiBar | undefined;
  let tally: Tally | undefined;
  let activity = '';
  let since = 0;
  let state = '';
  let nextLine = Infinity;
  let silence = firstLineAfter;
  let stopping = false;

  /** What moves: drawn again and again while a phase lasts. */
  const draw = (line: () => string, clearOnComplete: boolean): void => {
    end();
    nextLine = Date.now() + silence;
    if (style !== 'bar') return;
    bars = new MultiBar({ stream: terminal, format: line, hideCursor: true, clearOnComplete, fps: framesPerSecond });
    bars.create(1, 0);
  };
  const end = (): void => {
    // It writes the lines that wait to be written above the bar, and the last state.
    bars?.update();
    bars?.stop();
    bars = undefined;
    tally = undefined;
    activity = '';
    state = '';
  };
  const show = (text: string): void => {
    if (style === 'none') return;
    if (activity === '') {
      since = Date.now();
      draw(() => activityLine(activity, state, Date.now() - since), true);
    }
    activity = visible(text);
    line(() => activity);
  };
  const begin = (total: number, done: number): Tally => {
    const begun = { total, done, failed: 0, startedAt: Date.now(), sentHere: 0 };
    draw(() => tallyLine(begun, state, terminal.columns), false);
    tally = begun;
    return begun;
  };
  /** Where nothing moves, a line now and then. */
  const line = (text: () => string): void => {
    if (style !== 'lines' || Date.now() < nextLine) return;
    stderr.write(`${text()} ${state}`.trimEnd() + '\n');
    silence = Math.min(longestSilence, silence * 2);
    nextLine = Date.now() + silence;
  };

  return {
    note(event) {
      if (style === 'none') return;
      const text = activityOf(event);
      if (text !== undefined) show(text);
      switch (event.type) {
        case 'looking_up': {
          const looked = tally ?? begin(event.total, 0);
          Object.assign(looked, { done: event.done, sentHere: event.done });
          state = '(looking people up)';
          line(() => textOf(looked));
          if (event.done === event.total) end();
          break;
        }
        case 'sending':
          if (event.total > 0) begin(event.total, event.done);
          break;
        case 'row_ended': {
          if (tally === undefined) break;
          const sent = tally;
          sent.done += 1;
          sent.sentHere += 1;
          if (event.outcome !== 'succeeded') sent.failed += 1;
          if (!stopping) state = '';
          line(() => textOf(sent));
          break;
        }
        case 'paused':
          state = `(paused by the server for ${duration(event.ms)})`;
          break;
        case 'outage_began':
          state = `(no clear answer since ${new Date().toTimeString().slice(0, 5)}, waiting)`;
          break;
        case 'outage_ended':
          state = '';
          break;
        case 'stopping':
          stopping = true;
          state = '(stopping: waiting for the last answers)';
          break;
        default:
      }
    },
    show,
    write(text) {
      if (bars === undefined) stderr.write(text);
      else bars.log(forTerminal(text));
    },
    stop: end,
  };
}

/** What a phase without a known end is doing. */
function activityOf(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'copying':
      return `Copying ${event.input}`;
    case 'checking':
      return `Checking the file${event.rows === 0 ? '' : `: ${count(event.rows)} rows`}`;
    case 'reading_account':
      return `Looking up people of the file in Gleantap: ${event.done} of ${event.total}`;
    case 'reading_contacts':
      return `Reading the contacts of the account: ${count(event.people)}`;
    case 'reading_optouts':
      return `Reading who has opted out${event.people === 0 ? '' : `: ${count(event.people)} people`}`;
    case 'reporting':
      return 'Writing the reports';
    default:
      return undefined;
  }
}

function activityLine(activity: string, state: string, ms: number): string {
  const frame = frames[Math.floor((ms * framesPerSecond) / 1000) % frames.length] ?? '';
  return `${frame} ${activity}${ms < 1000 ? '' : `, ${duration(Math.floor(ms / 1000) * 1000)}`} ${state}`.trimEnd();
}

/** The bar takes the room that the numbers leave. On a narrow terminal they matter more, and the state most of all. */
function tallyLine(tally: Tally, state: string, columns: number): string {
  const { percent, perSecond, failed, left, value } = figuresOf(tally);
  const end = tally.done === tally.total ? '' : ` | ${left} left`;
  const numbers = `${percent}% | ${value} rows | ${perSecond}/s | ${failed} failed${end} ${state}`.trimEnd();
  const room = columns - numbers.length - 2;
  if (room < 0) return `${percent}% ${value} ${state} ${failed} failed, ${left} left`;
  if (room < shortestBar) return numbers;
  const size = Math.min(longestBar, room);
  const full = Math.round((size * tally.done) / Math.max(1, tally.total));
  return `${'█'.repeat(full)}${'░'.repeat(size - full)} ${numbers}`;
}

function textOf(tally: Tally): string {
  const { percent, perSecond, failed, left } = figuresOf(tally);
  return `${count(tally.done)} of ${plural(tally.total, 'row')} (${percent}%), ${perSecond}/s, ${failed} failed, ${left} left`;
}

function figuresOf({ total, done, failed, sentHere, startedAt }: Tally) {
  const rate = sentHere / Math.max(0.001, (Date.now() - startedAt) / 1000);
  return {
    percent: Math.floor((100 * done) / Math.max(1, total)),
    value: `${count(done)}/${count(total)}`,
    perSecond: rate.toFixed(rate < 10 ? 1 : 0),
    failed: count(failed),
    left: rate > 0 ? duration(Math.max(1, Math.round((total - done) / rate)) * 1000) : '?',
  };
}
