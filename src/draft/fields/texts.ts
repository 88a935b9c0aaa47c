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
  if (fields['source'] === undefined && product?.slug !== undefined)
    fields['source'] = { value: `${product.slug}-${today.slice(0, 4)}` };
  draftTags(drafting, `import-${today}`);
}

/** The first line of an address and the second of the same address: billing and home are never joined. */
function draftAddress({ sheet, fields }: Drafting): void {
  const claims = sheet.claims('address');
  const [first] = claims;
  if (first === undefined) return;
  const second = claims.find(
    ({ column: { candidate } }) => candidate?.tier === 1 && candidate?.place === first.column.candidate?.place,
  );
  const lines = second === undefined || second === first ? [first] : [first, second];
  for (const claim of claims)
    if (!lines.includes(claim)) sheet.leaveOut(claim.column, `"${first.column.address}" is taken for the address`);
  fields['address'] =
    lines.length === 1 ? first.column.address : { columns: lines.map(({ column }) => column.address), join: ', ' };
  for (const claim of lines) sheet.take(claim, ['address']);
}

/** Codes of four digits in a US file have lost their zero to a spreadsheet: in New England that may be all of them. */
function zipSetting({ column: { address, evidence } }: Claim): JsonValue {
  const short = evidence.countOf('zip4');
  const whole = evidence.countOf('zip5');
  return short > 0 && short + whole >= evidence.filled * 0.8 ? { column: address, restoreZeros: true } : address;
}

function draftTags(drafting: Drafting, marker: string): void {
  const { sheet, fields, notes } = drafting;
  const sourcesOf = (meaning: 'tags' | 'tags_to_add' | 'tags_to_remove'): JsonValue[] =>
    sheet
      .claims(meaning)
      .slice(0, 3)
      .map((claim): JsonValue => tagSource(sheet, claim));
  const toAdd = sourcesOf('tags_to_add');
  const remove = sourcesOf('tags_to_remove');
  for (const { column } of sheet.claims('current_tags'))
    sheet.leaveOut(column, 'it says which tags people have already');
  const add = sourcesOf('tags');
  if (toAdd.length + remove.length > 0) {
    // A list of changes puts on and takes off what it says, and nothing more.
    const all = [...toAdd, ...add];
    fields['tags'] = { ...(all.length > 0 ? { add: all } : {}), ...(remove.length > 0 ? { remove } : {}) };
    notes.push(
      'This is a list of tag changes. The command "tags" is made for it: it needs no mapping, creates no contacts and changes no names.',
    );
    return;
  }
  fields['tags'] = { add: [...add, { value: marker }] };
}

function tagSource(sheet: Drafting['sheet'], claim: Claim): JsonValue {
  const { address, evidence } = claim.column;
  const separators = [
    [';', evidence.countOf('semicolon')],
    ['|', evidence.countOf('pipe')],
    [',', evidence.countOf('comma')],
  ] as const;
  const [separator, count] = separators.reduce((most, next) => (next[1] > most[1] ? next : most));
  sheet.take(claim, ['tags'], count > 0 ? `several tags a cell, separated by "${separator}"` : claim.why);
  return count > 0 ? { column: address, split: separator } : address;
}
