import type { MappedRow, RowMapper } from '../core/mapping/compile.ts';
import { withholdable } from '../core/opt-outs.ts';
import type { OptOuts, Withheld } from '../core/opt-outs.ts';
import type { CsvFile } from '../csv/reader.ts';
import { undecided } from '../ledger/ledger.ts';
import type { Ledger, RowRecord } from '../ledger/ledger.ts';
import { listedRows } from './check-facts.ts';
import type { CheckFacts, CodeCount } from './check-facts.ts';
import { consentsOf, createConsentCounter } from './consent-count.ts';
import { mapRow } from './map-row.ts';
import type { Recognition } from './recognition.ts';
import { createRowCursor } from './row-cursor.ts';

export interface WithholdInput {
  readonly csv: CsvFile;
  readonly map: RowMapper;
  readonly ledger: Ledger;
  readonly run: number;
  readonly recognition?: Recognition | undefined;
  readonly optOuts: OptOuts;
  readonly facts: CheckFacts;
}

/**
 * Decides once and for all which rows to be sent must not opt their person in again. It is stored with the rows as their
 * warnings, so that a resumed run decides nothing anew. Returns the facts without what is withheld.
 */
export async function withholdConsent(input: WithholdInput): Promise<CheckFacts> {
  const { csv, map, ledger, run, recognition, optOuts, facts } = input;
  const storedAt = createRowCursor(ledger, run);
  const warnings: Record<string, CodeCount> = { ...facts.warnings };
  const consent = createConsentCounter();
  const filled: Record<string, number> = { ...facts.filled };
  for await (const { rows } of csv.batches()) {
    for (const row of rows) {
      const stored = storedAt(row.row);
      if (stored !== undefined && stored.outcome !== 'pending') continue;
      const mapped = mapRow(map, row);
      const withheld = optOuts.withheldFrom(mapped.contact, () => knownIds(recognition, mapped));
      consent.add(consentsOf(leaveOut(mapped, withheld).contact), stored?.person);
      if (withheld.length === 0) continue;
      ledger.decide(run, { ...(stored ?? undecided), row: row.row, warnings: withheld.map(textOf).join(' | ') });
      for (const { field, code } of withheld) {
        const { count = 0, rows: listed = [] } = warnings[code] ?? {};
        warnings[code] = { count: count + 1, rows: [...listed, row.row].slice(0, listedRows) };
        filled[field] = (filled[field] ?? 0) - 1;
      }
    }
  }
  ledger.flush();
  return { ...facts, warnings, consent: consent.counts, filled };
}

/** A row as it may be sent: without what was withheld from it, and with a warning for each. */
export function withoutWithheld(mapped: MappedRow, stored: RowRecord | undefined): MappedRow {
  if (stored?.warnings === undefined) return mapped;
  const said = stored.warnings.split(' | ');
  return leaveOut(
    mapped,
    withholdable.filter((each) => said.includes(textOf(each))),
  );
}

function leaveOut(mapped: MappedRow, withheld: readonly Withheld[]): MappedRow {
  if (withheld.length === 0) return mapped;
  const contact = { ...mapped.contact };
  for (const { field } of withheld) Reflect.deleteProperty(contact, field);
  return { ...mapped, contact, warnings: [...mapped.warnings, ...withheld] };
}

function textOf({ field, code }: Withheld): string {
  return `${field}:${code}`;
}

function knownIds(recognition: Recognition | undefined, mapped: MappedRow): string[] {
  if (recognition === undefined) return [];
  const { memory, keysOf } = recognition;
  return memory.find(keysOf(mapped)).flatMap((person) => memory.idOf(person) ?? []);
}
