/** A number for each of many rows, 0 until it is set: four bytes a row. */
export interface RowNumbers {
  at(index: number): number;
  set(index: number, value: number): void;
}

export function createRowNumbers(): RowNumbers {
  let numbers = new Uint32Array(1024);
  return {
    at: (index) => numbers[index] ?? 0,
    set(index, value) {
      if (index >= numbers.length) {
        const larger = new Uint32Array(Math.max(numbers.length * 2, index + 1));
        larger.set(numbers);
        numbers = larger;
      }
      numbers[index] = value;
    },
  };
}
