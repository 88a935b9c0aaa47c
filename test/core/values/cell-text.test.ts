import { encodeHTML, escapeUTF8 } from 'entities';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCellReader } from '../../../src/core/values/cell-text.ts';
import { undoDoubleUtf8 } from '../../../src/core/values/double-utf8.ts';
import { cleanCell } from '../../../src/core/values/text.ts';

const read = createCellReader({});
const decode = createCellReader({ entities: true });
const decodeOnly = createCellReader({ entities: true }, 'kept');
const repair = createCellReader({ repairUtf8: true });

/** UTF-8 read as Latin-1 by another program; `windows1252` has other letters from 0x80 to 0x9F. */
const asLatin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const windows1252 = new TextDecoder('windows-1252');
const asWindows1252 = (text: string): string => windows1252.decode(Buffer.from(text, 'utf8'), { stream: true });

describe('any cell', () => {
  it.each([
    ['plain', 'plain', []],
    [' blank ', 'blank', []],
    ['\tblank\r', 'blank', []],
    ['', '', []],
    ['="04101"', '04101', ['formula_dropped']],
    ['="a ""b"" c"', 'a "b" c', ['formula_dropped']],
    [' =" 7 " ', '7', ['formula_dropped']],
    ['=""', '', []],
    ['=1+1', '=1+1', []],
    ["'04101", '04101', ['apostrophe_dropped']],
    ["'=1+1", '=1+1', ['apostrophe_dropped']],
    ["'Aisha", "'Aisha", []],
    ['#1', '#1', []],
    ['#yoga', '#yoga', []],
    ['#', '#', []],
    ['Tom &amp; Ann', 'Tom &amp; Ann', []],
    ['a\u200bb', 'ab', ['invisible_dropped']],
    ['a\u00a0b', 'a b', ['spaces_collapsed']],
    ['a\u00adb', 'ab', ['invisible_dropped']],
    ['a\r\n b', 'a b', ['spaces_collapsed']],
    ['a\tb  c', 'a b c', ['spaces_collapsed']],
    ['نامه\u200cها', 'نامه\u200cها', []],
    ['👩\u200d💻', '👩\u200d💻', []],
  ])('%j means %j, %j', (cell, text, notes) => {
    expect(read(cell)).toEqual(notes.length === 0 ? text : { text, notes });
  });

  it.each([
    '#N/A',
    '#REF!',
    ' #VALUE! ',
    '#DIV/0!',
    '#NAME?',
    '#NULL!',
    '#NUM!',
    '########',
    '#NV',
    '#BEZUG!',
    '="#N/A"',
  ])('%j is a spreadsheet error', (cell) => {
    expect(read(cell)).toMatchObject({ text: '', notes: expect.arrayContaining(['spreadsheet_error']) });
  });

  it('is cleaned like cleanCell does', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' })), (cell) => {
        const said = read(cell);
        if (typeof said === 'string') expect(said).toBe(cleanCell(cell));
      }),
    );
  });
});

describe('HTML entities', () => {
  it.each([
    ['O&#39;Neil', "O'Neil"],
    ['Tom &amp; Ann', 'Tom & Ann'],
    ['Jos&eacute;', 'José'],
    ['&#x4e;', 'N'],
    ['&nbsp;x&nbsp;', 'x'],
  ])('%j means %j', (cell, text) => {
    expect(decode(cell)).toEqual({ text, notes: ['entities_decoded'] });
    expect(read(cell)).toBe(cell);
  });

  it.each(['AT&T', 'Tom & Ann', 'a &copy b', '&unknown;', '&#0;', '&#xd800;'])('%j stays the same', (cell) => {
    expect(decode(cell)).toBe(cell);
  });

  it('decodes once, so that any escaped text comes back', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc
        .array(fc.constantFrom('&amp;', '&', 'lt;', '<', '"', "'", 'é', 'x', '&#39;'), { maxLength: 8 })
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(escapeUTF8, encodeHTML), (said, escape) => {
        const plain = cleanCell(`x${said}x`);
        if (plain.includes('\ufffd')) return;
        const back = decodeOnly(escape(plain));
        expect(typeof back === 'string' ? back : back.text).toBe(plain);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('UTF-8 that was encoded twice', () => {
  it.each([
    ['JosÃ©', 'José'],
    ['NuÃ±ez', 'Nuñez'],
    ['itâ€™s', 'it’s'],
    ['MÃ¼ller â€“ StraÃŸe', 'Müller – Straße'],
    ['VoilÃ\u00a0', 'Voilà'],
    ['ðŸ˜€', '😀'],
    ['JosÃƒÂ©', 'José'],
  ])('%j is reported, and becomes %j only if the mapping asks for it', (cell, text) => {
    expect(read(cell)).toEqual({ text: cleanCell(cell), notes: ['utf8_doubled'] });
    expect(repair(cell)).toEqual({ text, notes: ['utf8_repaired'] });
  });

  it.each([
    'José',
    'SÃO PAULO',
    'CORAÇÃO',
    'Ã',
    '“CAFÉ”',
    'Žižek',
    'Núñez – Müller',
    'JosÃ© Núñez',
    '£5',
    '10 €',
    '日本',
    'Â',
  ])('%j is not double-encoded', (cell) => {
    expect(read(cell)).toBe(cell);
    expect(repair(cell)).toBe(cell);
  });

  it('any double-encoded text comes back, and double-encoding the result gives the text again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(asLatin1, asWindows1252), (text, encode) => {
        const doubled = encode(text);
        if (doubled === text || undoDoubleUtf8(text) !== undefined) return;
        expect(undoDoubleUtf8(doubled)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});
