/** The look of the page: light and dark by the reader's own setting, narrow screens, and paper. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #1b2430; --dim: #5b6675; --line: #dfe4ea; --soft: #eef1f5;
  --succeeded: #1f8a5b; --failed: #c8363b; --unknown: #a86400; --skipped: #64748b; --pending: #5a5fd0;
  --c1: #2563a8; --c2: #c2571a; --c3: #1f8a5b; --c4: #c8363b; --c5: #7a4fb5; --c6: #64748b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10151c; --card: #19212b; --ink: #e6ebf1; --dim: #9fabba; --line: #2c3744; --soft: #222c38;
    --succeeded: #4cc38a; --failed: #ff7a7f; --unknown: #f0a83c; --skipped: #94a3b8; --pending: #9a9eff;
    --c1: #6cb0f5; --c2: #f39a5f; --c3: #4cc38a; --c4: #ff7a7f; --c5: #b795ec; --c6: #94a3b8;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 0 0 .75rem; }
p { margin: .25rem 0; }
section, .card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; margin: 1rem 0; }
.sentence { font-size: 1.15rem; overflow-wrap: anywhere; }
.dim { color: var(--dim); }
.badge { display: inline-block; padding: .1rem .6rem; border-radius: 1rem; border: 1px solid currentColor; font-size: .85rem; font-weight: 600; }
.good { color: var(--succeeded); } .bad { color: var(--failed); } .late { color: var(--unknown); }
.banner { background: var(--unknown); color: var(--card); font-weight: 700; text-align: center; padding: .5rem; border-radius: .5rem; }
.bar { height: 1.5rem; border-radius: .5rem; overflow: hidden; background: var(--soft); margin: 1rem 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: .75rem; margin: 1rem 0 0; padding: 0; list-style: none; }
.tiles li { border-left: .3rem solid var(--line); padding-left: .6rem; }
.tiles b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; line-height: 1.2; }
.tiles .succeeded { border-color: var(--succeeded); } .bar .succeeded { fill: var(--succeeded); }
.tiles .failed { border-color: var(--failed); } .bar .failed { fill: var(--failed); }
.tiles .unknown { border-color: var(--unknown); } .bar .unknown { fill: var(--unknown); }
.tiles .skipped { border-color: var(--skipped); } .bar .skipped { fill: var(--skipped); }
.tiles .pending { border-color: var(--pending); } .bar .pending { fill: var(--pending); }
.plain { margin: 0; padding: 0; list-style: none; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { color: var(--dim); font-weight: 600; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; overflow-wrap: normal; }
tr:last-child td { border-bottom: 0; }
code, pre { font: .9em/1.5 ui-monospace, monospace; }
pre { background: var(--soft); border-radius: .5rem; padding: .6rem .8rem; margin: .4rem 0 .8rem; white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; }
meter { width: 8rem; max-width: 100%; height: .8rem; }
figure { margin: 0 0 1.5rem; }
figcaption { font-weight: 600; margin-bottom: .25rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--dim); font: 11px system-ui, sans-serif; }
svg .grid { stroke: var(--line); fill: none; }
svg .line { fill: none !important; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.c1 { fill: var(--c1); stroke: var(--c1); background: var(--c1); } .c2 { fill: var(--c2); stroke: var(--c2); background: var(--c2); }
.c3 { fill: var(--c3); stroke: var(--c3); background: var(--c3); } .c4 { fill: var(--c4); stroke: var(--c4); background: var(--c4); }
.c5 { fill: var(--c5); stroke: var(--c5); background: var(--c5); } .c6 { fill: var(--c6); stroke: var(--c6); background: var(--c6); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; margin: .25rem 0 0; padding: 0 0 0 4rem; font-size: .85rem; color: var(--dim); }
.legend i { display: inline-block; width: .75rem; height: .75rem; border-radius: .2rem; margin-right: .35rem; }
details summary { cursor: pointer; color: var(--dim); font-size: .9rem; }
:focus-visible { outline: 3px solid var(--c1); outline-offset: 2px; }
@media (max-width: 34rem) {
  main { padding: 1rem .5rem 2rem; }
  section, .card { padding: 1rem .8rem; }
  .legend { padding-left: 0; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #000; --dim: #333; --line: #999; --soft: #f3f3f3; }
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  section, .card, figure, tr { break-inside: avoid; }
  .bar, .legend i, .banner, .tiles li { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
