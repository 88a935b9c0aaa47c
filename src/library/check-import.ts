import path from 'node:path';
import { changedSettings } from '../config/settings.ts';
import { dayOf, systemClock } from '../flow/clock.ts';
import { checkFile } from '../run/check.ts';
import type { CheckResult } from '../run/check.ts';
import { originOf } from '../gleantap/origin.ts';
import { checkPrefix, freshFolder, ledgerFileOf } from '../run/files/places.ts';
import { accountOf } from '../run/setup.ts';
import { listenTo } from './import-run.ts';
import { inputOf, settingsOf } from './options.ts';
import type { CheckOptions } from './options.ts';

/**
 * Everything that `runImport` does up to the first request: no network, and no write to the ledger. Invalid rows are listed in
 * `failure.csv` of the result's folder, and `report.html` there shows what was found. The file is compared with its history when the account is known: from the credentials,
 * or from `account.app_id` in the mapping.
 *
 * @throws RunError when the mapping does not fit, or the file as a whole can't be read.
 */
export async function checkImport(options: CheckOptions): Promise<CheckResult> {
  const settings = settingsOf(options);
  const { values } = settings;
  const { file, mapping, findings } = options.mapping;
  const input = inputOf(options.csv);
  const appId = options.credentials?.appId ?? mapping.account?.app_id;
  const { stop, note, unhear } = listenTo(options);
  return checkFile(
    {
      input,
      mapping,
      mappingFile: file,
      findings,
      options: values,
      show: options.show ?? 0,
      settings: changedSettings(settings),
      next: () => undefined,
      memory:
        appId === undefined
          ? undefined
          : {
              account: accountOf({ origin: originOf(values.baseUrl), credentials: { appId } }),
              ledgerFile: ledgerFileOf(values.ledger, file),
            },
      out: values.out === undefined ? freshFolder(input.name, new Date(), checkPrefix) : path.resolve(values.out),
      today: dayOf(new Date()),
    },
    { clock: systemClock, stop, emit: note },
  ).finally(unhear);
}
