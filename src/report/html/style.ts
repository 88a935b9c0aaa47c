import { tokens } from './tokens.ts';

/** The page's own rules, on the tokens: light and dark by the reader's setting, from narrow screens to paper. */
export const style = `${tokens}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: var(--text-2)/1.5 var(--font); overflow-wrap: break-word; }
main { max-width: 60rem; margin: 0 auto; padding: var(--space-6) var(--space-5) var(--space-7); }
h1, h2, h3, p, ul, ol, figure, pre { margin: 0; }
ul, ol { padding: 0; list-style: none; }
h1 { font-size: var(--text-5); line-height: 1.2; letter-spacing: -.01em; text-wrap: balance; }
h2 { font-size: var(--text-3); line-height: 1.35; }
h3 { font-size: var(--text-2); line-height: 1.45; font-weight: 600; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
code, pre { font: .92em/1.5 var(--font-code); }
b, .n { font-variant-numeric: tabular-nums; }
.soft { color: var(--ink-soft); }
.small { font-size: var(--text-1); }
.banner { background: var(--warn-tint); color: var(--warn); border: 1px solid currentColor; border-radius: var(--radius-1); font-size: var(--text-1); font-weight: 700; text-align: center; padding: var(--space-2); margin-bottom: var(--space-4); }

header, section { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius-2); padding: var(--space-5); margin-bottom: var(--space-4); }
section > h2 + .about { margin-top: var(--space-1); }
.about { color: var(--ink-soft); margin-bottom: var(--space-4); }
section > h2:not(:has(+ .about)) { margin-bottom: var(--space-3); }

.kicker { color: var(--ink-soft); margin-bottom: var(--space-4); }
.headline { display: grid; grid-template-columns: auto minmax(0, 1fr); column-gap: var(--space-3); align-items: start; }
.headline svg { width: 2rem; height: 2rem; }
.headline svg circle { fill: currentColor; } .headline svg path { stroke: var(--surface); stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round; fill: none; }
.lead { font-size: var(--text-3); line-height: 1.4; margin-top: var(--space-2); text-wrap: pretty; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
.share { display: block; width: 100%; height: .75rem; border-radius: var(--radius-1); background: var(--sunken); margin: var(--space-5) 0 var(--space-4); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: var(--space-4); }
.tiles li { border-left: 3px solid var(--line); padding-left: var(--space-3); line-height: 1.4; }
.tiles b { display: block; font-size: var(--text-4); line-height: 1.25; }
.tiles .succeeded { border-color: var(--good); } .tiles .failed { border-color: var(--bad); } .tiles .unknown { border-color: var(--warn); }
.tiles .skipped { border-color: var(--idle); } .tiles .pending { border-color: var(--wait); }
.succeeded { fill: var(--good); } .failed { fill: var(--bad); } .unknown { fill: var(--warn); } .skipped { fill: var(--idle); } .pending { fill: var(--wait); }
.meta { display: flex; flex-wrap: wrap; gap: var(--space-1) var(--space-4); border-top: 1px solid var(--line); margin-top: var(--space-5); padding-top: var(--space-3); }

nav { margin: 0 0 var(--space-4); padding: 0 var(--space-1); }
nav ul { display: flex; flex-wrap: wrap; gap: var(--space-1) var(--space-4); }

.steps { counter-reset: step; display: grid; gap: var(--space-4); }
.steps li { counter-increment: step; display: grid; grid-template-columns: 1.75rem minmax(0, 1fr); }
.steps li::before { content: counter(step) "."; color: var(--ink-soft); font-weight: 600; }
pre { background: var(--sunken); border-radius: var(--radius-1); padding: var(--space-3); margin-top: var(--space-2); white-space: pre-wrap; user-select: all; }
pre span { display: inline-block; max-width: 100%; }

.findings { display: grid; gap: var(--space-5); }
.findings > li { display: grid; grid-template-columns: 4.5rem minmax(0, 1fr); column-gap: var(--space-4); }
.findings > li + li { border-top: 1px solid var(--line); padding-top: var(--space-5); }
.findings .number b { display: block; font-size: var(--text-4); line-height: 1.25; }
.findings p { margin-top: var(--space-1); }
.findings .meter { margin-top: var(--space-2); }
.examples { display: flex; flex-wrap: wrap; gap: var(--space-1) var(--space-2); margin-top: var(--space-2); }
.examples li, .value { background: var(--sunken); border-radius: var(--radius-1); padding: 0 var(--space-2); max-width: 100%; }
.compact { display: grid; gap: var(--space-3); }
.compact > li { display: grid; grid-template-columns: 4.5rem minmax(0, 1fr); column-gap: var(--space-4); }
.compact > li > b { font-size: var(--text-3); line-height: 1.3; }
.plain > li + li { margin-top: var(--space-2); }

.locations > li { grid-template-columns: 7rem minmax(0, 1fr); }
.locations h3 { font-size: var(--text-3); } .locations h3 .small { font-weight: 400; margin-left: var(--space-2); }
.locations ul { list-style: disc; padding-left: var(--space-4); }
.locations details { margin-top: var(--space-1); }
.locations + h3 { border-top: 1px solid var(--line); margin-top: var(--space-5); padding-top: var(--space-5); }
.state { display: inline-block; border: 1px solid currentColor; border-radius: var(--radius-1); padding: 0 var(--space-2); font-size: var(--text-1); white-space: nowrap; }
.state.failed { color: var(--bad); } .state.unknown { color: var(--warn); } .state.skipped { color: var(--idle); } .state.pending { color: var(--wait); }

.meter { display: block; width: 100%; height: .375rem; border-radius: var(--radius-1); background: var(--sunken); }
.meter rect { fill: var(--series-1); } .meter .failed { fill: var(--bad); } .meter .skipped { fill: var(--idle); }
.bars { display: grid; gap: var(--space-2); }
.wide { gap: var(--space-3); }
.bars > li { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) 8.5rem; gap: 0 var(--space-4); align-items: center; }
.bars .figure { text-align: right; white-space: nowrap; }
.bars .examples { grid-column: 2 / -1; }
.bars .examples li { font-size: var(--text-1); }

.channel + .channel { margin-top: var(--space-5); }
.channel .share { margin: var(--space-2) 0; }
.key { display: flex; flex-wrap: wrap; gap: var(--space-1) var(--space-4); }
.key i { display: inline-block; width: .7rem; height: .7rem; border-radius: 2px; margin-right: var(--space-2); }
i.succeeded { background: var(--good); } i.failed { background: var(--bad); } i.unknown { background: var(--warn); } i.skipped { background: var(--idle); } i.pending { background: var(--wait); } i.rest { background: var(--line); }
.rest { fill: var(--line); }

.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; padding-bottom: var(--space-1); }
.tables { display: grid; gap: var(--space-5); }
th, td { text-align: left; vertical-align: top; padding: var(--space-2) var(--space-4) var(--space-2) 0; border-bottom: 1px solid var(--line); }
th { color: var(--ink-soft); font-weight: 600; font-size: var(--text-1); }
th:last-child, td:last-child { padding-right: 0; }
tbody tr:last-child > * { border-bottom: 0; }
td.n, th.n { text-align: right; white-space: nowrap; }
.pairs { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: var(--space-2) var(--space-5); margin: 0; }
.pairs dt { color: var(--ink-soft); } .pairs dd { margin: 0; }
dl + h3, ul + h3, p + h3 { margin-top: var(--space-5); }
h3:has(+ ul, + dl) { margin-bottom: var(--space-2); }

.chart + .chart, .pairs + .chart { margin-top: var(--space-5); }
.chart figcaption { font-weight: 600; }
.plot { display: block; width: 100%; height: 8rem; margin-top: var(--space-1); border-bottom: 1px solid var(--line); }
.plot .grid { stroke: var(--line); } .plot .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.plot path { vector-effect: non-scaling-stroke; }
.axis { display: flex; justify-content: space-between; font-size: var(--text-1); color: var(--ink-soft); }
.line.s1 { stroke: var(--series-1); } .line.s2 { stroke: var(--series-2); }
.area.s1 { fill: var(--series-1); } .area.s2 { fill: var(--series-2); } .area.s3 { fill: var(--series-3); } .area.s4 { fill: var(--series-4); } .area.s5 { fill: var(--series-5); } .area.s6 { fill: var(--series-6); }
i.s1 { background: var(--series-1); } i.s2 { background: var(--series-2); } i.s3 { background: var(--series-3); } i.s4 { background: var(--series-4); } i.s5 { background: var(--series-5); } i.s6 { background: var(--series-6); }
tbody th { color: var(--ink); font-size: inherit; } tbody th .small { font-weight: 400; }
details { margin-top: var(--space-4); } h2 + details { margin-top: 0; } details > ul { margin-top: var(--space-3); } summary { cursor: pointer; color: var(--link); }
footer { color: var(--ink-soft); font-size: var(--text-1); padding: 0 var(--space-1); }

@media (max-width: 40rem) {
  main { padding: var(--space-4) var(--space-3) var(--space-6); }
  header, section { padding: var(--space-4); }
  h1 { font-size: var(--text-4); }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .findings > li { grid-template-columns: minmax(0, 1fr); }
  .locations > li { grid-template-columns: minmax(0, 1fr); } .locations h3 { margin-top: var(--space-2); } .locations h3 .small { display: block; margin-left: 0; }
  .findings .number { display: flex; align-items: baseline; gap: var(--space-2); }
  .compact > li { grid-template-columns: 3rem minmax(0, 1fr); column-gap: var(--space-3); }
  .findings .meter { margin: var(--space-1) 0 var(--space-2); }
  .bars > li { grid-template-columns: minmax(0, 1fr) auto; }
  .bars .meter { grid-column: 1 / -1; grid-row: 2; margin-top: var(--space-1); }
  .bars .examples { grid-column: 1 / -1; }
  .pairs { grid-template-columns: minmax(0, 1fr); gap: 0; } .pairs dd { margin-bottom: var(--space-3); }
  th, td { padding-right: var(--space-3); }
}
@media print {
  @page { margin: 14mm; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  header, section { border-color: var(--line); break-inside: avoid-page; }
  .findings > li, .bars > li, .chart, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  nav, details:not(.fold) { display: none; }
  .fold::details-content { content-visibility: visible; display: block; }
  pre { white-space: pre-wrap; border: 1px solid var(--line); }
  svg, i, .tiles li, .banner { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
