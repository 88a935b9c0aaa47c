import type { Drafting } from '../drafting.ts';
import { repairSettings } from './repairs.ts';
import type { JsonValue } from '../question.ts';
import type { Claim } from '../sheet.ts';
import type { Product } from '../words/products.ts';

/** Address, location, source and tags: texts that no value can prove, so their names must be plain. */
export function draftTexts(
  drafting: Drafting,
  {
    today,
    product,
    country,
  }: { readonly today: string; readonly product: Product | undefined; readonly country: string | undefined },
): void {
  const { sheet, fields } = drafting;
  draftAddress(drafting);
  for (const field of ['city', 'state', 'zip', 'location', 'source'] as const) {
    const [best, ...others] = sheet.claims(field);
    for (const { column } of others) sheet.leaveOut(column, `"${best?.column.address}" is taken for ${field}`);
    if (best === undefined) continue;
    fields[field] = field === 'zip' && country === 'US' ? zipSetting(best) : best.column.address;
    sheet.take(best, [field]);
  }
  if (fields['source'] === undefined && product !== undefined)
    fields['source'] = { value: `${product.slug}-${today.slice(0, 4)}` };
  draftTags(drafting, `import-${today}`);
}

function draftAddress({ sheet, fields }: Drafting): void {
  const claims = sheet.claims('address');
  const lines = claims.slice(0, 2);
  for (const { column } of claims.slice(2)) sheet.leaveOut(column, 'two columns are taken for the address already');
  const [first, second] = lines;
  if (first === undefined) return;
  fields['address'] =
    second === undefined
      ? first.column.address
      : { columns: [first.column.address, second.column.address], join: ', ' };
  for (const claim of lines) sheet.take(claim, ['address']);
}

/** Codes of four digits in a US file have lost their zero to a spreadsheet: in New England that may be all of them. */
function zipSetting({ column: { address, evidence } }: Claim): JsonValue {
  const short = evidence.countOf('zip4');
  const whole = evidence.countOf('zip5');
  return short > 0 && short + whole >= evidence.filled * 0.8 ? { column: address, restoreZeros: true } : address;
}

/** What separates tags in exports, and the cells that hold it. */
const separators = [
  [';', 'semicolon'],
  ['|', 'pipe'],
  [':::', 'tripleColon'],
  [',', 'comma'],
] as const;

function draftTags(drafting: Drafting, marker: string): void {
  const { sheet, fields } = drafting;
  const sources = sheet
    .claims('tags')
    .slice(0, 3)
    .map((claim, index) => tagSource(drafting, claim, index));
  fields['tags'] = { add: [...sources, { value: marker }] };
}

function tagSource({ sheet, questions }: Drafting, claim: Claim, index: number): JsonValue {
  const { address, evidence } = claim.column;
  // A list of a program is read without a separator, and what a comma separates in it is no mark of one.
  const repairs = repairSettings(claim.column);
  const lists = evidence.countOf('list');
  const found = separators.flatMap(([separator, shape]) => {
    const count = evidence.countOf(shape) - (separator === ',' ? lists : 0);
    return count > 0 ? [{ separator, count }] : [];
  });
  const [only] = found;
  if (found.length < 2) {
    const why =
      lists > 0 ? 'its cells are lists that a program wrote' : `several tags a cell, separated by "${only?.separator}"`;
    sheet.take(claim, ['tags'], lists > 0 || only !== undefined ? why : claim.why);
    return only === undefined && Object.keys(repairs).length === 0
      ? address
      : { column: address, ...(only === undefined ? {} : { split: only.separator }), ...repairs };
  }
  const because = found.map(
    ({ separator, count }) => `${count === 1 ? '1 cell has' : `${count} cells have`} "${separator}"`,
  );
  sheet.ask(claim.column, ['tags'], because.join(', '));
  const path = ['fields', 'tags', 'add', index];
  const all = found.map(({ separator }) => separator);
  questions.push({
    id: `tag-separator:${address}`,
    paths: [path],
    question: `What separates the tags in the column "${address}"?`,
    because,
    answers: [
      ...all.map((separator) => ({
        answer: `only "${separator}"`,
        consequence:
          separator === ',' ? 'cells are split at commas only' : 'a row whose tag contains a comma is refused',
        edits: [{ path, value: { column: address, split: separator, ...repairs } }],
      })),
      {
        answer: `each of ${all.map((separator) => `"${separator}"`).join(' and ')}`,
        consequence: 'cells are split at all of them',
        edits: [{ path, value: { column: address, split: all, ...repairs } }],
      },
    ],
  });
  return '?';
}
