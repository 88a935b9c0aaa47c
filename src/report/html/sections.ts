import { count, plural } from '../../core/reports/figures.ts';
import { html, whole } from './markup.ts';
import type { Markup } from './markup.ts';
import { pairsList } from './pairs-list.ts';
import { meter, percent, shareBar } from './pictures.ts';
import type {
  ChannelPicture,
  FieldLine,
  FindingLine,
  ReportData,
  Severity,
  TagLine,
  WordTable,
} from './report-data.ts';

/** The parts of a page. Each is undefined where there is nothing to show. */

const icons: Record<Severity, string> = {
  good: 'M7 12.5l3.2 3.2L17 9',
  warn: 'M12 7v6M12 16.5v.01',
  bad: 'M8.5 8.5l7 7M15.5 8.5l-7 7',
};

export function headlinePart(headline: string, severity: Severity): Markup {
  return html`<div class="headline ${severity}">
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="11" />
      <path d="${icons[severity]}" />
    </svg>
    <h1>${headline}</h1>
  </div>`;
}

/** A command to copy. It wraps between its words. */
export function commandPart(command: string): Markup {
  return html`<pre
    tabindex="0"
  ><code>${command.split(' ').map((word, nth) => html`${nth === 0 ? '' : ' '}<span>${whole(word)}</span>`)}</code></pre>`;
}

export function headPart(data: ReportData): Markup {
  const { subject, headline, lead, severity, exitCode, exitMeaning, meta, read, outcomes, kind } = data;
  const parts = outcomes.map(({ outcome, label, rows }) => ({ className: outcome, value: rows, label }));
  return html`<header>
    <p class="kicker">${kind === 'check' ? 'Before the import' : 'Import'}: ${subject}</p>
    ${headlinePart(headline, severity)}
    <p class="lead">${lead}</p>
    ${shareBar(parts)}
    ${
      read === 0
        ? undefined
        : html`<ul class="tiles">
            ${outcomes.map(
              ({ outcome, label, rows, file }) =>
                html`<li class="${outcome}">
                  <b>${count(rows)}</b>${label}
                  <span class="soft small">${percent(rows, read)}</span>
                  ${file === undefined || rows === 0 ? undefined : html`<br /><a class="small" href="${file}">${file}</a>`}
                </li>`,
            )}
          </ul>`
    }
    <p class="meta small soft">
      ${meta.map((text) => html`<span>${text}</span>`)}
      ${exitCode === undefined ? undefined : html`<span>exit code ${exitCode}: ${exitMeaning}</span>`}
    </p>
  </header>`;
}

export function nextPart({ next }: ReportData): Markup | undefined {
  if (next.length === 0) return undefined;
  return html`<ol class="${next.length > 1 ? 'steps' : 'plain'}">
    ${next.map(
      ({ why, command }) =>
        html`<li>
          <div>
            <p>${why}</p>
            ${command === undefined ? undefined : commandPart(command)}
          </div>
        </li>`,
    )}
  </ol>`;
}

export function problemsPart({ problems, files }: ReportData): Markup | undefined {
  if (problems.length === 0) return undefined;
  const most = Math.max(...problems.map(({ rows }) => rows));
  const isListed = files.some(({ name }) => name === 'failure.csv');
  return html`<ul class="findings">
    ${problems.map(
      ({ code, rows, sentence, hint, where, examples, firstRows }) =>
        html`<li>
          <div class="number">
            <b>${count(rows)}</b
            ><span class="soft small">${rows === 1 ? 'row' : 'rows'}</span> ${meter(rows, most, 'failed')}
          </div>
          <div>
            <h3>${sentence}</h3>
            ${where === undefined ? undefined : html`<p class="soft">${where}</p>`} ${exampleList(examples)}
            <p>${hint}</p>
            <p class="small soft">
              ${rowsText(firstRows, rows)}${isListed ? html` in <a href="failure.csv">failure.csv</a>` : undefined}
              <code>${code}</code>
            </p>
          </div>
        </li>`,
    )}
  </ul>`;
}

/** Warnings about which something can be done come first. The others are for those who want to know. */
export function warningsPart({ warnings }: ReportData): Markup | undefined {
  if (warnings.length === 0) return undefined;
  const needsNothing = ({ hint }: FindingLine): boolean => hint.startsWith('No action needed');
  const open = warnings.filter((line) => !needsNothing(line));
  const others = warnings.filter(needsNothing);
  const list = (lines: readonly FindingLine[]): Markup =>
    html`<ul class="compact">
      ${lines.map(
        ({ code, rows, sentence, hint, firstRows }) =>
          html`<li>
            <b>${count(rows)}</b>
            <div>
              <h3>${sentence}</h3>
              <p>${hint}</p>
              <p class="small soft">${rowsText(firstRows, rows)} <code>${code}</code></p>
            </div>
          </li>`,
      )}
    </ul>`;
  return html`${open.length === 0 ? undefined : list(open)}
  ${
    others.length === 0
      ? undefined
      : html`<details>
          <summary>${plural(others.length, 'repair')} that ${others.length === 1 ? 'needs' : 'need'} no action</summary>
          ${list(others)}
        </details>`
  }`;
}

/** `Row 17` or `Rows 17, 44, 91 and 9 more` */
function rowsText(rows: readonly string[], all: number): Markup | undefined {
  if (rows.length === 0) return undefined;
  const more = all > rows.length ? ` and ${count(all - rows.length)} more` : '';
  // One by one: together they may be longer than a text may be.
  return html`${all === 1 ? 'Row' : 'Rows'} ${rows.map((row, nth) => html`${nth === 0 ? '' : ', '}${row}`)}${more}`;
}

