import { count } from '../../core/reports/figures.ts';
import { createHash } from 'node:crypto';
import type { Outcome } from '../../core/outcome/outcome.ts';
import { html, Markup } from './markup.ts';
import { pairsTable } from './pairs-table.ts';
import type { CodeLine, ReportData } from './report-data.ts';
import { style } from './style.ts';
import { trafficSection } from './traffic.ts';

/**
 * `report.html`: one file that needs nothing else, neither network nor scripts; its policy forbids both. Everything from the
 * file or the server is escaped, so that it can do nothing.
 */
export function reportPage(data: ReportData): string {
  const styleHash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${data.title}</title>
        ${new Markup(`<style>${style}</style>`)}
      </head>
      <body>
        <main>
          ${data.simulator ? html`<p class="banner">SIMULATOR: NOTHING REACHED GLEANTAP</p>` : undefined}
          ${headSection(data)} ${nextSection(data)} ${notesSection(data)}
          ${codeSection('Problems', 'rows that are not in, by reason', data.problems)}
          ${codeSection('Left out or repaired', 'rows that are in, or would be, without or with a changed value', data.warnings)}
          ${changesSection(data)} ${fieldsSection(data)} ${trafficSection(data)}
          ${pairsSection(
            'Files',
            data.files.map(([name, rows]) => [name, count(rows) + ' rows'] as const),
          )}
          ${pairsSection('Settings that are not the default', data.settings)}
          <p class="dim">
            Written by gleantap-import. Values are masked unless <code>--report-values</code> was given.
          </p>
        </main>
      </body>
    </html> `;
  return page.text;
}

const outcomes: readonly Outcome[] = ['succeeded', 'failed', 'unknown', 'skipped', 'pending'];

const meanings: Record<Outcome, string> = {
  succeeded: 'in Gleantap',
  failed: 'not in, see below',
  unknown: 'may be in, send again',
  skipped: 'left out on purpose',
  pending: 'not sent yet',
};

function headSection({ title, sentence, exitCode, exitMeaning, details, read, counts }: ReportData): Markup {
  const severity = exitCode === 0 ? 'good' : exitCode === 1 || exitCode === 3 || exitCode === 75 ? 'late' : 'bad';
  const shown = outcomes.filter((outcome) => counts[outcome] > 0 || outcome === 'succeeded' || outcome === 'failed');
  const share = (outcome: Outcome): string => ((100 * counts[outcome]) / Math.max(1, read)).toFixed(1);
  const parts = shown.filter((outcome) => counts[outcome] > 0);
  return html`<header class="card">
      <h1>${title}</h1>
      <p class="sentence">${sentence}</p>
      <p><span class="badge ${severity}">exit ${exitCode}</span> <span class="dim">${exitMeaning}</span></p>
      <svg
        class="bar"
        viewBox="0 0 1000 24"
        preserveAspectRatio="none"
        role="img"
        aria-label="${parts.map((outcome) => `${count(counts[outcome])} ${outcome} (${share(outcome)} %)`).join(', ')}"
      >
        ${barParts(parts, counts, read)}
      </svg>
      <ul class="tiles">
        <li><b>${count(read)}</b>read</li>
        ${shown.map((outcome) => html`<li class="${outcome}"><b>${count(counts[outcome])}</b>${outcome}<br /><span class="dim">${meanings[outcome]}</span></li>`)}
      </ul>
    </header>
    ${pairsSection('The run', details)}`;
}

function barParts(parts: readonly Outcome[], counts: ReportData['counts'], read: number): Markup[] {
  let from = 0;
  return parts.map((outcome) => {
    const width = Math.max(4, (1000 * counts[outcome]) / Math.max(1, read));
    const part = html`<rect class="${outcome}" x="${from.toFixed(1)}" width="${width.toFixed(1)}" height="24" />`;
    from += width;
    return part;
  });
}

function nextSection({ next }: ReportData): Markup | undefined {
  if (next.length === 0) return undefined;
  return html`<section>
    <h2>What to do next</h2>
    ${next.map(
      ({ why, command }) =>
        html`<p>${why}</p>
          ${command === undefined ? undefined : html`<pre tabindex="0">${command}</pre>`}`,
    )}
  </section>`;
}

function notesSection({ notes }: ReportData): Markup | undefined {
  if (notes.length === 0) return undefined;
  return html`<section>
    <h2>Worth a look</h2>
    <ul>
      ${notes.map((note) => html`<li>${note}</li>`)}
    </ul>
  </section>`;
}

function codeSection(title: string, about: string, lines: readonly CodeLine[]): Markup | undefined {
  if (lines.length === 0) return undefined;
  return html`<section>
    <h2>${title} <span class="dim">(${about})</span></h2>
    <div class="scroll" tabindex="0" role="region" aria-label="${title}">
      <table>
        <thead>
          <tr>
            <th class="n">rows</th>
            <th>what</th>
            <th>for example</th>
          </tr>
        </thead>
        <tbody>
          ${lines.map(codeLine)}
        </tbody>
      </table>
    </div>
  </section>`;
}

function codeLine({ code, rows, sentence, hint, examples }: CodeLine): Markup {
  const shown = examples.map(
    ({ row, value }) => html`<li>row ${row}${value === undefined ? undefined : html`: <bdi>${value}</bdi>`}</li>`,
  );
  return html`<tr>
    <td class="n">${count(rows)}</td>
    <td><code>${code}</code><br />${sentence}<br /><span class="dim">${hint}</span></td>
    <td>
      ${
        shown.length === 0
          ? undefined
          : html`<ul class="plain">
              ${shown}
            </ul>`
      }
    </td>
  </tr>`;
}

function changesSection({ changes }: ReportData): Markup | undefined {
  if (changes.length === 0) return undefined;
  return html`<section>
    <h2>Consent and tags</h2>
    <table>
      <thead>
        <tr>
          <th>what changes</th>
          <th class="n">how many</th>
        </tr>
      </thead>
      <tbody>
        ${changes.map(
          ({ what, rows }) =>
            html`<tr>
              <td>${what}</td>
              <td class="n">${count(rows)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function fieldsSection({ fields }: ReportData): Markup | undefined {
  if (fields.length === 0) return undefined;
  const line = ({ name, rows, share }: ReportData['fields'][number]): Markup => {
    const percent = `${(share * 100).toFixed(share > 0.995 && share < 1 ? 1 : 0)} %`;
    return html`<tr>
      <td><code>${name}</code></td>
      <td class="n">${count(rows)}</td>
      <td class="n">${percent}</td>
      <td>
        <meter min="0" max="1" value="${share.toFixed(3)}" aria-label="${`${name} is filled in ${percent}`}"></meter>
      </td>
    </tr>`;
  };
  return html`<section>
    <h2>How full each field is <span class="dim">(of the rows to send)</span></h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Fill rate of each field">
      <table>
        <thead>
          <tr>
            <th>field</th>
            <th class="n">rows</th>
            <th class="n">share</th>
            <th>filled</th>
          </tr>
        </thead>
        <tbody>
          ${fields.map(line)}
        </tbody>
      </table>
    </div>
  </section>`;
}

function pairsSection(title: string, pairs: readonly (readonly [string, string])[]): Markup | undefined {
  if (pairs.length === 0) return undefined;
  return html`<section>
    <h2>${title}</h2>
    ${pairsTable(pairs)}
  </section>`;
}
