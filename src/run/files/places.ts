import { existsSync } from 'node:fs';
import path from 'node:path';
import { dayOf, timeOfDay } from '../../flow/clock.ts';

/** Where the files of a run go unless the user names a place. */

/** The memory of runs: `ledger` as it was given, else next to the mapping. */
export function ledgerFileOf(ledger: string | undefined, mappingFile: string): string {
  return path.resolve(ledger ?? path.join(path.dirname(mappingFile), 'gleantap-import', 'ledger.db'));
}

/** The folders of checks are named so. */
export const checkPrefix = 'check-';

/** A folder that does not exist yet, named after the file and the time. */
export function freshFolder(csv: string, now: Date, prefix = '', base = ''): string {
  const name = csv === '-' ? 'stdin' : shortened(path.basename(csv).replace(/(?:\.(?:csv|tsv|txt|gz|xls[xm]))+$/i, ''));
  const folder = path.resolve(
    base,
    'gleantap-import',
    `${prefix}${name}-${dayOf(now).replaceAll('-', '')}-${timeOfDay(now)}`,
  );
  let fresh = folder;
  for (let more = 2; existsSync(fresh); more += 1) fresh = `${folder}-${more}`;
  return fresh;
}

/** File systems take 255 bytes, of which the folder's other parts need some. */
function shortened(name: string): string {
  return Buffer.from(name)
    .subarray(0, 200)
    .toString()
    .replace(/\uFFFD$/, '');
}
