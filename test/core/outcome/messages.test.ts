import { describe, expect, it } from 'vitest';
import { hintOf, messages, problemSentence } from '../../../src/core/outcome/messages.ts';
import type { ProblemCode } from '../../../src/core/outcome/messages.ts';

const codes = Object.keys(messages) as ProblemCode[];

/** What a sentence shows when a value that it needs is missing. */
const hole = /\?|undefined|null|""|\( *\)/;

describe('a message about many rows, without a value or details,', () => {
  it.each(codes)('has no blanks left to fill in: %s', (code) => {
    expect(problemSentence({ code })).not.toMatch(hole);
  });
});

it.each(codes)('%s: the sentence has no full stop, and the hint is one or more full sentences', (code) => {
  expect(problemSentence({ code, value: 'x', field: 'email' })).toMatch(/[^.]$/);
  expect(hintOf(code)).toMatch(/^[A-Z"].*[.)]$/);
});

it.each([
  ['wrong_width', { found: 3, expected: 20 }, ['3', '20']],
  ['duplicate_person', { row: 7 }, ['row 7']],
  ['two_people_one_key', { row: 7 }, ['row 7']],
  ['unclosed_quote', { line: 12, firstRow: 5, lastRow: 9 }, ['12', '5', '9']],
  ['invalid_bytes', { byteOffset: 4096 }, ['4096']],
] as const)('%s shows its details', (code, detail, parts) => {
  for (const part of parts) expect(problemSentence({ code, detail })).toContain(part);
});
