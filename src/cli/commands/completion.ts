import { RunError } from '../../core/outcome/run-error.ts';
import { didYouMean } from '../../core/settings/nearest.ts';
import { printLine } from '../io.ts';
import type { Io } from '../io.ts';
import type { PlainCommand } from './command.ts';

/** Each asks the program for the words that can follow. Where there are none, the shell completes the names of files. */
const scripts = {
  bash: String.raw`_gleantap_import() {
  local IFS=$'\n'
  COMPREPLY=($(gleantap-import --completions bash "${'$'}{COMP_WORDS[@]:0:COMP_CWORD+1}"))
}
complete -o bashdefault -o default -F _gleantap_import gleantap-import`,
  zsh: String.raw`#compdef gleantap-import
_gleantap_import() {
  local -a found
  found=(${'$'}{(f)"$(gleantap-import --completions zsh "${'$'}{(@)words[1,CURRENT]}")"})
  if (( ${'$'}{#found} )); then _describe 'gleantap-import' found; else _files; fi
}
compdef _gleantap_import gleantap-import`,
  fish: `complete -c gleantap-import -a '(gleantap-import --completions fish (commandline -opc) (commandline -ct))'`,
} as const;

const shells = ['bash', 'zsh', 'fish'] as const satisfies (keyof typeof scripts)[];

/** Prints the script that completes commands and options in a shell. */
export const completion: PlainCommand<{ shell: string | undefined }> = async ({ shell }, io: Io) => {
  const wanted = shell ?? shells.find((name) => io.environment['SHELL']?.endsWith(`/${name}`)) ?? 'bash';
  const known = shells.find((name) => name === wanted);
  if (known === undefined)
    throw new RunError('usage', `There is no completion for the shell "${wanted}"${didYouMean(wanted, shells)}`, {
      hint: `Name one of ${shells.join(', ')}.`,
    });
  printLine(io.stdout, scripts[known]);
  return Promise.resolve(0);
};
