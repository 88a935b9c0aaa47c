import { consentOfHeader } from '../../core/mapping/consent-words.ts';
import type { ConsentHeader, ConsentState } from '../../core/mapping/consent-words.ts';
import type { NamedColumn } from '../column.ts';
import { list } from '../confirm.ts';
import { remark } from '../drafting.ts';
import type { Drafting } from '../drafting.ts';
import type { Answer, JsonValue } from '../question.ts';
import { plainStateOf } from '../words/word-lists.ts';
import { mostAskedWords, plural, readingOf, sentencesOf, settingsOf, sourceOf } from './consent-sources.ts';
import type { Field, Reading, Source } from './consent-sources.ts';
import type { Product } from '../words/products.ts';

/**
 * Consent, from every column that is about it. A field is settled only where one column asks for it in its own direction. What
 * a header only suggests, several columns, columns whose yes is the field's no, and days of unsubscribing are asked about.
 */
export function draftConsent(drafting: Drafting, fileName: string, product: Product | undefined): void {
  const { sheet } = drafting;
  const sources = sheet.free.flatMap((column) => sourceOf(column) ?? []);
  const isOf = (channel: 'email' | 'sms') => (source: Source) => source.header[channel];
  const isGeneral = ({ header }: Source): boolean => !header.email && !header.sms && !header.other;
  const sms = sources.filter((source) => isOf('sms')(source) && !isUseless(source, 'optin_sms'));
  const email = sources.filter(
    (source) =>
      (isOf('email')(source) || (isGeneral(source) && !isOf('sms')(source))) && !isUseless(source, 'optout_email'),
  );
  const general = email.filter(isGeneral);
  draftField(drafting, 'optin_sms', sms, []);
  draftField(drafting, 'optout_email', email, sms.length === 0 ? general : []);
  // Gleantap has no consent for calls and post, but who refuses those may refuse email too.
  const foreign = sources.filter(({ header }) => header.other && !header.email && !header.sms);
  if (foreign.length > 0 && drafting.fields['optout_email'] === undefined) askFor(drafting, 'optout_email', foreign);
  for (const { column, header } of sources) {
    if (sheet.columns[column.index]?.verdict !== undefined) continue;
    const isForeign = header.other && !header.email && !header.sms;
    sheet.leaveOut(
      column,
      isForeign
        ? 'Gleantap has no consent for calls and mail, but it could be sent as a custom attribute'
        : header.detail === undefined
          ? 'it does not say who wants messages'
          : 'it says when or how people agreed, and Gleantap has no field for that',
    );
  }
  if (drafting.fields['optout_email'] === undefined && product?.slug === undefined) askByFileName(drafting, fileName);
}

/** A day or a circumstance of agreeing refuses nothing. That a person opted in does not lift an opt-out. */
function isUseless({ header, cells }: Source, field: Field): boolean {
  if (header.detail === 'circumstance' && header.polarity === 'in') return true;
  return field === 'optout_email' && header.polarity === 'in' && (cells === 'days' || header.detail !== undefined);
}

function draftField(drafting: Drafting, field: Field, all: readonly Source[], alsoForTexts: readonly Source[]): void {
  const { sheet } = drafting;
  const sources = all.filter((source) => !isDetail(source, all)).toSorted((a, b) => order(field, a) - order(field, b));
  const [best] = sources;
  if (best === undefined) return;
  for (const source of all) {
    if (!sources.includes(source)) sheet.leaveOut(source.column, `it is a detail of "${best.column.address}"`);
  }
  const { column, header, cells } = best;
  const reading = readingOf(field, best);
  const isState = header.kind === 'state';
  const isUnderstood = cells === 'words' && reading.yes.length + reading.no.length > 0;
  const isOwn = header.polarity === (field === 'optin_sms' ? 'in' : 'out');
  if (sources.length > 1 || !isUnderstood || (isOwn && header.kind === 'topic')) askFor(drafting, field, sources);
  else if (isState || isOwn) settle(drafting, field, column, reading);
  else askToConfirm(drafting, field, column, reading, alsoForTexts.includes(best));
}

/** Whether another column says more about the same decision: `UNSUB_REASON` next to `UNSUB_TIME`, "Opt-In Date" next to "Opt-In". */
function isDetail({ header }: Source, all: readonly Source[]): boolean {
  if (header.detail === undefined) return false;
  return all.some(
    ({ header: other, cells }) =>
      other.polarity === header.polarity &&
      ((header.detail === 'circumstance' && other.detail !== 'circumstance') ||
        (other.detail === undefined && cells === 'words' && other.email === header.email && other.sms === header.sms)),
  );
}

