import path from 'node:path';
import { expect, it } from 'vitest';
import { readMappingFile } from '../../src/config/mapping-file.ts';
import { mappingJson, today } from '../core/mapping/mapped.ts';
import { folderWith } from './folder.ts';

async function read(text: string) {
  const folder = await folderWith({ 'mapping.json': text });
  return readMappingFile(path.join(folder, 'mapping.json'), today);
}
const pathsOf = async (json: unknown): Promise<string[]> =>
  (await read(JSON.stringify(json))).findings.map(({ path: place }) => place);

it('the example in the package is valid, and so are its own examples', async () => {
  const { mapping, findings } = await readMappingFile(path.resolve('mapping.example.json'), today);
  expect(findings).toEqual([]);
  expect(mapping?.examples?.length).toBeGreaterThan(0);
});

it('mistakes of structure, rules and unanswered questions are reported together', async () => {
  const json = mappingJson(
    {
      emial: 'E',
      dob: { column: 'D', format: 'x' },
      type: { column: 'T', values: { a: '?' } },
      city: { column: 'C', casee: 1 },
    },
    { attributes: { email: 'E' }, vresion: 2 },
  );
  expect((await pathsOf(json)).toSorted()).toEqual(
    ['', 'attributes.email', 'fields', 'fields.city', 'fields.dob.format', 'fields.type.values.a'].toSorted(),
  );
});

it('a part that had to be cut out is not also reported as missing', async () => {
  const json = {
    version: 1,
    name: 'x',
    fields: { user_id: 7, first_name: { column: 7 }, last_name: 'L', type: { column: [] } },
  };
  expect((await pathsOf(json)).toSorted()).toEqual([
    'fields.first_name.column',
    'fields.type.column',
    'fields.user_id',
  ]);
});

it.each(['(', '.*', '(?=total)', String.raw`(a)\1`])(
  'csv.footer %j is refused before a file is read',
  async (footer) => {
    expect(await pathsOf(mappingJson({}, { csv: { footer } }))).toEqual(['csv.footer']);
  },
);

it('examples run when the rest is valid', async () => {
  const examples = [{ row: { Id: '7' }, contact: { user_id: '8' } }];
  expect(await pathsOf(mappingJson({}, { examples }))).toEqual(['examples[0].contact.user_id']);
  expect(await pathsOf(mappingJson({ tags: { value: 'a,b' } }, { examples }))).toEqual(['fields.tags.value']);
});

it.each([
  ['no JSON', '{'],
  ['too large', `"${'x'.repeat(1024 * 1024)}"`],
  ['too deep', '['.repeat(10_000)],
])('%s is refused as a whole', async (_what, text) => {
  await expect(read(text)).rejects.toMatchObject({ code: 'mapping' });
});

it('a file that does not exist is reported with its path', async () => {
  const folder = await folderWith();
  const file = path.join(folder, 'gone.json');
  await expect(readMappingFile(file, today)).rejects.toMatchObject({
    code: 'mapping',
    message: expect.stringContaining(file),
  });
  await expect(readMappingFile(folder, today)).rejects.toMatchObject({ code: 'mapping' });
});
