import path from 'node:path';
import { changedSettings, resolveSettings } from '../../config/settings.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { isLoopback } from '../../gleantap/origin.ts';
import { resumedOptions } from '../../library/resumed-options.ts';
import { readRunFile } from '../../run/files/run-folder.ts';
import { undoRun } from '../../run/undo.ts';
import type { Io } from '../io.ts';
import { loadCredentials, routeTo, timeOf } from '../launch.ts';
import { findRunFolder } from '../run-reference.ts';
import { inSession } from '../session.ts';
import type { Command } from './command.ts';

/** Options of imports that have no meaning for a list of contacts to remove. */
const ofNoUse = {
  preflight: false,
  onlyChanged: false,
  duplicates: 'send' as const,
  addTags: [],
  removeTags: [],
  maxInvalid: { percent: 100 },
  listUnchanged: false,
  listVanished: false,
  maxAge: undefined,
  keepRuns: undefined,
  hold: [],
};

export const undo: Command<{ run: string; restore: boolean; yesRemove: boolean }> = async (
  { run, restore, yesRemove, flags },
  io: Io,
) => {
  const settings = await resolveSettings(flags, io.environment);
  const { values } = settings;
  const folder = await findRunFolder(run, values.ledger, 'any');
  const file = await readRunFile(folder);
  const route = routeTo(file.account.origin, io);
  if (!isLoopback(route.origin.origin) && !yesRemove)
    throw new RunError('usage', 'Removing contacts is for good. Nothing was removed', {
      hint: 'Try it once with a test account (docs/undo.md). Then add --yes-remove.',
    });
  const time = timeOf(io, route.origin);
  const credentials = await loadCredentials(io, values, {
    mappingFile: file.mappingFile,
    pinned: file.mapping.account?.app_id,
  });
  const pace = resumedOptions(settings, file, time.clock);
  const setup = {
    credentials,
    ...route,
    options: { ...values, ...pace, deadline: pace.deadline, ...ofNoUse },
    settings: changedSettings(settings),
    today: time.today,
    out: values.out === undefined ? undefined : path.resolve(values.out),
    restores: restore,
  };
  return inSession(io, values, time, async (ports) => undoRun(folder, setup, ports));
};
