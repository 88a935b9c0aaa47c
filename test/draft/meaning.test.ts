import { expect, it } from 'vitest';
import type { Draft } from '../../src/draft/draft.ts';
import { draftOf, expectSound, csvFile, draftFile, field } from './folder.ts';

const first = ['Ana', 'Sam', 'Lee', 'Kim', 'Max', 'Eva', 'Tom', 'Ida', 'Ben', 'Zoe'];
const last = ['Diaz', 'Berg', 'Park', 'Cole', 'Moss', 'Webb', 'Lund', 'Nash', 'Pope', 'Reid'];

/** A file of ten people: their names and emails, and other columns made by the number of the row. */
function people(columns: Readonly<Record<string, (row: number) => string>>, count = 10): string {
  const names = Object.keys(columns);
  const rows = Array.from({ length: count }, (_, row) => {
    const person = [first[row % 10], last[(row * 3) % 10], `p${row}@example.com`];
    return [...person, ...names.map((name) => columns[name]?.(row) ?? '')].map((cell) => `"${cell}"`).join(',');
  });
  return [['First Name', 'Last Name', 'Email', ...names].map((name) => `"${name}"`).join(','), ...rows, ''].join('\n');
}

function column(draft: Draft, name: string) {
  const found = draft.columns.find((one) => one.column === name);
  if (found === undefined) throw new Error(`there is no column ${name}`);
  return found;
}

it('the column name proposes a field, and the values decide', async () => {
  const draft = await draftOf(
    people({
      'Email Consent': (row) => (row % 2 === 0 ? 'true' : 'false'),
      'Last Contacted': () => '2025-01-02',
      'Membership Name': () => 'Gold',
      Status: (row) => (row % 2 === 0 ? 'Paid' : 'Overdue'),
      'Member ID': () => 'see desk',
      'Home Phone': () => 'none',
      Birthday: () => 'in spring',
      'Phone Type': () => 'mobile',
    }),
  );
  expect(field(draft, 'email')).toMatchObject({ column: 'Email' });
  for (const name of ['user_id', 'phone', 'dob', 'type', 'status']) expect(field(draft, name)).toBeUndefined();
  for (const name of ['Last Contacted', 'Membership Name', 'Status', 'Member ID', 'Birthday', 'Phone Type'])
    expect(column(draft, name)).toMatchObject({ certainty: 'left out', fields: [] });
  expect(column(draft, 'Status').why).toContain('"Paid"');
});

it('of two columns named Status the one with membership words is used, by its number', async () => {
  const head = 'First Name,Last Name,Email,Status,Status\n';
  const draft = await draftOf(`${head}Ana,Diaz,a@example.com,Overdue,Active\nSam,Berg,s@example.com,Paid,Frozen\n`);
  expect(field(draft, 'status')).toMatchObject({ column: 'Status#2', values: { Active: 'active', Frozen: 'frozen' } });
  expect(field(draft, 'type')).toMatchObject({ column: 'Status#2', values: { Active: 'member', Frozen: 'member' } });
});

it.each([
  ['Jalisco', 'state'],
  ['activo', 'status'],
])('an ambiguous column name is decided by its cells: Estado of %s is the %s', async (cell, name) => {
  const draft = await draftOf(`Nombre,Apellidos,Correo,Estado\nAna,Diaz,ana@example.com,${cell}\n`);
  expect(column(draft, 'Estado').fields).toContain(name);
});

it('an id that different people share is skipped in favor of one id per person', async () => {
  const draft = await draftOf(
    people({ 'Agreement #': (row) => `A${100 + Math.floor(row / 2)}`, Barcode: (row) => `B${9000 + row}` }),
  );
  expect(field(draft, 'user_id')).toBe('Barcode');
  expect(column(draft, 'Agreement #').why).toContain('5 of its 5 values have different names');
});

it('one row per membership: the id repeats with the same person, which is shown', async () => {
  const rows = Array.from(
    { length: 12 },
    (_, row) => `${100 + Math.floor(row / 2)},${8000 + row},${first[Math.floor(row / 2)]} Diaz`,
  );
  const draft = await draftOf(`Client ID,Membership ID,Client Name\n${rows.join('\n')}\n`);
  expect(field(draft, 'user_id')).toBe('Client ID');
  expect(draft.notes.join(' ')).toContain('6 people are in several rows');
  expect(field(draft, 'first_name')).toMatchObject({ column: 'Client Name', name: 'first' });
});

