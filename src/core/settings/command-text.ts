import { visible } from '../reports/visible.ts';

/** A command that the user can paste into a shell. Words with blanks or special characters are quoted. */
export function commandText(...words: readonly string[]): string {
  return ['gleantap-import', ...words.map(quote)].join(' ');
}

/**
 * Double quotes protect blanks in every shell. Single quotes protect the rest (variables, history, quotes). cmd.exe does not
 * support them, but these characters are rare in names on Windows. What a terminal does not show is written by its bytes, as bash,
 * zsh and ksh read it.
 */
function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (visible(word) !== word) return `$'${Array.from(word, shown).join('')}'`;
  return /["$`!\n]|\\$/.test(word) ? `'${word.replaceAll("'", String.raw`'\''`)}'` : `"${word}"`;
}

/** A character between `$'` and `'`. */
function shown(character: string): string {
  if (visible(character) === character && character !== '\n') return character.replace(/['\\]/, String.raw`\$&`);
  return Array.from(new TextEncoder().encode(character), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
