import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createColumnFinder } from '../../../src/core/mapping/columns.ts';

const header = ['Id', 'Phone', 'E-Mail ', 'Phone', 'Stadt', 'CITY', 'city', '', 'Zu\u0308rich', 'No#1'];
const find = createColumnFinder(header);

it.each([
  ['exactly', 'Id', 0],
  ['with blanks and in another case', ' e-mail', 2],
  ['the second of two', 'Phone#2', 3],
  ['the second of two in another case', 'phone#2', 3],
  ['the first of two', 'Phone#1', 1],
  ['exactly, though others fold to the same', 'city', 6],
  ['in the other Unicode form', 'Z\u00fcrich', 8],
  ['with a number sign of its own', 'No#1', 9],
])('finds a column %s', (_how, name, index) => {
  expect(find(name)).toEqual({ kind: 'found', index });
});

it.each([
  ['a name that occurs twice', 'Phone', [1, 3], ['Phone#1', 'Phone#2']],
  ['a name that only folds to two', 'City', [5, 6], ['CITY', 'city']],
])('%s is ambiguous, and the message shows what to write', (_what, name, positions, names) => {
  expect(find(name)).toEqual({ kind: 'ambiguous', positions, names });
});

it('does not choose between a column named Phone#2 and the second Phone', () => {
  expect(createColumnFinder(['Phone', 'Phone', 'Phone#2'])('Phone#2')).toMatchObject({ kind: 'ambiguous' });
});

it.each([
  ['Stad', 'Stadt'],
  ['Mobile number', undefined],
  ['Phone#3', 'Phone'],
  ['', undefined],
])('%j is missing, and %j is suggested', (name, nearest) => {
  expect(find(name)).toEqual({ kind: 'missing', nearest });
});

describe('any header', () => {
  it('every position of an ambiguous name is reached by the name that is suggested', () => {
    const words = fc.array(fc.constantFrom('a', 'A', ' a', 'b', 'B', 'a#1', '__proto__', 'constructor'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(words, fc.constantFrom('a', 'A', 'b', 'constructor'), (columns, name) => {
        const finder = createColumnFinder(columns);
        const lookup = finder(name);
        if (lookup.kind === 'missing') return !columns.includes(name);
        if (lookup.kind === 'found') return columns[lookup.index]?.trim().toLowerCase() === name.toLowerCase();
        return lookup.names.every((own, nth) => {
          const again = finder(own);
          const at = lookup.positions[nth];
          return again.kind === 'found' ? again.index === at : columns.includes('a#1');
        });
      }),
    );
  });
});
