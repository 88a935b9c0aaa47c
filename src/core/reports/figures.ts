/** Figures as people read them, the same in every output. */

/** `8,000` */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 row`, `8,000 rows` */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Rows that belong to fewer people. */
export interface Sharing {
  readonly people: number;
  readonly rows: number;
  /** Rows that are skipped because another row of their person is sent. Absent where an earlier version counted: none. */
  readonly leftOut?: number | undefined;
}

export function sharingText({ people, rows, leftOut = 0 }: Sharing): string {
  const how =
    leftOut === 0
      ? 'Later rows overwrite earlier ones.'
      : `${plural(leftOut, 'row')} of them ${leftOut === 1 ? 'is' : 'are'} left out.`;
  return `${plural(rows, 'row')} belong to ${plural(people, 'person', 'people')}. ${how}`;
}

/** Rounds to a number of decimals. */
export function rounded(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}

/** `27 Nov 2026, 09:15 UTC` */
export function timeText(iso: string): string {
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const [, year = '', month = '', day = '', time = ''] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(iso) ?? [];
  return `${Number(day)} ${months[Number(month) - 1] ?? ''} ${year}, ${time} UTC`;
}
