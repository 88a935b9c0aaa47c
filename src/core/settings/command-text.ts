/** A command of this program as the user can paste it into a shell: words with blanks or special characters stand in quotes. */
export function commandText(...words: readonly string[]): string {
  return ['gleantap-import', ...words.map(quote)].join(' ');
}

/**
 * Double quotes do for blanks in every shell. What they would not keep apart (variables, history, quotes) goes in single
 * ones, which cmd.exe does not know, but such characters are rare in names on Windows.
 */
function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return /["$`!\n]|\\$/.test(word) ? `'${word.replaceAll("'", String.raw`'\''`)}'` : `"${word}"`;
}
