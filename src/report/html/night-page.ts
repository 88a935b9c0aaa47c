import { count, plural } from '../../core/reports/figures.ts';
import { figuresText, locationStates } from '../night.ts';
import type { Link, Location, LocationState, Night, OpenLocation } from '../night.ts';
import { htmlDocument, sectionPart } from './document.ts';
import { html, whole } from './markup.ts';
import type { Markup } from './markup.ts';
import { shareBar } from './pictures.ts';
import { commandPart, headlinePart } from './sections.ts';

/** The color of each state, by its class. */
const tones: Record<LocationState, string> = {
  failed: 'failed',
  held: 'pending',
  'run again': 'skipped',
  'rows failed': 'unknown',
  fine: 'succeeded',
};

/** `night.html`: the locations that need something, the worst first, and the others folded. */
export function nightPage(night: Night): string {
  const { headline, input, open, fine, next, simulator } = night;
  return htmlDocument({
    title: `${headline}: ${input}`,
    simulator,
    body: html`${headPart(night)}
    ${
      open.length === 0
        ? undefined
        : sectionPart({
            id: 'attention',
            title: 'Needs attention',
            content: html`<ol class="findings locations">
                ${open.map(openPart)}
              </ol>
              ${
                next === undefined
                  ? undefined
                  : html`<h3>When all of this is done</h3>
                      ${commandPart(next)}`
              }`,
          })
    }
    ${fine.length === 0 ? undefined : sectionPart({ id: 'fine', title: fineTitle(fine), content: finePart(fine, open.length === 0) })}`,
    footer: undefined,
  });
}

function headPart({ headline, lead, meta, input, open, fine }: Night): Markup {
  const locations = [...open, ...fine];
  const parts = locationStates
    .map((state) => ({
      className: tones[state],
      label: state,
      value: locations.filter((location) => location.state === state).length,
    }))
    .filter(({ value }) => value > 0);
  const isFailed = open.some(({ state }) => state === 'failed');
  return html`<header>
    <p class="kicker">Batch: ${input}</p>
    ${headlinePart(headline, open.length === 0 ? 'good' : isFailed ? 'bad' : 'warn')}
    <p class="lead">${lead}</p>
    ${shareBar(parts)}
    <ul class="tiles">
      ${parts.map(({ className, label, value }) => html`<li class="${className}"><b>${count(value)}</b>${label}</li>`)}
    </ul>
    <p class="meta small soft">${meta.map((text) => html`<span>${text}</span>`)}</p>
  </header>`;
}

function openPart({ name, state, why, hint, step, figures, links }: OpenLocation): Markup {
  const [first, ...more] = why;
  return html`<li>
    <p><b class="state ${tones[state]}">${state}</b></p>
    <div>
      <h3>
        <bdi>${name}</bdi>
        ${figures === undefined ? undefined : html`<span class="soft small">${figuresText(figures)}</span>`}
      </h3>
      <p>${first}</p>
      ${
        more.length === 0
          ? undefined
          : html`<ul class="plain small">
              ${more.map((line) => html`<li>${line.trim().replace(/^- /, '')}</li>`)}
            </ul>`
      }
      ${hint === undefined ? undefined : html`<p>${hint}</p>`}
      ${links.length === 0 ? undefined : html`<p class="small">${linksPart(links)}</p>`}
      ${
        step === undefined
          ? undefined
          : html`<details class="fold small">
              <summary>${step.when}</summary>
              ${commandPart(step.command)}
            </details>`
      }
    </div>
  </li>`;
}

function fineTitle(fine: readonly Location[]): string {
  return fine.length === 1 ? '1 location is fine' : `${count(fine.length)} locations are fine`;
}

function finePart(fine: readonly Location[], isOpen: boolean): Markup {
  const table = html`<div class="scroll" tabindex="0" role="group" aria-label="Locations that are fine">
    <table>
      <thead>
        <tr>
          <th scope="col">Location</th>
          <th scope="col" class="n">Sent</th>
          <th scope="col" class="n">New</th>
          <th scope="col" class="n">Changed</th>
        </tr>
      </thead>
      <tbody>
        ${fine.map(finePartOf)}
      </tbody>
    </table>
  </div>`;
  return html`<details class="fold" ${isOpen ? ' open' : ''}>
    <summary>${fine.map(({ name }, nth) => html`${nth === 0 ? '' : ', '}<bdi>${name}</bdi>`)}</summary>
    ${table}
  </details>`;
}

function finePartOf({ name, why, figures, links }: Location): Markup {
  const figure = (value: number | undefined): Markup =>
    html`<td class="n">${value === undefined ? '' : count(value)}</td>`;
  const [report, ...others] = links;
  const tolerated =
    (figures?.failed ?? 0) > 0 ? [`${plural(figures?.failed ?? 0, 'row')} failed, as many as tolerated`] : [];
  return html`<tr>
    <th scope="row">
      ${report === undefined ? html`<bdi>${name}</bdi>` : html`<a href="${whole(report.href)}"><bdi>${name}</bdi></a>`}
      ${[...why, ...tolerated].map((text) => html`<br /><span class="soft small">${text}</span>`)}
      ${others.length === 0 ? undefined : html`<br /><span class="small">${linksPart(others)}</span>`}
    </th>
    ${figure(figures?.sent)} ${figure(figures?.new)} ${figure(figures?.changed)}
  </tr>`;
}

function linksPart(links: readonly Link[]): Markup {
  return html`${links.map(({ name, href }, nth) => html`${nth === 0 ? '' : ', '}<a href="${whole(href)}">${name}</a>`)}`;
}
