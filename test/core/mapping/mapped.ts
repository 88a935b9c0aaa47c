import { compileMapping } from '../../../src/core/mapping/compile.ts';
import type { MappedRow } from '../../../src/core/mapping/compile.ts';
import { readMapping } from '../../../src/core/mapping/read.ts';
import { lintMapping } from '../../../src/core/mapping/rules.ts';
import type { Mapping } from '../../../src/core/mapping/schema.ts';

export const today = '2026-11-27';

type Json = Readonly<Record<string, unknown>>;

/** Names and a user_id, so that a test need only write what it is about. */
export const names = { user_id: 'Id', first_name: 'First', last_name: 'Last' };
export const person = { Id: '7', First: 'Ana', Last: 'Diaz' };

export function mappingJson(fields: Json = {}, rest: Json = {}): Json {
  return { version: 1, name: 'test', country: 'US', fields: { ...names, ...fields }, ...rest };
}

/** A mapping that must be valid. */
export function mappingOf(fields: Json = {}, rest: Json = {}): Mapping {
  const { mapping, findings } = readMapping(mappingJson(fields, rest));
  const errors = [...findings, ...(mapping === undefined ? [] : lintMapping(mapping))].filter(
    ({ severity }) => severity === 'error',
  );
  if (mapping === undefined || errors.length > 0) throw new Error(JSON.stringify(errors));
  return mapping;
}

interface Row {
  readonly fields?: Json;
  readonly rest?: Json;
  /** Cells in addition to those of `person`; `undefined` removes a column. */
  readonly row?: Readonly<Record<string, string | undefined>>;
  readonly extraTags?: { readonly add: readonly string[]; readonly remove: readonly string[] };
}

/** Maps one row whose header is made of the row's own keys. */
export function mapRow({ fields, rest, row, extraTags = { add: [], remove: [] } }: Row): MappedRow {
  const cells = Object.entries({ ...person, ...row }).filter((cell): cell is [string, string] => cell[1] !== undefined);
  const header = cells.map(([name]) => name);
  const map = compileMapping(mappingOf(fields, rest), header, { today, extraTags });
  return map(cells.map(([, cell]) => cell));
}

export const codesOf = (list: readonly { readonly code: string }[]): string[] => list.map(({ code }) => code);
