/** A command that the user can paste into a shell. Words with blanks or special characters are quoted. */
export function commandText(...words: readonly string[]): string {
  return ['gleantap-import', ...words.map(quote)].join(' ');
}

/**
 * Double quotes protect blanks in every shell. Single quotes protect the rest (variables, history, quotes). cmd.exe does not
 * support them, but these characters are rare in names on Windows.
 */
function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return /["$`!\n]|\\$/.test(word) ? `'${word.replaceAll("'", String.raw`'\''`)}'` : `"${word}"`;
}
