/** A command of this program as the user can paste it into a shell: words with blanks or special characters stand in quotes. */
export function commandText(...words: readonly string[]): string {
  return ['gleantap-import', ...words.map(quote)].join(' ');
}

function quote(word: string): string {
  if (/^[\w@%+=:,./\\-]+$/.test(word)) return word;
  return `"${word.replaceAll(/["$`]/g, (character) => `\\${character}`)}"`;
}
