/** Shows how a cell is written without saying it: the first letter or digit of each group stays, the rest become stars. */
export function maskValue(text: string): string {
  return text
    .slice(0, 40)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(
      /([\p{L}\p{N}])([\p{L}\p{M}\p{N}]+)/gu,
      (_, first: string, rest: string) => first + '*'.repeat(rest.length),
    );
}
