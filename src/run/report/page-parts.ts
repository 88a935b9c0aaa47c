import { readdir } from 'node:fs/promises';
import { columnMessages } from '../../core/outcome/column-messages.ts';
import { hintOf, isProblemCode, problemSentence } from '../../core/outcome/messages.ts';
import { columnsOf, listFields } from '../../core/mapping/fields.ts';
import type { MappedField } from '../../core/mapping/fields.ts';
import type { Mapping } from '../../core/mapping/schema.ts';
import { count, plural, sharingText } from '../../core/reports/figures.ts';
import { isReason, showValue } from '../../core/reports/shown-value.ts';
import type { ChannelPicture, FieldLine, FindingLine, PicturePart, ReportData } from '../../report/html/report-data.ts';
import type { ComparedPeople } from '../../core/compare/compared-people.ts';
import type { CheckStats, FieldSamples } from '../model.ts';
import { settingText } from '../../core/settings/typed-option.ts';
import type { Finding } from './findings.ts';

/** What the pages of a run and of a check have in common. */

const listedExamples = 4;

export function problemLines(findings: readonly Finding[], mapping: Mapping, showsValues: boolean): FindingLine[] {
  const fields = new Map(listFields(mapping).map((field) => [field.name, field]));
  return findings.map(({ first, rows, firstRows, values, cases }) => {
    const { code, field, column } = first;
    const kind = field === undefined ? undefined : fields.get(field)?.kind;
    const known = [...values].sort(([, a], [, b]) => b - a);
    // The server's reason belongs in the sentence. A cell is an example.
    const reason = isReason(code) ? known.shift()?.[0] : undefined;
    const shown = known.map(([value, times]) =>
      showsValues ? value : showValue({ value, rows: times, code, field, kind }),
    );
    return {
      code,
      rows,
      sentence: sentenceOf(
        problemSentence({
          code,
          ...(field === undefined ? {} : { field }),
          ...(reason === undefined ? {} : { value: reason }),
        }),
      ),
      hint: hintOf(code),
      where: whereText(column, field),
      examples: [...new Set([...shown, ...cases])].slice(0, listedExamples),
      firstRows: firstRows.map(({ row, name }) => (showsValues && name !== '' ? `${row} (${name})` : String(row))),
    };
  });
}

export function warningLines(warnings: CheckStats['warnings']): FindingLine[] {
  return Object.entries(warnings)
    .sort(([, a], [, b]) => b.count - a.count)
    .flatMap(([code, { count: rows, rows: firstRows }]) =>
      isProblemCode(code)
        ? [
            {
              code,
              rows,
              sentence: sentenceOf(problemSentence({ code })),
              hint: hintOf(code),
              where: undefined,
              examples: [],
              firstRows: firstRows.map(String),
            },
          ]
        : [],
    );
}

function whereText(column: string | undefined, field: string | undefined): string | undefined {
  if (column === undefined) return undefined;
  return field === undefined ? `Column "${column}"` : `Column "${column}", sent as ${field}`;
}