function exampleList(examples: readonly string[]): Markup | undefined {
  if (examples.length === 0) return undefined;
  return html`<ul class="examples" aria-label="Examples">
    ${examples.map((example) => html`<li><bdi>${example}</bdi></li>`)}
  </ul>`;
}

export function accountPart({ account }: ReportData): Markup | undefined {
  return account.length === 0 ? undefined : html`${account.map(channelPart)}`;
}

export function consentPart({ consent, consentNotes }: ReportData): Markup | undefined {
  if (consent.length === 0 && consentNotes.length === 0) return undefined;
  return html`${consent.map(channelPart)}
  ${
    consentNotes.length === 0
      ? undefined
      : html`<ul class="plain channel">
          ${consentNotes.map((note) => html`<li>${note}</li>`)}
        </ul>`
  }`;
}

function channelPart({ channel, bars }: ChannelPicture): Markup {
  return html`<div class="channel">
    <h3>${channel}</h3>
    ${bars.map(
      ({ name, parts }) =>
        html`${name === undefined ? undefined : html`<p class="small soft">${name}</p>`}
          ${shareBar(parts.map(({ tone, people, label }) => ({ className: tone, value: people, label })))}
          <ul class="key">
            ${parts.map(({ label, people, tone }) => html`<li><i class="${tone}"></i><b>${count(people)}</b> ${label}</li>`)}
          </ul>`,
    )}
  </div>`;
}

/** More tags than these say nothing to a reader. */
const mostTags = 40;

export function tagsPart({ tags, moreTags }: ReportData): Markup | undefined {
  if (tags.length === 0) return undefined;
  const sorted = tags.toSorted((a, b) => b.rows - a.rows);
  const most = sorted[0]?.rows ?? 0;
  const list = (action: TagLine['action'], title: string): Markup | undefined => {
    const lines = sorted.filter((line) => line.action === action);
    if (lines.length === 0) return undefined;
    const hidden = lines.length - mostTags;
    return html`<h3>${title}</h3>
      <ul class="bars">
        ${lines.slice(0, mostTags).map(
          ({ tag, rows }) =>
            html`<li>
              <span><bdi>${tag}</bdi></span
              >${meter(rows, most, action === 'add' ? undefined : 'skipped')}
              <span class="figure n">${plural(rows, 'row')}</span>
            </li>`,
        )}
      </ul>
      ${hidden > 0 ? html`<p class="soft">And ${plural(hidden, 'more tag')}.</p>` : undefined}`;
  };
  return html`${list('add', 'Added')} ${list('remove', 'Removed')}
  ${moreTags ? html`<p class="soft">The file has more tags than are counted here.</p>` : undefined}`;
}

export function wordsPart({ words }: ReportData): Markup | undefined {
  if (words.length === 0) return undefined;
  return html`<div class="tables">${words.map(wordTable)}</div>`;
}

function wordTable({ field, column, words, more }: WordTable): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${`What the words for ${field} become`}">
    <table>
      <caption>
        ${column}
        <span class="soft">to</span>
        <code>${field}</code>
      </caption>
      <thead>
        <tr>
          <th>In the file</th>
          <th class="n">Rows</th>
          <th>Becomes</th>
        </tr>
      </thead>
      <tbody>
        ${words.map(
          ({ word, rows, becomes }) =>
            html`<tr>
              <td><bdi>${word}</bdi></td>
              <td class="n">${count(rows)}</td>
              <td><bdi>${becomes}</bdi></td>
            </tr>`,
        )}
        ${
          more
            ? html`<tr>
                <td colspan="3" class="soft">The column has more words.</td>
              </tr>`
            : undefined
        }
      </tbody>
    </table>
  </div>`;
}

export function fieldsPart({ fields, unsent }: ReportData): Markup | undefined {
  if (fields.length === 0 && unsent.length === 0) return undefined;
  return html`<ul class="bars wide">
      ${fields.map(fieldLine)}
    </ul>
    ${
      unsent.length === 0
        ? undefined
        : html`<h3>Columns that are not sent</h3>
            <ul class="examples">
              ${unsent.map((name) => html`<li><bdi>${name}</bdi></li>`)}
            </ul>`
    }`;
}

function fieldLine({ name, source, rows, share, examples }: FieldLine): Markup {
  return html`<li>
    <span><code>${name}</code> <span class="small soft">${source}</span></span
    >${meter(share, 1)}
    <span class="figure n">${count(rows)} <span class="soft">${percent(share, 1)}</span></span> ${exampleList(examples)}
  </li>`;
}

export function notesPart({ notes }: ReportData): Markup | undefined {
  if (notes.length === 0) return undefined;
  return html`<ul class="plain">
    ${notes.map((note) => html`<li>${note}</li>`)}
  </ul>`;
}

export function filesPart({ files }: ReportData): Markup | undefined {
  if (files.length === 0) return undefined;
  return html`<dl class="pairs">
    ${files.map(
      ({ name, about }) =>
        html`<dt><a href="${name}">${name}</a></dt>
          <dd>${about}</dd>`,
    )}
  </dl>`;
}

export function detailsPart({ details, settings }: ReportData): Markup {
  return html`${pairsList(details)}
  ${
    settings.length === 0
      ? undefined
      : html`<h3>Settings that are not the default</h3>
          ${pairsList(settings)}`
  }`;
}
