/** The columns of a list of people and tags as this program writes them; `tags` reads these and their synonyms. */
export const tagColumns = {
  user_id: 'User ID',
  email: 'Email',
  phone: 'Phone',
  first_name: 'First Name',
  add: 'Add tags',
  remove: 'Remove tags',
} as const;

/** Signs that may part the tags of a cell, the usual one first. A comma never can: no tag holds one. */
export const tagSeparators = [';', '/', '|', '~', '^'] as const;

/** In words, since a header that holds a sign which also separates columns would leave a doubt about the file. */
const names: Readonly<Record<string, string>> = { '/': 'slash', '|': 'bar', '~': 'tilde', '^': 'caret' };

/** `Add tags (parted by slash)`: a header that says what parts the tags in its column, unless it is the usual sign. */
export function separatedBy(header: string, separator: string): string {
  const name = names[separator];
  return name === undefined ? header : `${header} (parted by ${name})`;
}

/** Undoes `separatedBy`. */
export function readSeparator(header: string): { readonly name: string; readonly separator: string } {
  const [, name = header, word] = /^(.*) \(parted by (\w+)\)$/i.exec(header) ?? [];
  const [separator] = Object.entries(names).find(([, known]) => known === word?.toLowerCase()) ?? [];
  return separator === undefined ? { name: header, separator: tagSeparators[0] } : { name, separator };
}
