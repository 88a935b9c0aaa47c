import { describe, expect, it } from 'vitest';
import { parseJsonc } from '../../../src/config/jsonc.ts';
import { readMapping } from '../../../src/core/mapping/read.ts';
import { mappingJson } from './mapped.ts';

const pathsOf = (json: unknown): string[] => readMapping(json).findings.map(({ path }) => path);
const problemAt = (json: unknown, path: string): string | undefined =>
  readMapping(json).findings.find((finding) => finding.path === path)?.problem;

it('a valid mapping has no findings', () => {
  expect(readMapping(mappingJson())).toEqual({ mapping: mappingJson(), findings: [] });
});

describe('mistakes of structure', () => {
  const bad = {
    version: 2,
    feilds: {},
    fields: { first_name: 'A', emial: 'B', phone: { colum: 'C' }, dob: { column: 'D', serial: 'yes' }, type: 5 },
    attributes: { size: { column: 'S', type: 'numbre' }, age: { column: 'T', type: 'number', format: 'x' } },
    rows: { skip: [{ column: 'Status', in: ['x'] }, { column: 'Status' }] },
    ignore: 'all',
  };

  it('are reported together, each with its place', () => {
    expect(pathsOf(bad).toSorted()).toEqual(
      [
        '',
        'version',
        'name',
        'fields',
        'fields.phone',
        'fields.dob.serial',
        'fields.type',
        'attributes.size.type',
        'attributes.age',
        'rows.skip[1].in',
        'ignore',
      ].toSorted(),
    );
  });

  it('suggest the nearest key', () => {
    expect(problemAt(bad, '')).toContain('"fields"');
    expect(problemAt(bad, 'fields')).toContain('"email"');
    expect(problemAt(bad, 'fields.phone')).toContain('"column"');
  });

  it('leave the rest to be read, without the invalid parts', () => {
    expect(readMapping(bad).mapping).toMatchObject({ fields: { first_name: 'A', dob: { column: 'D' } }, rows: {} });
  });

  it.each([[undefined], [null], ['text'], [[]], [7]])('%j is not a mapping', (json) => {
    const { mapping, findings } = readMapping(json);
    expect(mapping).toBeUndefined();
    expect(findings).toHaveLength(1);
  });

  it('do not shift the positions of later items in a list', () => {
    const { mapping } = readMapping(mappingJson({}, { rows: { skip: [7, { column: 'A', in: ['x'] }], keep: [] } }));
    expect(mapping?.rows).toEqual({ keep: [] });
  });

  it.each([
    ['rows', 7],
    ['rows', { skip: 'x' }],
    ['csv', { delimiter: ';;' }],
    ['csv', { headerRow: 0 }],
    ['country', 'usa'],
    ['missing', 'n/a'],
    ['account', { id: 'x' }],
    ['examples', [{ row: { A: 7 }, contact: {} }]],
    ['attributes', { a: { column: [], type: 'text' } }],
  ])('%s: %j is refused', (key, value) => {
    expect(pathsOf(mappingJson({}, { [key]: value }))[0]).toMatch(new RegExp(`^${key}`));
  });
});

describe('unions report the branch that was meant', () => {
  it.each([
    ['a wrong type inside an object', { column: 'A', case: 7 }, 'fields.email.case'],
    ['an unknown key', { column: 'A', format: 'x' }, 'fields.email'],
    ['a wrong word', { column: 'A', values: { a: 'b' }, otherwise: 'fial' }, 'fields.email.otherwise'],
    ['a wrong member of a list', { column: ['A', 7] }, 'fields.email.column[1]'],
    [
      'something inside the other form',
      { column: 'A', values: { a: 'b' }, otherwise: { value: 7 } },
      'fields.email.otherwise.value',
    ],
    ['neither form', 7, 'fields.email'],
  ])('%s', (_what, email, path) => {
    expect(pathsOf(mappingJson({ email }))).toEqual([path]);
  });

  it('lists what the branches accept when none was meant', () => {
    const problem = problemAt(
      mappingJson({ email: { column: 'A', values: { a: 'b' }, otherwise: 7 } }),
      'fields.email.otherwise',
    );
    for (const word of ['"fail"', '"drop"', '"keep"', 'object']) expect(problem).toContain(word);
  });
});

