import { describe, expect, it } from 'vitest';
import { requestsOf } from '../../../src/core/mapping/compile.ts';
import { codesOf, mapRow } from './mapped.ts';

const none: { add: string[]; remove: string[] } = { add: [], remove: [] };

describe('sources of tags', () => {
  it.each<[string, unknown, Record<string, string>, { add: string[]; remove: string[] }]>([
    ['a column', 'T', { T: ' Yoga ' }, { add: ['Yoga'], remove: [] }],
    [
      'a column that is split',
      { column: 'T', split: ';' },
      { T: 'Yoga; ;Early birds;Yoga' },
      { add: ['Yoga', 'Early birds'], remove: [] },
    ],
    ['a comma that splits', { column: 'T', split: ',' }, { T: 'a, b' }, { add: ['a', 'b'], remove: [] }],
    ['an empty cell', 'T', { T: ' ' }, none],
    ['a missing word', 'T', { T: 'none' }, none],
    ['a missing word among others', { column: 'T', split: ';' }, { T: 'Yoga;none' }, { add: ['Yoga'], remove: [] }],
    ['a constant that looks missing', { value: 'none' }, {}, { add: ['none'], remove: [] }],
    ['a formula', 'T', { T: '="Yoga"' }, { add: ['Yoga'], remove: [] }],
    ['entities', { column: 'T', split: ';', entities: true }, { T: 'A &amp; B' }, { add: ['A & B'], remove: [] }],
    ['a JSON list', 'T', { T: '["Yoga","none"]' }, { add: ['Yoga'], remove: [] }],
    ['two separators', { column: 'T', split: [';', ','] }, { T: 'a;b, c' }, { add: ['a', 'b', 'c'], remove: [] }],
    ['UTF-8 twice', { add: [{ column: 'T', repairUtf8: true }] }, { T: 'CafÃ©' }, { add: ['Café'], remove: [] }],
    [
      'several, in the order of the mapping',
      { add: [{ value: 'import' }, 'T', { column: 'U', split: '|' }] },
      { T: 'b', U: 'c|a' },
      { add: ['import', 'b', 'c', 'a'], remove: [] },
    ],
    [
      'both ways',
      { add: ['T'], remove: ['U', { value: 'old' }] },
      { T: 'x', U: 'y' },
      { add: ['x'], remove: ['y', 'old'] },
    ],
  ])('%s', (_what, tags, row, expected) => {
    expect(mapRow({ fields: { tags }, rest: { missing: ['None'] }, row }).tags).toMatchObject(expected);
  });

  it('a spreadsheet error is not a tag', () => {
    const { tags, warnings } = mapRow({ fields: { tags: 'T' }, row: { T: '#N/A' } });
    expect(tags.add).toEqual([]);
    expect(warnings).toEqual([{ code: 'spreadsheet_error', field: 'tags', column: 'T', value: '#N/A' }]);
  });

  it('a tag that a row both adds and removes is a problem of the row', () => {
    const tags = { add: [{ column: 'T', split: ';' }], remove: ['U'] };
    const { problems } = mapRow({ fields: { tags }, row: { T: 'Yoga;VIP', U: 'VIP' } });
    expect(problems).toEqual([{ code: 'tag_both_ways', field: 'tags', value: 'VIP' }]);
  });

  it('a comma inside a tag is replaced as the mapping says', () => {
    const tags = { column: 'T', split: ';', commaAs: ' -' };
    expect(mapRow({ fields: { tags }, row: { T: 'Kids, under 5;VIP' } })).toMatchObject({
      problems: [],
      tags: { add: ['Kids - under 5', 'VIP'] },
    });
  });

  it('a comma inside a tag is a problem of the row', () => {
    const { problems, tags } = mapRow({ fields: { tags: { column: 'T', split: ';' } }, row: { T: 'a;b,c' } });
    expect(codesOf(problems)).toEqual(['tag_with_comma']);
    expect(tags.add).toEqual(['a']);
  });
});

describe('tag_action', () => {
  const fields = { tags: { column: 'T', split: ';' }, tag_action: { column: 'A', case: 'lower' } };
  it.each([
    ['add', { add: ['x'], remove: [] }],
    ['Remove', { add: [], remove: ['x'] }],
    ['', { add: ['x'], remove: [] }],
  ])('%j of the row decides about its tags', (A, expected) => {
    const mapped = mapRow({ fields, row: { T: 'x', A } });
    expect(mapped.tags).toMatchObject(expected);
    expect(mapped.contact).not.toHaveProperty('tag_action');
  });

  it('with another word fails the row', () => {
    expect(codesOf(mapRow({ fields, row: { T: 'x', A: 'replace' } }).problems)).toEqual(['bad_value']);
  });

  it('does not invert the tags of the command line', () => {
    const extraTags = { add: ['import'], remove: ['old'] };
    const { tags } = mapRow({ fields, row: { T: 'x', A: 'remove' }, extraTags });
    expect(tags).toMatchObject({ add: ['import'], remove: ['x', 'old'] });
  });
});

describe('requests', () => {
  const fields = { city: 'C', tags: { add: ['T'], remove: ['U'] } };
  const send = (row: Record<string, string>, extraTags = none) =>
    requestsOf(mapRow({ fields, row: { C: 'Rome', T: '', U: '', ...row }, extraTags }));
  const identity = { user_id: '7', first_name: 'Ana', last_name: 'Diaz' };
  const whole = { ...identity, city: 'Rome' };

  it.each([
    ['no tags', {}, [whole]],
    ['tags to add', { T: 'a' }, [{ ...whole, tags: 'a', tag_action: 'add' }]],
    ['tags to remove', { U: 'b' }, [{ ...whole, tags: 'b', tag_action: 'remove' }]],
    [
      'both: the whole payload with remove, then identity with add',
      { T: 'a', U: 'b' },
      [
        { ...whole, tags: 'b', tag_action: 'remove' },
        { ...identity, tags: 'a', tag_action: 'add' },
      ],
    ],
  ])('%s', (_what, row, expected) => {
    expect(send(row)).toEqual(expected);
  });

  it('tags of the command line are included', () => {
    expect(send({ T: 'a' }, { add: ['x', 'a'], remove: [] })).toEqual([{ ...whole, tags: 'a,x', tag_action: 'add' }]);
  });

  it('the second request carries every key', () => {
    const keys = { email: 'E', phone: 'P' };
    const [, second] = requestsOf(
      mapRow({ fields: { ...fields, ...keys }, row: { C: 'x', T: 'a', U: 'b', E: 'a@b.co', P: '2125550147' } }),
    );
    expect(second).toEqual({ ...identity, email: 'a@b.co', phone: '+12125550147', tags: 'a', tag_action: 'add' });
  });

  it('a row without tag changes sends no tag_action', () => {
    const mapped = mapRow({ fields: { tags: 'T', tag_action: 'A' }, row: { T: '', A: 'remove' } });
    expect(requestsOf(mapped)).toEqual([identity]);
  });
});
