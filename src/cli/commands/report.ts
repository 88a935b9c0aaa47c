import { resolveSettings } from '../../config/settings.ts';
import { rewriteReports } from '../../run/rewrite-reports.ts';
import type { Io } from '../io.ts';
import { findRunFolder } from '../run-reference.ts';
import { progressOn } from '../session.ts';
import type { Command } from './command.ts';

export const report: Command<{ run: string }> = async ({ run, flags }, io: Io) => {
  const { values } = await resolveSettings(flags, io.environment);
  const folder = await findRunFolder(run, values.ledger, 'any');
  const progress = progressOn(io, values);
  progress.show('Writing the reports');
  return rewriteReports(folder, values.reportValues).finally(() => progress.stop());
};
