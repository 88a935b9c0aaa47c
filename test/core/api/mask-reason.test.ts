import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { maskReason } from '../../../src/core/api/mask-reason.ts';

it.each<[string, unknown[], string]>([
  ['dob of Ana Diaz is wrong', ['Ana', 'Diaz'], 'dob of *** *** is wrong'],
  ['EMAIL ANA@B.CO', ['ana@b.co'], 'EMAIL ***'],
  ['no such phone (212) 555-0147', ['+12125550147'], 'no such phone ***'],
  ['no such phone +1 212.555.0147', ['+12125550147'], 'no such phone ***'],
  ['no such phone 2125550147!', ['+12125550147'], 'no such phone ***!'],
  ['born 19880409', ['1988-04-09'], 'born ***'],
  ['at 12  Main\tStreet', ['12 Main  Street'], 'at ***'],
  ['a.b+c (x)', ['a.b+c', '(x)'], '*** ***'],
  ['Ana Anastasia', ['Ana', 'Anastasia'], '*** ***'],
  ['state NY, 12, true', ['NY', 12, true, undefined], 'state NY, 12, true'],
  ['one\r\n\u2028two\u0000\u001b[31mthree\u202e', [], 'one two [31mthree'],
  ['x'.repeat(600), [], 'x'.repeat(500)],
])('%j without %j', (reason, values, expected) => {
  expect(maskReason(reason, values)).toBe(expected);
});

it('a value that would be split by a cut is masked before the cut', () => {
  expect(maskReason(`${'x'.repeat(490)} ana.diaz@example.com`, ['ana.diaz@example.com'])).toBe(
    `${'x'.repeat(490)} ***`,
  );
});

it('a value that is too long for a regular expression is masked', () => {
  const long = 'x'.repeat(1_000_000);
  expect(maskReason(`no ${long}`, [long])).toBe('no ***');
  expect(maskReason('ECONNRESET', [long])).toBe('ECONNRESET');
});

it('no value of three or more letters survives, whatever surrounds it', () => {
  const word = fc.stringMatching(/^[a-z@.+(){}*?$^|\\/[\]-]{3,12}$/).filter((value) => !/^\*+$/.test(value));
  fc.assert(
    fc.property(word, fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (value, before, after) => {
      expect(maskReason(`${before} ${value} ${after}`, [value])).not.toContain(` ${value} `);
    }),
  );
});
