/**
 * Tasks that share any key run one after the other, in the order in which they came; all others run side by side.
 * The table holds only keys of tasks that wait or run, so whoever bounds those bounds the table.
 */
export interface Lanes {
  run<T>(keys: readonly string[], task: () => Promise<T>): Promise<T>;
  /** Keys in the table. */
  readonly size: number;
}

export function createLanes(): Lanes {
  const last = new Map<string, Promise<void>>();
  return {
    async run(keys, task) {
      const before = new Set<Promise<void>>();
      for (const key of keys) {
        const earlier = last.get(key);
        if (earlier !== undefined) before.add(earlier);
      }
      let finish!: () => void;
      const finished = new Promise<void>((resolve) => {
        finish = resolve;
      });
      for (const key of keys) last.set(key, finished);
      try {
        if (before.size > 0) await Promise.all(before);
        return await task();
      } finally {
        for (const key of keys) if (last.get(key) === finished) last.delete(key);
        finish();
      }
    },
    get size() {
      return last.size;
    },
  };
}
