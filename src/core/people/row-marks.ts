import { mostMarks } from './opt-outs.ts';
import { createRowNumbers } from './row-numbers.ts';

/** The marks of many rows (see `MarkReader`), 24 bytes a row. */
export interface RowMarks {
  set(index: number, marks: readonly number[]): void;
  at(index: number): number[];
}

/** Of the 52 bits of a mark. */
const lowBits = 2 ** 26;

export function createRowMarks(): RowMarks {
  const halves = createRowNumbers();
  return {
    set(index, marks) {
      for (const [nth, mark] of marks.entries()) {
        const at = 2 * (index * mostMarks + nth);
        halves.set(at, Math.floor(mark / lowBits));
        halves.set(at + 1, mark % lowBits);
      }
    },
    at(index) {
      const marks: number[] = [];
      for (let nth = 0; nth < mostMarks; nth += 1) {
        const at = 2 * (index * mostMarks + nth);
        const mark = halves.at(at) * lowBits + halves.at(at + 1);
        if (mark !== 0) marks.push(mark);
      }
      return marks;
    },
  };
}
