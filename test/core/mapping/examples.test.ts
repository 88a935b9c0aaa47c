import { describe, expect, it } from 'vitest';
import { runExamples } from '../../../src/core/mapping/examples.ts';
import { mappingOf, person, today } from './mapped.ts';

const fields = {
  dob: { column: 'Birth', format: 'M/D/YYYY' },
  type: { column: 'Status', values: { Active: 'member' }, otherwise: 'drop' },
  tags: { add: ['Groups'], remove: ['Old'] },
};
const places = (row: Record<string, string>, contact: Record<string, unknown>) =>
  runExamples(
    mappingOf(fields, {
      examples: [
        { row: person, contact: {} },
        { row, contact },
      ],
    }),
    today,
  ).map(({ path }) => path);

describe('an example', () => {
  it.each<[string, Record<string, string>, Record<string, unknown>, string[]]>([
    ['that holds', { Id: '7', Status: 'active' }, { user_id: '7', type: 'member', dob: null }, []],
    ['whose columns are written in another case', { STATUS: 'Active' }, { type: 'member' }, []],
    ['that expects another value', { Status: 'Active' }, { type: 'past' }, ['examples[1].contact.type']],
    [
      'that expects nothing where there is something',
      { Status: 'Active' },
      { type: null },
      ['examples[1].contact.type'],
    ],
    [
      'that expects something where there is nothing',
      {},
      { type: 'member', dob: '2000-01-01' },
      ['examples[1].contact.type', 'examples[1].contact.dob'],
    ],
    ['of a value that can not be read', { Birth: 'x' }, { dob: '2000-01-01' }, ['examples[1].contact.dob']],
    ['with both requests in view', { Groups: 'a', Old: 'b' }, { tags: 'a', tag_action: 'remove' }, []],
    ['of another type', { Id: '7' }, { user_id: 7 }, ['examples[1].contact.user_id']],
    [
      'that names what every object has',
      {},
      { constructor: null, toString: null },
      ['examples[1].contact.constructor', 'examples[1].contact.toString'],
    ],
    ['with columns that nothing reads', { Notes: 'x' }, { type: null }, ['examples[1].row.Notes']],
  ])('%s', (_what, row, contact, expected) => {
    expect(places(row, contact)).toEqual(expected);
  });
});

it('shows why there is no value', () => {
  const [finding] = runExamples(
    mappingOf(fields, { examples: [{ row: { Birth: 'x' }, contact: { dob: '2000-01-01' } }] }),
    today,
  );
  expect(finding?.problem).toContain('"x"');
});
