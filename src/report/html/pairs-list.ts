import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import type { Pairs } from './report-data.ts';

/** Names and their values. */
export function pairsList(pairs: Pairs): Markup {
  return html`<dl class="pairs">
    ${pairs.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}
