import { rounded } from '../../core/reports/figures.ts';
import { html, Markup } from './markup.ts';

/** Charts as SVG, made here: nothing has to be loaded or run to see them. A table next to them holds their numbers. */

/** A value over time, by the name under which its line is shown. */
export interface Series {
  readonly name: string;
  /** One of the page's colours, by its number. */
  readonly colour: number;
  /** One value for each slice; undefined leaves a gap. */
  readonly values: readonly (number | undefined)[];
}

export interface ChartOptions {
  readonly title: string;
  /** What the chart says, in words, for those who can't see it. */
  readonly description: string;
  readonly series: readonly Series[];
  /** Milliseconds that a slice covers. */
  readonly sliceMs: number;
  /** What a value is called with its unit: `12 rows/s`. */
  show(value: number): string;
}

const width = 720;
const height = 200;
const left = 64;
const right = 8;
const top = 8;
const bottom = 24;

/** Lines over time. */
export function lineChart(options: ChartOptions): Markup {
  const { series } = options;
  const largest = niceCeiling(Math.max(...series.flatMap(({ values }) => values.map((value) => value ?? 0)), 0));
  const slices = Math.max(...series.map(({ values }) => values.length), 1);
  const x = (index: number): number => left + ((width - left - right) * (index + 0.5)) / slices;
  const y = (value: number): number => top + (height - top - bottom) * (1 - value / largest);
  return frame(
    options,
    largest,
    series.map(({ colour, values }) => lines(values, colour, x, y)),
  );
}

/** Bars over time, one series upon the other. */
export function stackedChart(options: ChartOptions): Markup {
  const { series } = options;
  const slices = Math.max(...series.map(({ values }) => values.length), 1);
  const sums = Array.from({ length: slices }, (_, index) =>
    series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  );
  const largest = niceCeiling(Math.max(...sums));
  const step = (width - left - right) / slices;
  const scale = (height - top - bottom) / largest;
  const reached = Array<number>(slices).fill(0);
  const bars = series.map(({ colour, values }) => {
    const path = values.map((value, index) => {
      if (value === undefined || value === 0) return '';
      const from = height - bottom - (reached[index] ?? 0) * scale;
      reached[index] = (reached[index] ?? 0) + value;
      const to = height - bottom - (reached[index] ?? 0) * scale;
      const [start, end] = [left + step * index, left + step * (index + (step > 3 ? 0.85 : 1))];
      return `M${tenth(start)} ${tenth(from)}H${tenth(end)}V${tenth(to)}H${tenth(start)}Z`;
    });
    return html`<path class="c${colour}" d="${new Markup(path.join(''))}" />`;
  });
  return frame(options, largest, bars);
}

function frame({ title, description, series, sliceMs, show }: ChartOptions, largest: number, marks: Markup[]): Markup {
  const slices = Math.max(...series.map(({ values }) => values.length), 1);
  const ticks = [0, 0.5, 1].map((share) => {
    const y = tenth(top + (height - top - bottom) * (1 - share));
    return html`<path class="grid" d="M${left} ${y}H${width - right}" /><text
        x="${left - 6}"
        y="${y + 4}"
        text-anchor="end"
        >${show(largest * share)}</text
      >`;
  });
  const moments = [0, 0.5, 1].map((share) => {
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle';
    const x = tenth(left + (width - left - right) * share);
    return html`<text x="${x}" y="${height - 6}" text-anchor="${anchor}">${clock(slices * sliceMs * share)}</text>`;
  });
  return html`<figure>
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${`${title}. ${description}`}">
      ${ticks}${marks}${moments}
    </svg>
    <ul class="legend">
      ${series.map(({ name, colour }) => html`<li><i class="c${colour}"></i>${name}</li>`)}
    </ul>
  </figure>`;
}

/** A line through the values; a gap where there is none, a dot for a single one. */
function lines(
  values: readonly (number | undefined)[],
  colour: number,
  x: (index: number) => number,
  y: (value: number) => number,
): Markup {
  let path = '';
  values.forEach((value, index) => {
    if (value === undefined) return;
    const begins = values[index - 1] === undefined;
    const [px, py] = [tenth(x(index)), tenth(y(value))];
    path += begins ? `M${px} ${py}h0.01` : `L${px} ${py}`;
  });
  return html`<path class="line c${colour}" d="${new Markup(path)}" />`;
}

/** The next of 1, 2, 5, 10, 20, ... */
function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const magnitude = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((each) => each * magnitude >= value) ?? 10;
  return factor * magnitude;
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Enough for pixels. */
function tenth(value: number): number {
  return rounded(value, 1);
}
