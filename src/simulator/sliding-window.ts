/** Counts events within the last second. It holds their times in a ring, so its memory follows the busiest second. */
export class SlidingWindow {
  static readonly #SPAN_MS = 1000;
  #times = new Float64Array(64);
  #oldest = 0;
  #size = 0;

  /** How many events lie less than a second before `now` (milliseconds of a clock that never goes back). */
  sizeAt(now: number): number {
    while (this.#size > 0 && (this.#times[this.#oldest] ?? 0) <= now - SlidingWindow.#SPAN_MS) {
      this.#oldest = (this.#oldest + 1) % this.#times.length;
      this.#size--;
    }
    return this.#size;
  }

  add(now: number): void {
    if (this.#size === this.#times.length) this.#grow();
    this.#times[(this.#oldest + this.#size) % this.#times.length] = now;
    this.#size++;
  }

  #grow(): void {
    const larger = new Float64Array(this.#times.length * 2);
    larger.set(this.#times.subarray(this.#oldest));
    larger.set(this.#times.subarray(0, this.#oldest), this.#times.length - this.#oldest);
    this.#times = larger;
    this.#oldest = 0;
  }
}
