import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RunError } from '../core/run-error.ts';

/** A CSV to import: a file, or what comes through a pipe. */
export interface InputSource {
  /** As the user typed it; `-` for a pipe. */
  readonly name: string;
  readonly stream?: NodeJS.ReadableStream;
}

export interface InputCopy {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Copies the input before anything looks at it: all passes, `report` and `resume` read the copy.
 *
 * @returns undefined when the signal aborted it.
 * @throws RunError `input` when it can't be read, `still_being_written` when it changed meanwhile.
 */
export async function copyInput(
  { name, stream }: InputSource,
  target: string,
  signal: AbortSignal,
): Promise<InputCopy | undefined> {
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  const before = stream === undefined ? await statInput(name) : undefined;
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(
    stream ?? createReadStream(name),
    async function* measure(source: AsyncIterable<Buffer | string>) {
      for await (const piece of source) {
        const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(target, { mode: 0o600 }),
    { signal },
  ).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  if (signal.aborted) return undefined;
  if (before !== undefined) {
    const after = await statInput(name);
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs || bytes !== before.size) {
      await rm(target, { force: true });
      throw new RunError('still_being_written', `${name} changed while it was read: it is still being written`, {
        hint: 'Wait until the export is complete, then run the same command again.',
      });
    }
  }
  return { file: target, sha256: hash.digest('hex'), bytes };
}

async function statInput(name: string): Promise<{ size: number; mtimeMs: number }> {
  try {
    const found = await stat(name);
    if (found.isFile()) return found;
  } catch (error) {
    throw new RunError('input', `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      hint: 'Check the path of the CSV file.',
      cause: error,
    });
  }
  throw new RunError('input', `${name} is not a file`, { hint: 'Name one CSV file, or - to read from a pipe.' });
}
