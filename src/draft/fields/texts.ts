import type { Drafting } from '../drafting.ts';
import type { JsonValue } from '../question.ts';
import type { Claim } from '../column.ts';
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

function draftTags({ sheet, fields }: Drafting, marker: string): void {
  const claims = sheet.claims('tags').slice(0, 3);
  const sources = claims.map((claim): JsonValue => {
    const { address, evidence } = claim.column;
    const separators = [
      [';', evidence.countOf('semicolon')],
      ['|', evidence.countOf('pipe')],
      [',', evidence.countOf('comma')],
    ] as const;
    const [separator, count] = separators.reduce((most, next) => (next[1] > most[1] ? next : most));
    sheet.take(claim, ['tags'], count > 0 ? `several tags a cell, separated by "${separator}"` : claim.why);
    return count > 0 ? { column: address, split: separator } : address;
  });
  fields['tags'] = { add: [...sources, { value: marker }] };
}
