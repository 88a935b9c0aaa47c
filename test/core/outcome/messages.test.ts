import { expect, it } from 'vitest';
import { hintOf, messages, problemSentence } from '../../../src/core/outcome/messages.ts';
import type { ProblemCode } from '../../../src/core/outcome/messages.ts';

const codes = Object.keys(messages) as ProblemCode[];

it.each(codes)('%s makes a sentence where nothing but the code is known', (code) => {
  const texts = [problemSentence({ code }), hintOf(code)];
  for (const text of texts) expect(text).not.toMatch(/\? |\?$|undefined|\s{2}|row \d/);
});

it('numbers are in the sentence where they are known', () => {
  const detail = { found: 3, expected: 4, row: 7, line: 12, byteOffset: 99, firstRow: 2, lastRow: 5 };
  const sentences = (
    ['wrong_width', 'two_people_one_key', 'duplicate_person', 'unclosed_quote', 'invalid_bytes'] as const
  ).map((code) => problemSentence({ code, detail }).match(/\d+/g));
  expect(sentences).toEqual([['3', '4'], ['7'], ['7'], ['12', '2', '5'], ['99']]);
});
