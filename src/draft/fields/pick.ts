import { list } from '../confirm.ts';
import type { Drafting } from '../drafting.ts';
import type { NamedColumn, SheetColumn } from '../column.ts';
import type { Answer, JsonValue } from '../question.ts';
import { standingOfWord } from '../words/word-lists.ts';
import { formatSetting } from './dates.ts';

/**
 * Lists of memberships have a row for each, so a person who left and came back is in several rows, and the last one would win.
 * If the rows of a person differ in status or in a start date, the user decides which of them is sent.
 */
export function draftPick(drafting: Drafting): void {
  const { sheet, fields, questions } = drafting;
  const keyField = fields['user_id'] === undefined ? 'email' : 'user_id';
  const key = sheet.columns.find(({ verdict }) => verdict?.fields.includes(keyField) === true)?.key;
  const differs = ({ index }: SheetColumn): boolean => (key?.differing.get(index) ?? 0) > 0;
  const named = sheet.columns.flatMap((column): NamedColumn[] =>
    column.address === undefined ? [] : [{ ...column, address: column.address }],
  );
  const status = named.find(({ verdict }) => verdict?.fields.includes('status') === true);
  const start = named.find((column) => column.candidate?.meaning === 'created_date' && isReadable(column));
  if (![status, start].some((column) => column !== undefined && differs(column))) return;

  const path = ['people'];
  const pick = (value: JsonValue): Answer['edits'] => [{ path, value: { pick: value } }];
  const order = status === undefined ? [] : orderOf(status);
  const tiesOf = (take: 'latest' | 'earliest'): { [key: string]: JsonValue } =>
    start === undefined ? {} : { ties: { column: start.address, take, ...formatOf(start) } };
  const people = Math.max(...[status, start].map((column) => (column && key?.differing.get(column.index)) ?? 0));
  const columns = [status, start].filter((column) => column !== undefined && differs(column));
  drafting.people = '?';
  questions.push({
    id: 'people',
    paths: [path],
    question: 'Some people are in several rows. Which of their rows is sent?',
    because: [
      `the rows of ${people === 1 ? '1 person' : `${people} people`} differ in ${columns.map((column) => `"${column?.address ?? ''}"`).join(' or ')}, as in lists with a row for each membership`,
    ],
    answers: [
      ...(status === undefined
        ? []
        : [
            {
              answer: `the one with the best "${status.address}"`,
              consequence: `the first of ${list(order, order.length)} wins${start === undefined ? '' : `, and of several the latest "${start.address}"`}. The others are skipped`,
              edits: pick({ column: status.address, order, ...tiesOf('latest') }),
            },
          ]),
      ...(start === undefined
        ? []
        : (['latest', 'earliest'] as const).map((take): Answer => ({
            answer: `the one with the ${take} "${start.address}"`,
            consequence: 'the others are skipped',
            edits: pick(tiesOf(take)),
          }))),
      {
        answer: 'all of them, in file order',
        consequence: 'Gleantap keeps what the last row says',
        edits: [{ path }],
      },
    ],
  });
}

/** Dates whose order of day and month is known. */
function isReadable({ evidence: { dates } }: SheetColumn): boolean {
  return dates.verdict?.kind === 'settled' && !dates.verdict.serial;
}

function formatOf({ evidence: { dates } }: SheetColumn): { readonly format?: JsonValue } {
  const format = dates.verdict?.kind === 'settled' ? formatSetting(dates.verdict.formats) : undefined;
  return format === undefined ? {} : { format };
}

const standings = ['active', 'frozen', 'non-member', 'inactive'];

/**
 * The words of the column, members first, then cells that say nothing. A word that is not known is left out, if others are known:
 * rows with it are refused until the user has put it in its place.
 */
function orderOf({ evidence }: SheetColumn): string[] {
  const rankOf = (word: string): number => {
    const rank = standings.indexOf(standingOfWord(word)?.status ?? '');
    return rank < 0 ? standings.length : rank;
  };
  const all = evidence.words.map(({ text }) => text).toSorted((a, b) => rankOf(a) - rankOf(b));
  const known = all.filter((word) => rankOf(word) < standings.length);
  const words = known.length > 1 ? known : all;
  const nothing = evidence.nothingWords.map(({ text }) => text);
  return [...words, ...nothing, ...(evidence.blank > 0 ? [''] : [])].slice(0, 200);
}
