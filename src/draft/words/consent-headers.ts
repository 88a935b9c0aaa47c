/** `unwanted`: nobody may write to them at all. */
export type ConsentMeaning = 'sms_in' | 'sms_out' | 'email_in' | 'email_out' | 'unwanted';

const saysOut =
  /un ?subscri|opt(?:ed)? ?out|do ?n[o']?t|\bno[ -]?(?:email|sms|text|contact|marketing)|suppress|abgemeldet|widerspruch|d[ée]sinscri|desuscri|afgemeld|dnc/;
const saysIn =
  /subscri|opt(?:ed)? ?in|consent|newsletter|marketing|permission|einwilligung|zustimmung|consentement|consentimiento|toestemming|consenso|mailing ?list|communications?|receives?|ok to (?:email|text|sms|call|contact)|allow/;
const saysSms = /\b(?:sms|text|texts|texting|mobile|messag\w*|whatsapp|handy)\b|sms/;
const saysCall = /\b(?:call|calls|phone|voice|postal|post|push)\b/;
/** Columns whose words have to say it themselves: Subscribed, Unsubscribed. */
const saysState = /^(?:e ?mail|sms|text) (?:status|preference)s?$/;
/** A day or a person is no consent, whatever stands beside it. */
const saysOther = /\b(?:date|datum|time|at|on|by|type|reason|source|ip|since|campaign|spend|budget|plan)\b/;

/** Which consent a header is about, and whether yes there means in or out; undefined for other headers. */
export function consentMeaning(header: string): ConsentMeaning | undefined {
  const name = consentName(header);
  const out = saysOut.test(name);
  if ((!out && !saysIn.test(name) && !saysState.test(name)) || saysOther.test(name)) return undefined;
  if (/\bok to|allow/.test(name) && saysCall.test(name) && !saysSms.test(name)) return undefined;
  if (saysSms.test(name)) return out ? 'sms_out' : 'sms_in';
  if (saysCall.test(name)) return undefined;
  if (/do ?not ?contact|\bdnc\b/.test(name)) return 'unwanted';
  return out ? 'email_out' : 'email_in';
}

/** Whether a header asks for neither yes nor no, as "Email Status": its words must say which it is. */
export function asksForState(header: string): boolean {
  return saysState.test(consentName(header));
}

function consentName(header: string): string {
  return header
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replaceAll(/[_\s/-]+/g, ' ')
    .trim();
}