/** Plain answers in the field's own direction first, details last. */
function order(field: Field, { header, cells }: Source): number {
  const own = field === 'optin_sms' ? 'in' : 'out';
  const channel = field === 'optin_sms' ? header.sms : header.email;
  return (
    (cells === 'words' ? 0 : 8) +
    (header.detail === undefined ? 0 : 16) +
    (header.kind === 'plain' ? 0 : 4) +
    (header.polarity === own ? 0 : 2) +
    (channel ? 0 : 1)
  );
}

function tell(drafting: Drafting, field: Field, column: NamedColumn, sentences: readonly string[]): void {
  for (const sentence of sentences) remark(drafting, ['fields', field], sentence);
  drafting.notes.push(...sentences.map((sentence) => `${field} from "${column.address}": ${sentence}`));
}

function settle(drafting: Drafting, field: Field, column: NamedColumn, reading: Reading): void {
  const sentences = sentencesOf(field, column, reading);
  drafting.fields[field] = settingsOf(column, reading);
  tell(drafting, field, column, sentences);
  drafting.sheet.share(column, field, 'sure', sentences[0] ?? '');
}

/** The header asks for the opposite of the field, as "Newsletter" does of `optout_email`. */
function askToConfirm(
  drafting: Drafting,
  field: Field,
  column: NamedColumn,
  reading: Reading,
  isAlsoForTexts: boolean,
): void {
  const { sheet, fields, questions } = drafting;
  const sentences = sentencesOf(field, column, reading);
  const confirmed = ['fields', field, 'confirmed'];
  fields[field] = { ...settingsOf(column, reading), confirmed: '?' };
  tell(drafting, field, column, sentences);
  sheet.share(column, field, 'asked', `its header says the opposite of ${field}`);
  const { yes, no } = reading;
  const turned = yes === '*' ? undefined : settingsOf(column, { yes: no, no: yes });
  const texts = readingOf('optin_sms', { column, header: { ...generalHeader, sms: true }, cells: 'words' });
  questions.push({
    id: `consent:${field}`,
    paths: [confirmed],
    question: `The header "${column.address}" says the opposite of ${field}. Is it right that ${sentences[0]?.replace(/\.$/, '')}?`,
    because: sentences,
    answers: [
      { answer: 'yes', consequence: 'it is sent that way', edits: [{ path: confirmed, value: true }] },
      ...(isAlsoForTexts && texts.yes.length > 0
        ? [
            {
              answer: 'yes, and it covers text messages too',
              consequence: `${list(texts.yes === '*' ? [] : texts.yes)} also opts in to text messages`,
              edits: [
                { path: confirmed, value: true },
                { path: ['fields', 'optin_sms'], value: settingsOf(column, texts) },
              ],
            },
          ]
        : []),
      { answer: 'leave it out', consequence: `${field} is not sent`, edits: [{ path: ['fields', field] }] },
      ...(turned === undefined || yes.length === 0
        ? []
        : [
            {
              answer: 'the other way round',
              consequence: 'yes and no change places',
              edits: [{ path: ['fields', field], value: { ...turned, confirmed: true } }],
            },
          ]),
    ],
  });
}

const generalHeader: ConsentHeader = {
  email: false,
  sms: false,
  other: false,
  polarity: 'in',
  kind: 'plain',
  detail: undefined,
};

/** One question for everything that could fill a field: each column taken at its word, then leaving it out. */
function askFor(drafting: Drafting, field: Field, sources: readonly Source[]): void {
  const { sheet, fields, questions } = drafting;
  const answers = sources.flatMap((source) => answersFrom(field, source));
  const columns = sources.map(({ column }) => column.address);
  fields[field] = '?';
  for (const { column } of sources) sheet.share(column, field, 'asked', `it may say who ${whatOf(field)}`);
  questions.push({
    id: `consent:${field}`,
    paths: [['fields', field]],
    question:
      columns.length === 1
        ? `Does "${columns[0]}" say who ${whatOf(field)}?`
        : `Which of the columns ${list(columns, 8)} says who ${whatOf(field)}?`,
    because: sources.map(({ column }) => `"${column.address}" holds ${heldBy(column)}`),
    answers: [
      ...answers,
      {
        answer: 'leave it out',
        consequence: `${field} is not sent, and these people are imported like everyone else`,
        edits: [{ path: ['fields', field] }],
      },
    ],
  });
}

function whatOf(field: Field): string {
  return field === 'optin_sms' ? 'agreed to text messages' : 'opted out of email';
}

function heldBy({ evidence }: NamedColumn): string {
  if (evidence.shareOf('dateLike') >= 0.5)
    return `${plural(evidence.filled, 'day')}, and ${plural(evidence.blank, 'blank cell')}`;
  const words = evidence.words.slice(0, 8).map(({ text, count }) => `"${text.slice(0, 40)}" (${count})`);
  return `${words.join(', ')}${evidence.words.length > 8 ? ' and others' : ''}, and ${plural(evidence.blank, 'blank cell')}`;
}

