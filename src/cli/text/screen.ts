import { styleText } from 'node:util';
import type { Io } from '../io.ts';

/** What a text means. Color only repeats it: the words say the same. */
export type Style = 'ok' | 'warning' | 'failed' | 'dim' | 'strong';

/** Where text is shown. */
export interface Screen {
  /** Columns. */
  readonly width: number;
  /** Colors a text where the screen has colors. */
  paint(style: Style, text: string): string;
}

const formats = { ok: 'green', warning: 'yellow', failed: 'red', dim: 'dim', strong: 'bold' } as const;

/** A file or a pipe is as wide as a page. */
const pageWidth = 100;

/** A terminal, file or pipe as a screen. NO_COLOR, FORCE_COLOR and TERM=dumb are respected (https://no-color.org). */
export function screenOf(stream: NodeJS.WriteStream, environment: Io['environment']): Screen {
  const hasColors = stream.isTTY
    ? stream.hasColors({ ...environment })
    : !['', '0', 'false'].includes(environment['FORCE_COLOR'] ?? '') && (environment['NO_COLOR'] ?? '') === '';
  return {
    width: stream.isTTY ? stream.columns || 80 : pageWidth,
    paint: (style, text) => (hasColors ? styleText(formats[style], text, { validateStream: false }) : text),
  };
}

/** A screen without colors, for text that is not printed at once. */
export const plainScreen: Screen = { width: pageWidth, paint: (_, text) => text };
