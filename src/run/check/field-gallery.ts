import { createColumnFinder } from '../../core/mapping/columns.ts';
import type { MappedRow } from '../../core/mapping/compile.ts';
import { columnsOf, listFields } from '../../core/mapping/fields.ts';
import type { MappedField } from '../../core/mapping/fields.ts';
import { compileField } from '../../core/mapping/read-field.ts';
import type { ReadingNotes } from '../../core/mapping/read-field.ts';
import type { Mapping } from '../../core/mapping/schema.ts';
import { fold } from '../../core/values/text.ts';
import type { FieldSamples, FieldWord } from '../model.ts';

/** What a check shows of each field: values that would be sent, and what the words of a column become. */
export interface FieldGallery {
  /** Notes a row that is neither damaged nor filtered. */
  note(cells: readonly string[], mapped: MappedRow): void;
  fields(): FieldSamples[];
}

/** Rows whose values are noted. Words are noted of all. */
const sampledRows = 2000;
const mostValues = 60;
const mostWords = 40;

export function createFieldGallery(mapping: Mapping, header: readonly string[], today: string): FieldGallery {
  const find = createColumnFinder(header);
  const fields = listFields(mapping).map((field) => ({
    field,
    values: new Map<string, number>(),
    words: new Map<string, FieldWord>(),
    moreWords: false,
    columns: hasWords(field)
      ? columnsOf(field).flatMap(({ name }) => {
          const lookup = find(name);
          return lookup.kind === 'found' ? [lookup.index] : [];
        })
      : [],
    read: compileField(field, mapping, find, today),
  }));
  const withWords = fields.filter(({ columns }) => columns.length > 0);
  let rows = 0;
  return {
    note(cells, { contact, problems }) {
      for (const entry of withWords) {
        const word = firstFilled(cells, entry.columns);
        const known = entry.words.get(word);
        if (known !== undefined) known.rows += 1;
        else if (entry.words.size >= mostWords) entry.moreWords = true;
        else {
          const notes: ReadingNotes = { problems: [], warnings: [], steps: undefined };
          const value = entry.read(cells, notes);
          const isKept =
            entry.field.name === 'optout_email' && value === false && entry.field.settings.liftOptOut !== true;
          entry.words.set(word, {
            word,
            rows: 1,
            becomes: value === undefined || isKept ? undefined : String(value),
            fails: notes.problems.length > 0,
          });
        }
      }
      if (problems.length > 0 || rows >= sampledRows) return;
      rows += 1;
      for (const { field, values } of fields) {
        const value = contact[field.name];
        if (value === undefined) continue;
        const text = String(value);
        const times = values.get(text);
        if (times !== undefined || values.size < mostValues) values.set(text, (times ?? 0) + 1);
      }
    },
    fields: () =>
      fields.map(({ field: { name, kind }, values, words, moreWords }) => ({
        name,
        kind,
        values,
        words: joinSpellings([...words.values()]),
        moreWords,
      })),
  };
}

/** Words that differ only in case, and become the same, are one: in their most frequent spelling. */
function joinSpellings(words: readonly FieldWord[]): FieldWord[] {
  const joined = new Map<string, FieldWord>();
  for (const word of words.toSorted((a, b) => b.rows - a.rows)) {
    const key = `${fold(word.word)}\0${word.becomes ?? ''}`;
    const known = joined.get(key);
    if (known === undefined) joined.set(key, { ...word });
    else known.rows += word.rows;
  }
  return [...joined.values()].sort((a, b) => b.rows - a.rows);
}

function hasWords({ kind, settings }: MappedField): boolean {
  return (
    settings.value === undefined &&
    settings.columns === undefined &&
    (kind === 'boolean' || settings.values !== undefined)
  );
}

function firstFilled(cells: readonly string[], columns: readonly number[]): string {
  for (const index of columns) {
    const cell = (cells[index] ?? '').trim();
    if (cell !== '') return cell;
  }
  return '';
}
