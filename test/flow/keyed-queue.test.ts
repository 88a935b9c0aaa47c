import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyedQueue } from '../../src/flow/keyed-queue.ts';
import { settled } from './fake-clock.ts';

/** A task that ends when the test ends it. */
function held() {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { ended, end };
}

it('tasks that share any key run one after the other, and others overtake them', async () => {
  const queue = createKeyedQueue();
  const started: string[] = [];
  const [first, second] = [held(), held()];
  const task = (name: string, ended: Promise<void>) => async (): Promise<string> => {
    started.push(name);
    await ended;
    return name;
  };
  const results = [
    queue.run(['a', 'b'], task('first', first.ended)),
    queue.run(['b', 'c'], task('second', second.ended)),
    queue.run(['c'], task('third', Promise.resolve())),
    queue.run(['d'], task('other', Promise.resolve())),
    queue.run([], task('free', Promise.resolve())),
  ];
  await settled();
  expect(started).toEqual(['first', 'other', 'free']);
  first.end();
  await settled();
  expect(started).toEqual(['first', 'other', 'free', 'second']);
  second.end();
  expect(await Promise.all(results)).toEqual(['first', 'second', 'third', 'other', 'free']);
});

it('a task that fails does not block the next one', async () => {
  const queue = createKeyedQueue();
  const failing = queue.run(['a'], async () => Promise.reject(new Error('no')));
  const next = queue.run(['a'], async () => Promise.resolve('yes'));
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
  expect(queue.size).toBe(0);
});

describe('any keys', () => {
  it('tasks with the same key never overlap, keep their order, and leave the queue empty', async () => {
    const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 });
    const task = fc.record({ keys, after: fc.nat(1), ticks: fc.nat(3), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(task, { maxLength: 25 }), async (tasks) => {
        const queue = createKeyedQueue();
        const inside = new Set<string>();
        const order = new Map<string, number[]>();
        const runs: Promise<void>[] = [];
        for (const [nth, { keys: own, after, ticks, fails }] of tasks.entries()) {
          for (let tick = 0; tick < after; tick += 1) await settled();
          const run = queue.run(own, async () => {
            for (const key of own) {
              expect(inside.has(key)).toBe(false);
              inside.add(key);
              order.set(key, [...(order.get(key) ?? []), nth]);
            }
            for (let tick = 0; tick < ticks; tick += 1) await settled();
            for (const key of own) inside.delete(key);
            if (fails) throw new Error('failed');
          });
          runs.push(run.catch((error: Error) => expect(error.message).toBe('failed')));
        }
        await Promise.all(runs);
        for (const list of order.values()) expect(list).toEqual(list.toSorted((a, b) => a - b));
        expect(queue.size).toBe(0);
      }),
    );
  });
});