it('an id with a few doubtful values is a question, with both answers', async () => {
  const draft = await draftOf(people({ 'Member ID': (row) => (row === 9 ? '1008' : String(1000 + row)) }));
  expect(field(draft, 'user_id')).toBe('?');
  expect(draft.questions).toMatchObject([{ id: 'user_id', answers: [{ answer: 'yes' }, { answer: 'no' }] }]);
});

it('columns that must not be forwarded are excluded, by name or by value, and never offered as attributes', async () => {
  const secret = {
    SSN: () => '123-45-6789',
    'Tax File': (row: number) => `123-45-${1000 + row}`,
    "Driver's License": () => 'D123',
    IBAN: () => 'DE02120300000000202051',
    bank_account_number: () => '12345678',
    'Card Number': () => '4111',
    Plastic: () => '4111111111111111',
    'Medical Conditions': () => 'asthma',
    'Emergency Contact Email': () => 'mum@example.com',
    guardianEmail: () => 'mum@example.com',
    Notes: () => 'owes us',
    Bemerkung: () => 'zahlt bar',
  };
  const draft = await draftOf(people(secret));
  for (const name of Object.keys(secret)) expect(column(draft, name)).toMatchObject({ certainty: 'left out' });
  expect(draft.mapping['ignore']).toEqual(Object.keys(secret));
  expect(draft.attributes).toEqual({});
});

it('consent: words by their meaning under their header, a blank never, and an opposite header is a question', async () => {
  const draft = await draftOf(
    people({
      'Text Opt-In': (row) => ['Subscribed', 'Unsubscribed', 'Pending', ''][row % 4] ?? '',
      Newsletter: (row) => ['Oui', 'Non', ''][row % 3] ?? '',
    }),
  );
  expect(field(draft, 'optin_sms')).toEqual({ column: 'Text Opt-In', yes: ['Subscribed'], no: ['Unsubscribed'] });
  expect(field(draft, 'optout_email')).toEqual({ column: 'Newsletter', yes: ['Non'], no: ['Oui'], confirmed: '?' });
  expect(draft.questions.map(({ id }) => id)).toEqual(['consent:optout_email']);
  expect(draft.notes.join('\n')).toMatch(/"Pending".*nothing about consent/);
});

it.each([
  ['Email Opt-Out', 'optout_email', { yes: ['Y'], no: ['N'] }],
  ['Do Not Email', 'optout_email', { yes: ['Y'], no: ['N'] }],
  ['Unsubscribed', 'optout_email', { yes: ['Y'], no: ['N'] }],
  ['Email Marketing', 'optout_email', { yes: ['N'], no: ['Y'], confirmed: '?' }],
  ['smsMarketing', 'optin_sms', { yes: ['Y'], no: ['N'] }],
  ['SMS Opt Out', 'optin_sms', { yes: ['N'], no: ['Y'], confirmed: '?' }],
])('polarity of "%s"', async (header, name, expected) => {
  const draft = await draftOf(people({ [header]: (row) => (row % 2 === 0 ? 'Y' : 'N') }));
  expect(field(draft, name)).toEqual({ column: header, ...expected });
});

it.each(['Opt-In Date', 'Subscription Plan', 'Marketing Source', 'Email Sent'])(
  '"%s" is not consent',
  async (header) => {
    const draft = await draftOf(people({ [header]: () => 'Yes' }));
    expect(field(draft, 'optout_email')).toBeUndefined();
    expect(field(draft, 'optin_sms')).toBeUndefined();
  },
);

it.each([
  ['country column', { Phone: (row: number) => `07911 12345${row}`, Country: () => 'GBR' }, 'GB'],
  ['way of writing', { Phone: (row: number) => `(212) 555-010${row}` }, 'US'],
  [
    'postal codes of Canada',
    { Phone: (row: number) => `(416) 555-010${row}`, 'Postal Code': (row: number) => `M5V ${row}T6` },
    'CA',
  ],
  ['country codes', { Phone: (row: number) => `+35387123456${row}` }, 'IE'],
  ['ten bare digits prove nothing', { Phone: (row: number) => `207555010${row}` }, '?'],
])('country of phones: %s', async (_, columns, country) => {
  const draft = await draftOf(people(columns));
  expect(draft.mapping['country']).toBe(country);
  expect(draft.questions.map(({ id }) => id)).toEqual(country === '?' ? ['country'] : []);
});

