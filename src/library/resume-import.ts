import { originOf } from '../gleantap/origin.ts';
import { resumeRun } from '../run/resume.ts';
import { readRunFile } from '../run/files/run-folder.ts';
import { credentialsFor } from './credentials.ts';
import { startRun } from './import-run.ts';
import type { ImportRun } from './import-run.ts';
import { paceSettingsOf, proxyOf } from './options.ts';
import type { ResumeOptions } from './options.ts';
import { resumedOptions } from './resumed-options.ts';

/**
 * Continues a stopped run from what it stored itself, as the command `resume` does. It does not ask again.
 *
 * @param folder The run's folder: `out` of its summary.
 */
export function resumeImport(folder: string, options: ResumeOptions): ImportRun {
  return startRun(options, async (ports) => {
    const settings = paceSettingsOf(options);
    const file = await readRunFile(folder);
    const setup = {
      credentials: credentialsFor(options.credentials, file.mapping.account?.app_id),
      origin: originOf(file.account.origin),
      proxy: proxyOf(options.proxy),
      options: resumedOptions(settings, file, ports.clock),
    };
    return resumeRun(folder, setup, { ...ports, confirm: async () => Promise.resolve({ kind: 'all' }) });
  });
}
