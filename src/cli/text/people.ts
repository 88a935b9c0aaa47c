import type { PeopleSummary } from '../../report/summary.ts';
import { count } from './words.ts';

/** The people of this file compared with those whom the feed remembers, in one line. Nothing on a feed's first run. */
export function peopleLine(people: PeopleSummary): string | undefined {
  const { emptied, held, vanished, unsettled } = people;
  if (people.unchanged + people.changed + unsettled + held + vanished === 0) return undefined;
  const parts = (['new', 'changed', 'unchanged'] as const).map((kind) => `${count(people[kind])} ${kind}`);
  if (unsettled > 0) parts.push(`${count(unsettled)} not successful last time`);
  const more: string[] = [];
  if (emptied > 0) more.push(`${count(emptied)} with a cell that is now empty (this does not clear the field)`);
  if (held > 0) more.push(`${count(held)} held for a new first name`);
  if (vanished > 0) more.push(`${count(vanished)} from earlier files missing in this one`);
  return `People: ${[...parts, ...more].join(', ')}.`;
}
