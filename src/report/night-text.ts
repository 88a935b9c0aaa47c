import { count } from '../core/reports/figures.ts';
import { visible } from '../core/reports/visible.ts';
import { figuresText } from './night.ts';
import type { Location, Night, OpenLocation } from './night.ts';

/**
 * `night.md`: for a mail, a chat or an issue. It reads as plain text, and uses only what Slack and GitHub show alike: lists, one
 * star for emphasis, and backticks. Its first line is a subject.
 */
export function nightText(night: Night): string {
  const { headline, lead, meta, open, fine, next, simulator } = night;
  const paragraphs = [
    headline,
    ...(simulator ? ['SIMULATOR: NOTHING REACHED GLEANTAP'] : []),
    [lead, `${meta.join(', ')}.`].join(' '),
    ...open.map(openText),
    ...(fine.length === 0 ? [] : [`Fine: ${fine.map(fineText).join(', ')}`]),
    ...(next === undefined ? [] : [`When all of this is done:\n${code(next)}`]),
    'More in night.html, next to this file.',
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

/** A location as lines of a list. Two blanks at the end of a line keep it a line of its own. */
function openText({ name, state, why, hint, step, figures }: OpenLocation): string {
  const [first = '', ...more] = why.map(inertText);
  const counted = figures === undefined ? '' : ` (${figuresText(figures)})`;
  const lines = [
    `- *${inertText(name)}* ${state}${counted}: ${first}`,
    ...more.map((line) => line.trim()),
    ...(hint === undefined ? [] : [inertText(hint)]),
    ...(step === undefined ? [] : [`${step.when}: ${code(step.command)}`]),
  ];
  return lines.join('  \n  ');
}

function fineText({ name, figures }: Location): string {
  return `${inertText(name)}${figures === undefined ? '' : ` (${count(figures.sent)} sent)`}`;
}

/**
 * Escapes what Markdown, HTML or Slack would read as markup or as a mention. Other text stays as it is, and so do
 * the stars after a word, which mask the rest of it.
 */
function inertText(text: string): string {
  return visible(text.replaceAll(/\s+/g, ' '))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/(?<![\w.])@(?=\w)/g, '&#64;')
    .replaceAll(/[[\]`~|]|(?<!\w)_|_(?!\w)|(?<![\p{L}\p{N}*])\*/gu, (character) => `\\${character}`);
}

/** A command in backticks, more of them than it has. */
function code(command: string): string {
  const shown = visible(command.replaceAll('\n', ' '));
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}
