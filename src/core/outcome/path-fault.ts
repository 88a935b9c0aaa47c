import { RunError } from './run-error.ts';

/** What the system's codes mean for a file, in words. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you do not have the permission',
  EBUSY: 'another program is using it',
  EDQUOT: 'your disk quota is used up',
  EEXIST: 'something else is in its place',
  EFBIG: 'the disk does not take files of this size',
  EIO: 'the disk reports an error',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a symbolic link that leads nowhere or must not be followed',
  EMFILE: 'this program has too many files open',
  ENFILE: 'this machine has too many files open',
  ENAMETOOLONG: 'the name of the file or a folder is too long',
  ENOENT: 'it does not exist',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EPERM: 'you do not have the permission, or another program is using it',
  EROFS: 'the disk is read-only',
};

/** Why a path can't be used, in words, and what to do where the reason says it. */
export function pathFault(
  file: string,
  cause: unknown,
): { readonly reason: string; readonly hint: string | undefined } {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  // Node.js has put this character in place of the bytes, so it can't find the file.
  if (code === 'ENOENT' && file.includes('\uFFFD')) {
    return {
      reason: 'the name of the file or a folder is not valid UTF-8',
      hint: 'Rename it. A CSV file can be piped instead: gleantap-import check - < FILE',
    };
  }
  return {
    reason: reasons[code] ?? (cause instanceof Error ? cause.message : String(cause)),
    hint: code === 'ENAMETOOLONG' ? 'Choose a shorter name, or a folder that is less deep.' : undefined,
  };
}

/** A file that can't be written. */
export function notWritable(file: string, cause: unknown): RunError {
  const { reason, hint } = pathFault(file, cause);
  const isFolderGone = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' && hint === undefined;
  return new RunError(
    'not_writable',
    `${file} cannot be written: ${isFolderGone ? 'its folder does not exist' : reason}`,
    {
      hint:
        hint ??
        `${isFolderGone ? 'Create the folder' : 'Free up space or fix the permissions'}, then run the same command again.`,
      cause,
    },
  );
}
