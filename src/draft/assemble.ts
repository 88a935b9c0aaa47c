import type { SheetSummary } from '../excel/open.ts';
import { apiFields } from '../core/api/contact.ts';
import type { SheetColumn } from './column.ts';
import type { Drafting } from './drafting.ts';
import { remark } from './drafting.ts';
import type { LayoutProof } from './evidence/layout.ts';
import type { EncodingProof } from './evidence/encoding-proof.ts';
import type { CountryFinding } from './fields/phone-country.ts';
import type { JsonValue } from './question.ts';

/** What is known of the file as a whole. */
export interface FileFacts {
  readonly name: string;
  readonly encoding: EncodingProof;
  readonly layout: LayoutProof;
  readonly sheet: SheetSummary | undefined;
  readonly country: CountryFinding | undefined;
  /** For `csv.footer`. */
  readonly footer: string | undefined;
}

/** The mapping as JSON, in the order of `mapping.example.json`; remarks say what it rests on. */
export function assemble(
  drafting: Drafting,
  { name, encoding, layout, sheet: excel, country, footer }: FileFacts,
): Record<string, JsonValue> {
  const { sheet, fields, skip, keep, people } = drafting;
  if (excel === undefined) {
    remark(drafting, ['csv'], `Encoding: ${encoding.proof}.`);
    remark(drafting, ['csv'], `Delimiter: ${layout.delimiterProof}. Header: ${layout.headerProof}.`);
  } else remark(drafting, ['csv'], `An Excel workbook. Header: ${layout.headerProof}.`);
  if (country !== undefined && country.certainty !== 'asked')
    for (const line of country.because) remark(drafting, ['country'], `${line}.`);
  for (const { verdict } of sheet.columns) {
    const [field] = verdict?.fields ?? [];
    if (field !== undefined && verdict?.certainty === 'likely')
      remark(drafting, ['fields', field], `Likely: ${verdict.why}.`);
  }
  const ignore = sheet.columns.flatMap(({ address, verdict }) =>
    address === undefined || verdict?.certainty !== 'left out' ? [] : [address],
  );
  const missing = missingWords(drafting);
  return {
    version: 1,
    name,
    csv: {
      ...(excel === undefined
        ? { encoding: encoding.encoding, delimiter: layout.delimiter }
        : { sheet: excel.sheet, ...(hasHidden(excel) ? { hidden: '?' } : {}) }),
      headerRow: layout.headerRow,
      ...layout.settings,
      ...(layout.unsureUnnamed === undefined ? {} : { unnamed: '?' }),
      ...(layout.shortRows === undefined ? {} : { leastCells: '?' }),
      ...(footer === undefined ? {} : { footer }),
    },
    ...(country === undefined ? {} : { country: country.country }),
    ...(missing.length === 0 ? {} : { missing }),
    fields: Object.fromEntries(
      apiFields.flatMap((field) => (fields[field] === undefined ? [] : [[field, fields[field]]])),
    ),
    ...(skip.length + keep.length === 0
      ? {}
      : {
          rows: {
            ...(skip.length === 0 ? {} : { skip: skip.map((filter) => ({ ...filter })) }),
            ...(keep.length === 0 ? {} : { keep: keep.map((filter) => ({ ...filter })) }),
          },
        }),
    ...(people === undefined ? {} : { people }),
    ...(ignore.length === 0 ? {} : { ignore }),
  };
}

/** Whether a sheet has rows or columns that were hidden by hand, so that only a person knows whether they are meant. */
export function hasHidden({ hiddenRows, hiddenColumns }: SheetSummary): boolean {
  return hiddenRows > 0 || hiddenColumns.length > 0;
}

/**
 * Words for "nothing" in the columns that are sent. Names alone don't show them: Null and None are surnames. `NULL` in several
 * columns is what a database wrote.
 */
function missingWords({ sheet }: Drafting): string[] {
  const sent = sheet.columns.filter(({ verdict }) =>
    verdict?.fields.some((field) => field !== 'first_name' && field !== 'last_name'),
  );
  const nulls = sheet.columns.filter(({ evidence }) => evidence.nothingWords.some(({ text }) => text === 'NULL'));
  return [
    ...new Set([
      ...sent.flatMap(({ evidence }) => evidence.nothingWords.map(({ text }) => text)),
      ...(nulls.length > 1 ? ['NULL'] : []),
      ...sent.flatMap(systemLabels),
    ]),
  ];
}

/** `* myContacts`: Google marks its own groups, in which every contact is, with an asterisk. */
function systemLabels({ verdict, evidence }: SheetColumn): string[] {
  if (verdict?.fields.includes('tags') !== true || evidence.countOf('tripleColon') === 0) return [];
  const labels = evidence.words.flatMap(({ text }) => text.split(':::').map((label) => label.trim()));
  return [...new Set(labels.filter((label) => label.startsWith('* ')))];
}

/** `downtown-members` of `Downtown Members 2026-11-24.csv`: a feed keeps its name from night to night, so dates are left off. */
export function feedName(file: string): string {
  const base = file.replace(/^.*[\\/]/, '').replace(/(?:\.(?:csv|tsv|txt|gz|xls[xm]))+$/i, '');
  const undated = base.replaceAll(/\d{4}[-_.]?\d{2}[-_.]?\d{2}|\d{1,2}[-_.]\d{1,2}[-_.]\d{2,4}|\(\d+\)/g, '');
  const name = undated
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '');
  return name === '' ? 'members' : name;
}
