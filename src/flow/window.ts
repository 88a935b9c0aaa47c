/**
 * A bounded number of places for rows in progress. The reader waits for a place before it hands on the next row: this is the
 * back-pressure that p-limit does not give.
 */
export interface Window {
  /**
   * Waits for a place and takes it. Resolves to false, without a place, when the window is closed. A waiting reader continues only
   * after everything that has just happened is handled: then several rows are read, mapped and sent in one go, which takes less
   * time than one row after each answer.
   */
  enter(): Promise<boolean>;
  leave(): void;
  /** Changes the number of places. */
  resize(places: number): void;
  /** Stops giving out places and wakes a waiting reader. */
  close(): void;
  /** Resolves when every place is free. */
  empty(): Promise<void>;
}

export function createWindow(places: number): Window {
  let capacity = places;
  let taken = 0;
  let closed = false;
  let wakeReader: (() => void) | undefined;
  let wakeEmpty: (() => void) | undefined;
  let waking: NodeJS.Immediate | undefined;

  const wake = (): void => {
    if (closed || taken < capacity) wakeReader?.();
    if (taken === 0) wakeEmpty?.();
  };
  return {
    async enter() {
      while (!closed && taken >= capacity) {
        await new Promise<void>((resolve) => {
          wakeReader = resolve;
        });
      }
      wakeReader = undefined;
      if (closed) return false;
      taken += 1;
      return true;
    },
    leave() {
      taken -= 1;
      waking ??= setImmediate(() => {
        waking = undefined;
        wake();
      });
    },
    resize(size) {
      capacity = size;
      wake();
    },
    close() {
      closed = true;
      wake();
    },
    async empty() {
      while (taken > 0) {
        await new Promise<void>((resolve) => {
          wakeEmpty = resolve;
        });
      }
    },
  };
}
