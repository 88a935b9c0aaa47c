import { RunError } from './run-error.ts';

/** Why a path can't be used, where the system's own words do not say what to do. */
export function pathFault(
  file: string,
  cause: unknown,
): { readonly reason: string; readonly hint: string } | undefined {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENAMETOOLONG') {
    return {
      reason: 'the name of the file or a folder is too long',
      hint: 'Choose a shorter name, or a folder that is less deep.',
    };
  }
  // Node.js has put this character in place of the bytes, so it can't find the file.
  if (code === 'ENOENT' && file.includes('\uFFFD')) {
    return {
      reason: 'the name of the file or a folder is not valid UTF-8',
      hint: 'Rename it. A CSV file can be piped instead: gleantap-import check - < FILE',
    };
  }
  return undefined;
}

/** A file that can't be written. */
export function notWritable(file: string, cause: unknown): RunError {
  const { reason, hint } = pathFault(file, cause) ?? {
    reason: cause instanceof Error ? cause.message : String(cause),
    hint: 'Free up space or fix the permissions, then run the same command again.',
  };
  return new RunError('not_writable', `${file} cannot be written: ${reason}`, { hint, cause });
}
