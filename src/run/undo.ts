import path from 'node:path';
import { Readable } from 'node:stream';
import { RunError } from '../core/outcome/run-error.ts';
import type { ImportSummary } from '../report/summary.ts';
import { openLedger } from '../ledger/ledger.ts';
import { openContext } from './context.ts';
import { requireLedger } from './files/account-lock.ts';
import { requireSameCopy } from './files/input-copy.ts';
import { freshFolder } from './files/places.ts';
import { readRunFile, requireSameRun } from './files/run-folder.ts';
import { importFile } from './import.ts';
import type { RunFile } from './model.ts';
import { againCommand } from './next-command.ts';
import type { Ports } from './ports.ts';
import { openApiSession } from './requests/api-session.ts';
import type { ApiSession } from './requests/api-session.ts';
import { readPages } from './requests/read-pages.ts';
import { createReader } from './requests/reader.ts';
import { accountOf } from './setup.ts';
import type { ImportSetup } from './setup.ts';
import { listUndo, requireUndoable, undoMapping } from './undo/undo-list.ts';
import type { UndoList } from './undo/undo-list.ts';

export type UndoSetup = Pick<ImportSetup, 'credentials' | 'origin' | 'proxy' | 'options' | 'settings' | 'today'> & {
  readonly out: string | undefined;
  /** Whether contacts that the run changed are put back as they were. */
  readonly restores: boolean;
};

/**
 * Undoes what a run did to contacts: removes those that it created, and on request puts back names, email and phone of those that it
 * changed. It is a run of its own, with a plan, a ledger and reports. A contact that changed since is kept, and reported as failed.
 *
 * @throws RunError `usage` where the run can't be undone; as `importFile`.
 */
export async function undoRun(folder: string, setup: UndoSetup, ports: Ports): Promise<ImportSummary> {
  const file = await readRunFile(folder);
  const account = `${file.account.origin} ${file.account.appId}`;
  if (account !== accountOf(setup))
    throw new RunError(
      'usage',
      `The run belongs to the account ${account}, but the credentials are for ${accountOf(setup)}`,
      {
        hint: 'Use the credentials of that run.',
      },
    );
  const session = openApiSession(setup, ports);
  let list: UndoList | undefined;
  try {
    list = await readList(folder, file, setup, ports, session);
  } finally {
    session.close();
  }
  if (list.remove + list.restore === 0)
    throw new RunError('usage', `Run ${file.run} has created no contact that could be removed`, {
      hint:
        list.couldRestore === 0
          ? 'There is nothing to undo.'
          : `It changed ${list.couldRestore}. To put back their names, email and phone, add --restore.`,
    });
  const name = `undo-${file.run}.csv`;
  return importFile(
    {
      ...setup,
      input: { name, stream: Readable.from([Buffer.from(list.text)], { objectMode: false }) },
      mapping: undoMapping(file.run),
      mappingFile: file.mappingFile,
      findings: [],
      out: setup.out === undefined ? freshFolder(name, new Date(ports.clock.now()), '', '') : path.resolve(setup.out),
      ledgerFile: file.ledger,
      undo: {
        run: file.run,
        since: file.ended ?? '',
        remove: list.remove,
        restore: list.restore,
        changedSince: list.changedSince,
        couldRestore: list.couldRestore,
      },
    },
    ports,
  );
}

async function readList(
  folder: string,
  file: RunFile,
  setup: UndoSetup,
  ports: Ports,
  session: ApiSession,
): Promise<UndoList> {
  requireLedger(file.ledger, 'It records what the run has sent. Restore it from a backup.');
  const ledger = openLedger(file.ledger);
  try {
    const record = ledger.findRun(file.run);
    if (record === undefined)
      throw new RunError('usage', `The ledger ${file.ledger} has no record of the run in ${folder}`);
    requireSameRun(folder, file, record);
    await requireSameCopy(folder, file.input, againCommand(folder, file));
    const context = await openContext(folder, file, ledger, () => undefined);
    try {
      requireUndoable(context, record.state);
      const read = createReader(setup.options, ports, session);
      const changed = new Set<string>();
      const isRead = await readPages(
        async (page) =>
          read(async (signal) => session.client.getCustomers({ ...page, updated_since: file.ended ?? '' }, signal)),
        (people) => {
          for (const { id } of people) changed.add(id);
        },
        'the account',
      );
      if (!isRead) throw new RunError('interrupted', 'Interrupted. Nothing was removed');
      return await listUndo(context, changed, setup.restores);
    } finally {
      context.account?.close();
    }
  } finally {
    ledger.close();
  }
}
