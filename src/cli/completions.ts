import { flagOf, optionMeta } from '../core/settings/options.ts';
import { commandTable } from './command-table.ts';
import { choicesOf, isBoolean } from './flags.ts';

/** A word that can follow, and what it does. */
interface Completion {
  readonly word: string;
  readonly describe: string;
}

/**
 * The lines that a shell gets for what was typed so far.
 *
 * @param words All words, the program and the one that is being typed included.
 */
export function completionLines(shell: string, words: readonly string[]): string[] {
  const current = words.at(-1) ?? '';
  return completionsOf(words)
    .filter(({ word }) => word.startsWith(current))
    .map(({ word, describe }) => {
      if (shell === 'bash' || describe === '') return word;
      return shell === 'zsh' ? `${word.replaceAll(':', String.raw`\:`)}:${describe}` : `${word}\t${describe}`;
    });
}

/** Nothing where any file may follow: then the shell completes the names of files. */
function completionsOf([, name, ...rest]: readonly string[]): Completion[] {
  if (rest.length === 0) return commandTable.map(({ usage, describe }) => ({ word: usage.split(' ')[0] ?? '', describe })); // prettier-ignore
  const entry = commandTable.find(({ usage }) => usage.split(' ')[0] === name);
  if (entry === undefined) return [];
  const { flags = [], own = {}, words = [] } = entry;
  const before = flags.find((flag) => [flagOf(flag), `-${optionMeta(flag).alias}`].includes(rest.at(-2) ?? ''));
  const choices = before === undefined ? undefined : choicesOf(before);
  if (choices !== undefined) return choices.map((word) => ({ word, describe: '' }));
  if (rest.at(-1)?.startsWith('-') !== true)
    return rest.length === 1 ? words.map((word) => ({ word, describe: '' })) : [];
  return [
    ...flags.flatMap((flag) => {
      const [word, describe] = [flagOf(flag), optionMeta(flag).describe];
      const negated = { word: word.replace('--', '--no-'), describe: `Turn ${word} off` };
      return [{ word, describe }, ...(isBoolean(flag) ? [negated] : [])];
    }),
    ...Object.entries(own).map(([option, { describe = '' }]) => ({ word: `--${option}`, describe })),
    { word: '--help', describe: 'Show help' },
  ];
}
