import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { RunError } from '../core/outcome/run-error.ts';
import { lockFile } from './database.ts';

/**
 * One run at a time per account, user and machine. The lock is the operating system's: it dies with its process.
 *
 * @throws RunError `account_busy` when another run holds the account.
 */
export function lockAccount(account: string): { release(): void } {
  const name = createHash('sha256').update(account).digest('hex').slice(0, 32);
  const lock = lockFile(path.join(lockFolder(), `${name}.lock`));
  if (lock === undefined) {
    throw new RunError('account_busy', `Another run is sending to this account (${account})`, {
      hint: 'Wait until it has ended ("gleantap-import runs" shows it), then run the same command again.',
    });
  }
  return lock;
}

/**
 * The state folder under the home directory of the user database: not that of HOME or XDG_*, which cron lacks. Where it
 * can't be written, a folder with the user's id under the system's temporary one.
 */
export function lockFolder(): string {
  const { homedir, id } = user();
  const usual = path.join(homedir, '.local', 'state', 'gleantap-import');
  try {
    mkdirSync(usual, { recursive: true, mode: 0o700 });
    accessSync(usual, constants.W_OK);
    return usual;
  } catch {
    return path.join(tmpdir(), `gleantap-import-${id}`);
  }
}

/** Containers may run under a user id that the user database doesn't know. */
function user(): { readonly homedir: string; readonly id: string | number } {
  try {
    const { homedir, uid, username } = userInfo();
    return { homedir, id: uid === -1 ? username : uid };
  } catch {
    return { homedir: '/nonexistent', id: statSync('/proc/self', { throwIfNoEntry: false })?.uid ?? 'unknown' };
  }
}
