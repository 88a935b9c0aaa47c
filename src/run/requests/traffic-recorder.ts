import { createHistogram } from 'node:perf_hooks';
import { addAnswer, emptyTimeline, lengthOf } from '../../flow/timeline.ts';
import type { Timeline } from '../../flow/timeline.ts';

/** What a run's requests met. */
export interface TrafficStats {
  readonly requests: number;
  /** Answers by HTTP status, faults by their event. */
  readonly answers: Readonly<Record<string, number>>;
  /** Milliseconds until the answer. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** The same over time, including the parts of the run before a resume. */
  readonly timeline: Timeline;
}

export interface TrafficRecorder {
  sent(): void;
  /** @param label The answer's status, or the fault's event. Times are milliseconds of the monotonic clock. */
  answered(label: string, sentAt: number, now: number): void;
  stats(): TrafficStats;
}

/**
 * @param now The monotonic clock at the start.
 * @param timeline The traffic of the run's parts before a resume, which is continued.
 */
export function createTrafficRecorder(now: number, timeline = emptyTimeline()): TrafficRecorder {
  const start = now - lengthOf(timeline);
  const latency = createHistogram();
  const answers: Record<string, number> = {};
  let requests = 0;
  return {
    sent() {
      requests += 1;
    },
    answered(label, sentAt, end) {
      latency.record(Math.max(1, Math.round(end - sentAt)));
      answers[label] = (answers[label] ?? 0) + 1;
      addAnswer(timeline, end - start, label, end - sentAt);
    },
    stats: () => ({
      requests,
      answers,
      timeline,
      latency: { p50: latency.percentile(50), p95: latency.percentile(95), p99: latency.percentile(99) },
    }),
  };
}
