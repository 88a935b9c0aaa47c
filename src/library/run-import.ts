import { RunError } from '../core/outcome/run-error.ts';
import { dayOf } from '../flow/clock.ts';
import { importFile } from '../run/import.ts';
import { originOf } from '../gleantap/origin.ts';
import type { Confirmation, Plan } from '../run/plan.ts';
import { credentialsFor } from './credentials.ts';
import { startRun } from './import-run.ts';
import type { ImportRun } from './import-run.ts';
import { importSetup } from './import-setup.ts';
import { inputOf, proxyOf, settingsOf } from './options.ts';
import type { ConfirmAnswer, ImportOptions } from './options.ts';

/**
 * Imports a file as the command `run` does: copies it, checks all of it, asks `confirm`, sends, reports. The same call again goes
 * on with an unfinished run, and sends nothing for a finished one.
 */
export function runImport(options: ImportOptions): ImportRun {
  return startRun(options, async (ports) => {
    const { csv, mapping, credentials, confirm, proxy } = options;
    const settings = settingsOf(options);
    const gathered = {
      input: inputOf(csv),
      settings,
      mapping,
      credentials: credentialsFor(credentials, mapping.mapping.account?.app_id),
      origin: originOf(settings.values.baseUrl),
      proxy: proxyOf(proxy),
      today: dayOf(new Date()),
    };
    if (confirm !== 'all' && typeof confirm !== 'function') {
      throw new RunError('usage', 'Nothing was sent: "confirm" is missing', {
        hint: 'Set confirm to "all" to send everything, or to a function that receives the plan.',
      });
    }
    const ask = async (plan: Plan): Promise<Confirmation> =>
      confirmationOf(confirm === 'all' ? 'all' : await confirm(plan), plan);
    return importFile(importSetup(gathered, ports.clock), { ...ports, confirm: ask });
  });
}

/** @throws RunError `usage` for anything that is not a valid answer: it must not count as a yes. */
function confirmationOf(answer: ConfirmAnswer, { stats }: Plan): Confirmation {
  if (answer === 'all' || answer === 'nothing') return { kind: answer };
  if (Number.isInteger(answer) && answer > 0)
    return answer >= stats.toSend ? { kind: 'all' } : { kind: 'pilot', rows: answer };
  throw new RunError('usage', `Nothing was sent: "confirm" returned ${String(answer)}`, {
    hint: 'It must return "all", "nothing" or a number of rows.',
  });
}
