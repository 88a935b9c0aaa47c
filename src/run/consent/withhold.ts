import { setImmediate } from 'node:timers/promises';
import { defaultCountry } from '../../core/mapping/country.ts';
import { mapRow } from '../../core/mapping/compile.ts';
import { consentsOf, contactOfConsents, createConsentCounter } from '../../core/people/consents.ts';
import { createMarkReader, opensChannel, withheldFrom, withoutConsents } from '../../core/people/opt-outs.ts';
import type { Channel, OptOuts } from '../../core/people/opt-outs.ts';
import { undecided } from '../../ledger/ledger.ts';
import { listedRows } from '../model.ts';
import type { CheckedContext, CheckStats, CodeCount, SentRow } from '../model.ts';

export type WithholdInput = Pick<
  CheckedContext,
  'csv' | 'map' | 'file' | 'ledger' | 'matcher' | 'stats' | 'sentRows'
> & {
  readonly optOuts: OptOuts;
};

const rowsAtOnce = 20_000;

/** A person with several rows to be sent. */
interface Sharing {
  readonly rows: SentRow[];
  readonly channels: Channel[];
}

/**
 * Decides once and for all which rows to be sent must not opt their person in again. Of a person with several rows, all of them
 * say who it is. It is stored with the rows, so that a resumed run makes no new decisions. Returns the stats without what is
 * withheld.
 */
export async function withholdConsent(input: WithholdInput): Promise<CheckStats> {
  const { ledger, file, matcher, optOuts, stats, sentRows } = input;
  const warnings: Record<string, CodeCount> = { ...stats.warnings };
  const consent = createConsentCounter();
  const filled: Record<string, number> = { ...stats.filled };

  const decide = (sent: SentRow, channels: readonly Channel[]): void => {
    const { row, person, goesFirst, consents, otherRow } = sent;
    const said = contactOfConsents(consents);
    const withheld = withheldFrom(said, channels);
    const fields = withheld.map(({ field }) => field);
    consent.add(consentsOf(withoutConsents(said, fields)), person);
    if (withheld.length === 0) return;
    const names = [...sent.withheld, ...withheld.map(({ name }) => name)];
    ledger.decide(file.run, {
      ...undecided,
      row,
      person,
      goesFirst,
      otherRow,
      warnings: sent.warnings,
      withheld: names,
    });
    for (const { field, code } of withheld) {
      const { count = 0, rows: listed = [] } = warnings[code] ?? {};
      warnings[code] = { count: count + 1, rows: [...listed, row].slice(0, listedRows) };
      filled[field] = (filled[field] ?? 0) - 1;
    }
  };
  const matters = ({ person, consents }: SentRow): boolean =>
    person !== undefined || opensChannel(contactOfConsents(consents));
  const unmarked = new Set<number>();
  for (const row of sentRows) if (row.marks === undefined && matters(row)) unmarked.add(row.row);
  const marksOf = await readMarks(input, unmarked);
  const ofSharing = new Map<number, Sharing>();
  let read = 0;
  for (const row of sentRows) {
    read += 1;
    // A second of work without a pause would freeze the terminal.
    if (read % rowsAtOnce === 0) await setImmediate();
    const ids = (): string[] => row.people().flatMap((person) => matcher?.memory.idOf(person) ?? []);
    const channels = matters(row) ? optOuts.channelsOf(row.marks ?? marksOf.get(row.row) ?? [], ids()) : [];
    if (row.person === undefined) {
      decide(row, channels);
      continue;
    }
    const sharing = ofSharing.get(row.person) ?? { rows: [], channels: [] };
    ofSharing.set(row.person, sharing);
    sharing.rows.push(row);
    sharing.channels.push(...channels);
  }
  for (const { rows, channels } of ofSharing.values()) for (const row of rows) decide(row, channels);
  ledger.flush();
  return { ...stats, warnings, consent: consent.counts, filled };
}

/** The check notes no marks of rows that were last sent just like this. Some are sent after all, with others of their person. */
async function readMarks(
  { csv, map, file }: WithholdInput,
  wanted: ReadonlySet<number>,
): Promise<ReadonlyMap<number, readonly number[]>> {
  const found = new Map<number, readonly number[]>();
  if (wanted.size === 0) return found;
  const reader = createMarkReader(defaultCountry(file.mapping));
  for await (const { rows } of csv.batches()) {
    for (const row of rows) if (wanted.has(row.row)) found.set(row.row, reader.ofContact(mapRow(map, row).contact));
    if (found.size === wanted.size) break;
  }
  return found;
}
