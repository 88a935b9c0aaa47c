import { expect, it } from 'vitest';
import { compileMapping } from '../../../src/core/mapping/compile.ts';
import { readMapping } from '../../../src/core/mapping/read.ts';
import { createFieldGallery } from '../../../src/run/check/field-gallery.ts';

const today = '2026-11-27';
const header = ['Id', 'First', 'Last', 'Born', 'Status', 'Texts', 'No email'];

function galleryOf(...rows: readonly (readonly string[])[]) {
  const { mapping } = readMapping({
    version: 1,
    name: 'members',
    fields: {
      user_id: 'Id',
      first_name: 'First',
      last_name: 'Last',
      dob: { column: 'Born', format: 'M/D/YYYY' },
      status: { column: 'Status', values: { Active: 'active' } },
      optin_sms: { column: 'Texts', yes: ['Yes'], no: ['No'] },
      optout_email: { column: 'No email', yes: ['Yes'], no: ['No'] },
      source: { value: 'migration' },
    },
  });
  if (mapping === undefined) throw new Error('the mapping is wrong');
  const map = compileMapping(mapping, header, { today, extraTags: { add: [], remove: [] } });
  const gallery = createFieldGallery(mapping, header, today);
  for (const cells of rows) gallery.note(cells, map(cells));
  return Object.fromEntries(gallery.fields().map((field) => [field.name, field]));
}

it('counts the words of each column, joins spellings, and says what they become', () => {
  const {
    status,
    optin_sms: texts,
    optout_email: emails,
  } = galleryOf(
    ['1', 'Ana', 'Diaz', '', 'Active', 'Yes', 'No'],
    ['2', 'Ben', 'Ford', '', 'ACTIVE', 'No', 'Yes'],
    ['3', 'Cem', 'Kaya', '', 'Active', '', ''],
    ['4', 'Dan', 'Lund', '', 'Paused', 'maybe', ''],
  );
  expect(status?.words).toEqual([
    { word: 'Active', rows: 3, becomes: 'active', fails: false },
    { word: 'Paused', rows: 1, becomes: undefined, fails: true },
  ]);
  expect(texts?.words).toMatchObject([
    { word: 'Yes', becomes: 'true' },
    { word: 'No', becomes: 'false' },
    { word: '', becomes: undefined, fails: false },
    { word: 'maybe', becomes: undefined, fails: false },
  ]);
  // An opt-out is never lifted unless the mapping says it.
  expect(emails?.words).toMatchObject([
    { word: '', rows: 2, becomes: undefined },
    { word: 'No', becomes: undefined },
    { word: 'Yes', becomes: 'true' },
  ]);
});

it('says what a word becomes, no matter who has it: the age of a person does not change it', () => {
  const { optin_sms: texts } = galleryOf(['1', 'Ana', 'Diaz', '5/6/2020', 'Active', 'Yes', '']);
  expect(texts?.words).toMatchObject([{ word: 'Yes', becomes: 'true' }]);
});

it('takes values only of rows that can be sent, as they are sent', () => {
  const {
    first_name: first,
    dob,
    source,
  } = galleryOf(['1', ' Ana ', 'Diaz', '7/14/1988', 'Active', '', ''], ['2', 'Ben', 'Ford', '', 'Paused', '', '']);
  expect([...(first?.values ?? [])]).toEqual([['Ana', 1]]);
  expect([...(dob?.values ?? [])]).toEqual([['1988-07-14', 1]]);
  expect([...(source?.values ?? [])]).toEqual([['migration', 1]]);
});

it('counts a bounded number of words', () => {
  const rows = Array.from({ length: 100 }, (_, index) => [`${index}`, 'A', 'B', '', `Word ${index}`, '', '']);
  const { status } = galleryOf(...rows);
  expect(status?.moreWords).toBe(true);
  expect(status?.words.length).toBeLessThan(50);
});
