import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pathFault } from '../core/outcome/path-fault.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { createDecoder } from './decoders.ts';
import { type ByteOrderMark, readByteOrderMark, refuseOtherKinds } from './file-kind.ts';

/** A file's text as UTF-8 bytes. */
export interface TextSource {
  /** The encoding it has, by its standard name. */
  readonly encoding: string;
  /** Whether the file declares it by a byte order mark. */
  readonly isMarked: boolean;
  /** Whether the bytes are not those of the file. */
  readonly isTranscoded: boolean;
  /** Bytes of the file before the text: a byte order mark, if it isn't transcoded. */
  readonly skipped: number;
  /** The text from its start, or from a later byte. Each call reads the file again. */
  chunks(from?: number): AsyncGenerator<Buffer, void, undefined>;
}

/** Bytes that show what kind of file it is. */
const startBytes = 4096;

/**
 * Opens a text file. Its encoding is that of its byte order mark, else the one given, else UTF-8. UTF-8 is passed on as it
 * is: checking it is left to the code that knows which record a bad byte costs.
 *
 * @param file How messages call it.
 */
export async function openText(
  path: string,
  encoding: string | undefined,
  chunkBytes: number,
  file = JSON.stringify(path),
): Promise<TextSource> {
  const start = await readStart(path, file);
  const mark = readByteOrderMark(start, file);
  const name = mark?.encoding ?? standardName(encoding ?? 'utf-8');
  if (start.length === (mark?.length ?? 0)) {
    throw new RunError('input', `${file} is empty.`, { hint: 'Export the list again.' });
  }
  refuseOtherKinds(start, file, name.startsWith('utf-16'));
  return name === 'utf-8'
    ? utf8Text(path, chunkBytes, mark)
    : transcodedText(path, chunkBytes, name, mark !== undefined);
}

/** A file taken as UTF-8, whatever it is. */
export function utf8Text(path: string, chunkBytes: number, mark?: ByteOrderMark): TextSource {
  const skipped = mark?.length ?? 0;
  return {
    encoding: 'utf-8',
    isMarked: mark !== undefined,
    isTranscoded: false,
    skipped,
    async *chunks(from = 0) {
      yield* createReadStream(path, { highWaterMark: chunkBytes, start: skipped + from });
    },
  };
}

function transcodedText(path: string, chunkBytes: number, encoding: string, isMarked: boolean): TextSource {
  return {
    encoding,
    isMarked,
    isTranscoded: true,
    skipped: 0,
    async *chunks(from = 0) {
      let toDrop = from;
      for await (const chunk of transcode(createReadStream(path, { highWaterMark: chunkBytes }), encoding)) {
        if (chunk.length > toDrop) yield chunk.subarray(toDrop);
        toDrop = Math.max(0, toDrop - chunk.length);
      }
    },
  };
}

/** Text in any encoding to UTF-8. */
async function* transcode(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer, void, undefined> {
  const decoder = createDecoder(encoding);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk));
  yield Buffer.from(decoder.end());
}

function standardName(label: string): string {
  try {
    return createDecoder(label).encoding;
  } catch (error) {
    throw new RunError('usage', `${JSON.stringify(label)} is not a known encoding.`, {
      hint: 'Common encodings are utf-8, windows-1252 (Excel\'s plain "CSV"), utf-16le, and macintosh.',
      cause: error,
    });
  }
}

async function readStart(path: string, file: string): Promise<Buffer> {
  try {
    const handle = await open(path);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(startBytes), 0, startBytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new RunError('input', `${file} cannot be read: ${pathFault(path, error).reason}`, {
      hint: 'Check its name, folder and permissions.',
      cause: error,
    });
  }
}
