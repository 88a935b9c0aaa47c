/**
 * Runs tasks that share a key one after the other, in the order in which they were added. All other tasks run side by side.
 * The queue holds only the keys of tasks that wait or run, so the caller bounds its size by bounding the tasks.
 */
export interface KeyedQueue {
  run<T>(keys: readonly string[], task: () => Promise<T>): Promise<T>;
  /** Keys that are in use. */
  readonly size: number;
}

/** A task in the queue. */
interface Entry {
  isDone: boolean;
  /** Wakes the tasks that wait for this one. */
  waiting: (() => void)[] | undefined;
}

export function createKeyedQueue(): KeyedQueue {
  const lastOfKey = new Map<string, Entry>();
  const whenDone = async (entry: Entry): Promise<void> =>
    new Promise((resolve) => {
      if (entry.isDone) resolve();
      else (entry.waiting ??= []).push(resolve);
    });
  return {
    async run(keys, task) {
      const own: Entry = { isDone: false, waiting: undefined };
      // Most tasks share no key with another.
      let earlier: Set<Entry> | undefined;
      for (const key of keys) {
        const last = lastOfKey.get(key);
        if (last !== undefined) (earlier ??= new Set()).add(last);
        lastOfKey.set(key, own);
      }
      try {
        if (earlier !== undefined) await Promise.all([...earlier].map(whenDone));
        return await task();
      } finally {
        for (const key of keys) if (lastOfKey.get(key) === own) lastOfKey.delete(key);
        own.isDone = true;
        for (const wake of own.waiting ?? []) wake();
      }
    },
    get size() {
      return lastOfKey.size;
    },
  };
}
