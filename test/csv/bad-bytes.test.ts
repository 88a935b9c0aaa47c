import { describe, expect, it } from 'vitest';
import { findBadByte, showBadBytes } from '../../src/csv/bad-bytes.ts';

const bytes = (...parts: (string | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))));

describe('the first bad byte', () => {
  it.each([
    ['none', bytes('Zoë,😀'), undefined],
    ['a NUL', bytes('é\0'), { code: 'nul_byte', at: 2 }],
    ['a byte that begins no character', bytes('é', 0xff), { code: 'invalid_bytes', at: 2 }],
    ['half a character', bytes('a', 0xe2, 0x82), { code: 'invalid_bytes', at: 1 }],
    ['a lone continuation', bytes('a', 0x80, 'b'), { code: 'invalid_bytes', at: 1 }],
    ['invalid bytes before a NUL', bytes(0xff, '\0'), { code: 'invalid_bytes', at: 0 }],
    ['a NUL before invalid bytes', bytes('\0', 0xff), { code: 'invalid_bytes', at: 1 }],
  ])('%s', (_what, text, found) => {
    expect(findBadByte(text, false)).toEqual(found);
  });

  it('in transcoded text is a replacement character', () => {
    expect(findBadByte(bytes('aé\uFFFD'), true)).toEqual({ code: 'invalid_bytes', at: 3 });
    expect(findBadByte(bytes('aé\uFFFD'), false)).toBeUndefined();
  });
});

it('bad bytes are escaped, others stay', () => {
  expect(showBadBytes(bytes('Zoë', 0xff, 'x\0', 0xe2, 0x82, '€')).toString()).toBe('Zoë\\xFFx\\x00\\xE2\\x82€');
  expect(showBadBytes(bytes('Zoë')).toString()).toBe('Zoë');
});
