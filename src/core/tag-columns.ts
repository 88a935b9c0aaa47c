/** The columns of a list of people and tags as this program writes them; `tags` reads these and their synonyms. */
export const tagColumns = {
  user_id: 'User ID',
  email: 'Email',
  phone: 'Phone',
  first_name: 'First Name',
  add: 'Add tags',
  remove: 'Remove tags',
} as const;

/** What parts several tags in one cell, unless the header says otherwise. */
export const usualSeparator = ';';

/** `Add tags (parted by |)`: a header that says what parts the tags in its column. */
export function separatedBy(header: string, separator: string): string {
  return separator === usualSeparator ? header : `${header} (parted by ${separator === '\t' ? 'tab' : separator})`;
}

/** Undoes `separatedBy`. */
export function readSeparator(header: string): { readonly name: string; readonly separator: string } {
  const [, name, sign] = /^(.*) \(parted by (tab|[^\s,])\)$/i.exec(header) ?? [];
  if (name === undefined || sign === undefined) return { name: header, separator: usualSeparator };
  return { name, separator: sign.toLowerCase() === 'tab' ? '\t' : sign };
}
