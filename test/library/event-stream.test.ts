import { expect, it } from 'vitest';
import type { Clock } from '../../src/flow/clock.ts';
import { systemClock } from '../../src/flow/clock.ts';
import { createEventStream, longestStall } from '../../src/library/event-stream.ts';
import type { RunEvent } from '../../src/run/events.ts';
import { fakeClock, settled } from '../flow/fake-clock.ts';

const checking = (rows: number): RunEvent => ({ type: 'checking', rows });

/** Pushes as a run does: waits for its readers before each event. Counts how many events it pushed. */
function pushMany(count: number, clock: Pick<Clock, 'sleep'> = systemClock) {
  const warned = { times: 0 };
  const stream = createEventStream(clock, () => (warned.times += 1));
  const pushed = { count: 0 };
  const done = (async () => {
    for (; pushed.count < count; pushed.count += 1) {
      await stream.keptUp();
      stream.push(checking(pushed.count));
    }
    stream.end();
  })();
  return { stream, pushed, done, warned };
}

it('a run waits for a slow reader, who then gets every event in order', async () => {
  const { stream, pushed, done } = pushMany(5000);
  let read = 0;
  let furthest = 0;
  for await (const event of stream) {
    expect(event).toEqual(checking(read));
    read += 1;
    // Everything that can happen by itself happens now.
    await new Promise(setImmediate);
    furthest = Math.max(furthest, pushed.count - read);
    if (read === 600) break;
  }
  expect(furthest).toBeGreaterThan(200);
  expect(furthest).toBeLessThan(600);
  await done;
  expect(pushed.count).toBe(5000);
});

it('a run does not wait for readers when there are none, when they stop reading, or when the run stops', async () => {
  const unread = pushMany(5000);
  await unread.done;

  const { stream, pushed, done } = pushMany(5000);
  const held = stream[Symbol.asyncIterator]();
  await held.next();
  await new Promise(setImmediate);
  expect(pushed.count).toBeLessThan(600);
  stream.release();
  await done;
  const rest = [];
  for (let next = await held.next(); next.done !== true; next = await held.next()) rest.push(next.value);
  expect(rest).toHaveLength(4999);
});

it('a failure arrives after the events before it', async () => {
  const stream = createEventStream(systemClock, () => undefined);
  const read: RunEvent[] = [];
  const reading = (async () => {
    for await (const event of stream) read.push(event);
  })();
  stream.push(checking(1));
  stream.end({ error: new Error('broken') });
  await expect(reading).rejects.toThrow('broken');
  expect(read).toEqual([checking(1)]);
});

it('a reader who stops reading while the run waits causes one warning, and a slow reader causes none', async () => {
  const clock = fakeClock();
  const { stream, warned, done } = pushMany(1000, clock);
  const reader = stream[Symbol.asyncIterator]();
  await reader.next();
  await settled();
  // Slow: it reads one event each time, just before it would count as stalled.
  for (let times = 0; times < 5; times += 1) {
    await clock.advance(longestStall - 1);
    await reader.next();
  }
  expect(warned.times).toBe(0);
  await clock.advance(longestStall * 2);
  expect(warned.times).toBe(1);
  await clock.advance(longestStall * 10);
  expect(warned.times).toBe(1);
  await reader.return?.();
  await done;
  expect(clock.sleepers).toBe(0);
});

it('a reader who keeps up leaves no timer behind', async () => {
  const clock = fakeClock();
  const { stream, warned, done } = pushMany(5000, clock);
  for await (const event of stream) expect(event.type).toBe('checking');
  await done;
  expect(warned.times).toBe(0);
  expect(clock.sleepers).toBe(0);
});
