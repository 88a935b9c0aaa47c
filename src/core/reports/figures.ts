/** Figures as people read them, the same in every output. */

/** `8,000` */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 row`, `8,000 rows` */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Says how rows that belong to fewer people are sent. */
export function sharingText({
  people,
  rows,
  sent = rows,
}: {
  people: number;
  rows: number;
  sent?: number | undefined;
}): string {
  const how =
    sent === rows
      ? 'Later rows overwrite earlier ones.'
      : `${plural(sent, 'row')} of them ${sent === 1 ? 'is' : 'are'} sent.`;
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
