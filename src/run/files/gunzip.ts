import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { RunError } from '../../core/outcome/run-error.ts';

/** How large a gzip archive may become. */
export interface GunzipLimits {
  /** Bytes decoded, at most. */
  readonly bytes: number;
  /** Bytes decoded for each one read, at most; looked at from `ratioFrom` decoded bytes on. Lists of people seldom reach 30. */
  readonly ratio: number;
  readonly ratioFrom: number;
}

export const defaultGunzipLimits: GunzipLimits = { bytes: 4 * 1024 ** 3, ratio: 200, ratioFrom: 64 * 1024 ** 2 };

/** Whether a file's first two bytes are those of a gzip archive. */
export function isGzip(start: Buffer): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/**
 * The bytes as they are, or decoded when they are those of a gzip archive.
 *
 * @param name How messages call the file.
 * @throws RunError `input` when the archive is cut off, damaged or larger than the limits.
 */
export async function* decodeGzip(
  chunks: AsyncIterable<Buffer>,
  name: string,
  limits: GunzipLimits,
): AsyncGenerator<Buffer, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    let start: Buffer = Buffer.alloc(0);
    while (start.length < 2) {
      const next = await iterator.next();
      if (next.done === true) break;
      start = Buffer.concat([start, next.value]);
    }
    const all = async function* (): AsyncGenerator<Buffer, void, undefined> {
      yield start;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    };
    yield* isGzip(start) ? gunzip(all(), name, limits) : all();
  } finally {
    await iterator.return?.();
  }
}

async function* gunzip(
  chunks: AsyncGenerator<Buffer, void, undefined>,
  name: string,
  { bytes, ratio, ratioFrom }: GunzipLimits,
): AsyncGenerator<Buffer, void, undefined> {
  const decoder = createGunzip();
  // What goes wrong comes out of the decoder below.
  void pipeline(Readable.from(chunks, { objectMode: false }), decoder).catch(() => undefined);
  let decoded = 0;
  try {
    for await (const piece of decoder) {
      decoded += (piece as Buffer).length;
      if (decoded > bytes || (decoded > ratioFrom && decoded > ratio * decoder.bytesWritten)) throw tooLarge(name);
      yield piece as Buffer;
    }
  } catch (error) {
    throw isZlibError(error) ? damaged(name, error) : error;
  }
}

function tooLarge(name: string): RunError {
  return new RunError(
    'input',
    `${name} is a gzip archive that unpacks to far more than a contact list, so it was not unpacked`,
    {
      hint: 'Check where it comes from. If the list is really that large, unpack it with gunzip and split it.',
    },
  );
}

function isZlibError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('Z_');
}

function damaged(name: string, cause: NodeJS.ErrnoException): RunError {
  const isCut = cause.code === 'Z_BUF_ERROR';
  return new RunError(
    'input',
    `${name} is a gzip archive that is ${isCut ? 'cut off' : 'damaged'}, so none of it was used`,
    {
      hint: 'Copy or download it again. If it is still being written, wait until that is done.',
      cause,
    },
  );
}
