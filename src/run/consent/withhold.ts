import type { Contact } from '../../core/api/contact.ts';
import { mapRow } from '../../core/mapping/compile.ts';
import type { MappedRow, RowMapper } from '../../core/mapping/compile.ts';
import { opensChannel, withheldFrom, withholdable } from '../../core/people/opt-outs.ts';
import type { Channel, ConsentField, OptOuts } from '../../core/people/opt-outs.ts';
import type { CsvFile } from '../../csv/reader.ts';
import { undecided } from '../../ledger/ledger.ts';
import type { Ledger, RowRecord } from '../../ledger/ledger.ts';
import { listedRows } from '../check/check-stats.ts';
import { consentsOf, createConsentCounter } from '../check/consent-count.ts';
import type { CheckStats, CodeCount, FeedMatcher } from '../model.ts';
import { createRowCursor } from '../../ledger/row-cursor.ts';

export interface WithholdInput {
  readonly csv: CsvFile;
  readonly map: RowMapper;
  readonly ledger: Ledger;
  readonly run: number;
  readonly matcher?: FeedMatcher | undefined;
  readonly optOuts: OptOuts;
  readonly stats: CheckStats;
}

/** A row to be sent, as far as consent is concerned. */
interface Speaker {
  readonly row: number;
  readonly stored: RowRecord | undefined;
  readonly said: Contact;
}

/**
 * Decides once and for all which rows to be sent must not opt their person in again. Of a person with several rows, all of them
 * say who it is. It is stored with the rows, so that a resumed run decides nothing anew. Returns the stats
 * without what is withheld.
 */
export async function withholdConsent(input: WithholdInput): Promise<CheckStats> {
  const { csv, map, ledger, run, matcher, optOuts, stats } = input;
  const storedAt = createRowCursor(ledger, run);
  const warnings: Record<string, CodeCount> = { ...stats.warnings };
  const consent = createConsentCounter();
  const filled: Record<string, number> = { ...stats.filled };

  const settle = ({ row, stored, said }: Speaker, channels: readonly Channel[]): void => {
    const withheld = withheldFrom(said, channels);
    const fields = withheld.map(({ field }) => field);
    consent.add(consentsOf(leaveOut(said, fields)), stored?.person);
    if (withheld.length === 0) return;
    ledger.decide(run, { ...(stored ?? undecided), row, withheld: fields });
    for (const { field, code } of withheld) {
      const { count = 0, rows: listed = [] } = warnings[code] ?? {};
      warnings[code] = { count: count + 1, rows: [...listed, row].slice(0, listedRows) };
      filled[field] = (filled[field] ?? 0) - 1;
    }
  };
  const ofSharing = new Map<number, { readonly speakers: Speaker[]; readonly channels: Channel[] }>();
  for await (const { rows } of csv.batches()) {
    for (const row of rows) {
      const stored = storedAt(row.row);
      if (stored !== undefined && stored.outcome !== 'pending') continue;
      const mapped = mapRow(map, row);
      const speaker = { row: row.row, stored, said: consentOf(mapped.contact) };
      const isSharing = stored?.person !== undefined;
      const channels =
        isSharing || opensChannel(speaker.said) ? optOuts.channelsOf(mapped.contact, knownIds(matcher, mapped)) : [];
      if (!isSharing) {
        settle(speaker, channels);
        continue;
      }
      const person = ofSharing.get(stored.person) ?? { speakers: [], channels: [] };
      ofSharing.set(stored.person, person);
      person.speakers.push(speaker);
      person.channels.push(...channels);
    }
  }
  for (const { speakers, channels } of ofSharing.values()) for (const speaker of speakers) settle(speaker, channels);
  ledger.flush();
  return { ...stats, warnings, consent: consent.counts, filled };
}

/** A row as it may be sent: without what was withheld from it, and with a warning for each. */
export function withoutWithheld(mapped: MappedRow, stored: RowRecord | undefined): MappedRow {
  if (stored === undefined || stored.withheld.length === 0) return mapped;
  const { withheld } = stored;
  const warnings = withholdable.filter(({ field }) => withheld.includes(field));
  return { ...mapped, contact: leaveOut(mapped.contact, withheld), warnings: [...mapped.warnings, ...warnings] };
}

function leaveOut(contact: Contact, withheld: readonly ConsentField[]): Contact {
  const rest = { ...contact };
  for (const field of withheld) Reflect.deleteProperty(rest, field);
  return rest;
}

/** The consents of a contact alone: persons with several rows are many in some files, and wait for the last of their rows. */
function consentOf({ optin_sms: optin, optout_email: optout }: Contact): Contact {
  return {
    ...(optin === undefined ? {} : { optin_sms: optin }),
    ...(optout === undefined ? {} : { optout_email: optout }),
  };
}

function knownIds(matcher: FeedMatcher | undefined, mapped: MappedRow): string[] {
  if (matcher === undefined) return [];
  const { memory, keysOf } = matcher;
  return memory.find(keysOf(mapped)).flatMap((person) => memory.idOf(person) ?? []);
}
