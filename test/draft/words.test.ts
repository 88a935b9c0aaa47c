import { stringify } from 'csv-stringify/sync';
import { expect, it } from 'vitest';
import { csvFile, draftFile, draftOf, expectSound, field } from './folder.ts';

it.each([
  ['LAST First in capitals', ['DIAZ Ana', 'DE LA CRUZ Ben', 'BERG LUND Carla'], 'last first'],
  ['First LAST in capitals', ['Ana DIAZ', 'Ben COLE', 'Carla BERG LUND'], undefined],
  ['East Asian', ['山田 太郎', '鈴木 花子', '佐藤 健'], 'last first'],
  ['given names last', ['Diaz Ana', 'Cole Ben', 'Lund Eva', 'Okafor Tom'], 'last first'],
  ['given names first', ['Ana Diaz', 'Ben Cole', 'Eva Lund', 'Tom Okafor'], undefined],
])('the order of full names: %s', async (_, names, nameOrder) => {
  const draft = await draftOf(
    stringify([['Name', 'Email'], ...names.map((name, row) => [name, `p${row}@example.com`])]),
  );
  const order = nameOrder === undefined ? {} : { nameOrder };
  expect(field(draft, 'first_name')).toEqual({ column: 'Name', name: 'first', ...order });
  expect(draft.questions).toEqual([]);
});

it('an order without evidence is a question', async () => {
  const file = await csvFile(
    'Nom complet;E-mail;Ville\nDubois Xanthe;a@example.com;Lyon\nLeroy Zadig;b@example.com;Nice\n',
  );
  const draft = await draftFile(file);
  expect(draft.questions).toMatchObject([{ id: 'name-order', answers: [{}, {}] }]);
  await expectSound(file, draft);
});

it.each([
  ['German', 'Name;Vorname', ['Diaz;Ana', 'Cole;Ben', 'Berg;Eva'], 'Name', 'Vorname'],
  [
    'Dutch',
    'Voornaam;Tussenvoegsel;Achternaam',
    ['Jan;van der;Berg', 'Els;;Smit', 'Piet;de;Vries'],
    { columns: ['Tussenvoegsel', 'Achternaam'], join: ' ' },
    'Voornaam',
  ],
  [
    'Spanish',
    'Nombre;Primer apellido;Segundo apellido',
    ['Ana;Diaz;Rao', 'Ben;Cole;', 'Eva;Lund;Webb'],
    { columns: ['Primer apellido', 'Segundo apellido'], join: ' ' },
    'Nombre',
  ],
  [
    'a whole name that repeats the first',
    'Vorname;Name',
    ['Ana;Ana Diaz', 'Ben;Ben Cole', 'Eva;Eva Lund'],
    { column: 'Name', name: 'last' },
    'Vorname',
  ],
  [
    'the same, last name first',
    'Vorname;Name',
    ['Ana;Diaz Ana', 'Ben;Cole Ben', 'Eva;Lund Eva'],
    { column: 'Name', name: 'last', nameOrder: 'last first' },
    'Vorname',
  ],
])('names in %s columns', async (_, header, rows, lastName, firstName) => {
  const draft = await draftOf(
    [`${header};E-Mail`, ...rows.map((row, index) => `${row};p${index}@example.com`), ''].join('\n'),
  );
  expect(field(draft, 'last_name')).toEqual(lastName);
  expect(field(draft, 'first_name')).toEqual(firstName);
});

it('two people in one name are a question', async () => {
  const file = await csvFile(
    'First Name,Last Name,Email\nJohn & Mary,Smith,a@example.com\nAna,Diaz,b@example.com\nTom,Cole,c@example.com\n',
  );
  const draft = await draftFile(file);
  expect(draft.questions).toMatchObject([{ id: 'two-people' }]);
  await expectSound(file, draft);
  await expectSound(file, draft, () => 1);
});

it('a name of "-" for all rows is never the only answer', async () => {
  const draft = await draftOf('id,email\n1001,a@example.com\n1002,b@example.com\n');
  expect(draft.questions.map(({ id, answers }) => [id, answers.length])).toEqual([['names', 0]]);
});

