import { exitCodeOf } from '../../core/outcome/exit-codes.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import type { AccountFile } from '../../ledger/account-file.ts';
import type { ImportContext, AccountView } from '../model.ts';
import type { Ports } from '../ports.ts';
import type { ApiSession } from '../requests/api-session.ts';
import { createReader } from '../requests/reader.ts';
import { accountOf } from '../setup.ts';
import type { ImportSetup } from '../setup.ts';
import { createAccountView } from './account-view.ts';
import { readAccount, reuseAccount } from './read-account.ts';

const readLater = 'Run the same command later, or send without comparing with --no-compare.';

/**
 * Reads the account that a file is compared with, or takes over what an earlier run read.
 *
 * @param earlier Folders of earlier runs into the account, newest first.
 * @returns undefined when the run was asked to stop, or the account can't be read and comparing was only offered.
 * @throws RunError when it was asked for and the account can't be read, or the keys are refused.
 */
export async function openAccount(
  context: ImportContext,
  earlier: readonly string[],
  setup: Pick<ImportSetup, 'origin' | 'credentials' | 'comparing'> & {
    readonly options: Parameters<typeof createReader>[0] & Pick<ImportSetup['options'], 'snapshotAge'>;
  },
  ports: Ports,
  session: ApiSession,
): Promise<AccountView | undefined> {
  const { options, comparing } = setup;
  const reading = {
    context,
    account: accountOf(setup),
    read: createReader(options, ports, session),
    client: session.client,
    ports,
  };
  let file: AccountFile | undefined;
  try {
    if (options.snapshotAge !== undefined) file = await reuseAccount(reading, earlier, options.snapshotAge);
    file ??= await readAccount(reading);
  } catch (error) {
    if (!(error instanceof RunError) || exitCodeOf(error.code) === exitCodeOf('not_writable')) throw error;
    const message = `The account cannot be read: ${error.message.replace(/^Nothing was sent: /, '')}`;
    const isOfKeys = error.code === 'credentials_refused';
    if (comparing === 'required' || isOfKeys) {
      throw new RunError(error.code, `Nothing was sent. ${message}`, {
        hint: (isOfKeys ? error.hint : undefined) ?? readLater,
        cause: error,
      });
    }
    ports.emit({ type: 'warning', message: `${message}. The file is not compared with it` });
    return undefined;
  }
  return file === undefined ? undefined : createAccountView(file, context.file.mapping, () => context.matcher);
}