it.each([
  ['English', 'Membership Number,Forename,Surname,E-mail Address,Mobile Telephone,D.O.B.,Join Date,Postcode'],
  ['German', 'Mitgliedsnummer;Vorname;Nachname;E-Mail;Handynummer;Geburtsdatum;Eintrittsdatum;PLZ'],
  ['French', 'N° adhérent;Prénom;Nom;Courriel;Téléphone portable;Date de naissance;Date d’inscription;Code postal'],
  ['Spanish', 'Nº socio;Nombre;Apellidos;Correo electrónico;Móvil;Fecha de nacimiento;Fecha de alta;Código postal'],
  ['Dutch', 'Lidnummer;Voornaam;Achternaam;E-mailadres;Mobiel;Geboortedatum;Inschrijfdatum;Postcode'],
  ['code', 'external_id,firstName,lastName,emailAddress,mobilePhone,birthDate,created_at,zipCode'],
  ['typing errors', 'Member ID,Fist Name,Last Nmae,E-mial,Mobile Numbr,Birthdat,Date Joind,Post Cod'],
])('the usual columns are known in %s', async (_, header) => {
  const delimiter = header.includes(';') ? ';' : ',';
  const cells = ['1001', 'Ana', 'Diaz', 'ana@example.com', '+12125550147', '22.03.1983', '14.05.2020', '01067'];
  const others = ['1002', 'Sam', 'Berg', 'sam@example.com', '+12125550148', '23.03.1984', '15.05.2021', '10115'];
  const draft = await draftOf([header, cells.join(delimiter), others.join(delimiter), ''].join('\n'), 'US');
  expect(Object.keys(draft.mapping['fields'] as object).sort()).toEqual(
    ['created_date', 'dob', 'email', 'first_name', 'last_name', 'phone', 'tags', 'user_id', 'zip'].sort(),
  );
  expect(draft.questions).toEqual([]);
});

it('a consent status by its own words', async () => {
  const words = ['Subscribed', 'Unsubscribed', 'Bounced'];
  const draft = await draftOf(people({ 'Email Status': (row) => words[row % 3] ?? '', 'SMS Status': () => 'Yes' }));
  expect(field(draft, 'optout_email')).toEqual({ column: 'Email Status', yes: ['Unsubscribed'], no: ['Subscribed'] });
  expect(field(draft, 'optin_sms')).toBe('?');
  expect(draft.questions.map(({ id }) => id)).toEqual(['consent:optin_sms']);
});

it('numbers that count the rows, or that a spreadsheet has cut, identify no one', async () => {
  const counted = await draftOf(people({ ID: (row) => String(row + 1) }));
  expect(counted.questions).toMatchObject([{ id: 'user_id', because: [expect.stringContaining('count the rows')] }]);
  const cut = await draftOf(people({ 'Member ID': () => '1.00E+15', Phone: () => '2.07555E+09' }));
  for (const name of ['Member ID', 'Phone']) expect(column(cut, name)).toMatchObject({ certainty: 'left out' });
  const whole = await draftOf(people({ Phone: (row) => `2.07555010${row}E+09` }), 'US');
  expect(field(whole, 'phone')).toMatchObject({ column: 'Phone' });
});

it("a file without a key leaves a question; a guardian's columns are offered as a guardian's only", async () => {
  const draft = await draftOf(
    'First Name,Last Name,Parent Email,Allergies\nAna,Diaz,m@example.com,nuts\nSam,Berg,n@example.com,\n',
  );
  expect(field(draft, 'email')).toBeUndefined();
  expect(draft.questions).toMatchObject([{ id: 'match-key', answers: [{ answer: '"Parent Email" as email' }] }]);
});

it('full names in one column, in either order; rows that are not people are excluded', async () => {
  const comma = await draftOf('Name,Email\n"Diaz, Ana",a@example.com\n"Berg, Sam",s@example.com\n');
  expect(field(comma, 'last_name')).toEqual({ column: 'Name', name: 'last' });
  const plain = await draftOf(
    'Client Name,Email\nAna Diaz,a@example.com\nSam Berg,s@example.com\n(Deleted Customer),\n',
  );
  expect(field(plain, 'first_name')).toEqual({ column: 'Client Name', name: 'first' });
  expect(plain.mapping['rows']).toEqual({ skip: [{ column: 'Client Name', in: ['(Deleted Customer)'] }] });
  const dead = await draftOf(people({ X: () => 'x' }).replace('"Sam","Cole"', '"TEST","DECEASED - Cole"'));
  expect(dead.mapping['rows']).toEqual({
    skip: [
      { column: 'First Name', in: ['TEST'] },
      { column: 'Last Name', in: ['DECEASED - Cole'] },
    ],
  });
  const turned = await draftOf('last_first_name,Email\nDiaz Ana,a@example.com\nBerg Sam,s@example.com\n');
  expect(field(turned, 'first_name')).toMatchObject({ name: 'first', nameOrder: 'last first' });
  const two = await draftOf('Name,Surname,Email\nAna,Diaz,a@example.com\nSam,Berg,s@example.com\n');
  expect([field(two, 'first_name'), field(two, 'last_name')]).toEqual(['Name', 'Surname']);
});

