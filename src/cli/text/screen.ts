import { randomUUID } from 'node:crypto';
import { styleText } from 'node:util';

/** What a text means. Color only repeats it: the words say the same. */
export type Style = 'ok' | 'warning' | 'failed' | 'dim' | 'strong';

/** Where text is shown. */
export interface Screen {
  /** Columns. */
  readonly width: number;
  /** Columns for sentences. Outside a terminal they are not wrapped, so that a program or `grep` finds them whole. */
  readonly sentenceWidth: number;
  /** Colors a text where the screen has colors. The text gets marks, which `colored` turns into colors on its way out. */
  paint(style: Style, text: string): string;
}

const formats = { ok: 'green', warning: 'yellow', failed: 'red', dim: 'dim', strong: 'bold' } as const;

/** A file or a pipe is as wide as a page. */
const pageWidth = 100;

/** Begins and ends painted text. No file or server can know it, so none can color its text. */
const mark = randomUUID();
const painted = new RegExp(`${mark}<(\\w+)>(.*?)${mark}`, 'gs');

/** A terminal, file or pipe as a screen. NO_COLOR, FORCE_COLOR and TERM=dumb are respected (https://no-color.org). */
export function screenOf(
  stream: NodeJS.WriteStream,
  environment: Readonly<Record<string, string | undefined>>,
): Screen {
  const hasColors = stream.isTTY
    ? stream.hasColors({ ...environment })
    : !['', '0', 'false'].includes(environment['FORCE_COLOR'] ?? '') && (environment['NO_COLOR'] ?? '') === '';
  // What the jobs of a batch write to a terminal has columns too.
  const columns = stream.columns || (stream.isTTY ? 80 : undefined);
  return {
    width: columns ?? pageWidth,
    sentenceWidth: columns ?? Infinity,
    paint: (style, text) => (hasColors && text !== '' ? `${mark}<${style}>${text}${mark}` : text),
  };
}

/** A text whose content was made visible, with the colors that `paint` asked for. */
export function colored(text: string): string {
  return text.replaceAll(painted, (_, style: Style, inner: string) =>
    styleText(formats[style], inner, { validateStream: false }),
  );
}

/** A screen without colors, for text that is not printed at once. */
export const plainScreen: Screen = { width: pageWidth, sentenceWidth: Infinity, paint: (_, text) => text };
