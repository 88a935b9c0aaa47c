import path from 'node:path';
import { exitCodes } from '../../core/outcome/exit-codes.ts';
import { createColumnFinder } from '../../core/mapping/columns.ts';
import { columnsOf, listFields, listTagSources } from '../../core/mapping/fields.ts';
import { count, plural, timeText } from '../../core/reports/figures.ts';
import { showValue } from '../../core/reports/shown-value.ts';
import { writeAtomically } from '../../report/atomic-file.ts';
import { reportPage } from '../../report/html/page.ts';
import type { ReportData, WordTable } from '../../report/html/report-data.ts';
import type { ComparedPeople } from '../../core/compare/compared-people.ts';
import type { CheckStats, FieldSamples, ImportSpec } from '../model.ts';
import {
  accountPicture,
  consentNotes,
  consentOf,
  fieldLines,
  fileNotes,
  filesIn,
  problemLines,
  rowsWord,
  settingPairs,
  warningLines,
} from './page-parts.ts';
import type { Finding } from './findings.ts';

/** What a check found, for its page. */
export interface CheckedFile {
  readonly folder: string;
  readonly file: ImportSpec;
  readonly header: readonly string[];
  readonly stats: CheckStats;
  readonly samples: readonly FieldSamples[];
  readonly findings: readonly Finding[];
  /** Rows by the name of the report that lists them. */
  readonly files: Readonly<Record<string, number>>;
  /** Undefined where the account was not read. */
  readonly compared?: ComparedPeople | undefined;
  /** Why the import would send nothing. */
  readonly refusals: readonly { readonly reason: string; readonly hint: string }[];
}

/** How a check ended, which its caller decides. */
export interface CheckEnd {
  readonly exitCode: number;
  /** When, as an ISO time. */
  readonly at: string;
  readonly next: string | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly showsValues: boolean;
}

/**
 * Writes `report.html` of a check: what an import would do, for the people whose list it is.
 *
 * @returns Where it is.
 */
export async function writeCheckPage(checked: CheckedFile, end: CheckEnd): Promise<string> {
  const { folder, file, header, stats, samples, findings, files } = checked;
  const { mapping } = file;
  const { showsValues } = end;
  const data: ReportData = {
    kind: 'check',
    subject: `${path.basename(file.input.name)} into ${mapping.account?.name ?? 'Gleantap'}`,
    ...headOf(checked),
    exitCode: end.exitCode,
    exitMeaning: exitMeaningOf(end.exitCode),
    simulator: false,
    meta: [`checked ${timeText(end.at)}`, `${plural(stats.read, 'row')} read`, 'nothing was sent'],
    read: stats.read,
    outcomes: [
      { outcome: 'succeeded', label: `${rowsWord(stats.toSend)} can be imported`, rows: stats.toSend, file: undefined },
      {
        outcome: 'failed',
        label: `${rowsWord(stats.failed)} can't be imported`,
        rows: stats.failed,
        file: 'failure.csv',
      },
      ...(stats.skipped === 0
        ? []
        : [
            {
              outcome: 'skipped' as const,
              label: `${rowsWord(stats.skipped)} left out on purpose`,
              rows: stats.skipped,
              file: Object.hasOwn(files, 'skipped.csv') ? 'skipped.csv' : undefined,
            },
          ]),
    ],
    next: nextOf(checked, end),
    problems: problemLines(findings, mapping, showsValues),
    warnings: warningLines(stats.warnings),
    notes: [
      ...fileNotes(stats),
      ...(stats.people === undefined ? [] : [peopleText(stats.people)]),
      ...defaultsText(stats),
    ],
    account: accountPicture(checked.compared),
    consent: consentOf(stats),
    consentNotes: consentNotes(stats, 'check'),
    tags: stats.tags.map(({ tag, action, count: rows }) => ({ tag, action, rows })),
    moreTags: stats.moreTags,
    words: samples.flatMap((sample) => wordTable(sample, checked, showsValues)),
    fields: fieldLines(stats, mapping, samples, showsValues),
    unsent: unsentColumns(checked, header),
    timeline: undefined,
    traffic: [],
    files: await filesIn(folder, files),
    details: [
      ['File', file.input.name],
      ['Mapping', `${mapping.name} (${path.basename(file.mappingFile)})`],
      ...(mapping.account === undefined ? [] : [['Account', `app_id ${mapping.account.app_id}`] as const]),
    ],
    settings: settingPairs(end.settings),
    showsValues,
  };
  const page = path.join(folder, 'report.html');
  await writeAtomically(page, reportPage(data));
  return page;
}

