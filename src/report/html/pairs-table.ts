import { html } from './markup.ts';
import type { Markup } from './markup.ts';

/** Names and their values. */
export function pairsTable(pairs: readonly (readonly [string, string])[]): Markup {
  return html`<table>
    <tbody>
      ${pairs.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>${value}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
