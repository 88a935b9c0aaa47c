import { count } from '../../core/reports/figures.ts';
import { percentileOf } from '../../flow/timeline.ts';
import type { Slice, Timeline } from '../../flow/timeline.ts';
import { lineChart, stackedChart } from './charts.ts';
import { html } from './markup.ts';
import { pairsTable } from './pairs-table.ts';
import type { Markup } from './markup.ts';
import type { ReportData } from './report-data.ts';

/** Throughput, latency and answers over time, as charts and as a table. */
export function trafficSection({ timeline, traffic }: ReportData): Markup | undefined {
  if (timeline === undefined || timeline.slices.length === 0) return undefined;
  const { sliceMs, slices } = timeline;
  const perSecond = slices.map((slice) => allOf(slice) / (sliceMs / 1000));
  const halves = slices.map((slice) => percentileOf(slice, 0.5));
  const nearlyAll = slices.map((slice) => percentileOf(slice, 0.95));
  const kinds = kindsOf(timeline);
  return html`<section>
    <h2>Traffic</h2>
    ${pairsTable(traffic)}
    ${lineChart({
      title: 'Answers a second',
      description: `Between ${shown(Math.min(...perSecond))} and ${shown(Math.max(...perSecond))} a second.`,
      series: [{ name: 'answers a second', colour: 1, values: perSecond }],
      sliceMs,
      show: shown,
    })}
    ${lineChart({
      title: 'How long an answer took',
      description: `At the median up to ${milliseconds(largest(halves))}, at the 95th percentile up to ${milliseconds(largest(nearlyAll))}.`,
      series: [
        { name: 'half of the answers, at most', colour: 1, values: halves },
        { name: '95 % of the answers, at most', colour: 2, values: nearlyAll },
      ],
      sliceMs,
      show: milliseconds,
    })}
    ${stackedChart({
      title: 'Answers by what they said',
      description: kinds.map(({ name, total }) => `${name}: ${count(total)}`).join(', '),
      series: kinds.map(({ name, colour, values }) => ({ name, colour, values })),
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
              <th class="n">95 %</th>
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
    </details>
  </section>`;
}

interface Kind {
  readonly name: string;
  readonly colour: number;
  readonly total: number;
  readonly values: readonly number[];
}

/** Answers by kind, with the rare ones combined, so that each has its own color. */
function kindsOf({ slices }: Timeline): Kind[] {
  const totals = new Map<string, number>();
  for (const { answers } of slices)
    for (const [name, times] of Object.entries(answers)) totals.set(name, (totals.get(name) ?? 0) + times);
  const names = [...totals.keys()].sort((a, b) => (totals.get(b) ?? 0) - (totals.get(a) ?? 0));
  const colours = [4, 2, 5, 6];
  const goods = names.filter((name) => name.startsWith('2'));
  const others = names.filter((name) => !name.startsWith('2'));
  const groups = [
    { name: goods.join(', '), members: goods, colour: 3 },
    ...others.slice(0, 3).map((name, index) => ({ name, members: [name], colour: colours[index] ?? 6 })),
    { name: others.slice(3).join(', '), members: others.slice(3), colour: 6 },
  ];
  return groups
    .filter(({ members }) => members.length > 0)
    .map(({ name, members, colour }) => {
      const values = slices.map(({ answers }) => members.reduce((sum, member) => sum + (answers[member] ?? 0), 0));
      return { name, colour, values, total: values.reduce((sum, value) => sum + value, 0) };
    });
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
