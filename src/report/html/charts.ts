import { rounded } from '../../core/reports/figures.ts';
import { html, Markup } from './markup.ts';

/** Charts over time as SVG. Their words are HTML, so that they have the same size at every width. A table holds their numbers. */

export interface Series {
  readonly name: string;
  /** One of the page's colors for series, by its number. */
  readonly color: number;
  /** One value for each slice. Undefined leaves a gap. */
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

const width = 1000;
const height = 160;

/** Lines over time. */
export function lineChart(options: ChartOptions): Markup {
  const { series } = options;
  const largest = niceCeiling(Math.max(...series.flatMap(({ values }) => values.map((value) => value ?? 0)), 0));
  const slices = slicesOf(series);
  const x = (index: number): number => (width * (index + 0.5)) / slices;
  const y = (value: number): number => height * (1 - value / largest);
  return frame(
    options,
    largest,
    series.map(({ color, values }) => line(values, color, x, y)),
  );
}

/** Bars over time, one series upon the other. */
export function stackedChart(options: ChartOptions): Markup {
  const { series } = options;
  const slices = slicesOf(series);
  const sums = Array.from({ length: slices }, (_, index) =>
    series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  );
  const largest = niceCeiling(Math.max(...sums));
  const step = width / slices;
  const scale = height / largest;
  const reached = Array<number>(slices).fill(0);
  const bars = series.map(({ color, values }) => {
    const path = values.map((value, index) => {
      if (value === undefined || value === 0) return '';
      const from = height - (reached[index] ?? 0) * scale;
      reached[index] = (reached[index] ?? 0) + value;
      const to = height - (reached[index] ?? 0) * scale;
      return `M${tenth(step * index)} ${tenth(from)}H${tenth(step * (index + 0.85))}V${tenth(to)}H${tenth(step * index)}Z`;
    });
    return html`<path class="area s${color}" d="${new Markup(path.join(''))}" />`;
  });
  return frame(options, largest, bars);
}

function slicesOf(series: readonly Series[]): number {
  return Math.max(...series.map(({ values }) => values.length), 1);
}

function frame({ title, description, series, sliceMs, show }: ChartOptions, largest: number, marks: Markup[]): Markup {
  const whole = slicesOf(series) * sliceMs;
  const names = series.map(({ name, color }) => html`<li><i class="s${color}"></i>${name}</li>`);
  return html`<figure class="chart">
    <figcaption>${title}</figcaption>
    <p class="axis"><span>${show(largest)}</span></p>
    <svg
      class="plot"
      viewBox="0 0 ${width} ${height}"
      preserveAspectRatio="none"
      role="img"
      aria-label="${`${title}. ${description}`}"
    >
      <path class="grid" d="M0 0H${width}M0 ${height / 2}H${width}" />
      ${marks}
    </svg>
    <p class="axis">${[0, 0.5, 1].map((share) => html`<span>${clock(whole * share)}</span>`)}</p>
    ${
      names.length < 2
        ? undefined
        : html`<ul class="key small">
            ${names}
          </ul>`
    }
  </figure>`;
}

/** A line through the values; a gap where there is none, a dot for a single one. */
function line(
  values: readonly (number | undefined)[],
  color: number,
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
  return html`<path class="line s${color}" d="${new Markup(path)}" />`;
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
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Enough for pixels. */
function tenth(value: number): number {
  return rounded(value, 1);
}
