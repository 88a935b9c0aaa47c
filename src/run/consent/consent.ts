import { defaultCountry } from '../../core/mapping/country.ts';
import type { OptOuts } from '../../core/people/opt-outs.ts';
import { exitCodeOf } from '../../core/outcome/exit-codes.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import type { OptOutQuery } from '../../gleantap/client.ts';
import type { CheckedContext } from '../model.ts';
import type { ApiSession } from '../requests/api-session.ts';
import { createReader } from '../requests/reader.ts';
import { saveOptOuts } from './opt-out-list.ts';
import type { Ports } from '../ports.ts';
import { writeRunFile } from '../files/run-folder.ts';
import type { ImportSetup } from '../setup.ts';
import { withholdConsent } from './withhold.ts';

/**
 * Saves who has opted out before a run that sends consent. Returns those whom the run must respect; undefined when it sends
 * nothing that could touch them, or was asked to stop.
 *
 * @throws RunError when something depends on the list and it can't be read.
 */
export async function optOutsToRespect(
  { stats, file, folder }: CheckedContext,
  { options }: Pick<ImportSetup, 'options'>,
  ports: Ports,
  session: ApiSession,
): Promise<OptOuts | undefined> {
  const { optinYes, optinNo, optoutYes, optoutNo } = stats.consent;
  if (optinYes + optinNo + optoutYes + optoutNo === 0) return undefined;
  // The only consents that an opt-out contradicts: `optout_email` is mapped to false only where the mapping lifts opt-outs.
  const mustRespect = options.respectOptouts !== false && optinYes + optoutNo > 0;
  try {
    const read = createReader(options, ports, session);
    const readPage = async (query: OptOutQuery) =>
      read(async (signal) => session.client.getOptoutCustomers(query, signal));
    const optOuts = await saveOptOuts(folder, readPage, defaultCountry(file.mapping), (people) =>
      ports.emit({ type: 'reading_optouts', people }),
    );
    return mustRespect ? optOuts : undefined;
  } catch (error) {
    if (!(error instanceof RunError) || exitCodeOf(error.code) === exitCodeOf('not_writable')) throw error;
    const message = `The list of people who have opted out cannot be read: ${error.message.replace(/^Nothing was sent: /, '')}`;
    if (mustRespect) {
      throw new RunError(error.code, `Nothing was sent. ${message}`, {
        hint: 'Without it, people who have opted out could be opted in again. Run the same command later, or send without this check with --no-respect-optouts.',
        cause: error,
      });
    }
    ports.emit({ type: 'warning', message: `${message}. Nothing that is sent depends on it` });
    return undefined;
  }
}

/** Decides which rows must not opt their person in again, and keeps that with the run. */
export async function withRespect(context: CheckedContext, optOuts: OptOuts | undefined): Promise<CheckedContext> {
  if (optOuts === undefined || optOuts.isEmpty) return context;
  const stats = await withholdConsent({ ...context, optOuts });
  const file = { ...context.file, check: stats };
  await writeRunFile(context.folder, file);
  return { ...context, file, stats };
}
