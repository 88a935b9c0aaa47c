/** A byte for each of many rows, 0 until it is set: a million rows cost a megabyte. */
export interface RowBytes {
  at(index: number): number;
  set(index: number, byte: number): void;
}

export function createRowBytes(): RowBytes {
  let bytes = new Uint8Array(0);
  return {
    at: (index) => bytes[index] ?? 0,
    set(index, byte) {
      if (byte === 0 && index >= bytes.length) return;
      if (index >= bytes.length) {
        const longer = new Uint8Array(Math.max(1024, 2 * (index + 1)));
        longer.set(bytes);
        bytes = longer;
      }
      bytes[index] = byte;
    },
  };
}
