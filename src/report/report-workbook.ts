import { createColumnFinder } from '../core/mapping/columns.ts';
import { hintOf, problemSentence } from '../core/outcome/messages.ts';
import type { Problem } from '../core/outcome/problem.ts';
import { longestText, mostRows, WorkbookWriter } from '../excel/workbook-writer.ts';
import type { Mark, WrittenColumn } from '../excel/workbook-writer.ts';
import { createAtomicFile } from './atomic-file.ts';

/** A report as a workbook on its way to the disk: the rows of `failure.csv`, easier to correct. */
export interface ReportWorkbook {
  /** @param cells All of a row, the report's own columns included. */
  add(cells: readonly string[], problems: readonly Problem[]): Promise<void>;
  /** Puts the file in its place and returns how many rows it has; undefined if Excel can't hold them all, and there is none. */
  commit(): Promise<number | undefined>;
  discard(): Promise<void>;
}

/** The report's columns, and what they have of their own. */
interface ReportWorkbookOptions {
  readonly before: readonly string[];
  /** The original columns. */
  readonly header: readonly string[];
  readonly after: readonly string[];
  /** Words to choose from, by the index of the original column. */
  readonly words: ReadonlyMap<number, readonly string[]>;
}

/** @throws RunError `not_writable` */
export async function createReportWorkbook(
  file: string,
  { before, header, after, words }: ReportWorkbookOptions,
): Promise<ReportWorkbook> {
  const target = await createAtomicFile(file);
  const columns: WrittenColumn[] = [
    ...before.map((name) => ({ name, width: name === '_row' ? 8 : 45, isWrapped: name !== '_row' })),
    ...header.map((name, index) => ({
      name,
      width: Math.min(40, Math.max(14, name.length + 4)),
      words: words.get(index) ?? [],
    })),
    ...after.map((name) => ({ name, width: 16 })),
  ];
  const writer = new WorkbookWriter(
    { name: 'Rows to correct', columns, guide: { name: 'How to use this file', lines: guide } },
    async (bytes) => target.write(bytes),
  );
  await writer.begin();
  const find = createColumnFinder(header);
  let rows = 0;
  let isTooLarge = false;
  return {
    async add(cells, problems) {
      rows += 1;
      isTooLarge ||= rows >= mostRows || cells.some((cell) => cell.length > longestText);
      if (!isTooLarge) await writer.add(cells, marksOf(problems, find, before.length));
    },
    async commit() {
      if (isTooLarge) {
        await target.discard();
        return undefined;
      }
      await writer.end();
      await target.commit();
      return rows;
    },
    discard: async () => target.discard(),
  };
}

/** The cells that are wrong, each with the reason and what to do. */
function marksOf(problems: readonly Problem[], find: ReturnType<typeof createColumnFinder>, first: number): Mark[] {
  const notes = new Map<number, string[]>();
  for (const problem of problems) {
    const lookup = problem.column === undefined ? undefined : find(problem.column);
    if (lookup?.kind !== 'found') continue;
    const column = first + lookup.index;
    notes.set(column, [...(notes.get(column) ?? []), `${problemSentence(problem)}\n${hintOf(problem.code)}`]);
  }
  return [...notes].map(([column, lines]) => ({ column, note: lines.join('\n\n') }));
}

const guide = [
  'How to use this file',
  '',
  'The first sheet has the rows that still have to be imported. Nothing is lost: all other rows are in the other reports.',
  'Column A is the row in your original file. The next columns say what is wrong with it and what to do.',
  'The cell to look at has an orange background and a note. Columns with fixed words have a list to choose from.',
  '',
  '1. Correct the cells. All cells are text, so that Excel changes nothing: type dates and numbers as they should be read.',
  '2. Delete rows that you do not want to import.',
  '3. Leave the columns alone whose names start with an underscore (_). They are never sent.',
  '4. Save the file as it is (.xlsx), and close it.',
  '5. Run the command that the import printed last. It sends only these rows.',
];