function answersFrom(field: Field, source: Source): Answer[] {
  const { column, header, cells } = source;
  const path = ['fields', field];
  const own = field === 'optin_sms' ? 'in' : 'out';
  const toConfirm = header.polarity === own || header.kind === 'state' ? {} : { confirmed: true };
  const reading = readingOf(field, source);
  const { yes, no, others } = reading;
  // Who gets no more email may include those whose address bounced.
  const bounced = field === 'optout_email' ? others.filter((word) => plainStateOf(word) === 'undeliverable') : [];
  const withBounced = yes === '*' || bounced.length === 0 ? [] : [{ ...reading, yes: [...yes, ...bounced] }];
  if (cells === 'unknown' || header.kind === 'state') {
    const words = column.evidence.words.slice(0, mostAskedWords).map(({ text }) => text);
    const known = [...withBounced, ...(yes.length + no.length > 0 ? [reading] : [])];
    return [
      ...known.map((one) => answerFor(field, column, { ...one, others: [] }, toConfirm)),
      ...words
        // In a mapping "?" is an open question, so it can't be a word.
        .filter((word) => word !== '?' && (yes === '*' || (!yes.includes(word) && !no.includes(word))))
        .map((word): Answer => ({
          answer: `"${word}" in "${column.address}"`,
          consequence: `people with this word ${whatOf(field)}`,
          edits: [{ path, value: { column: column.address, yes: [word], confirmed: true } }],
        })),
    ];
  }
  if (yes.length + no.length === 0) return [];
  return [...withBounced, reading].map((one) => answerFor(field, column, one, toConfirm));
}

function answerFor(field: Field, column: NamedColumn, reading: Reading, more: Record<string, JsonValue>): Answer {
  return {
    answer: reading.yes === '*' ? `everyone with a value in "${column.address}"` : `"${column.address}"`,
    consequence: sentencesOf(field, column, reading).join(' ').replace(/\.$/, ''),
    edits: [{ path: ['fields', field], value: { ...settingsOf(column, reading), ...more } }],
  };
}

/** A status column that says who unsubscribed or bounced, as mailing programs write it. */
export function askAboutEmailState({ fields, questions }: Drafting, column: NamedColumn): void {
  if (fields['optout_email'] !== undefined) return;
  const wordsOf = (state: ConsentState): string[] =>
    column.evidence.words.filter(({ text }) => plainStateOf(text) === state).map(({ text }) => text);
  const [out, bounced] = [wordsOf('out'), wordsOf('undeliverable')];
  if (out.length + bounced.length === 0) return;
  const no = wordsOf('in');
  const sets = [[...out, ...bounced], ...(out.length > 0 && bounced.length > 0 ? [out] : [])];
  fields['optout_email'] = '?';
  questions.push({
    id: 'consent:optout_email',
    paths: [['fields', 'optout_email']],
    question: `Which words of "${column.address}" mean that a person gets no more email?`,
    because: [`it holds ${heldBy(column)}`],
    answers: [
      ...sets
        .map((yes) => answerFor('optout_email', column, { yes, no, others: [] }, {}))
        .map((answer, index) => ({
          ...answer,
          answer: list(sets[index] ?? [], 8),
        })),
      {
        answer: 'none',
        consequence: 'optout_email is not sent, and these people are imported like everyone else',
        edits: [{ path: ['fields', 'optout_email'] }],
      },
    ],
  });
}

/** A file named after people who opted out, like Mailchimp's `unsubscribed_members_export.csv`, without a column for it. */
function askByFileName({ fields, questions }: Drafting, fileName: string): void {
  const base = fileName.replace(/^.*[\\/]/, '');
  const words = base.split(/[^\p{L}]+/u).filter((word) => word.length > 4);
  const isOut =
    words.some((word) => ['out', 'undeliverable'].includes(plainStateOf(word) ?? '')) ||
    consentOfHeader(base.replace(/\.\w+$/, ''))?.polarity === 'out';
  if (!isOut) return;
  fields['optout_email'] = '?';
  questions.push({
    id: 'consent:optout_email',
    paths: [['fields', 'optout_email']],
    question: 'Is this a list of people who opted out of email?',
    because: [`the file is called "${base}"`],
    answers: [
      {
        answer: 'yes',
        consequence: 'every row opts out of email',
        edits: [{ path: ['fields', 'optout_email'], value: { value: true } }],
      },
      {
        answer: 'no',
        consequence: 'they are imported like everyone else',
        edits: [{ path: ['fields', 'optout_email'] }],
      },
    ],
  });
}