it.each([
  ['Nombre;Apellidos;Correo;Sexo', ['H', 'M'], { H: 'male', M: 'female' }],
  ['Nombre;Apellidos;Correo;Sexo', ['M', 'F'], { M: 'male', F: 'female' }],
  ['Nombre;Apellidos;Correo;Sexo', ['M'], { M: '?' }],
  ['First Name;Last Name;Email;Gender', ['H', 'M'], { H: 'male', M: 'female' }],
  ['First Name;Last Name;Email;Gender', ['M'], { M: 'male' }],
  ['Vorname;Nachname;E-Mail;Geschlecht', ['m', 'w', 'd'], { m: 'male', w: 'female', d: 'other' }],
  ['Voornaam;Achternaam;E-mail;Geslacht', ['m', 'v'], { m: 'male', v: 'female' }],
  ['Nome;Sobrenome;E-mail;Sexo', ['Feminino', 'Masculino'], { Feminino: 'female', Masculino: 'male' }],
  ['Nome;Cognome;Email;Sesso', ['Maschio', 'Femmina'], { Maschio: 'male', Femmina: 'female' }],
])('gender under "%s" of %j', async (header, words, values) => {
  const rows = ['Ana;Diaz;a@example.com', 'Ben;Cole;b@example.com', 'Eva;Lund;c@example.com'];
  const file = await csvFile(
    [header, ...rows.map((row, index) => `${row};${words[index % words.length]}`), ''].join('\n'),
  );
  const draft = await draftFile(file);
  expect(field(draft, 'gender')).toMatchObject({ values });
  expect(draft.questions).toHaveLength(Object.values(values).filter((value) => value === '?').length);
  await expectSound(file, draft);
});

it('values that become "other" are reported', async () => {
  const draft = await draftOf(
    'First Name,Last Name,Email,Gender\nAna,Diaz,a@example.com,Non-binary\nBen,Cole,b@example.com,M\n',
  );
  expect(draft.notes.join('\n')).toContain('"Non-binary"');
});

it('secrets are excluded in every language, by name or by cell, and never offered as attributes', async () => {
  const secrets = {
    user_pass: '$P$BabcdefghijklmnopqrstuvwxyzABC',
    Hashed: '$2y$10$abcdefghijklmnopqrstuv',
    session_tokens: 'a:1:{}',
    'api-key': 'k1',
    Senha: 'x1',
    RG: '12.345.678-9',
    'Nº documento': '123.456.789-09',
    'Codice fiscale': 'DZINAA85C43H501X',
    Burgerservicenummer: '000000000',
    'Numéro de sécurité sociale': '0 00 00 00 000 000 00',
    Personalausweisnummer: 'T00',
    'Cartão de crédito': '0000',
    'Card ID': 'card_1',
    Konto: 'DE02120300000000202051',
    'E-mail do responsável': 'pai@example.com',
    'E-Mail der Eltern': 'eltern@example.com',
    'Correo del tutor': 'tutor@example.com',
    'Email genitore': 'g@example.com',
    'E-mail ouder': 'o@example.com',
    Krankheiten: 'asthma',
  };
  const draft = await draftOf(
    stringify([
      ['First Name', 'Last Name', 'Email', ...Object.keys(secrets)],
      ['Ana', 'Diaz', 'a@example.com', ...Object.values(secrets)],
    ]),
  );
  expect(draft.mapping['ignore']).toEqual(Object.keys(secrets));
  expect(draft.attributes).toEqual({});
});

