import { lstat, open, rename, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import { notWritable } from '../core/outcome/path-fault.ts';

/** A file that appears whole or not at all: written next to its final place, flushed to disk, then renamed. Mode 0600. */
export interface AtomicFile {
  write(content: string | Uint8Array): Promise<void>;
  /** Puts the file in its place. */
  commit(): Promise<void>;
  /** Leaves no trace of it. */
  discard(): Promise<void>;
}

/** @throws RunError `not_writable`, from here and from every method. */
export async function createAtomicFile(file: string): Promise<AtomicFile> {
  const temporary = temporaryOf(file);
  const inTheWay = await lstat(file).catch(() => undefined);
  if (inTheWay !== undefined && !inTheWay.isFile()) {
    const what = inTheWay.isSymbolicLink() ? 'a symbolic link' : inTheWay.isDirectory() ? 'a folder' : 'no plain file';
    throw notWritable(file, new Error(`${what} is in its place`));
  }
  // O_NOFOLLOW: a symbolic link in the way is refused, not written through.
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0);
  const handle = await open(temporary, flags, 0o600).catch((error: unknown) => {
    throw notWritable(file, error);
  });
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      await handle.close().catch(() => undefined);
      throw notWritable(file, error);
    }
  };
  return {
    write: async (content) => attempt(async () => handle.writeFile(content)),
    commit: async () =>
      attempt(async () => {
        await handle.chmod(0o600);
        await handle.sync();
        await handle.close();
        await rename(temporary, file);
      }),
    discard: async () => {
      await handle.close().catch(() => undefined);
      await rm(temporary, { force: true });
    },
  };
}

/** Writes a whole text to a file that appears at once. @throws RunError `not_writable` */
export async function writeAtomically(file: string, text: string): Promise<void> {
  const target = await createAtomicFile(file);
  await target.write(text);
  await target.commit();
}

/** Removes a file, and what a process that was killed has left of it. */
export async function removeAtomicFile(file: string): Promise<void> {
  await rm(file, { force: true });
  await rm(temporaryOf(file), { force: true });
}

function temporaryOf(file: string): string {
  return `${file}.partial`;
}
