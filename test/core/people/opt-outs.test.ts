import { expect, it } from 'vitest';
import { createMarkReader, createOptOuts } from '../../../src/core/people/opt-outs.ts';

const reader = createMarkReader('US');
const listed = { id: 'c1', firstname: 'Ana', lastname: 'Díaz', email: undefined, phone: undefined };

it.each([
  ['a zero-width space', 'A\u200Bna', 'Díaz'],
  ['a soft hyphen', 'Ana', 'Dí\u00ADaz'],
  ['a byte order mark', '\uFEFFAna', 'Díaz'],
  ['a word joiner', 'Ana', 'Díaz\u2060'],
  ['a right-to-left mark', 'Ana\u200F', 'Díaz'],
  ['a joiner', 'A\u200Dna', 'Díaz'],
  ['a composed accent', 'Ana', 'Di\u0301az'],
])('%s in a name does not hide that the person has opted out', (_name, first, last) => {
  const optOuts = createOptOuts(reader);
  optOuts.add('sms', listed);
  const marks = reader.ofContact({ user_id: '7', first_name: first, last_name: last });
  expect(optOuts.channelsOf(marks, [])).toEqual(['sms']);
});