function headOf({ stats, refusals }: CheckedFile): Pick<ReportData, 'headline' | 'lead' | 'severity'> {
  const { toSend, failed, read, peopleToSend = toSend } = stats;
  if (refusals.length > 0)
    return {
      headline: 'The import would send nothing',
      lead: refusals.map(({ reason }) => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`).join(' '),
      severity: 'bad',
    };
  if (read === 0)
    return {
      headline: 'The file has no rows',
      lead: 'It has a header, but there is nothing to send.',
      severity: 'warn',
    };
  if (toSend === 0 && failed === 0)
    return {
      headline: 'Nothing has to be sent',
      lead: 'All rows of the file are left out on purpose.',
      severity: 'good',
    };
  if (toSend === 0)
    return { headline: 'No row can be imported yet', lead: 'All rows must be corrected first.', severity: 'warn' };
  const people = `${plural(peopleToSend, 'person', 'people')} can be imported`;
  if (failed === 0)
    return { headline: `Ready: ${people}`, lead: `No row of the file has to stay out.`, severity: 'good' };
  return {
    headline: people,
    lead: `${plural(failed, 'row')} can't be imported before ${failed === 1 ? 'it is' : 'they are'} corrected.`,
    severity: 'warn',
  };
}

/** In the words of a check, in which nothing is sent. */
function exitMeaningOf(exitCode: number): string {
  if (exitCode === 0) return 'every row can be sent';
  if (exitCode === 1) return 'some rows are invalid';
  return Object.entries(exitCodes).find(([code]) => Number(code) === exitCode)?.[1] ?? '';
}

function nextOf({ stats, refusals }: CheckedFile, { next }: CheckEnd): ReportData['next'] {
  const steps: { why: string; command: string | undefined }[] = refusals.map(({ hint }) => ({
    why: hint,
    command: undefined,
  }));
  if (stats.consent.optinYes + stats.consent.optinNo + stats.consent.optoutYes > 0 || stats.tags.length > 0)
    steps.push({
      why: 'Read this page: consent, tags and words can start campaigns, and an import cannot be undone.',
      command: undefined,
    });
  if (stats.failed > 0)
    steps.push({
      why: `Correct the rows that can't be imported in the source, or decide to leave them out.`,
      command: undefined,
    });
  if (next !== undefined && refusals.length === 0)
    steps.push({
      why: 'Then import a few rows that together use every field, and look at them in Gleantap:',
      command: next,
    });
  return steps;
}

function peopleText(people: NonNullable<CheckStats['people']>): string {
  return `Compared with earlier imports: ${plural(people.new, 'new person', 'new people')}, ${count(people.changed)} changed, ${count(people.unchanged)} unchanged, ${count(people.vanished)} not in this file.`;
}

function defaultsText({ defaultNames }: CheckStats): string[] {
  return defaultNames === 0
    ? []
    : [`In ${plural(defaultNames, 'row')} a default would overwrite the name stored in Gleantap.`];
}

const shownWords = 15;

function wordTable(
  { name, kind, words, moreWords }: FieldSamples,
  { file: { mapping } }: CheckedFile,
  showsValues: boolean,
): WordTable[] {
  const field = listFields(mapping).find((each) => each.name === name);
  if (words.length === 0 || field === undefined) return [];
  const { values, yes, no } = field.settings;
  const listed = new Set(
    [...Object.keys(values ?? {}), ...(Array.isArray(yes) ? yes : []), ...(no ?? [])].map((word) =>
      word.trim().toLowerCase(),
    ),
  );
  const shown = (word: string, rows: number): string =>
    showsValues || listed.has(word.toLowerCase())
      ? word
      : showValue({ value: word, rows, field: name, kind, code: 'word_not_listed' });
  return [
    {
      field: name,
      column: columnsOf(field)
        .map((column) => `"${column.name}"`)
        .join(', else '),
      words: words.slice(0, shownWords).map(({ word, rows, becomes, fails }) => ({
        word: word === '' ? '(empty)' : shown(word, rows),
        rows,
        becomes: meaningOf(name, becomes) ?? (fails ? "the row can't be imported" : 'nothing is sent'),
      })),
      more: moreWords || words.length > shownWords,
    },
  ];
}

/** Consent in plain words. */
const meanings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  optin_sms: { true: 'agreed to text messages', false: 'did not agree to text messages' },
  optout_email: { true: 'opted out of email', false: 'gets email again' },
};

function meaningOf(field: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : (meanings[field]?.[value] ?? value);
}

/** Columns that no field and no tag reads. */
function unsentColumns({ file: { mapping } }: CheckedFile, header: readonly string[]): string[] {
  const find = createColumnFinder(header);
  const names = [
    ...listFields(mapping).flatMap((field) => columnsOf(field).map(({ name }) => name)),
    ...listTagSources(mapping).flatMap(({ column }) => column ?? []),
  ];
  const read = new Set<number>();
  for (const name of names) {
    const lookup = find(name);
    if (lookup.kind === 'found') read.add(lookup.index);
  }
  return header.filter((name, index) => name !== '' && !read.has(index));
}
