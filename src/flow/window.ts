/**
 * A bounded number of places for rows on their way. The reader waits for a place before it hands on the next row, which is
 * the back-pressure that p-limit does not give.
 */
export interface Window {
  /** Waits for a place and takes it. Resolves to false, without a place, when the window was closed. */
  enter(): Promise<boolean>;
  leave(): void;
  /** Widens or narrows the window. */
  resize(places: number): void;
  /** Lets nobody in any more and wakes those who wait. */
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
      wake();
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
