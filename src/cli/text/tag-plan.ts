import type { TagPlan } from '../../run/plan.ts';
import { count, plural } from './words.ts';

/** What a tag clean-up would do, and what about it looks like a mistake. */
export function tagPlanLines({ changes, knowsCurrent, twins, undoneBy, split }: TagPlan): string[] {
  const lines = changes.map(({ tag, gain, lose, alreadyOn, alreadyOff, notSent }) => {
    const parts = [
      ...(gain > 0 ? [`added to ${count(gain)}${alreadyOn > 0 ? ` (${count(alreadyOn)} already had it)` : ''}`] : []),
      ...(lose > 0
        ? [`removed from ${count(lose)}${alreadyOff > 0 ? ` (${count(alreadyOff)} did not have it)` : ''}`]
        : []),
      ...(notSent > 0 ? [`${count(notSent)} not found or not sent`] : []),
    ];
    return `  Tag ${quoted(tag)}: ${parts.join(', ')}`;
  });
  const doubts = [
    ...twins.map(
      (tags) => `These tags differ only in spelling and are treated as different tags: ${tags.map(quoted).join(', ')}`,
    ),
    ...undoneBy.map(
      ({ feed, tag, action }) =>
        `The recurring import "${feed}" ${action === 'add' ? 'adds' : 'removes'} ${quoted(tag)} and will do it again`,
    ),
    ...(split > 0
      ? [`${plural(split, 'person', 'people')} would gain a tag in one row and lose it in another. The later row wins`]
      : []),
  ];
  return [
    ...lines,
    ...(doubts.length > 0 ? ['', '  Check this first:', ...doubts.map((doubt) => `    ${doubt}`)] : []),
    '',
    '  Names and all other data in Gleantap stay unchanged. No contacts are created.',
    knowsCurrent
      ? '  inverse.csv will undo exactly this change, if the "Current tags" column is right.'
      : '  inverse.csv will undo this change, but does not know who had a tag before. For an exact undo, add a "Current tags" column to the list.',
  ];
}

function quoted(tag: string): string {
  return JSON.stringify(tag);
}
