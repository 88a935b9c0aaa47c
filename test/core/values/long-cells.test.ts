import { expect, it } from 'vitest';
import { createCellReader } from '../../../src/core/values/cell-text.ts';
import { compileDateFormats } from '../../../src/core/values/dates.ts';
import { createEmailParser } from '../../../src/core/values/emails.ts';
import { createNameParser } from '../../../src/core/values/names.ts';
import { createNumberParser } from '../../../src/core/values/numbers.ts';
import { createPhoneParser } from '../../../src/core/values/phones.ts';
import { createZipParser } from '../../../src/core/values/zips.ts';

const readers = [
  createCellReader({ entities: true, repairUtf8: true }),
  createNameParser({ part: 'first' }),
  createNameParser({}),
  createEmailParser(),
  createPhoneParser({ country: 'US', format: 'e164' }),
  createZipParser({ restoreZeros: true }),
  compileDateFormats(['M/D/YYYY'], { want: 'date', today: '2026-11-27' }),
  createNumberParser({ decimal: '.' }),
];

/** As long as a record may be. Each would take minutes, or overflow the stack, if a pattern backtracked over it. */
const half = 500_000;
it.each([
  ['letters', 'a'.repeat(2 * half)],
  ['digits', '1'.repeat(2 * half)],
  ['a formula of quotes', `="${'""'.repeat(half)}x`],
  ['open quotes', ' “'.repeat(half)],
  ['open brackets', ' ('.repeat(half)],
  ['one dash and blanks', `-${' '.repeat(2 * half)}x`],
  ['ats', 'a@'.repeat(half)],
  ['open addresses', '<a@'.repeat(half / 2)],
  ['separators', ';/,'.repeat(half / 2)],
  ['doubled UTF-8', 'Ã©'.repeat(half)],
  ['entities', '&amp;'.repeat(half / 4)],
  ['nothing to see', `x${'\u200b'.repeat(half)}x`],
])('a megabyte of %s is finished in bounded time', (_what, cell) => {
  for (const read of readers) expect(read(cell)).toBeDefined();
});
