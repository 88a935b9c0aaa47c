/**
 * What happened over time in a bounded number of equal slices: when they are used up, two become one. Latencies are kept as
 * counts by magnitude, so that percentiles can be told for each slice without keeping the single values.
 */
export interface Timeline {
  /** Milliseconds that a slice stands for. */
  readonly sliceMs: number;
  readonly slices: readonly Slice[];
}

export interface Slice {
  /** Requests by what came of them: an HTTP status, or the name of a fault. */
  readonly answers: Readonly<Record<string, number>>;
  /** Milliseconds that half, and 95 %, of the answers took at most; undefined where there was none. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
}

export interface TimelineRecorder {
  /**
   * @param at Milliseconds since the start.
   * @param latency Milliseconds.
   */
  add(at: number, answer: string, latency: number): void;
  timeline(): Timeline;
}

const mostSlices = 120;
const firstSliceMs = 1000;
/** Magnitudes of latency: each is a fifth more than the one before, from 1 ms to well over an hour. */
const growth = 1.2;
const magnitudes = 96;

interface Recorded {
  answers: Record<string, number>;
  latencies: Uint32Array;
}

export function createTimelineRecorder(): TimelineRecorder {
  let sliceMs = firstSliceMs;
  let slices: Recorded[] = [];

  const halve = (): void => {
    sliceMs *= 2;
    slices = Array.from({ length: Math.ceil(slices.length / 2) }, (_, index) =>
      merged(slices[2 * index] ?? emptySlice(), slices[2 * index + 1]),
    );
  };
  return {
    add(at, answer, latency) {
      while (at >= sliceMs * mostSlices) halve();
      const index = Math.max(0, Math.floor(at / sliceMs));
      while (slices.length <= index) slices.push(emptySlice());
      const slice = slices[index];
      if (slice === undefined) return;
      slice.answers[answer] = (slice.answers[answer] ?? 0) + 1;
      const magnitude = magnitudeOf(latency);
      slice.latencies[magnitude] = (slice.latencies[magnitude] ?? 0) + 1;
    },
    timeline: () => ({
      sliceMs,
      slices: slices.map(({ answers, latencies }) => ({
        answers: { ...answers },
        p50: percentile(latencies, 0.5),
        p95: percentile(latencies, 0.95),
      })),
    }),
  };
}

function emptySlice(): Recorded {
  return { answers: {}, latencies: new Uint32Array(magnitudes) };
}

function merged(first: Recorded, second: Recorded | undefined): Recorded {
  if (second === undefined) return first;
  for (const [answer, count] of Object.entries(second.answers))
    first.answers[answer] = (first.answers[answer] ?? 0) + count;
  second.latencies.forEach((count, magnitude) => {
    first.latencies[magnitude] = (first.latencies[magnitude] ?? 0) + count;
  });
  return first;
}

function magnitudeOf(latency: number): number {
  return Math.min(magnitudes - 1, Math.max(0, Math.round(Math.log(Math.max(1, latency)) / Math.log(growth))));
}

function percentile(latencies: Uint32Array, share: number): number | undefined {
  const all = latencies.reduce((sum, count) => sum + count, 0);
  if (all === 0) return undefined;
  let below = 0;
  const magnitude = latencies.findIndex((count) => {
    below += count;
    return below >= all * share;
  });
  return Math.round(growth ** magnitude);
}
