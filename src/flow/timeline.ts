/**
 * What happened over time, in a bounded number of equal slices: when all are used, each two become one. Latencies are kept as
 * counts by magnitude, which gives percentiles per slice without the single values. Plain data that JSON can hold.
 */
export interface Timeline {
  /** Milliseconds in a slice. */
  sliceMs: number;
  slices: Slice[];
}

export interface Slice {
  /** Requests by result: an HTTP status, or the name of a fault. */
  readonly answers: Record<string, number>;
  /** How many answers took how long, by magnitude. */
  readonly latencies: Record<string, number>;
}

const mostSlices = 120;
const firstSliceMs = 1000;
/** Each magnitude of latency is a tenth more than the one before. */
const growth = Math.log(1.1);

export const emptyTimeline = (): Timeline => ({ sliceMs: firstSliceMs, slices: [] });

/**
 * Adds one answer.
 *
 * @param at Milliseconds since the start.
 * @param latency Milliseconds.
 */
export function addAnswer(timeline: Timeline, at: number, answer: string, latency: number): void {
  while (at >= timeline.sliceMs * mostSlices) coarsen(timeline);
  const index = Math.max(0, Math.floor(at / timeline.sliceMs));
  while (timeline.slices.length <= index) timeline.slices.push({ answers: {}, latencies: {} });
  const slice = timeline.slices[index];
  if (slice === undefined) return;
  plus(slice.answers, answer, 1);
  plus(slice.latencies, String(Math.round(Math.log(Math.max(1, latency)) / growth)), 1);
}

/** Milliseconds covered by the slices: where a resumed run continues. */
export function lengthOf({ sliceMs, slices }: Timeline): number {
  return sliceMs * slices.length;
}

/** Milliseconds within which this share of a slice's answers came; undefined without answers. */
export function percentileOf({ latencies }: Slice, share: number): number | undefined {
  const ordered = Object.entries(latencies).sort(([a], [b]) => Number(a) - Number(b));
  const all = ordered.reduce((sum, [, count]) => sum + count, 0);
  let below = 0;
  for (const [magnitude, count] of ordered) {
    below += count;
    if (below >= all * share) return Math.round(Math.exp(Number(magnitude) * growth));
  }
  return undefined;
}

function coarsen(timeline: Timeline): void {
  timeline.sliceMs *= 2;
  const halved: Slice[] = [];
  timeline.slices.forEach((slice, index) => {
    const first = halved[index >> 1];
    if (first === undefined) halved.push(slice);
    else {
      for (const [answer, count] of Object.entries(slice.answers)) plus(first.answers, answer, count);
      for (const [magnitude, count] of Object.entries(slice.latencies)) plus(first.latencies, magnitude, count);
    }
  });
  timeline.slices = halved;
}

function plus(counts: Record<string, number>, name: string, count: number): void {
  counts[name] = (counts[name] ?? 0) + count;
}
