import { figuresText, nightOf } from '../../report/night.ts';
import type { LocationState, Night, OpenLocation } from '../../report/night.ts';
import type { BatchSummary } from '../../report/summary.ts';
import type { Screen, Style } from './screen.ts';
import { simulatorBanner, table, wrap } from './words.ts';

const styles: Record<LocationState, Style> = {
  failed: 'failed',
  held: 'warning',
  'run again': 'warning',
  'rows failed': 'warning',
  fine: 'ok',
};

/** How a batch ended: what needs something with what to do, the worst first, then the others in one line each. */
export function nightLines({ open, fine, lead }: Night, screen: Screen): string[] {
  const others = fine.map(({ name, state, figures, why }) => [
    name,
    state,
    figures === undefined ? (why[0] ?? '') : figuresText(figures),
  ]);
  return [...openLines(open, screen), ...(others.length === 0 ? [] : ['', ...table(others, screen)]), '', `  ${lead}`];
}

/** With --quiet: only what needs something, and nothing at all on a good night. A simulator is never silent. */
export function quietNightLines(summary: BatchSummary, screen: Screen): string | undefined {
  const { open, next } = nightOf(summary);
  const lines = [
    ...openLines(open, screen).slice(1),
    ...(next === undefined ? [] : ['', `  Next: ${next}`]),
    ...(summary.simulator ? ['', simulatorBanner] : []),
  ];
  return lines.length === 0 ? undefined : lines.join('\n');
}

function openLines(open: readonly OpenLocation[], screen: Screen): string[] {
  return open.flatMap(({ name, state, why, hint, figures, step }) => [
    '',
    `  ${name}: ${screen.paint(styles[state], state)}`,
    ...(figures === undefined ? [] : [`    ${screen.paint('dim', figuresText(figures))}`]),
    ...[...why, ...(hint === undefined ? [] : [hint])].flatMap((line) => wrap(`    ${line}`, screen.width)),
    ...(step === undefined ? [] : [`    ${step.when}: ${step.command}`]),
  ]);
}