it('a preamble, a header with line breaks, page breaks and totals', async () => {
  const header = 'Member ID,"First\nName",Last Name,Email';
  const file = await csvFile(
    `Members of Downtown,,,\nPrinted 11/20/2026,,,\n\n${header}\n1,Ana,Diaz,a@example.com\n${header}\n2,Sam,Berg,s@example.com\nGrand Total: 2,,,\n`,
  );
  const draft = await draftFile(file);
  const footer = String.raw`^Grand\s+Total:\s+\d+$`;
  expect(draft).toMatchObject({ rows: 2, questions: [], mapping: { csv: { headerRow: 4, footer } } });
  await expectSound(file, draft);
});

it('a header with an unclosed quote is named', async () => {
  await expect(draftOf('First Name,"Last Name,Email\nAna,Diaz,a@example.com\n')).rejects.toMatchObject({
    code: 'input',
    hint: expect.stringContaining('Row 1 '),
  });
});

it('statuses: words in several languages, people to exclude, and a question for each unknown word', async () => {
  const words = ['Active', 'gekündigt', 'En pause', 'Prospect', 'Deceased', 'Zombie'];
  const draft = await draftOf(people({ Status: (row) => words[row % 6] ?? '' }));
  expect(field(draft, 'status')).toMatchObject({
    values: { Active: 'active', gekündigt: 'inactive', 'En pause': 'frozen', Prospect: 'non-member', Zombie: '?' },
  });
  expect(draft.mapping['rows']).toEqual({ skip: [{ column: 'Status', in: ['Deceased'] }] });
  expect(draft.questions).toMatchObject([{ id: 'status-word:Zombie' }]);
});

it('changes that other programs made to text are undone only with evidence', async () => {
  const clean = await draftOf(
    people({ City: () => 'Portland', Zip: () => '94105', Phone: (row) => `(207) 555-010${row}` }),
  );
  expect([field(clean, 'city'), field(clean, 'zip')]).toEqual(['City', 'Zip']);
  const spoilt = await draftOf(
    people({
      City: () => 'R&amp;D',
      Street: () => 'CafÃ© 1',
      Zip: (row) => (row < 3 ? '4101' : '94105'),
      Phone: (row) => `(207) 555-010${row}`,
    }),
  );
  expect(field(spoilt, 'city')).toEqual({ column: 'City', entities: true });
  expect(field(spoilt, 'address')).toEqual({ column: 'Street', repairUtf8: true });
  expect(field(spoilt, 'zip')).toEqual({ column: 'Zip', restoreZeros: true });
});

it('words for "nothing" are missing, but not in names', async () => {
  const draft = await draftOf(people({ City: (row) => (row < 5 ? 'k. A.' : 'Bonn') }).replace('"Park"', '"Null"'));
  expect(draft.mapping['missing']).toEqual(['k. A.']);
});

it('one date against the others is a question, and so is a column with two layouts', async () => {
  const draft = await draftOf(people({ DOB: (row) => (row === 7 ? '22/3/1983' : '3/22/1983') }));
  expect(field(draft, 'dob')).toEqual({ column: 'DOB', format: '?', onInvalid: 'drop' });
  expect(draft.questions).toMatchObject([{ id: 'date-order:dob', paths: [['fields', 'dob', 'format']] }]);
});

it('a product is named with the reasons, and only as a proposal', async () => {
  const draft = await draftOf(
    'Customer Name,Customer Email,Other Active,Membership Name\nAna Diaz,a@example.com,no,Gold\nSam Berg,s@example.com,no,Gold\n',
  );
  expect(draft.product).toMatchObject({
    slug: 'teamup',
    columns: ['Customer Name', 'Membership Name', 'Other Active'],
  });
  expect(field(draft, 'source')).toEqual({ value: 'teamup-2026' });
  expect(Object.keys(draft.mapping['fields'] as object).sort()).toEqual([
    'email',
    'first_name',
    'last_name',
    'source',
    'tags',
  ]);
});

it('suggested attributes can be used as they are', async () => {
  const file = await csvFile(
    people({
      Type: () => 'Gold card',
      'Account Balance': (row) => `${row},50 €`,
      'Last Visit': () => '22.03.2026',
      'E Mail': () => 'x y',
    }),
  );
  const draft = await draftFile(file);
  expect(draft.attributes).toMatchObject({
    account_balance: { column: 'Account Balance', type: 'number', decimal: ',' },
    last_visit: { column: 'Last Visit', type: 'date', format: 'D.M.YYYY' },
  });
  await expectSound(file, {
    ...draft,
    text: JSON.stringify({ ...draft.mapping, attributes: draft.attributes }),
    mapping: { ...draft.mapping, attributes: draft.attributes },
  });
});

