import path from 'node:path';
import { createMarkReader, createOptOuts } from '../../core/people/opt-outs.ts';
import type { OptOuts } from '../../core/people/opt-outs.ts';
import { guardFormula } from '../../core/reports/spreadsheet-guard.ts';
import type { OptOutQuery, OptedOutCustomer } from '../../gleantap/client.ts';
import { createReportFile } from '../../report/report-file.ts';
import { readPages } from '../requests/read-pages.ts';

const fileName = 'optouts-before.csv';
const columns = ['_id', 'opted_out_of', 'first_name', 'last_name', 'email', 'phone', 'optout_date'];

/** Reads a page of one channel's list. Undefined when the run was asked to stop. */
export type ReadPage = (query: OptOutQuery) => Promise<readonly OptedOutCustomer[] | undefined>;

/**
 * Reads everyone who has opted out of email or text messages, and keeps the list in the run's folder: how it was before.
 *
 * @param country Of phones without country code.
 * @param onProgress Called before each page, with the number of people that were read.
 * @returns undefined when the run was asked to stop.
 * @throws RunError `not_writable`, `server_refuses` when a page repeats people who were listed before, and what `read` throws.
 */
export async function saveOptOuts(
  folder: string,
  read: ReadPage,
  country: string | undefined,
  onProgress: (people: number) => void = () => undefined,
): Promise<OptOuts | undefined> {
  const optOuts = createOptOuts(createMarkReader(country));
  const file = await createReportFile(path.join(folder, fileName), columns);
  let people = 0;
  try {
    for (const type of ['email', 'sms'] as const) {
      onProgress(people);
      const onPeople = async (found: readonly OptedOutCustomer[]): Promise<void> => {
        people += found.length;
        onProgress(people);
        for (const person of found) {
          optOuts.add(type, person);
          const { id, firstname = '', lastname = '', email = '', phone = '', optout_date: date = '' } = person;
          await file.add([id, type, firstname, lastname, email, phone, date].map(guardFormula));
        }
      };
      if (!(await readPages(async (page) => read({ type, ...page }), onPeople, `the ${type} list`))) {
        await file.discard();
        return undefined;
      }
    }
    await file.commit();
    return optOuts;
  } catch (error) {
    await file.discard();
    throw error;
  }
}
