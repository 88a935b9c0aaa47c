import type { TagPlan } from '../../run/plan.ts';
import { count, plural } from './words.ts';

/** What a clean-up of tags would do, and what about it looks like a mistake, in words. */
export function tagPlanLines({ changes, knowsCurrent, twins, undoneBy, torn }: TagPlan): string[] {
  const lines = changes.map(({ tag, gain, lose, alreadyOn, alreadyOff, notSent }) => {
    const parts = [
      ...(gain > 0 ? [`${count(gain)} gain it${alreadyOn > 0 ? ` (${count(alreadyOn)} had it already)` : ''}`] : []),
      ...(lose > 0 ? [`${count(lose)} lose it${alreadyOff > 0 ? ` (${count(alreadyOff)} did not have it)` : ''}`] : []),
      ...(notSent > 0 ? [`${count(notSent)} not found or not sent`] : []),
    ];
    return `  Tag ${quoted(tag)}: ${parts.join(', ')}`;
  });
  const doubts = [
    ...twins.map((tags) => `Probably one tag in several spellings, which stay apart: ${tags.map(quoted).join(', ')}`),
    ...undoneBy.map(
      ({ feed, tag, action }) =>
        `The import "${feed}" of this ledger ${action === 'add' ? 'puts on' : 'takes off'} ${quoted(tag)}: it will do so again`,
    ),
    ...(torn > 0
      ? [`${plural(torn, 'person', 'people')} get a tag by one row and lose it by another: the later row wins`]
      : []),
  ];
  return [
    ...lines,
    ...(doubts.length > 0 ? ['', '  Look at this first:', ...doubts.map((doubt) => `    ${doubt}`)] : []),
    '',
    '  Names, and all else that Gleantap has stored, stay as they are; nobody is created.',
    knowsCurrent
      ? '  inverse.csv will undo exactly this, as far as the column of current tags is right.'
      : '  inverse.csv will undo this, but not know who had a tag before: a column "Current tags" in the list makes it exact.',
  ];
}

function quoted(tag: string): string {
  return JSON.stringify(tag);
}
