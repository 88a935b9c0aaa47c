/** Figures as people read them, the same in every output. */

/** `8,000` */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 row`, `8,000 rows` */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Rounds to a number of decimals. */
export function rounded(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}