it('a birthday without a year does not fail its row', async () => {
  const cells = ['3/14/1985', '7/21', '11/30/1979', '0/0/00', '--05-12', '0000-02-08'];
  const draft = await draftOf(people({ Birthday: (row) => cells[row % cells.length] ?? '' }));
  expect(field(draft, 'dob')).toEqual({ column: 'Birthday', format: 'M/D/YYYY', onInvalid: 'drop' });
});

it('birthdays that all lack the year are excluded with that reason', async () => {
  const draft = await draftOf(people({ Birthday: (row) => `0${(row % 9) + 1}/15` }));
  expect(field(draft, 'dob')).toBeUndefined();
  expect(column(draft, 'Birthday')).toMatchObject({ certainty: 'left out', why: expect.stringContaining('no year') });
});

it('birthdays that a time zone moved to the evening before are a question', async () => {
  const times = ['23:00:00.000Z', '22:00:00.000Z'];
  const draft = await draftOf(people({ DOB: (row) => `198${row % 10}-03-14T${times[row % 2] ?? ''}` }));
  expect(field(draft, 'dob')).toEqual({ column: 'DOB', onInvalid: 'drop', utcMidnights: '?' });
  const [question] = draft.questions;
  expect(question).toMatchObject({ id: 'midnights:dob', paths: [['fields', 'dob', 'utcMidnights']] });
  expect(question?.answers.map(({ edits }) => edits[0]?.value)).toEqual([true, false, undefined]);
});

it.each<[string, (row: number) => string, unknown]>([
  ['one separator', () => 'Yoga;VIP', { column: 'Tags', split: ';' }],
  ['entities whose semicolons separate nothing', () => 'Kids &amp; Family', { column: 'Tags', entities: true }],
  ['entities and a separator', () => 'Kids &amp; Family;VIP', { column: 'Tags', split: ';', entities: true }],
  ['three colons', () => 'Yoga ::: VIP', { column: 'Tags', split: ':::' }],
  ['JSON', () => '[""Yoga"",""VIP""]', 'Tags'],
  ['PostgreSQL', () => '{Yoga,VIP}', 'Tags'],
])('tags: %s', async (_, cell, source) => {
  const draft = await draftOf(people({ Tags: cell }));
  expect(draft.questions).toEqual([]);
  expect(field(draft, 'tags')).toMatchObject({ add: [source, {}] });
});

it('two separators in one tag column are a question', async () => {
  const draft = await draftOf(people({ Tags: (row) => (row % 2 === 0 ? 'Yoga;VIP' : 'Kids, under 5') }));
  const [question] = draft.questions;
  expect(question).toMatchObject({ id: 'tag-separator:Tags', paths: [['fields', 'tags', 'add', 0]] });
  expect(question?.answers.map(({ edits }) => edits[0]?.value)).toEqual([
    { column: 'Tags', split: ';' },
    { column: 'Tags', split: ',' },
    { column: 'Tags', split: [';', ','] },
  ]);
});

it('a column with several countries decides the country of each row', async () => {
  const words = ['United States', 'UK', 'Mexico', 'IN', 'Germany'];
  const draft = await draftOf(
    people({ Mobile: (row) => `20794601${20 + row}`, Country: (row) => words[row % words.length] ?? '' }),
  );
  expect(draft.country?.country).toEqual({
    column: 'Country',
    values: { 'United States': 'US', UK: 'GB', Mexico: 'MX', Germany: 'DE' },
  });
  expect(draft.questions).toEqual([]);
});

it('a column with calling codes does too', async () => {
  const draft = await draftOf(
    people({ Mobile: (row) => `20794601${20 + row}`, 'Country Code': (row) => (row % 2 === 0 ? '+44' : '1') }),
  );
  expect(draft.country?.country).toEqual({ column: 'Country Code', values: { '+44': 'GB', 1: 'US' } });
});

it('a question about the only key of a file does not offer "none"', async () => {
  const draft = await draftOf(
    'First Name,Last Name,Phone 1 - Label,Phone 1 - Value\nAna,Diaz,Mobile,+44 20 7946 0018\nBo,Lee,Work Fax,+44 20 7946 0019\n',
  );
  const question = draft.questions.find(({ id }) => id === 'phone');
  expect(question?.answers.map(({ answer }) => answer)).toEqual(['"Phone 1 - Value"']);
});
