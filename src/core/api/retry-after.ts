/** What a Retry-After header asks for: to wait a time, or nothing that we can read. */
export type RetryAfter = { readonly kind: 'wait'; readonly ms: number } | { readonly kind: 'none' };

const none: RetryAfter = { kind: 'none' };
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/**
 * Reads Retry-After strictly (RFC 9110 section 10.2.3): whole seconds, or one of the three HTTP date forms. Signs, fractions,
 * exponents, lists and words don't count. A date in the past, and 0, are a wait of 0 ms; values that no number holds become Infinity.
 *
 * @param nowMs The server's own clock (its Date header) when it sent one, else ours.
 */
export function readRetryAfter(header: string | undefined, nowMs: number): RetryAfter {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return { kind: 'wait', ms: Number(text) * 1000 };
  const at = readHttpDate(text, nowMs);
  return at === undefined ? none : { kind: 'wait', ms: Math.max(0, at - nowMs) };
}

const imfFixdate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d{2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/;
const rfc850 = /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\d{2})-(\w{3})-(\d{2}) (\d{2}):(\d{2}):(\d{2}) GMT$/;
const asctime = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\w{3}) ([ \d]\d) (\d{2}):(\d{2}):(\d{2}) (\d{4})$/;

/** An HTTP date (RFC 9110 section 5.6.7) in milliseconds since the epoch. */
export function readHttpDate(text: string, nowMs: number): number | undefined {
  const fixed = imfFixdate.exec(text);
  if (fixed !== null) return utc(fixed[3], fixed[2], fixed[1], fixed[4], fixed[5], fixed[6]);
  const old = rfc850.exec(text);
  if (old !== null) {
    // RFC 9110: a two-digit year that seems more than 50 years ahead is of the century before.
    const century = Math.floor(new Date(nowMs).getUTCFullYear() / 100) * 100;
    const year = century + Number(old[3]);
    const thisYear = new Date(nowMs).getUTCFullYear();
    return utc(String(year > thisYear + 50 ? year - 100 : year), old[2], old[1], old[4], old[5], old[6]);
  }
  const c = asctime.exec(text);
  return c === null ? undefined : utc(c[6], c[1], c[2], c[3], c[4], c[5]);
}

function utc(year = '', month = '', day = '', hour = '', minute = '', second = ''): number | undefined {
  const index = months.indexOf(month);
  const at = Date.UTC(Number(year), index, Number(day), Number(hour), Number(minute), Number(second));
  // A leap second is second 60.
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60;
  const isDay = index >= 0 && new Date(Date.UTC(Number(year), index, Number(day))).getUTCDate() === Number(day);
  return isTime && isDay ? at : undefined;
}
