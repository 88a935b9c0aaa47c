import { open } from 'node:fs/promises';
import { RunError } from '../core/outcome/run-error.ts';

/** The first 512 bytes of a file. */
export async function startOf(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Whether a file can be a workbook, by its first bytes: a zip archive, or the compound file of one with a password. */
export function mayBeWorkbook(start: Buffer): boolean {
  return isZip(start) || isCompound(start);
}

/** Whether a file's first bytes are those of a zip archive, as which workbooks are stored. */
export function isZip(start: Buffer): boolean {
  return start.toString('latin1', 0, 4) === 'PK\u0003\u0004';
}

/**
 * Refuses a workbook that is protected with a password: it is encrypted, in a file like that of an old .xls.
 *
 * @param start The first 512 bytes of the file.
 */
export async function refuseEncrypted(path: string, name: string, start: Buffer): Promise<void> {
  if (!isCompound(start) || start.length < 512) return;
  // Its directory says what is in it. The directory's first sector is at byte 48.
  const sectorSize = 2 ** Math.min(start.readUInt16LE(30), 12);
  const directory = (start.readUInt32LE(48) + 1) * sectorSize;
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, directory);
    if (!buffer.toString('utf16le', 0, bytesRead).includes('EncryptedPackage')) return;
  } finally {
    await handle.close();
  }
  throw new RunError('input', `${name} is an Excel workbook that is protected with a password`, {
    hint: 'In Excel: File, Info, Protect Workbook, Encrypt with Password. Delete the password, save, and import that file.',
  });
}

function isCompound(start: Buffer): boolean {
  return start.toString('latin1', 0, 4) === '\u00d0\u00cf\u0011\u00e0';
}

/** `--sheet` is only for workbooks. The mapping's `csv.sheet` does not matter to other files: reports are CSV. */
export function refuseSheet(name: string, typed: string | undefined): void {
  if (typed === undefined) return;
  throw new RunError('usage', `${name} is not an Excel workbook (.xlsx), so it has no sheet "${typed}"`, {
    hint: 'Leave out --sheet.',
  });
}
