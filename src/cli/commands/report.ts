import { resolveSettings } from '../../config/settings.ts';
import { rewriteReports } from '../../run/rewrite-reports.ts';
import type { Io } from '../io.ts';
import { findRunFolder } from '../run-reference.ts';
import type { Command } from './command.ts';

export const report: Command<{ run: string }> = async ({ run, flags }, io: Io) => {
  const { values } = await resolveSettings(flags, io.environment);
  return rewriteReports(await findRunFolder(run, values.ledger, 'any'), values.reportValues);
};
