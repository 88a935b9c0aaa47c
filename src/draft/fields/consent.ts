import { list } from '../confirm.ts';
import type { Drafting } from '../drafting.ts';
import { remark } from '../drafting.ts';
import type { JsonValue } from '../question.ts';
import type { Claim } from '../sheet.ts';
import { asksForState } from '../words/consent-headers.ts';
import { answerOfWord, consentOfWord } from '../words/word-lists.ts';

type Field = 'optin_sms' | 'optout_email';

/** Consent, by words that are listed alone: a blank says nothing, and a header that says the opposite is asked about. */
export function draftConsent(drafting: Drafting): void {
  const { sheet } = drafting;
  const take = (field: Field, meanings: readonly ['sms_in' | 'email_out', 'sms_out' | 'email_in']): void => {
    const claims = meanings.flatMap((meaning) =>
      sheet.claims(meaning).map((claim) => ({ claim, isOpposite: meaning === meanings[1] })),
    );
    claims.forEach(({ claim, isOpposite }, index) => {
      if (index === 0) draftField(drafting, field, claim, isOpposite);
      else sheet.leaveOut(claim.column, `"${claims[0]?.claim.column.address}" is taken for ${field}`);
    });
  };
  take('optin_sms', ['sms_in', 'sms_out']);
  take('optout_email', ['email_out', 'email_in']);
}

function draftField(drafting: Drafting, field: Field, claim: Claim, asksForOpposite: boolean): void {
  const { sheet, fields, questions } = drafting;
  const { address, header, evidence } = claim.column;
  const isState = asksForState(header);
  const isOpposite = asksForOpposite && !isState;
  const yes: string[] = [];
  const no: string[] = [];
  const unknown: string[] = [];
  for (const { text } of evidence.words) {
    // "Unsubscribed" says the same whatever its column is called; "Yes" answers what the header asks.
    const optedIn = consentOfWord(text) ?? (isState ? undefined : optedInBy(answerOfWord(text), field, isOpposite));
    if (optedIn === undefined) unknown.push(text);
    else (optedIn === (field === 'optin_sms') ? yes : no).push(text);
  }
  if (yes.length + no.length === 0) {
    sheet.leaveOut(claim.column, `${list(unknown)} does not say what is agreed to`);
    return;
  }
  const words = { ...(yes.length > 0 ? { yes } : {}), ...(no.length > 0 ? { no } : {}) };
  const settings: Record<string, JsonValue> = { column: address, ...words, ...(isOpposite ? { confirmed: '?' } : {}) };
  fields[field] = settings;
  const rowsOf = (texts: readonly string[]): number =>
    evidence.words.filter(({ text }) => texts.includes(text)).reduce((sum, { count }) => sum + count, 0);
  const sentences =
    field === 'optin_sms'
      ? [
          ...(yes.length > 0 ? [`${list(yes)} (${rowsOf(yes)} rows) opts in to text messages.`] : []),
          ...(no.length > 0 ? [`${list(no)} (${rowsOf(no)} rows) takes that consent away.`] : []),
        ]
      : [
          ...(yes.length > 0 ? [`${list(yes)} (${rowsOf(yes)} rows) opts out of emails.`] : []),
          ...(no.length > 0 ? [`${list(no)} (${rowsOf(no)} rows) changes nothing: an opt-out is never lifted.`] : []),
        ];
  const left = [
    ...(evidence.blank > 0 ? [`${evidence.blank} blank cells`] : []),
    ...(unknown.length > 0 ? [list(unknown, 8)] : []),
  ];
  if (left.length > 0)
    sentences.push(
      `${left.join(' and ')} ${left.length === 1 && evidence.blank === 0 && unknown.length === 1 ? 'says' : 'say'} nothing about consent, and nothing is sent.`,
    );
  for (const sentence of sentences) remark(drafting, ['fields', field], sentence);
  drafting.notes.push(...sentences.map((sentence) => `${field} from "${address}": ${sentence}`));
  if (!isOpposite) {
    sheet.take(claim, [field], sentences[0]);
    return;
  }
  sheet.ask(claim.column, [field], `its header says the opposite of ${field}`);
  questions.push({
    id: `consent:${field}`,
    paths: [['fields', field, 'confirmed']],
    question: `The header "${address}" says the opposite of ${field}. Is it right that ${sentences[0]?.replace(/\.$/, '')}?`,
    because: sentences,
    answers: [
      {
        answer: 'yes',
        consequence: 'as said above',
        edits: [{ path: ['fields', field, 'confirmed'], value: true }],
      },
      {
        answer: 'the other way round',
        consequence: 'yes and no change places',
        edits: [
          {
            path: ['fields', field],
            value: {
              column: address,
              ...(no.length > 0 ? { yes: no } : {}),
              ...(yes.length > 0 ? { no: yes } : {}),
              confirmed: true,
            },
          },
        ],
      },
      { answer: 'leave it out', consequence: `${field} is not sent`, edits: [{ path: ['fields', field] }] },
    ],
  });
}

/** Whether somebody is opted in who gave this answer under such a header. */
function optedInBy(answer: boolean | undefined, field: Field, isOpposite: boolean): boolean | undefined {
  if (answer === undefined) return undefined;
  const asksForOptIn = (field === 'optin_sms') !== isOpposite;
  return answer === asksForOptIn;
}
