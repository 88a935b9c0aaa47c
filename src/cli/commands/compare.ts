import path from 'node:path';
import { changedSettings, resolveSettings } from '../../config/settings.ts';
import { errorOf } from '../../report/summary.ts';
import type { CheckSummary } from '../../report/summary.ts';
import { isLoopback } from '../../gleantap/origin.ts';
import { readRuns } from '../../ledger/read-runs.ts';
import { refusalError } from '../../run/assess.ts';
import { checkFile, exitCodeOfCheck } from '../../run/check.ts';
import { openAccount } from '../../run/compare/compare.ts';
import { checkPrefix, freshFolder } from '../../run/files/places.ts';
import { inputCopyOf } from '../../run/files/run-folder.ts';
import { pilotCommand } from '../../run/next-command.ts';
import { openApiSession } from '../../run/requests/api-session.ts';
import { accountOf } from '../../run/setup.ts';
import type { Io } from '../io.ts';
import { prepareImport } from '../prepare-import.ts';
import { inSession } from '../session.ts';
import { comparedText } from '../text/plan.ts';
import { plural } from '../text/words.ts';
import type { Command } from './command.ts';

/** Checks a file and compares it with the account: read calls, and nothing is sent. */
export const compare: Command<{ csv: string }, CheckSummary> = async ({ csv, flags }, io: Io) => {
  const { setup, values, time } = await prepareImport(csv, flags, io);
  const settings = changedSettings(await resolveSettings(flags, io.environment));
  const memory = { account: accountOf(setup), ledgerFile: setup.ledgerFile };
  const out = values.out === undefined ? freshFolder(csv, new Date(), checkPrefix) : setup.out;
  return inSession(io, values, time, async (ports): Promise<CheckSummary> => {
    const session = openApiSession(setup, ports);
    try {
      const required = { ...setup, comparing: 'required' } as const;
      const folders = readRuns(memory.ledgerFile, memory.account).map((run) => run.out);
      const readAccount: Parameters<typeof checkFile>[0]['readAccount'] = async (context) =>
        openAccount(context, folders, required, ports, session);
      const { stats, refusals, compared, folder } = await checkFile(
        { ...setup, out, show: 0, settings, memory, readAccount, next: () => undefined },
        ports,
      );
      const [refusal] = refusals;
      const input = csv === '-' ? inputCopyOf(folder) : csv;
      const words = compared === undefined ? '' : comparedText(compared);
      return {
        version: 1,
        kind: 'check',
        simulator: isLoopback(setup.origin.origin),
        exitCode: exitCodeOfCheck(stats, refusals),
        sentence: `Nothing was sent. Of ${plural(compared?.people ?? 0, 'person', 'people')}: ${words}. ${path.join(folder, 'compare.csv')} lists them.`,
        ...(refusal === undefined ? {} : { error: errorOf(refusalError(refusal)) }),
        next: stats.toSend === 0 ? undefined : pilotCommand(input, values.mapping, settings, stats.pilotRows),
        out: folder,
        input: csv,
        problems: counted(stats.problems),
        warnings: counted(stats.warnings),
        ...(stats.people === undefined ? {} : { people: stats.people }),
        ...(compared === undefined ? {} : { compared }),
        fillRate: {},
      };
    } finally {
      session.close();
    }
  });
};

function counted(codes: Readonly<Record<string, { readonly count: number }>>): Record<string, number> {
  return Object.fromEntries(Object.entries(codes).map(([code, { count }]) => [code, count]));
}
