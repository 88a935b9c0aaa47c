import path from 'node:path';

/** A path as it is shortest to read: relative where that leads down from the working directory. */
export function here(file: string): string {
  const relative = path.relative('', file);
  return path.isAbsolute(file) && !relative.startsWith('..') && relative !== '' ? relative : file;
}
