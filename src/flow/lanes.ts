/**
 * Tasks that share any key run one after the other, in the order in which they came; all others run side by side.
 * The table holds only keys of tasks that wait or run, so whoever bounds those bounds the table.
 */
export interface Lanes {
  run<T>(keys: readonly string[], task: () => Promise<T>): Promise<T>;
  /** Keys in the table. */
  readonly size: number;
}

/** A task in its lanes. */
interface Turn {
  isOver: boolean;
  /** Those who wait for its end. */
  next: (() => void)[] | undefined;
}

export function createLanes(): Lanes {
  const last = new Map<string, Turn>();
  const end = async (turn: Turn): Promise<void> =>
    new Promise((resolve) => {
      if (turn.isOver) resolve();
      else (turn.next ??= []).push(resolve);
    });
  return {
    async run(keys, task) {
      const mine: Turn = { isOver: false, next: undefined };
      // Nearly always there is none.
      let before: Set<Turn> | undefined;
      for (const key of keys) {
        const earlier = last.get(key);
        if (earlier !== undefined) (before ??= new Set()).add(earlier);
        last.set(key, mine);
      }
      try {
        if (before !== undefined) await Promise.all([...before].map(end));
        return await task();
      } finally {
        for (const key of keys) if (last.get(key) === mine) last.delete(key);
        mine.isOver = true;
        for (const resolve of mine.next ?? []) resolve();
      }
    },
    get size() {
      return last.size;
    },
  };
}
