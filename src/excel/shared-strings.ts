import type { Archive } from './archive.ts';
import { damaged } from './archive.ts';
import { decodeEscapes, readXml } from './xml.ts';

/**
 * The table of texts that cells refer to by number, as UTF-8 in one piece of memory: half a million names as strings would
 * take several times as much.
 */
export class SharedStrings {
  readonly #bytes: Buffer;
  readonly #ends: readonly number[];

  private constructor(bytes: Buffer, ends: readonly number[]) {
    this.#bytes = bytes;
    this.#ends = ends;
  }

  static readonly none = new SharedStrings(Buffer.alloc(0), []);

  static async read(archive: Archive, part: string): Promise<SharedStrings> {
    // Its texts can't be longer than the part that they are in. Memory that is not written to costs nothing.
    let bytes: Buffer | undefined;
    const ends: number[] = [];
    let end = 0;
    const reader = richText((text) => {
      bytes ??= Buffer.allocUnsafeSlow(archive.sizeOf(part) + 3);
      end += bytes.write(text, end);
      ends.push(end);
    }, 'si');
    await readXml(archive, part, reader);
    return new SharedStrings(bytes ?? Buffer.alloc(0), ends);
  }

  /** @throws RunError `input` when the table has no text of that number. */
  at(index: number, name: string): string {
    const end = this.#ends[index];
    if (end === undefined) throw damaged(name, new Error(`a cell refers to text ${index}, which does not exist`));
    return this.#bytes.toString('utf8', index === 0 ? 0 : this.#ends[index - 1], end);
  }
}

/** Joins the pieces of a rich text. The readings of Japanese names (`rPh`) are not part of it. */
export function richText(done: (text: string) => void, element: 'si' | 'is') {
  let text = '';
  let isText = false;
  let isReading = false;
  return {
    open(name: string): void {
      if (name === element) text = '';
      else if (name === 'rPh') isReading = true;
      else if (name === 't') isText = !isReading;
    },
    text(piece: string): void {
      if (isText) text += piece;
    },
    close(name: string): void {
      if (name === 't') isText = false;
      else if (name === 'rPh') isReading = false;
      else if (name === element) done(decodeEscapes(text));
    },
  };
}
