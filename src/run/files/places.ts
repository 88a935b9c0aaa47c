import { existsSync } from 'node:fs';
import path from 'node:path';

/** Where the files of a run go unless somebody names a place. */

/** The memory of runs: `ledger` as it was given, else beside the mapping. */
export function ledgerFileOf(ledger: string | undefined, mappingFile: string): string {
  return path.resolve(ledger ?? path.join(path.dirname(mappingFile), 'gleantap-import', 'ledger.db'));
}

/** A folder that does not exist yet, named after the file and the time. */
export function freshFolder(csv: string, now: Date, prefix = '', base = ''): string {
  const name = csv === '-' ? 'stdin' : path.basename(csv).replace(/(?:\.(?:csv|tsv|txt|gz))+$/i, '');
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const folder = path.resolve(base, 'gleantap-import', `${prefix}${name}-${day}-${time}`);
  let fresh = folder;
  for (let more = 2; existsSync(fresh); more += 1) fresh = `${folder}-${more}`;
  return fresh;
}
