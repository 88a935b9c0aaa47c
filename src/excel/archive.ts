import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { crc32 } from 'node:zlib';
import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { RunError } from '../core/outcome/run-error.ts';

/** How large a workbook may be. Tests make them smaller. */
export interface WorkbookLimits {
  /** Bytes of one part when unpacked, at most. */
  readonly partBytes: number;
  /** Bytes unpacked for each packed one, at most. Looked at in parts of more than `ratioFrom` bytes. */
  readonly ratio: number;
  readonly ratioFrom: number;
  readonly rows: number;
}

export const defaultWorkbookLimits: WorkbookLimits = {
  partBytes: 200 * 1024 ** 2,
  ratio: 200,
  ratioFrom: 1024 ** 2,
  rows: 1_048_576,
};

/** Far more than the parts of any workbook with a list of people. */
const mostParts = 10_000;

/** A zip archive whose parts are read one by one as text. */
export class Archive {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #limits: WorkbookLimits;
  /** How messages call the file. */
  readonly name: string;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>, limits: WorkbookLimits, name: string) {
    this.#zip = zip;
    this.#entries = entries;
    this.#limits = limits;
    this.name = name;
  }

  /** @throws RunError `input` when the archive is cut off, or says different things about itself. */
  static async open(path: string, name: string, limits: WorkbookLimits): Promise<Archive> {
    const zip = await openPromise(path, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
      throw damaged(name, error);
    });
    try {
      return new Archive(zip, await entriesOf(zip, name), limits, name);
    } catch (error) {
      zip.close();
      throw error;
    }
  }

  close(): void {
    this.#zip.close();
  }

  has(part: string): boolean {
    return this.#entries.has(part.toLowerCase());
  }

  some(pattern: RegExp): boolean {
    return [...this.#entries.keys()].some((part) => pattern.test(part));
  }

  /** How large a part is when unpacked, as the archive says. Reading it makes sure. */
  sizeOf(part: string): number {
    return this.#entries.get(part.toLowerCase())?.uncompressedSize ?? 0;
  }

  /** The text of a part in pieces. @throws RunError `input` when it is missing, damaged, or larger than the limits. */
  async *text(part: string): AsyncGenerator<string, void, undefined> {
    const entry = this.#entries.get(part.toLowerCase());
    if (entry === undefined) throw damaged(this.name, new Error(`it has no part ${part}`));
    this.#refuseTooLarge(entry);
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let stream: Readable | undefined;
    let sum = 0;
    try {
      stream = await this.#zip.openReadStreamPromise(entry);
      for await (const piece of stream) {
        sum = crc32(piece as Buffer, sum);
        yield decoder.decode(piece as Buffer, { stream: true });
      }
      yield decoder.decode();
    } catch (error) {
      throw error instanceof RunError ? error : damaged(this.name, error);
    } finally {
      stream?.destroy();
    }
    if (sum !== entry.crc32) throw damaged(this.name, new Error(`the checksum of ${part} is wrong`));
  }

  #refuseTooLarge({ fileName, compressedSize, uncompressedSize }: Entry): void {
    const { partBytes, ratio, ratioFrom } = this.#limits;
    const isBomb = uncompressedSize > ratioFrom && uncompressedSize > ratio * compressedSize;
    if (uncompressedSize <= partBytes && !isBomb) return;
    throw new RunError(
      'input',
      `${this.name} unpacks to far more than a contact list (${fileName}), so it was not unpacked`,
      {
        hint: 'Check where it comes from. If the list is really that large, save it as CSV UTF-8 and import that.',
      },
    );
  }
}

async function entriesOf(zip: ZipFile, name: string): Promise<Map<string, Entry>> {
  if (zip.entryCount > mostParts) throw damaged(name, new Error(`it has ${zip.entryCount} parts`));
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      // Parts are named without regard to case.
      const key = entry.fileName.toLowerCase();
      if (entries.has(key)) throw new Error(`it has two parts ${entry.fileName}`);
      entries.set(key, entry);
    }
  } catch (error) {
    throw damaged(name, error);
  }
  return entries;
}

/** None of a damaged workbook is used: rows may be missing anywhere. */
export function damaged(name: string, cause: unknown): RunError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RunError('input', `${name} is a damaged or incomplete Excel workbook, so none of it was used: ${why}`, {
    hint: 'Copy or download it again. If it opens in Excel, save it there under another name and import that file.',
    cause,
  });
}
