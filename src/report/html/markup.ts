import { visible } from '../../core/reports/visible.ts';

/** Text that is HTML already. Everything else that gets into a page is escaped on the way. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | undefined | readonly Part[];

/** Makes markup of a template. Strings among the values are made inert; lists are joined; undefined is nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  let text = strings[0] ?? '';
  values.forEach((value, index) => {
    text += partText(value) + (strings[index + 1] ?? '');
  });
  return new Markup(text);
}

function partText(value: Part): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(partText).join('');
  return inert(String(value));
}

/** Longer text says nothing more to a reader. */
const longest = 300;

/** A text from a file or a server as HTML that can do nothing: neither markup, nor terminal codes, nor a turned direction. */
export function inert(value: string): string {
  return inertWhole(value.length > longest ? `${value.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : value);
}

/** A command is of no use when it is cut. */
export function whole(value: string): Markup {
  return new Markup(inertWhole(value));
}

function inertWhole(value: string): string {
  return visible(value.replaceAll(/[\n\t]/g, ' ')).replaceAll(
    /[&<>"']/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}
