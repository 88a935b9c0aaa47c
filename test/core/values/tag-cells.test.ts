import { expect, it } from 'vitest';
import { tagsIn } from '../../../src/core/values/tag-cells.ts';

it.each([
  ['["Yoga","VIP"]', [], ['Yoga', 'VIP']],
  ['["Yoga, advanced", "VIP"]', [','], ['Yoga, advanced', 'VIP']],
  ['[]', [','], []],
  ['[Yoga]', [], ['[Yoga]']],
  ['[{"name":"Yoga"}]', [], ['[{"name":"Yoga"}]']],
  ['{Yoga}', [], ['Yoga']],
  ['{Yoga,"Open Gym",NULL}', [], ['Yoga', 'Open Gym']],
  [String.raw`{"a \"b\" c","d, e"}`, [','], ['a "b" c', 'd, e']],
  ['{}', [], []],
  ['"Yoga","VIP"', [], ['Yoga', 'VIP']],
  ['"Yoga"', [';'], ['Yoga']],
  ['"12"" club"; "VIP"', [';'], ['12" club', 'VIP']],
  ['12" club;VIP', [';'], ['12" club', 'VIP']],
  ['Yoga;VIP', [';'], ['Yoga', 'VIP']],
  ['Yoga;VIP', [], ['Yoga;VIP']],
  ['Yoga ::: VIP', [':::'], ['Yoga ', ' VIP']],
  ['Yoga;VIP|Spin', [';', '|'], ['Yoga', 'VIP', 'Spin']],
  ['Yoga\nVIP\r\nSpin', [], ['Yoga', 'VIP', 'Spin']],
  ['Kids &amp; Family;Yoga', [';'], ['Kids &amp; Family', 'Yoga']],
  ['Kids &#38; Family;Yoga', [';'], ['Kids &#38; Family', 'Yoga']],
  ['R&B;Yoga', [';'], ['R&B', 'Yoga']],
  ['Yoga;Kids &amp;', [';'], ['Yoga', 'Kids &amp;']],
])('%j split at %j contains %j', (cell, separators, tags) => {
  expect(tagsIn(cell, separators)).toEqual(tags);
});
