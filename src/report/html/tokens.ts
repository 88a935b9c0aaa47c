/**
 * The look of everything that people see in a browser, as CSS custom properties: one scale of type, one of space, and colors by
 * what they mean, for light and dark. Pages use only these. Text colors have a contrast of at least 4.5 to 1 on each background.
 */
export const tokens = `
:root {
  color-scheme: light dark;
  --font: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --font-code: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  --text-1: .8125rem; --text-2: .9375rem; --text-3: 1.125rem; --text-4: 1.375rem; --text-5: 1.75rem;
  --space-1: .25rem; --space-2: .5rem; --space-3: .75rem; --space-4: 1rem; --space-5: 1.5rem; --space-6: 2rem; --space-7: 3rem;
  --radius-1: .375rem; --radius-2: .75rem;
  --page: #f6f8fa; --surface: #ffffff; --sunken: #eff2f6; --line: #dde3ea;
  --ink: #1a2330; --ink-soft: #556070; --link: #1a5bb8;
  --good: #17784a; --warn: #8f5400; --bad: #bb2d33; --idle: #5d6876; --wait: #5552c4;
  --good-tint: #e7f5ed; --warn-tint: #fdf2de; --bad-tint: #fdecec;
  --series-1: #2467b3; --series-2: #b9531a; --series-3: #17784a; --series-4: #bb2d33; --series-5: #7549ae; --series-6: #5d6876;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f141a; --surface: #171e27; --sunken: #212a35; --line: #2d3845;
    --ink: #e7ecf2; --ink-soft: #a3afbd; --link: #7db4f5;
    --good: #56c98f; --warn: #eeb155; --bad: #ff8a8d; --idle: #9aa7b6; --wait: #a9a7ff;
    --good-tint: #16301f; --warn-tint: #33270f; --bad-tint: #3a1d20;
    --series-1: #6fb1f5; --series-2: #f2a06a; --series-3: #56c98f; --series-4: #ff8a8d; --series-5: #ba9bee; --series-6: #9aa7b6;
  }
}
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --surface: #ffffff; --sunken: #f3f4f6; --line: #b8c0ca; --ink: #000000; --ink-soft: #3a434e; --link: #000000;
    --good: #17784a; --warn: #8f5400; --bad: #bb2d33; --idle: #5d6876; --wait: #5552c4;
    --good-tint: #ffffff; --warn-tint: #ffffff; --bad-tint: #ffffff;
    --series-1: #2467b3; --series-2: #b9531a; --series-3: #17784a; --series-4: #bb2d33; --series-5: #7549ae; --series-6: #5d6876;
  }
}
`;