/** A message as a title. A field's name stays as it is. */
function sentenceOf(text: string): string {
  return /^[a-z]+_/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/** What is odd about the file as a whole. */
export function fileNotes(check: CheckStats): string[] {
  const notes = check.columns.map(
    ({ code, column, count: cells, of }) =>
      `Column "${column}": ${columnMessages[code].problem}, in ${count(cells)} of ${plural(of, 'cell')}. ${columnMessages[code].hint}`,
  );
  if (check.sharing.rows > 0) notes.push(sharingText(check.sharing));
  if (check.strangers > 0)
    notes.push(
      `In ${plural(check.strangers, 'case')} rows share a key but have different user_ids${pairsText(check)}. Gleantap may merge them.`,
    );
  return notes;
}

/** " (rows 2 and 3, rows 5 and 9)". */
function pairsText({ collisions = [] }: CheckStats): string {
  const pairs = collisions.map(({ rows: [row, other] }) => `rows ${row} and ${other}`);
  return pairs.length === 0 ? '' : ` (${pairs.join(', ')})`;
}

/** What the account had before, what the file has, and what they share. */
export function accountPicture(compared: ComparedPeople | undefined): ChannelPicture[] {
  if (compared === undefined) return [];
  const { account, shared, people, known, changed, new: added, otherName, twoCandidates } = compared;
  const filled = (parts: readonly PicturePart[]): PicturePart[] => parts.filter((part) => part.people > 0);
  const of = known > 0 ? `. ${count(changed)} of them would change in name, email, phone or location` : '';
  return [
    {
      channel: `Of the ${plural(people, 'person', 'people')} in your file, ${count(known)} ${known === 1 ? 'is' : 'are'} in Gleantap already${of}`,
      bars: [
        {
          name: `In Gleantap before the import: ${plural(account, 'person', 'people')}`,
          parts: filled([
            { label: 'in your file too', people: shared, tone: 'succeeded' },
            { label: 'not in your file: they stay as they are', people: account - shared, tone: 'rest' },
          ]),
        },
        {
          name: `In your file: ${plural(people, 'person', 'people')}`,
          parts: filled([
            { label: 'in Gleantap already', people: known, tone: 'succeeded' },
            { label: 'match several contacts in Gleantap', people: twoCandidates, tone: 'unknown' },
            {
              label: 'would make a second person: their email or phone is there with another first name',
              people: otherName,
              tone: 'failed',
            },
            { label: 'new', people: added, tone: 'pending' },
          ]),
        },
      ],
    },
  ];
}

/** Consent by channel. Before and after differ where Gleantap's own opt-outs were respected. */
export function consentOf({ consent, warnings, toSend, sharing, peopleToSend }: CheckStats): ChannelPicture[] {
  const { optinYes, optinNo, optoutYes, optoutNo } = consent;
  const all = peopleToSend ?? (sharing.rows === 0 ? toSend : undefined);
  /** Rows, which are people only where each has one. */
  const kept = (code: string): number => (sharing.rows === 0 ? (warnings[code]?.count ?? 0) : 0);
  const channel = (name: string, parts: readonly PicturePart[], opens: PicturePart, held: number): ChannelPicture => {
    const rest = (of: readonly PicturePart[]): readonly PicturePart[] => {
      const silent = (all ?? 0) - of.reduce((sum, { people }) => sum + people, 0);
      return silent > 0
        ? [...of, { label: 'nothing is sent: Gleantap keeps what it has', people: silent, tone: 'rest' }]
        : of;
    };
    const sent = rest(parts.filter(({ people }) => people > 0));
    if (held === 0) return { channel: name, bars: [{ name: undefined, parts: sent }] };
    const before = parts.map((part) => (part === opens ? { ...part, people: part.people + held } : part));
    return {
      channel: name,
      bars: [
        { name: 'In the file', parts: rest(before.filter(({ people }) => people > 0)) },
        { name: 'Sent, because people who opted out in Gleantap stay opted out', parts: sent },
      ],
    };
  };
  const yes: PicturePart = { label: 'agreed', people: optinYes, tone: 'succeeded' };
  const no: PicturePart = { label: 'did not agree', people: optinNo, tone: 'failed' };
  const out: PicturePart = { label: 'opted out', people: optoutYes, tone: 'failed' };
  const lifted: PicturePart = { label: 'get email again: their opt-out is lifted', people: optoutNo, tone: 'unknown' };
  const [texts, emails] = [kept('opted_out_of_sms'), kept('opted_out_of_email')];
  return [
    ...(optinYes + optinNo + texts > 0 ? [channel('Text messages', [yes, no], yes, texts)] : []),
    ...(optoutYes + optoutNo + emails > 0 ? [channel('Email', [lifted, out], lifted, emails)] : []),
  ];
}

export function consentNotes({ consent, warnings, unsentConsent = [] }: CheckStats, kind: 'run' | 'check'): string[] {
  const notes: string[] = [];
  if (kind === 'check' && consent.optinYes + consent.optoutNo > 0)
    notes.push('Before sending, the import reads who has opted out in Gleantap. These people stay opted out.');
  const minors = (warnings['minor_not_opted_in']?.count ?? 0) + (warnings['age_unknown_not_opted_in']?.count ?? 0);
  if (minors > 0)
    notes.push(
      `In ${plural(minors, 'row')} of the file the person is or may be a minor, and is not opted in to text messages.`,
    );
  if (unsentConsent.length > 0)
    notes.push(
      `Not sent, although the name looks like consent: ${unsentConsent.map((name) => `"${name}"`).join(', ')}. People who refuse messages there are imported like everyone else.`,
    );
  return notes;
}

/** How full each field is, and where it comes from. */
export function fieldLines(
  { filled, toSend }: CheckStats,
  mapping: Mapping,
  samples: readonly FieldSamples[],
  showsValues: boolean,
): FieldLine[] {
  if (toSend === 0) return [];
  const of = new Map(samples.map((sample) => [sample.name, sample]));
  return listFields(mapping).flatMap((field): FieldLine[] => {
    const rows = filled[field.name] ?? 0;
    const sample = of.get(field.name);
    if (rows === 0 && sample === undefined) return [];
    return [
      {
        name: field.name,
        source: sourceText(field),
        rows,
        share: rows / Math.max(1, toSend),
        examples: sample === undefined || sample.words.length > 0 ? [] : examplesOf(sample, showsValues),
      },
    ];
  });
}

function sourceText(field: MappedField): string {
  const names = columnsOf(field).map(({ name }) => `"${name}"`);
  if (names.length > 0) return names.join(field.settings.columns === undefined ? ', else ' : ' and ');
  return field.settings.value === undefined ? 'set by the mapping' : 'the same for all rows';
}

const shownExamples = 3;

function examplesOf({ name, kind, values }: FieldSamples, showsValues: boolean): string[] {
  const ordered = [...values].sort(([, a], [, b]) => b - a);
  return [
    ...new Set(
      ordered
        .slice(0, 4 * shownExamples)
        .map(([value, rows]) => (showsValues ? value : showValue({ value, rows, field: name, kind }))),
    ),
  ].slice(0, shownExamples);
}

/** The reports that a folder may hold, and what is in them. */
const knownFiles: Readonly<Record<string, readonly [who: string, which: string]>> = {
  'success.csv': ['row', 'that are in Gleantap, with their _id'],
  'failure.csv': ['row', 'that failed, with the reason. Correct them and import this file'],
  'unknown.csv': ['row', 'that Gleantap may have stored'],
  'failure.xlsx': ['row', 'that failed, to be corrected in Excel: the same rows, with marked cells and notes'],
  'unknown.xlsx': ['row', 'that Gleantap may have stored, for Excel'],
  'skipped.csv': ['row', 'that were left out on purpose'],
  'vanished.csv': ['person', 'of earlier files who are not in this one'],
  'compare.csv': ['row', 'compared with Gleantap as it was: who is new, who is known, and what changes'],
  'optouts-before.csv': ['person', 'who had opted out before the import'],
  'inverse.csv': ['row', 'that undo the changes of tags'],
};

/** The reports in the folder, with links to them. */
export async function filesIn(folder: string, rows: Readonly<Record<string, number>>): Promise<ReportData['files']> {
  const there = new Set(await readdir(folder));
  return Object.entries(knownFiles)
    .filter(([name]) => there.has(name) && rows[name] !== 0)
    .map(([name, [who, which]]) => {
      const many = who === 'row' ? 'rows' : 'people';
      const listed = rows[name];
      const subject = listed === undefined ? many : `${count(listed)} ${many}`;
      return { name, about: `${subject.charAt(0).toUpperCase()}${subject.slice(1)} ${which}` };
    });
}

export function settingPairs(settings: Readonly<Record<string, unknown>>): ReportData['settings'] {
  return Object.entries(settings).map(([name, setting]) => {
    const { value, source } = setting as { value: unknown; source: string };
    return [name, `${settingText(value)} (${source})`] as const;
  });
}

export function rowsWord(rows: number): string {
  return rows === 1 ? 'row' : 'rows';
}
