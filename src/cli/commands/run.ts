import path from 'node:path';
import { resolveSettings } from '../../config/settings.ts';
import { runImport } from '../../run/import.ts';
import type { Summary } from '../../report/summary.ts';
import type { Io } from '../io.ts';
import {
  changedSettings,
  freshFolder,
  ledgerFileOf,
  loadCredentials,
  loadMapping,
  routeTo,
  timeOf,
} from '../launch.ts';
import { inSession } from '../session.ts';
import type { Command } from './command.ts';

export const run: Command<{ csv: string }> = async ({ csv, flags }, io: Io): Promise<Summary> => {
  const settings = await resolveSettings(flags, io.environment);
  const { values } = settings;
  const route = routeTo(values.baseUrl, io);
  const time = timeOf(io, route.origin);
  const { file, mapping, findings } = await loadMapping(settings, time.today);
  const credentials = await loadCredentials(io, {
    envFile: values.envFile,
    mappingFile: file,
    pinned: mapping.account?.app_id,
  });
  return inSession(io, values, time, async (ports) =>
    runImport(
      {
        input: csv === '-' ? { name: csv, stream: io.stdin } : { name: csv },
        mapping,
        mappingFile: file,
        findings,
        options: values,
        settings: changedSettings(settings),
        credentials,
        ...route,
        out: values.out === undefined ? freshFolder(csv, new Date()) : path.resolve(values.out),
        ledgerFile: ledgerFileOf(values.ledger, file),
        today: time.today,
      },
      ports,
    ),
  );
};
