import { stat } from 'node:fs/promises';
import path from 'node:path';
import { RunError } from '../core/outcome/run-error.ts';
import { openLedger } from '../ledger/ledger.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { requireLedger } from '../run/files/account-lock.ts';
import { ledgerFileOf } from '../run/files/places.ts';

/** The ledger of the working directory, or the named one. @throws RunError `usage` when there is none. */
export function openKnownLedger(ledger: string | undefined): Ledger {
  const file = ledgerFileOf(ledger, path.resolve('mapping.json'));
  requireLedger(file, 'Change to the folder of your mapping, or name the ledger with --ledger.');
  return openLedger(file);
}

/**
 * The folder of a run that was named by folder or number, or of the newest one.
 *
 * @throws RunError `usage` when the run does not exist.
 */
export async function findRunFolder(
  reference: string | undefined,
  ledger: string | undefined,
  wanted: 'unfinished' | 'any',
): Promise<string> {
  if (reference !== undefined && (!/^\d+$/.test(reference) || (await exists(reference))))
    return path.resolve(reference);
  const known = openKnownLedger(ledger);
  try {
    const found =
      reference === undefined
        ? known.listRuns().find(({ state }) => wanted === 'any' || state === 'sending' || state === 'stopped')
        : known.findRun(Number(reference));
    if (found !== undefined) return found.out;
    throw new RunError(
      'usage',
      reference === undefined
        ? `There is no ${wanted === 'any' ? '' : 'unfinished '}run`
        : `There is no run ${reference}`,
      {
        hint: '"gleantap-import runs" lists them.',
      },
    );
  } finally {
    known.close();
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