describe('"?"', () => {
  it.each([
    ['a column', { email: '?' }, {}, 'fields.email'],
    ['a column in a list', { email: { column: ['A', '?'] } }, {}, 'fields.email.column[1]'],
    ['a format', { dob: { column: 'D', format: '?' } }, {}, 'fields.dob.format'],
    ['the country', {}, { country: '?' }, 'country'],
    ['a word', { type: { column: 'S', values: { Frozen: '?' } } }, {}, 'fields.type.values.Frozen'],
    ['a word called in', { type: { column: 'S', values: { in: '?', split: '?' } } }, {}, 'fields.type.values.in'],
    ['a yes word', { optin_sms: { column: 'S', yes: ['?'] } }, {}, 'fields.optin_sms.yes[0]'],
    ['a whole field', { optin_sms: '?' }, {}, 'fields.optin_sms'],
    ['an attribute called split', {}, { attributes: { split: '?' } }, 'attributes.split'],
    ['an encoding', {}, { csv: { encoding: '?' } }, 'csv.encoding'],
    ['a delimiter', {}, { csv: { delimiter: '?' } }, 'csv.delimiter'],
    ['the row of the header', {}, { csv: { headerRow: '?' } }, 'csv.headerRow'],
    ['the name', {}, { name: '?' }, 'name'],
    ['all words', { type: { column: 'S', values: '?' } }, {}, 'fields.type.values'],
    ['other words', { type: { column: 'S', values: { a: 'b' }, otherwise: '?' } }, {}, 'fields.type.otherwise'],
    ['yes', { optin_sms: { column: 'S', yes: '?', no: ['N'] } }, {}, 'fields.optin_sms.yes'],
    ['no', { optin_sms: { column: 'S', yes: ['Y'], no: '?' } }, {}, 'fields.optin_sms.no'],
    ['polarity', { optout_email: { column: 'S', yes: ['Y'], confirmed: '?' } }, {}, 'fields.optout_email.confirmed'],
    ['a half of a name', { first_name: { column: 'N', name: '?' } }, {}, 'fields.first_name.name'],
    [
      'the order of a name',
      { last_name: { column: 'N', name: 'last', nameOrder: '?' } },
      {},
      'fields.last_name.nameOrder',
    ],
    ['zeros', { zip: { column: 'Z', restoreZeros: '?' } }, {}, 'fields.zip.restoreZeros'],
    ['entities', { city: { column: 'C', entities: '?' } }, {}, 'fields.city.entities'],
    ['doubled UTF-8', { city: { column: 'C', repairUtf8: '?' } }, {}, 'fields.city.repairUtf8'],
    ['day numbers', { dob: { column: 'D', serial: '?' } }, {}, 'fields.dob.serial'],
    ['invalid values', { email: { column: 'E', onInvalid: '?' } }, {}, 'fields.email.onInvalid'],
    ['the form of phones', { phone: { column: 'P', format: '?' } }, {}, 'fields.phone.format'],
    ['a constant', { source: { value: '?' } }, {}, 'fields.source.value'],
    ['a default', { source: { column: 'A', default: '?' } }, {}, 'fields.source.default'],
    ['a column of tags', { tags: { add: ['A', '?'] } }, {}, 'fields.tags.add[1]'],
    ['the kind of an attribute', {}, { attributes: { a: { column: 'A', type: '?' } } }, 'attributes.a.type'],
    [
      'a decimal sign',
      {},
      { attributes: { a: { column: 'A', type: 'number', decimal: '?' } } },
      'attributes.a.decimal',
    ],
    ['a column of filters', {}, { rows: { skip: [{ column: '?', in: ['x'] }] } }, 'rows.skip[0].column'],
    ['the account', {}, { account: { app_id: '?' } }, 'account.app_id'],
  ])('for %s is refused with a question', (_what, fields, rest, path) => {
    const { findings } = readMapping(mappingJson(fields, rest));
    expect(findings[0]).toMatchObject({ path, severity: 'error' });
    expect(findings.filter((finding) => finding.path === path)).toHaveLength(1);
  });

  it('is a word like any other where words are data', () => {
    const rest = { missing: ['?'], rows: { skip: [{ column: 'A', in: ['?'] }] }, ignore: ['?'] };
    const fields = { address: { columns: ['A', 'B'], join: '?' }, tags: { column: 'T', split: '?' } };
    expect(pathsOf(mappingJson(fields, rest))).toEqual([]);
  });
});

describe('keys that name parts of every object', () => {
  const read = (text: string) => readMapping(parseJsonc(text, 'mapping.json'));

  it('__proto__ is refused everywhere, and changes no object', () => {
    const { findings } = read(
      '{"version":1,"name":"x","fields":{"__proto__":{"email":"E"},"first_name":{"column":"F","values":{"__proto__":"x"}}}}',
    );
    expect(findings.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['fields.__proto__', 'fields.first_name.values.__proto__']),
    );
    expect(Object.hasOwn({}, 'email')).toBe(false);
  });

  it('constructor and toString are attributes like any other', () => {
    const { mapping, findings } = read(
      '{"version":1,"name":"x","fields":{"user_id":"I","first_name":"F","last_name":"L"},"attributes":{"constructor":"C","toString":"T"}}',
    );
    expect(findings).toEqual([]);
    expect(Object.keys(mapping?.attributes ?? {})).toEqual(['constructor', 'toString']);
  });
});
