import { z } from 'zod';
import { isLoopback } from './loopback.ts';

/** The kinds of values that options take. What is typed is always a text. */

export const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .transform((value) => value === true || value === 'true' || value === '1');
export const number = z
  .union([
    z.number(),
    z
      .string()
      .trim()
      .regex(/^-?\d+(\.\d+)?$/, 'must be a number'),
  ])
  .transform(Number);
export const count = number.pipe(z.int().min(1));
export const list = z.union([z.array(z.string()), z.string()]).transform((value) =>
  [value]
    .flat()
    .flatMap((text) => text.split(','))
    .map((tag) => tag.trim())
    .filter((tag) => tag !== ''),
);

/** `10m`, `30s`, `2h`, `500ms`, or seconds; in milliseconds. */
export const duration = z
  .union([z.number(), z.string()])
  .transform((value) => String(value).trim())
  .pipe(z.string().regex(/^\d+(\.\d+)?(ms|s|m|h)?$/, 'must be a duration, for example 30s, 10m or 2h'))
  .transform(
    (text) =>
      Number.parseFloat(text) *
      { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[
        (/[a-z]+$/.exec(text)?.[0] as 'ms' | 's' | 'm' | 'h' | undefined) ?? 's'
      ],
  );

/** A local clock time like `05:30`, or a duration from the start, in milliseconds. */
export const clockOrDuration = z.union([
  z
    .string()
    .trim()
    .regex(/^([01]?\d|2[0-3]):[0-5]\d$/)
    .transform((clock) => ({ clock })),
  duration.transform((after) => ({ after })),
]);
export type ClockOrDuration = z.output<typeof clockOrDuration>;

/** Rows that can be kept back because of what the account has. */
export const holds = ['second-person', 'new', 'two-candidates'] as const;
export type Hold = (typeof holds)[number];

/** A number of rows, or a share of them. */
export const shareOption = z
  .union([z.number(), z.string()])
  .transform((value) => String(value).trim())
  .pipe(z.string().regex(/^\d+(\.\d+)?\s*%?$/, 'must be a number of rows or a percentage, for example 10%'))
  .transform((text) => (text.endsWith('%') ? { percent: Number.parseFloat(text) } : { rows: Number(text) }));
export type Share = z.output<typeof shareOption>;

/** Whether `bad` of `all` rows exceed the share. A percentage always allows 20 rows. */
export function exceeds(share: Share, bad: number, all: number): boolean {
  if ('rows' in share && share.rows !== undefined) return bad > share.rows;
  return bad > 20 && bad > (all * share.percent) / 100;
}

/** `2-500,812` as ranges of row numbers, both ends included. */
export const rows = z
  .string()
  .regex(/^\s*\d+(\s*-\s*\d+)?(\s*,\s*\d+(\s*-\s*\d+)?)*\s*$/, 'must be row numbers, for example 2-500,812')
  .transform((text) =>
    text.split(',').map((part): [number, number] => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return [first, last];
    }),
  )
  .refine(
    (ranges) => ranges.every(([first, last]) => first >= 1 && first <= last),
    'must be row numbers, for example 2-500,812',
  );

/** Where a URL with `{status}` in it leads after that exit code. */
export function notifyUrlFor(url: string, exitCode: number): string {
  return url.replaceAll('{status}', String(exitCode));
}

export const notifyUrl = z
  .string()
  .trim()
  .refine((text) => {
    const url = notifyUrlFor(text, 0);
    if (!URL.canParse(url)) return false;
    const { protocol, origin } = new URL(url);
    return protocol === 'https:' || (protocol === 'http:' && isLoopback(origin));
  }, 'must be an https URL. http is allowed only for this machine (127.0.0.1, localhost)');
