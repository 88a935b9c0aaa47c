import { count } from '../../core/reports/figures.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';

/** Pictures of shares. They hold no text, so that they fit every width. The words and numbers are next to them. */

/** A part of a whole, in the color of a class. */
export interface Part {
  readonly className: string;
  readonly value: number;
  readonly label: string;
}

const width = 1000;
/** So that one row among a million can still be seen. */
const leastWidth = 6;
const gap = 2;

/** One bar in parts. */
export function shareBar(parts: readonly Part[]): Markup | undefined {
  const filled = parts.filter(({ value }) => value > 0);
  if (filled.length === 0) return undefined;
  const whole = filled.reduce((sum, { value }) => sum + value, 0);
  const wanted = filled.map(({ value }) => Math.max(leastWidth, (width * value) / whole));
  const scale = width / wanted.reduce((sum, each) => sum + each, 0);
  let from = 0;
  const rects = filled.map(({ className }, nth) => {
    const span = (wanted[nth] ?? 0) * scale;
    const shown = nth === filled.length - 1 ? span : span - gap;
    const rect = html`<rect class="${className}" x="${from.toFixed(1)}" width="${shown.toFixed(1)}" height="10" />`;
    from += span;
    return rect;
  });
  return html`<svg
    class="share"
    viewBox="0 0 ${width} 10"
    preserveAspectRatio="none"
    role="img"
    aria-label="${filled.map(({ label, value }) => `${count(value)} ${label}`).join(', ')}"
  >
    ${rects}
  </svg>`;
}

/** How much of the most, or of all, a number is. The number is next to it. */
export function meter(value: number, whole: number, className?: string): Markup {
  const span = value === 0 ? 0 : Math.max(leastWidth, (width * value) / Math.max(1, whole));
  return html`<svg class="meter" viewBox="0 0 ${width} 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="${className}" width="${Math.min(width, span).toFixed(1)}" height="10" />
  </svg>`;
}

/** `12%`, and never 100% for "almost all", nor 0% for "a few". */
export function percent(value: number, whole: number): string {
  const share = (100 * value) / Math.max(1, whole);
  if (share > 99 && share < 100) return `${(Math.floor(share * 10) / 10).toFixed(1)}%`;
  return share > 0 && share < 1 ? '<1%' : `${Math.round(share)}%`;
}
