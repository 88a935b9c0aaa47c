import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Cell } from '../../fixtures/generate/workbook.mjs';
import { root } from '../cli/harness.ts';
import { cells } from '../excel/read.ts';

/** The cells of the table in docs/excel.md, by what its first column says. */
const cellsOfTable: readonly (readonly [RegExp, Cell, is1904?: true])[] = [
  [/^ZIP code/, { v: 4101, format: '00000' }],
  [/^phone/, { v: 2125550147, format: '(000) 000-0000' }],
  [/^the same with Excel's own format/, { v: 2125550147, format: '[<=9999999]###-####;(###) ###-####' }],
  [/^ID/, 123456789012345],
  [/^balance/, { v: 1234.5, format: '$#,##0.00' }],
  [/^0\.1/, 0.1 + 0.2],
  [/^a date/, { v: 32874, format: 14 }],
  [/^the same date/, { v: 31412, format: 14 }, true],
  [/^a visit/, { v: 45976.479166667, format: 22 }],
  [/^a time/, { v: 0.75, format: 'h:mm AM/PM' }],
  [/^a duration/, { v: 1.25, format: '[h]:mm' }],
  [/^day 60/, { v: 60, format: 14 }],
  [/^a negative date/, { v: -1, format: 14 }],
];

it('each cell of the table in docs/excel.md is read as it says', async () => {
  const page = readFileSync(path.join(root, 'docs/excel.md'), 'utf8');
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, first = '', , , last = '']) => [first, /`([^`]+)`/.exec(last)?.[1]] as const);
  for (const [pattern, cell, is1904 = false] of cellsOfTable) {
    const row = rows.find(([first]) => pattern.test(first));
    expect([pattern, row?.[1]]).toEqual([pattern, (await cells([cell], { is1904 }))[0]]);
  }
});
