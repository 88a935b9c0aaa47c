import { plural } from '../core/reports/figures.ts';
import { MultiBar, Presets } from 'cli-progress';
import type { SingleBar } from 'cli-progress';
import type { RunEvent } from '../run/events.ts';
import { duration } from '../core/settings/duration.ts';
import { count } from './text/words.ts';

/** Shows how far a run is, on stderr. */
export interface Progress {
  readonly note: (event: RunEvent) => void;
  /** Writes a line above the bar. */
  write(line: string): void;
  stop(): void;
}

export interface ProgressOptions {
  /** Gets visible text only, and codes that move the cursor. */
  readonly stream: NodeJS.WriteStream;
  /** `bar` on a terminal, `lines` elsewhere, `none` when quiet. */
  readonly style: 'bar' | 'lines' | 'none';
}

interface Tally {
  total: number;
  done: number;
  failed: number;
  startedAt: number;
  sentHere: number;
  state: string;
}

/** On a narrow terminal the numbers matter more than the bar, and the state most of all. */
function formatFor(columns: number): string {
  if (columns < 60) return '{percentage}% {value}/{total} {state} {failed} failed, {left} left';
  const numbers = '{percentage}% | {value}/{total} rows | {perSecond}/s | {failed} failed | {left} left {state}';
  return columns < 100 ? numbers : `{bar} ${numbers}`;
}

const firstLineAfter = 10_000;
const longestSilence = 300_000;

export function createProgress({ stream, style }: ProgressOptions): Progress {
  const tally: Tally = { total: 0, done: 0, failed: 0, startedAt: 0, sentHere: 0, state: '' };
  let bars: MultiBar | undefined;
  let bar: SingleBar | undefined;
  let nextLine = Infinity;
  let silence = firstLineAfter;
  let stopping = false;

  const rate = (): number => tally.sentHere / Math.max(0.001, (Date.now() - tally.startedAt) / 1000);
  const payload = () => {
    const perSecond = rate();
    const left = perSecond > 0 ? duration(((tally.total - tally.done) / perSecond) * 1000) : '?';
    return {
      perSecond: perSecond.toFixed(perSecond < 10 ? 1 : 0),
      failed: count(tally.failed),
      left,
      state: tally.state,
    };
  };
  const begin = (total: number, done: number): void => {
    Object.assign(tally, { total, done, startedAt: Date.now(), sentHere: 0, state: '' });
    nextLine = Date.now() + silence;
    if (style !== 'bar' || total === 0) return;
    bars = new MultiBar(
      {
        stream,
        format: formatFor(stream.columns),
        hideCursor: true,
        clearOnComplete: false,
        barsize: 24,
        fps: 8,
      },
      Presets.shades_classic,
    );
    bar = bars.create(total, done, payload());
  };
  const end = (): void => {
    bar?.update(tally.done, payload());
    bars?.stop();
    bars = undefined;
    bar = undefined;
  };
  const line = (): void => {
    const { perSecond, left, failed } = payload();
    const percent = Math.floor((tally.done / Math.max(1, tally.total)) * 100);
    stream.write(
      `${count(tally.done)} of ${plural(tally.total, 'row')} (${percent}%), ${perSecond}/s, ${failed} failed, ${left} left ${tally.state}`.trimEnd() +
        '\n',
    );
    silence = Math.min(longestSilence, silence * 2);
    nextLine = Date.now() + silence;
  };
  const setState = (state: string): void => {
    tally.state = state;
    bar?.update(tally.done, payload());
  };

  return {
    note(event) {
      if (style === 'none') return;
      switch (event.type) {
        case 'looking_up':
          if (event.done === 0) begin(event.total, 0);
          Object.assign(tally, { done: event.done, sentHere: event.done, state: '(looking people up)' });
          bar?.update(tally.done, payload());
          if (style === 'lines' && Date.now() >= nextLine) line();
          if (event.done === event.total) end();
          break;
        case 'sending':
          begin(event.total, event.done);
          break;
        case 'row_ended':
          tally.done += 1;
          tally.sentHere += 1;
          if (event.outcome !== 'succeeded') tally.failed += 1;
          if (!stopping) tally.state = '';
          bar?.update(tally.done, payload());
          if (style === 'lines' && Date.now() >= nextLine) line();
          break;
        case 'paused':
          setState(`(paused by the server for ${duration(event.ms)})`);
          break;
        case 'outage_began':
          setState(`(no clear answer since ${new Date().toTimeString().slice(0, 5)}, waiting)`);
          break;
        case 'outage_ended':
          setState('');
          break;
        case 'stopping':
          stopping = true;
          setState('(stopping: waiting for the last answers)');
          break;
        default:
      }
    },
    write(text) {
      if (bars === undefined) stream.write(text);
      else bars.log(text);
    },
    stop: end,
  };
}
