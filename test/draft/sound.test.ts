import { readdirSync } from 'node:fs';
import * as fc from 'fast-check';
import { stringify } from 'csv-stringify/sync';
import { expect, it } from 'vitest';
import { fixture } from '../cli/harness.ts';
import { RunError } from '../../src/core/outcome/run-error.ts';
import { csvFile, draftFile, expectSound } from './folder.ts';

const gyms = readdirSync(fixture('gyms')).map((gym) => `gyms/${gym}/members.csv`);

it.each(['mindbody-members.csv', 'club-semicolon.csv', 'tag-cleanup.csv', ...gyms])(
  'the draft for %s is valid',
  async (name) => {
    const file = fixture(name);
    await expectSound(file, await draftFile(file));
  },
);

const names = [
  'Email',
  'E-Mail',
  'First Name',
  'Vorname',
  'Name',
  'Surname',
  'Member ID',
  'Barcode',
  'Agreement #',
  'Phone',
  'Mobile',
  'DOB',
  'Joined',
  'Status',
  'Active',
  'Gender',
  'Zip',
  'Tags',
  'SMS Opt-Out',
  'Newsletter',
  'UNSUB_TIME',
  'UNSUB_REASON',
  'SMS ok?',
  'Marketing consent',
  'Do Not Call',
  'Contact Preference',
  'deleted_at',
  'Sexo',
  'Nom complet',
  'Tussenvoegsel',
  'Achternaam',
  'Add Tags',
  'Remove Tags',
  'Phone 1 - Label',
  'Phone 1 - Value',
  'Billing City',
  'Blocked',
  'SSN',
  'Notes',
  'Country',
  'Address',
  '?',
  '*',
  '__proto__',
  'Phone#2',
  'constructor',
  '',
  ' email ',
];
const cells = [
  '',
  'ana@example.com',
  'Diaz, Ana',
  'Ana',
  '1001',
  '1002',
  '07102',
  '(212) 555-0147',
  '+44 20 7946 0018',
  '3/4/1983',
  '22/3/1983',
  '3/22/1983',
  '1983-03-22',
  '32874',
  'Active',
  'Paid',
  'Zombie',
  '?',
  '__proto__',
  'Yes',
  'No',
  'Unsubscribed',
  'Bounced',
  'John & Mary Cole',
  'DIAZ Ana',
  'H',
  'M',
  'x',
  '2024-01-02 10:00:00',
  'Mobile',
  'F',
  'N/A',
  'Yoga;VIP',
  'R&amp;D',
  '123-45-6789',
  '4.41E+11',
];

it('any draft is valid once its questions are answered, whatever the answers', async () => {
  const text = (known: string[]) =>
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...known) },
      { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
    );
  const sheet = fc.integer({ min: 2, max: 8 }).chain((width) =>
    fc.record({
      header: fc.array(text(names), { minLength: width, maxLength: width }),
      rows: fc.array(fc.array(text(cells), { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }),
      choices: fc.infiniteStream(fc.nat()),
      country: fc.constantFrom(undefined, 'GB'),
    }),
  );
  let drafted = 0;
  await fc.assert(
    fc.asyncProperty(sheet, async ({ header, rows, choices, country }) => {
      const file = await csvFile(stringify([header, ...rows]));
      let draft;
      try {
        draft = await draftFile(file, country);
      } catch (error) {
        // No header, no rows: reported, with what to do.
        if (error instanceof RunError && error.code === 'input' && error.hint !== undefined) return;
        throw error;
      }
      drafted += 1;
      await expectSound(file, draft, (answers) => (choices.next().value ?? 0) % answers);
    }),
    { numRuns: 150 },
  );
  expect(drafted).toBeGreaterThan(50);
});