it('prefixes and suffixes do not hide a column', async () => {
  const columns = {
    'Square Customer ID': 'KQ00X7',
    'First Name': 'Ana',
    'Last Name': 'Diaz',
    'E-mail 1 - Value': 'a@example.com',
    'Phone - Home': '(212) 555-0110',
    'Phone - Mobile': '(212) 555-0111',
    'Address 1 - Formatted': '1 Oak St Austin',
    billing_address_1: '1 Oak St',
    billing_address_2: 'Apt 4',
    shipping_address_1: '9 Elm St',
    billing_city: 'Austin',
    'Home City': 'Boston',
    'Default Address Province Code': 'MA',
    'Default Address Zip': '02134',
    'Create Date (EST)': '2024-01-22',
  };
  const draft = await draftOf(stringify([Object.keys(columns), Object.values(columns)]), 'US');
  expect(draft.mapping['fields']).toMatchObject({
    user_id: 'Square Customer ID',
    email: { column: 'E-mail 1 - Value' },
    phone: { column: ['Phone - Mobile', 'Phone - Home'] },
    city: 'Home City',
    state: 'Default Address Province Code',
    zip: 'Default Address Zip',
    created_date: { column: 'Create Date (EST)' },
  });
  expect(field(draft, 'address')).toBe('Address 1 - Formatted');
});

it.each([
  ['Telefon privat;Telefon mobil', ['Telefon mobil', 'Telefon privat']],
  ['Téléphone fixe;Portable', ['Portable', 'Téléphone fixe']],
  ['Teléfono;Móvil', ['Móvil', 'Teléfono']],
  ['Telefono casa;Cellulare', ['Cellulare', 'Telefono casa']],
  ['Telefoon thuis;Mobiel', ['Mobiel', 'Telefoon thuis']],
  ['Telefone;Celular', ['Celular', 'Telefone']],
  ['Phone;Cell', ['Cell', 'Phone']],
])('mobile before landline: %s', async (header, column) => {
  const draft = await draftOf(
    `First Name;Last Name;${header}\nAna;Diaz;030 23125010;0171 3920000\nBen;Cole;030 23125011;0171 3920001\n`,
    'DE',
  );
  expect(field(draft, 'phone')).toEqual({ column, onInvalid: 'drop' });
});

it('phones are found by their cells, and labels that differ from row to row are a question', async () => {
  const found = await draftOf('First,Last,Kontakt\nAna,Diaz,(212) 555-0110\nBen,Cole,(212) 555-0111\n');
  expect(field(found, 'phone')).toMatchObject({ column: 'Kontakt' });
  const file = await csvFile(
    'First,Last,Email,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value\nAna,Diaz,a@example.com,Mobile,(212) 555-0110,,\nBen,Cole,b@example.com,Work Fax,(212) 555-0111,Mobile,(212) 555-0112\n',
  );
  const labeled = await draftFile(file);
  expect(labeled.questions).toMatchObject([{ id: 'phone', answers: { length: 5 } }]);
  await expectSound(file, labeled);
});

it('any country can be the answer, and only a few are printed', async () => {
  const draft = await draftOf('First,Last,Phone\nAna,Diaz,5551234\nBen,Cole,5551235\n');
  const [question] = draft.questions;
  expect(question?.answers.map(({ answer }) => answer)).toEqual(expect.arrayContaining(['JP', 'LU', 'US', 'KE']));
  expect(question?.likely).toBeLessThan(10);
  expect(draft.text.split('\n').length).toBeLessThan(60);
});

it('a list of tag changes is mapped as one, and its command is shown', async () => {
  const draft = await draftOf(
    'Email,First Name,Last Name,Add Tags,Remove Tags\na@example.com,Ana,Diaz,vip;yoga,old\nb@example.com,Ben,Cole,,old\n',
  );
  expect(field(draft, 'tags')).toEqual({ add: [{ column: 'Add Tags', split: ';' }], remove: ['Remove Tags'] });
  expect(draft.notes.join('\n')).toContain('"tags"');
});

it('constants are distinguished from columns', async () => {
  const draft = await draftOf(
    'Customer Name,Customer Email,Other Active,Membership Name\nAna Diaz,a@example.com,no,Gold\nBen Cole,b@example.com,no,Gold\n',
  );
  expect(draft.constants.map(({ field: name, value }) => [name, value])).toEqual([
    ['source', 'teamup-2026'],
    ['tags', 'import-2026-11-27'],
  ]);
});
