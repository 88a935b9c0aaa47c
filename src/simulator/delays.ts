/** Timers that can all be called off at once, so that nothing runs on after the simulator is closed. */
export class Delays {
  readonly #timers = new Set<NodeJS.Timeout>();
  #cancelled = false;

  /** Runs `action` after some milliseconds; `Infinity` means never. */
  after(milliseconds: number, action: () => void): void {
    if (milliseconds === Infinity || this.#cancelled) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, milliseconds);
    this.#timers.add(timer);
  }

  /** Calls off all timers, those of the future included. */
  cancelAll(): void {
    this.#cancelled = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
