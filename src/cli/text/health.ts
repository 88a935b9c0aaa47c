import type { ShownRow } from '../../run/check.ts';
import type { CheckStats } from '../../run/model.ts';
import type { Screen } from './screen.ts';
import { consentLines, countLines, tagLines } from './plan.ts';
import { visible } from '../../core/reports/visible.ts';
import { count, plural, table, wrap } from './words.ts';

/** The data health report that `check` prints: every finding, with example rows and what to do. Payloads are not wrapped. */
export function healthLines(stats: CheckStats, shown: readonly ShownRow[], screen: Screen): string[] {
  const { optinYes, optoutNo } = stats.consent;
  const changes = [
    ...tagLines(stats),
    ...consentLines(stats),
    ...(optinYes + optoutNo === 0
      ? []
      : ['  Before sending, "run" reads who has opted out in Gleantap. These people stay opted out.']),
  ];
  return [
    ...countLines(stats, screen),
    ...fieldLines(stats, screen),
    ...(changes.length === 0 ? [] : ['', ...changes.flatMap((line) => wrap(visible(line), screen.width))]),
    ...shown.flatMap(({ row, requests }) => [
      '',
      `  Row ${row} would be sent as${requests.length > 1 ? ` ${plural(requests.length, 'request')}` : ''}:`,
      ...requests.flatMap((request) => visible(JSON.stringify(request, undefined, 2)).split('\n')),
    ]),
  ];
}

/** Numbers come first, so that they line up however long the names are. */
function fieldLines({ filled, toSend }: CheckStats, screen: Screen): string[] {
  const fields = Object.entries(filled);
  if (toSend === 0 || fields.length === 0) return [];
  const percent = (rows: number): string => {
    const share = (100 * rows) / toSend;
    // Never 100 % for "almost all", nor 0 % for "a few".
    if (share > 99 && share < 100) return `${(Math.floor(share * 10) / 10).toFixed(1)} %`;
    return share > 0 && share < 1 ? '<1 %' : `${Math.round(share)} %`;
  };
  const lines = fields.map(([name, rows]) => [`  ${count(rows).padStart(7)}`, percent(rows).padStart(6), name]);
  return ['', '  Rows to send that fill each field:', ...table(lines, screen)];
}
