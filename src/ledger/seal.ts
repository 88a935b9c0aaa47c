import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';
import { RunError } from '../core/outcome/run-error.ts';

/**
 * How this program left a ledger, in a small file next to it. SQLite has no checksums: it does not notice a ledger that was emptied,
 * an older one in its place, or a flipped byte in a row, and each of them means that people are sent again.
 *
 * - `new`: the ledger is being created. Otherwise a file without tables is a damaged one.
 * - `open <size>`: it has changes that may be in its `-wal` file only, which was this long at least.
 * - `closed <size> <crc32>`: all changes are in the ledger itself.
 *
 * Without a seal, nothing is checked: ledgers of earlier versions have none.
 */
type Seal = 'new' | `open ${number}` | `closed ${string}`;

export function sealFileOf(ledgerFile: string): string {
  return `${ledgerFile}.seal`;
}

/**
 * Makes sure, before a ledger is opened, that it is as it was left. Announces one that does not exist yet.
 *
 * @returns Whether it may have no tables, because it is new.
 * @throws RunError `ledger_damaged`; any other error means that the ledger can't be created or read.
 */
export function checkSeal(file: string): boolean {
  if (!existsSync(file)) {
    writeSeal(file, 'new');
    return true;
  }
  const seal = readSeal(file);
  if (seal === undefined || seal === 'new') return seal === 'new';
  const problem = problemOf(file, seal);
  // Another process may have written to it, or closed it, while this one read.
  if (problem !== undefined && readSeal(file) === seal && problemOf(file, seal) !== undefined)
    throw damaged(file, problem);
  return false;
}

function problemOf(file: string, seal: Seal): string | undefined {
  const inLog = walSizeOf(file);
  if (seal.startsWith('open'))
    return inLog < Number(seal.slice('open '.length)) ? 'its -wal file is missing or cut' : undefined;
  // What a -wal file holds comes on top of what was sealed.
  return inLog > 0 || seal === sealOf(file) ? undefined : 'it was changed since';
}

/**
 * Notes that the ledger itself may not hold all changes.
 *
 * @param noted What this has returned before for the same connection.
 */
export function breakSeal(file: string, noted: number): number {
  const size = walSizeOf(file);
  if (size === noted) return size;
  try {
    // Only that it is open must reach the disk before the next commit. A length that was lost leaves a shorter one, which holds too.
    writeSeal(file, `open ${size}`, noted < 0);
  } catch {
    removeSeal(file);
  }
  return size;
}

/** Whether a ledger that is about to be closed was written since it was sealed. One that could not be created stays new. */
export function needsSeal(file: string): boolean {
  const seal = readSeal(file);
  return seal !== 'new' && (walSizeOf(file) > 0 || seal?.startsWith('open') === true);
}

/** Seals a ledger that holds all changes, and that no process writes meanwhile. @throws Error when that is not possible. */
export function sealLedger(file: string): void {
  writeSeal(file, sealOf(file));
}

/** Without a seal, the ledger is used unchecked. */
export function removeSeal(file: string): void {
  try {
    rmSync(sealFileOf(file), { force: true });
  } catch {
    // Nothing more can be done in a folder that is not writable.
  }
}

/** @throws RunError `ledger_damaged` */
export function damaged(file: string, reason: string, cause?: unknown): RunError {
  const seal = sealFileOf(file);
  const changed = existsSync(seal)
    ? ` If another program changed it and you are sure that it is right, delete ${seal}.`
    : '';
  return new RunError('ledger_damaged', `The ledger ${file} is damaged or not as this program left it: ${reason}`, {
    hint: `It records who was sent what, so nothing more is sent. Restore it from a backup, together with the other files whose names begin with its name.${changed}`,
    cause,
  });
}

const pieceSize = 1 << 20;

function sealOf(file: string): Seal {
  const handle = openSync(file, 'r');
  try {
    const piece = Buffer.allocUnsafe(pieceSize);
    let size = 0;
    let sum = 0;
    for (;;) {
      const length = readSync(handle, piece, 0, pieceSize, size);
      if (length === 0) return `closed ${size} ${sum.toString(16)}`;
      size += length;
      sum = crc32(piece.subarray(0, length), sum);
    }
  } finally {
    closeSync(handle);
  }
}

function readSeal(file: string): Seal | undefined {
  try {
    const text = readFileSync(sealFileOf(file), 'utf8').trim();
    return /^(?:new$|open \d+$|closed )/.test(text) ? (text as Seal) : undefined;
  } catch {
    return undefined;
  }
}

function writeSeal(file: string, seal: Seal, isDurable = true): void {
  const target = sealFileOf(file);
  const temporary = `${target}.partial`;
  const handle = openSync(temporary, 'w', 0o600);
  try {
    writeSync(handle, `${seal}\n`);
    if (isDurable) fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, target);
}

function walSizeOf(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}
