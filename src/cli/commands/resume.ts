import { resolveSettings } from '../../config/settings.ts';
import { resumedOptions } from '../../library/resumed-options.ts';
import { resumeRun } from '../../run/resume.ts';
import { readRunFile } from '../../run/files/run-folder.ts';
import { keysOf } from '../file-settings.ts';
import type { Io } from '../io.ts';
import { loadCredentials, routeTo, timeOf } from '../launch.ts';
import { findRunFolder } from '../run-reference.ts';
import { inSession } from '../session.ts';
import type { Command } from './command.ts';

export const resume: Command<{ run: string | undefined }> = async ({ run, flags }, io: Io) => {
  const typed = await resolveSettings(flags, io.environment);
  const folder = await findRunFolder(run, typed.values.ledger, 'unfinished');
  const file = await readRunFile(folder);
  const settings = await resolveSettings(flags, io.environment, keysOf(file, flags));
  const { values } = settings;
  const route = routeTo(file.account.origin, io);
  const time = timeOf(io, route.origin);
  const credentials = await loadCredentials(io, values, {
    mappingFile: file.mappingFile,
    pinned: file.mapping.account?.app_id,
  });
  const options = resumedOptions(settings, file, time.clock);
  return inSession(io, values, time, async (ports) => resumeRun(folder, { credentials, ...route, options }, ports));
};
