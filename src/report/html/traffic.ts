import { count } from '../../core/reports/figures.ts';
import { percentileOf } from '../../flow/timeline.ts';
import type { Slice, Timeline } from '../../flow/timeline.ts';
import { lineChart, stackedChart } from './charts.ts';
import { html } from './markup.ts';
import { pairsList } from './pairs-list.ts';
import type { Markup } from './markup.ts';
import type { ReportData } from './report-data.ts';

/** Fewer slices do not make a shape. A slice is a second or longer. */
const fewestSlices = 30;

/** Throughput, latency and answers over time, as charts and as a table. */
export function trafficSection({ timeline, traffic }: ReportData): Markup | undefined {
  if (timeline === undefined || timeline.slices.length < fewestSlices) return undefined;
  const { sliceMs, slices } = timeline;
  const perSecond = slices.map((slice) => allOf(slice) / (sliceMs / 1000));
  const halves = slices.map((slice) => percentileOf(slice, 0.5));
  const nearlyAll = slices.map((slice) => percentileOf(slice, 0.95));
  const kinds = kindsOf(timeline);
  return html`${pairsList(traffic)}
    ${lineChart({
      title: 'Answers a second',
      description: `Between ${shown(Math.min(...perSecond))} and ${shown(Math.max(...perSecond))} a second.`,
      series: [{ name: 'answers a second', color: 1, values: perSecond }],
      sliceMs,
      show: shown,
    })}
    ${lineChart({
      title: 'How long an answer took',
      description: `At the median up to ${milliseconds(largest(halves))}, at the 95th percentile up to ${milliseconds(largest(nearlyAll))}.`,
      series: [
        { name: 'half of the answers, at most', color: 1, values: halves },
        { name: '95% of the answers, at most', color: 2, values: nearlyAll },
      ],
      sliceMs,
      show: milliseconds,
    })}
    ${stackedChart({
      title: 'Answers by what they said',
      description: kinds.map(({ name, total }) => `${name}: ${count(total)}`).join(', '),
      series: kinds.map(({ name, color, values }) => ({ name, color, values })),
      sliceMs,
      show: (value) => count(Math.round(value)),
    })}
    <details>
      <summary>The same in numbers</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Traffic in numbers">
        <table>
          <thead>
            <tr>
              <th class="n">from</th>
              <th class="n">answers</th>
              <th class="n">median</th>
              <th class="n">95%</th>
              ${kinds.map(({ name }) => html`<th class="n">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${slices.map(
              (slice, index) =>
                html`<tr>
                  <td class="n">${Math.round((index * sliceMs) / 1000)} s</td>
                  <td class="n">${allOf(slice)}</td>
                  <td class="n">${millisecondsOrNothing(halves[index])}</td>
                  <td class="n">${millisecondsOrNothing(nearlyAll[index])}</td>
                  ${kinds.map(({ values }) => html`<td class="n">${values[index]}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
}

interface Kind {
  readonly name: string;
  readonly color: number;
  readonly total: number;
  readonly values: readonly number[];
}

/** Answers by kind, with the rare ones combined, so that each has its own color. */
function kindsOf({ slices }: Timeline): Kind[] {
  const totals = new Map<string, number>();
  for (const { answers } of slices)
    for (const [name, times] of Object.entries(answers)) totals.set(name, (totals.get(name) ?? 0) + times);
  const names = [...totals.keys()].sort((a, b) => (totals.get(b) ?? 0) - (totals.get(a) ?? 0));
  const colors = [4, 2, 5, 6];
  const goods = names.filter((name) => name.startsWith('2'));
  const others = names.filter((name) => !name.startsWith('2'));
  const groups = [
    { name: `accepted (${goods.join(', ')})`, members: goods, color: 3 },
    ...others.slice(0, 3).map((name, index) => ({ name: inWords(name), members: [name], color: colors[index] ?? 6 })),
    { name: others.slice(3).map(inWords).join(', '), members: others.slice(3), color: 6 },
  ];
  return groups
    .filter(({ members }) => members.length > 0)
    .map(({ name, members, color }) => {
      const values = slices.map(({ answers }) => members.reduce((sum, member) => sum + (answers[member] ?? 0), 0));
      return { name, color, values, total: values.reduce((sum, value) => sum + value, 0) };
    });
}

/** An HTTP status, or the name of a fault. */
function inWords(answer: string): string {
  if (answer === '429') return 'asked to slow down (429)';
  if (/^4\d\d$/.test(answer)) return `refused (${answer})`;
  return /^5\d\d$/.test(answer) ? `server error (${answer})` : answer.replaceAll('_', ' ');
}

function allOf({ answers }: Slice): number {
  return Object.values(answers).reduce((sum, times) => sum + times, 0);
}

function largest(values: readonly (number | undefined)[]): number {
  return Math.max(0, ...values.map((value) => value ?? 0));
}

function millisecondsOrNothing(value: number | undefined): string {
  return value === undefined ? '' : milliseconds(value);
}

function milliseconds(value: number): string {
  return value >= 1000 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`;
}

function shown(value: number): string {
  return value >= 10 ? count(Math.round(value)) : value.toFixed(1);
}
