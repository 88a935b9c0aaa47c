import type { Path } from '../../core/mapping/finding.ts';
import type { Drafting } from '../drafting.ts';
import { repairSettings } from './repairs.ts';
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

/** What separates tags in exports, and the cells that hold it. */
const separators = [
  [';', 'semicolon'],
  ['|', 'pipe'],
  [':::', 'tripleColon'],
  [',', 'comma'],
] as const;

function draftTags(drafting: Drafting, marker: string): void {
  const { sheet, fields, notes } = drafting;
  const counts = { add: 0, remove: 0 };
  const sourcesOf = (meaning: 'tags' | 'tags_to_add' | 'tags_to_remove'): JsonValue[] => {
    const action = meaning === 'tags_to_remove' ? 'remove' : 'add';
    return sheet
      .claims(meaning)
      .slice(0, 3)
      .map((claim) => tagSource(drafting, claim, ['fields', 'tags', action, counts[action]++]));
  };
  const toAdd = sourcesOf('tags_to_add');
  const remove = sourcesOf('tags_to_remove');
  for (const { column } of sheet.claims('current_tags'))
    sheet.leaveOut(column, 'it says which tags people have already');
  const add = sourcesOf('tags');
  if (toAdd.length + remove.length > 0) {
    // A list of changes adds and removes exactly the tags in it.
    const all = [...toAdd, ...add];
    fields['tags'] = { ...(all.length > 0 ? { add: all } : {}), ...(remove.length > 0 ? { remove } : {}) };
    notes.push(
      'This is a list of tag changes. The command "tags" is made for it: it needs no mapping, creates no contacts and changes no names.',
    );
    return;
  }
  fields['tags'] = { add: [...add, { value: marker }] };
}

/** @param path Where the source is in the mapping. */
function tagSource({ sheet, questions }: Drafting, claim: Claim, path: Path): JsonValue {
  const { address, evidence } = claim.column;
  // A list of a program is read without a separator, and what a comma separates in it does not show one.
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
