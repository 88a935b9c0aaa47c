import { plural } from '../../core/reports/figures.ts';
import { compileDateFormats } from '../../core/values/dates.ts';
import type { Drafting } from '../drafting.ts';
import { remark } from '../drafting.ts';
import type { DateVerdict } from '../evidence/date-evidence.ts';
import type { Claim, SheetColumn } from '../column.ts';
import { plainName } from '../words/header-words.ts';

/** Birthday and the day a person joined. The order of day and month is proven or asked, a column at a time. */
export function draftDates(drafting: Drafting): void {
  for (const field of ['dob', 'created_date'] as const) {
    const { sheet } = drafting;
    const [best, ...others] = sheet.claims(field).filter((claim) => !isOneOfSeveral(drafting, claim));
    for (const { column } of others) sheet.leaveOut(column, `"${best?.column.address}" is taken for ${field}`);
    if (best !== undefined) draftDate(drafting, field, best);
  }
}

/** The start of a membership tells when a person joined only where no person has two: Gleantap would keep that of the last row. */
function isOneOfSeveral({ sheet }: Drafting, { column }: Claim): boolean {
  if (!planStart.test(plainName(column.header))) return false;
  const idOf = (field: string): SheetColumn | undefined =>
    sheet.columns.find(({ verdict }) => verdict?.fields.includes(field) === true);
  const repeated = (idOf('user_id') ?? idOf('email'))?.key?.repeated ?? 0;
  if (repeated === 0) return false;
  sheet.leaveOut(column, `it is the start of a membership, and people have several (${repeated} are in several rows)`);
  return true;
}

const planStart = /^(?:membership|contract|plan)?(?:startdate|begindate|start)$|^vertragsbeginn$/;

function draftDate(drafting: Drafting, field: 'dob' | 'created_date', claim: Claim): void {
  const { sheet, fields, questions } = drafting;
  const { address, evidence } = claim.column;
  const verdict = evidence.dates.verdict;
  if (verdict === undefined) {
    const why = evidence.dates.withoutYear > 0 ? 'its dates have no year' : 'none of its cells is a date';
    sheet.leaveOut(claim.column, why);
    return;
  }
  // A person is sent without a date that can't be read, as without a bad email.
  const settings = { ...(verdict.serial ? { serial: true } : {}), onInvalid: 'drop' };
  if (verdict.serial)
    remark(
      drafting,
      ['fields', field],
      `${plural(evidence.dates.serials, 'cell')} with day numbers of Excel, like 32874; "serial" reads them.`,
    );
  if (verdict.kind === 'settled') {
    const format = formatSetting(verdict.formats);
    fields[field] = { column: address, ...(format === undefined ? {} : { format }), ...settings };
    if (evidence.dates.times.areMovedMidnights(evidence.filled)) askMidnights(drafting, field, claim);
    else sheet.take(claim, [field], verdict.proof);
    return;
  }
  fields[field] = { column: address, format: '?', ...settings };
  sheet.ask(claim.column, [field], verdict.because.join('; '));
  questions.push({
    id: `date-order:${field}`,
    paths: [['fields', field, 'format']],
    question: `In the column "${address}", does the day or the month come first?`,
    because: [...verdict.because, ...elsewhere(drafting, claim.column.index)],
    answers: [
      ...verdict.readings.map(({ order, formats, example }) => ({
        answer: order,
        consequence:
          verdict.kind === 'mixed' ? `${example}. A run stops at cells that can only be the other way` : example,
        edits: [{ path: ['fields', field, 'format'], value: formatSetting(formats) ?? 'YYYY-MM-DD' }],
      })),
      { answer: 'leave it out', consequence: `${field} is not sent`, edits: [{ path: ['fields', field] }] },
    ],
  });
}

/** Birthdays exported by a program in another time zone: 15 March in Paris is 1985-03-14T23:00:00Z. */
function askMidnights({ sheet, fields, questions }: Drafting, field: 'dob' | 'created_date', claim: Claim): void {
  const { address, evidence } = claim.column;
  const drafted = fields[field];
  if (typeof drafted !== 'object' || drafted === null || Array.isArray(drafted)) return;
  drafted['utcMidnights'] = '?';
  const text = evidence.words[0]?.text ?? '';
  const readings = [true, false].map((utcMidnights) => {
    const read = compileDateFormats([], { want: 'date', today: '9999-12-31', utcMidnights })(text);
    return read.kind === 'value' ? read.value : '';
  });
  const because = `all its times are ${evidence.dates.times.shown()}, as if midnights of another time zone were written in UTC`;
  sheet.ask(claim.column, [field], because);
  const path = ['fields', field, 'utcMidnights'];
  questions.push({
    id: `midnights:${field}`,
    paths: [path],
    question: `Did a time zone move the dates in the column "${address}" to the day before?`,
    because: [because],
    answers: [
      { answer: 'yes, use the next day', consequence: `"${text}" is ${readings[0]}`, edits: [{ path, value: true }] },
      { answer: 'no, keep the day', consequence: `"${text}" is ${readings[1]}`, edits: [{ path, value: false }] },
      { answer: 'leave it out', consequence: `${field} is not sent`, edits: [{ path: ['fields', field] }] },
    ],
  });
}

export function formatSetting(formats: readonly string[]): string | string[] | undefined {
  const [only] = formats;
  return formats.length <= 1 ? only : [...formats];
}

/** What other columns of the file show: a hint for the person who answers, not a proof. */
function elsewhere({ sheet }: Drafting, index: number): string[] {
  return sheet.columns.flatMap(({ header, index: other, evidence }) => {
    const verdict: DateVerdict | undefined = other === index ? undefined : evidence.dates.verdict;
    const isProof = verdict?.kind === 'settled' && /^(?:day|month) first/.test(verdict.proof);
    return isProof
      ? [`the column "${header}" of the same file is ${verdict.proof.slice(0, verdict.proof.indexOf(':'))}`]
      : [];
  });
}
