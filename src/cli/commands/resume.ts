import { resolveSettings } from '../../config/settings.ts';
import { resumeImport } from '../../run/resume.ts';
import { readRunFile } from '../../run/run-folder.ts';
import type { Io } from '../io.ts';
import { deadlineOf, loadCredentials, routeTo, timeOf } from '../launch.ts';
import { paceOptions } from '../option-groups.ts';
import { findRunFolder } from '../run-reference.ts';
import { inSession } from '../session.ts';
import type { Command } from './command.ts';

export const resume: Command<{ run: string | undefined }> = async ({ run, flags }, io: Io) => {
  const { values, sources } = await resolveSettings(flags, io.environment);
  const folder = await findRunFolder(run, values.ledger, 'unfinished');
  const file = await readRunFile(folder);
  const route = routeTo(file.account.origin, io);
  const time = timeOf(io, route.origin);
  const credentials = await loadCredentials(io, values, {
    mappingFile: file.mappingFile,
    pinned: file.mapping.account?.app_id,
  });
  // The run's own pace, unless this command or its environment says otherwise.
  const told = paceOptions.filter((name) => sources[name] !== 'default');
  const options = {
    ...values,
    ...file.pace,
    ...Object.fromEntries(told.map((name) => [name, values[name]])),
    deadline: deadlineOf(values.deadline, time),
  };
  return inSession(io, values, time, async (ports) => resumeImport(folder, { credentials, ...route, options }, ports));
};
