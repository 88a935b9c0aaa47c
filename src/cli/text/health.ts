import type { ShownRow } from '../../run/check.ts';
import type { CheckFacts } from '../../run/check-facts.ts';
import { consentLines, countLines, tagLines } from './plan.ts';
import { safeJson } from './safe.ts';
import { count, table } from './words.ts';

/** The health of a file's data as `check` prints it: everything that was found, with rows to look at and what to do. */
export function healthLines(facts: CheckFacts, shown: readonly ShownRow[]): string[] {
  const changes = [...tagLines(facts), ...consentLines(facts)];
  return [
    ...countLines(facts, true),
    ...fieldLines(facts),
    ...(changes.length === 0 ? [] : ['', ...changes]),
    ...shown.flatMap(({ row, requests }) => [
      '',
      `  Row ${row} would be sent as${requests.length > 1 ? ` ${requests.length} requests` : ''}:`,
      ...requests.flatMap((request) => safeJson(request).split('\n')),
    ]),
  ];
}

function fieldLines({ filled, toSend }: CheckFacts): string[] {
  const fields = Object.entries(filled);
  if (toSend === 0 || fields.length === 0) return [];
  const percent = (rows: number): string => {
    const share = (100 * rows) / toSend;
    return `${share > 99 && share < 100 ? share.toFixed(1) : Math.round(share)} %`;
  };
  const lines = fields.map(([name, rows]) => [`  ${name}`, count(rows).padStart(7), percent(rows).padStart(6)]);
  return ['', '  How full each field is:', ...table(lines)];
}
