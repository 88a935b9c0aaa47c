import { describe, expect, it } from 'vitest';
import { compileMapping } from '../../../src/core/mapping/compile.ts';
import { mappingSchema } from '../../../src/core/mapping/schema.ts';
import { createPayloadReader } from '../../../src/core/people/payload.ts';

const header = ['First', 'Last', 'Email', 'A', 'B', 'Groups'];
/** The text of a payload, by a mapping with these attributes, and by the command line's tags. */
function textOf(cells: readonly string[], attributes: object, add: readonly string[] = []): string {
  const mapping = mappingSchema.parse({
    version: 1,
    name: 'm',
    fields: { first_name: 'First', last_name: 'Last', email: 'Email', tags: 'Groups' },
    attributes,
  });
  const map = compileMapping(mapping, header, { today: '2026-12-01', extraTags: { add, remove: [] } });
  return createPayloadReader(mapping).textOf(map(cells));
}
const cells = ['Ana', 'Diaz', 'ana@example.com', '1', '2', 'Yoga'];

describe('the text of a payload', () => {
  it('is the same whatever the order of the mapping and the tags of the command line', () => {
    const text = textOf(cells, { a: 'A', b: 'B' });
    expect(textOf(cells, { b: 'B', a: 'A' })).toBe(text);
    expect(textOf(cells, { a: 'A', b: 'B' }, ['Yoga', 'December'])).toBe(text);
  });

  it.each([
    ['a value', ['Ana', 'Diaz', 'ana@example.com', '1', '3', 'Yoga'], { a: 'A', b: 'B' }],
    ['a tag', ['Ana', 'Diaz', 'ana@example.com', '1', '2', 'Spin'], { a: 'A', b: 'B' }],
    ['an empty cell', ['Ana', 'Diaz', 'ana@example.com', '1', '', 'Yoga'], { a: 'A', b: 'B' }],
    ['a name', cells, { a: 'A', c: 'B' }],
    ['a type', cells, { a: 'A', b: { column: 'B', type: 'number' } }],
    ['which field has a value', cells, { a: 'B', b: 'A' }],
    ['a field more', cells, { a: 'A', b: 'B', __proto__x: 'A' }],
  ])('differs by %s', (_what, other, attributes) => {
    expect(textOf(other, attributes)).not.toBe(textOf(cells, { a: 'A', b: 'B' }));
  });

  it('treats an empty attribute as empty even when every object has a property of that name', () => {
    const attributes = { constructor: 'A' };
    const empty = textOf(['Ana', 'Diaz', 'ana@example.com', '', '2', 'Yoga'], attributes);
    expect(empty).not.toBe(textOf(cells, attributes));
    expect(empty).toBe(textOf(cells, {}));
  });
});
