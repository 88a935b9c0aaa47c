import type { RowMapper } from '../../core/mapping/compile.ts';
import { isProblemCode } from '../../core/outcome/messages.ts';
import { isAccounted, noCounts } from '../../core/outcome/outcome.ts';
import type { Outcome, OutcomeCounts } from '../../core/outcome/outcome.ts';
import type { Problem } from '../../core/outcome/problem.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import type { CsvFile, CsvRow, Damage } from '../../csv/reader.ts';
import type { Ledger, RowRecord } from '../../ledger/ledger.ts';
import { createReports } from '../../report/reports.ts';
import type { ReportedRow } from '../../report/reports.ts';
import { createFindingCollector } from './findings.ts';
import type { Finding } from './findings.ts';
import { createRowCursor } from '../../ledger/row-cursor.ts';

export interface ReportInput {
  readonly csv: CsvFile;
  readonly map: RowMapper;
  readonly ledger: Ledger;
  readonly run: number;
  readonly folder: string;
  readonly dateColumns: ReadonlySet<number>;
  readonly hasDamage: boolean;
  /** Words of each column, where rows to correct are also written as workbooks. */
  readonly workbook?: { readonly words: ReadonlyMap<number, readonly string[]> } | undefined;
  /** Rows of the file, once the check has read them all. */
  readonly read: number | undefined;
  /** Whether unchanged rows are listed, not only counted. */
  readonly listUnchanged: boolean;
  /** Whether a listener needs the rows even where there is nothing to list. */
  readonly mustRead: boolean;
  /** Receives every row that is more than simply pending, with what the ledger knows of it. */
  onRow(row: CsvRow, record: RowRecord): void;
}

export interface ReportFacts {
  readonly counts: OutcomeCounts;
  /** Rows by file name. */
  readonly files: Readonly<Record<string, number>>;
  readonly problems: Readonly<Record<string, number>>;
  /** The same by code and column, with rows and values. */
  readonly findings: readonly Finding[];
}

/**
 * The third pass: reads the input again together with the ledger and writes the reports, which are a projection of the two.
 *
 * @throws RunError `bug` when the rows don't add up (promise P1), `not_writable`
 */
export async function reportPass(input: ReportInput): Promise<ReportFacts> {
  const { csv, map, ledger, run } = input;
  const storedAt = createRowCursor(ledger, run);
  const reports = await createReports({ ...input, header: csv.header });
  const counts: Record<Outcome, number> = { ...noCounts };
  const problems: Record<string, number> = {};
  const collector = createFindingCollector();
  let read = 0;
  try {
    const { succeeded, failed, unknown, skipped } = ledger.countRows(run);
    const unlisted = input.listUnchanged ? 0 : ledger.countUnchanged(run);
    const known = input.read;
    if (!input.mustRead && known !== undefined && succeeded + failed + unknown + skipped === unlisted) {
      // Nothing to list: the file need not be read for that.
      read = known;
      counts.skipped = unlisted;
      counts.pending = known - unlisted;
    } else {
      for await (const { rows } of csv.batches()) {
        for (const row of rows) {
          read += 1;
          const record = storedAt(row.row);
          const outcome = record?.outcome ?? 'pending';
          counts[outcome] += 1;
          if (record === undefined) continue;
          input.onRow(row, record);
          const result = resultOf(record, row, map);
          if (result.outcome === 'failed' || result.outcome === 'unknown') {
            collector.add(row.row, result.problems, () => nameIn(row, map));
            for (const code of new Set(result.problems.map((problem) => problem.code)))
              problems[code] = (problems[code] ?? 0) + 1;
          }
          if (record.code !== 'unchanged' || input.listUnchanged) await reports.add(row, result);
        }
      }
    }
    const files = await reports.commit();
    const expected = input.read ?? read;
    if (!isAccounted(expected, counts))
      throw new RunError('bug', `The rows don't add up: ${expected} read, ${JSON.stringify(counts)}`);
    checkAgainstLedger(ledger.countRows(run), counts);
    return { counts, files, problems, findings: collector.findings() };
  } catch (error) {
    await reports.discard();
    throw error;
  }
}

function resultOf(record: RowRecord, row: CsvRow, map: RowMapper): ReportedRow {
  switch (record.outcome) {
    case 'succeeded':
      return {
        outcome: 'succeeded',
        id: record.id ?? '',
        effect: record.effect ?? '',
        warnings: record.warnings ?? '',
      };
    case 'skipped':
      return { outcome: 'skipped', reason: record.code ?? '' };
    case 'pending':
      return { outcome: 'pending' };
    case 'failed':
    case 'unknown':
      return {
        outcome: record.outcome,
        problems: problemsOf(record, row, map),
        attempts: record.attempts,
        status: record.status,
      };
  }
}

/** The ledger keeps codes, not people's data: what was wrong with an invalid row is found again by mapping it again. */
function problemsOf({ code = '', detail, otherRow }: RowRecord, row: CsvRow, map: RowMapper): readonly Problem[] {
  if (code === 'invalid') return map(row.cells).problems;
  if (row.damage !== undefined) return [{ code: row.damage.code, detail: detailOf(row.damage) }];
  if (!isProblemCode(code))
    throw new RunError('bug', `The ledger contains the unknown code "${code}" for row ${row.row}`);
  return [
    {
      code,
      ...(detail === undefined ? {} : { value: detail }),
      ...(otherRow === undefined ? {} : { detail: { row: otherRow } }),
    },
  ];
}

/** The cells of a damaged record may be in any column. */
function nameIn({ damage, cells }: CsvRow, map: RowMapper): string {
  if (damage !== undefined) return '';
  const { first_name: first = '', last_name: last = '' } = map(cells).contact;
  return `${String(first)} ${String(last)}`.trim();
}

/** What the sentence about a damaged record needs. */
export function detailOf({ firstRow, lastRow, line, found, expected, byteOffset }: Damage): Record<string, number> {
  const detail: Record<string, number> = { firstRow, lastRow };
  if (line !== undefined) detail['line'] = line;
  if (found !== undefined) detail['found'] = found;
  if (expected !== undefined) detail['expected'] = expected;
  if (byteOffset !== undefined) detail['byteOffset'] = byteOffset;
  return detail;
}

/** Every record of the ledger must have met its row in the input; rows to be sent may have no record. */
function checkAgainstLedger(stored: OutcomeCounts, counts: OutcomeCounts): void {
  const differs = (['succeeded', 'failed', 'unknown', 'skipped'] as const).some(
    (outcome) => stored[outcome] !== counts[outcome],
  );
  if (differs)
    throw new RunError('bug', `Ledger and reports disagree: ${JSON.stringify(stored)} and ${JSON.stringify(counts)}`);
}
