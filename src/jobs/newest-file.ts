import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { compilePattern } from '../core/mapping/pattern.ts';
import { pathFault } from '../core/outcome/path-fault.ts';
import { RunError } from '../core/outcome/run-error.ts';

/** Whether a path can match several files. */
export function isPattern(file: string): boolean {
  return /[*?]/.test(file);
}

/**
 * The file that a path means: itself, or the newest by time of writing where `*` and `?` stand for characters of its name (of two
 * written at once the one whose name comes last). As in shells, `*` stands for no name that begins with a dot, and for no `~$members.xlsx`, which Excel keeps while a workbook is open.
 *
 * @throws RunError `input` when there is none.
 */
export async function newestFile(pattern: string): Promise<string> {
  if (!isPattern(pattern)) return pattern;
  const [folder, name] = [path.dirname(pattern), path.basename(pattern)];
  const names = await readdir(folder, { encoding: 'buffer' }).catch((error: unknown) => {
    throw new RunError('input', `The folder ${folder} cannot be read: ${pathFault(folder, error).reason}`, {
      hint: 'Check the path of the export and whether you may read it.',
      cause: error,
    });
  });
  const isMatch = await matcherOf(name);
  const found = await Promise.all(
    names
      .filter((each) => isMatch(each.toString()))
      .map(async (each) => {
        const stats = await stat(Buffer.concat([Buffer.from(folder + path.sep), each])).catch(() => undefined);
        const isUtf8 = Buffer.from(each.toString()).equals(each);
        return stats?.isFile() === true
          ? [{ file: path.join(folder, each.toString()), written: stats.mtimeMs, isUtf8 }]
          : [];
      }),
  );
  const [newest] = found.flat().sort((a, b) => b.written - a.written || (a.file < b.file ? 1 : -1));
  if (newest?.isUtf8 === false) {
    throw new RunError(
      'input',
      `The newest file that matches ${pattern} has a name that is not valid UTF-8: ${newest.file}`,
      {
        hint: 'Rename it, and let the export write names in UTF-8.',
      },
    );
  }
  if (newest !== undefined) return newest.file;
  throw new RunError('input', `There is no file ${pattern}`, {
    hint: "Tonight's export is missing, or its name has changed.",
  });
}

/** Many stars take long in JavaScript's own expressions. */
async function matcherOf(name: string): Promise<(candidate: string) => boolean> {
  const source = name.replaceAll(/[\\^$.|+()[\]{}*?]/g, (sign) => ({ '*': '.*', '?': '.' })[sign] ?? `\\${sign}`);
  const expression = await compilePattern(`^${source}$`, 'su');
  const isMeant = (candidate: string): boolean => name.startsWith('.') || !candidate.startsWith('.');
  return (candidate) => isMeant(candidate) && !candidate.startsWith('~$') && expression.test(candidate);
}
