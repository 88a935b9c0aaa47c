/** The longest server text that is kept, in characters. */
const longestReason = 500;
/** A cell may be as long as a record; no regular expression is. */
const longestPattern = 1000;

/**
 * Server text made fit for logs, ledger and reports: flat, without control characters, at most 500 characters, and with the
 * values of this row masked, since servers like to quote what they refuse. Case doesn't matter, nor how a phone number or a
 * date is punctuated.
 */
export function maskReason(reason: string, values: Iterable<unknown>): string {
  let text = flat(reason);
  const sent = [...values].filter((value) => typeof value === 'string').map(flat);
  for (const value of sent.filter(({ length }) => length >= 3).sort((a, b) => b.length - a.length))
    text = text.replaceAll(value.length > longestPattern ? value : patternOf(value), '***');
  return text.slice(0, longestReason).trim();
}

function flat(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

/** A server may return a number without country code and in its own layout, so the last digits are compared. */
const longestNational = 10;
const fewestDigits = 7;
const between = String.raw`[^\p{L}\p{N}]{0,2}`;

function patternOf(value: string): RegExp {
  const digits = value.replaceAll(/\D/g, '');
  if (digits.length >= fewestDigits && /^[\d\s()+./:-]+$/.test(value))
    return new RegExp(`(?:\\+?\\d{1,3}[ .-]?)?\\(?${digits.slice(-longestNational).split('').join(between)}`, 'gu');
  return new RegExp(value.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`), 'giu');
}
