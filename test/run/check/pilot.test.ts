import { array, assert, constant, constantFrom, property, tuple } from 'fast-check';
import { expect, it } from 'vitest';
import { compileMapping } from '../../../src/core/mapping/compile.ts';
import type { MappedRow } from '../../../src/core/mapping/compile.ts';
import type { Mapping } from '../../../src/core/mapping/schema.ts';
import { createPilotPicker } from '../../../src/run/check/pilot.ts';
import { kindOfRow } from '../../../src/run/check/row-kinds.ts';

const mapping: Mapping = {
  version: 1,
  name: 'pilot',
  fields: {
    first_name: 'First',
    last_name: 'Last',
    city: 'City',
    status: { column: 'Status', values: { A: 'active', F: 'frozen' }, otherwise: 'drop' },
    optin_sms: { column: 'Texts', yes: ['Y'], no: ['N'] },
    tags: { add: [{ column: 'Groups', split: ';' }], remove: [{ column: 'Old', split: ';' }] },
  },
};
const header = ['First', 'Last', 'City', 'Status', 'Texts', 'Groups', 'Old'];
const map = compileMapping(mapping, header, { today: '2026-11-27', extraTags: { add: [], remove: [] } });

const someOf = (...cells: string[]) => constantFrom('', '', ...cells);
const rows = array(
  tuple(constant('Ana'), constant('Diaz'), someOf('Riverton'), someOf('A', 'F', 'X'), someOf('Y', 'N'), someOf('Yoga', 'Spin;Yoga', 'Box'), someOf('New', 'Yoga')), // prettier-ignore
  { maxLength: 40 },
);

/** Everything that a row shows: fields, words and tags. */
function usesOf({ contact, tags }: MappedRow): string[] {
  const words = ['status', 'optin_sms'].filter((name) => contact[name] !== undefined);
  return [
    ...Object.keys(contact),
    ...words.map((name) => `${name} ${String(contact[name])}`),
    ...tags.add.map((tag) => `+${tag}`),
    ...tags.remove.map((tag) => `-${tag}`),
  ];
}

it('a pilot uses every field, word and tag, and every one of its rows adds something', () => {
  assert(
    property(rows, (cells) => {
      const pilot = createPilotPicker(mapping);
      const mapped = cells.map((row) => map(row));
      mapped.forEach((row, index) => pilot.offer(index, kindOfRow(row)));
      const chosen = pilot.rows();
      const used = (indexes: readonly number[]) =>
        new Set(indexes.flatMap((index) => usesOf(mapped[index] as MappedRow)));
      expect(used(chosen)).toEqual(used([...mapped.keys()]));
      for (const row of chosen) expect(used(chosen.filter((other) => other !== row))).not.toEqual(used(chosen));
    }),
  );
});

it('with many tags a pilot shows the first twenty', () => {
  const pilot = createPilotPicker(mapping);
  for (let row = 0; row < 1000; row += 1)
    pilot.offer(row, kindOfRow(map(['Ana', 'Diaz', '', '', '', `Tag ${row}`, ''])));
  expect(pilot.rows()).toHaveLength(20);
});
