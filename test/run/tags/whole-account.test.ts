import path from 'node:path';
import { readReport } from '../../cli/harness.ts';
import { expect, it } from 'vitest';
import { cleanUpOf } from './list.ts';

/** Forty people, some of whom a search can't tell apart or find, in several spellings. */
const contacts = Array.from({ length: 40 }, (_, nth) => ({
  first_name: nth % 10 === 3 ? 'Twin' : `P${nth}`,
  last_name: nth % 10 === 4 ? '' : 'Old',
  ...(nth % 2 === 0 ? { email: `P${nth}@Example.com` } : {}),
  ...(nth % 2 === 1 ? { phone: nth % 4 === 1 ? `+1212555${1000 + nth}` : `(212) 555-${1000 + nth}` } : {}),
  ...(nth % 10 === 3 ? { phone: '+12125552000' } : {}),
}));

const list = [
  'First Name,Email,Phone,Add tags',
  ...Array.from({ length: 44 }, (_, nth) => {
    const first = nth % 10 === 3 ? 'Twin' : `p${nth}`;
    const email = nth % 2 === 0 ? `p${nth}@example.com` : '';
    const phone = nth % 10 === 3 ? '212-555-2000' : nth % 2 === 1 ? `212-555-${1000 + nth}` : '';
    return `${first},${email},${phone},VIP`;
  }),
];

/** What became of each row of the list, in lists of this length. Short ones are looked up person by person. */
async function outcomes(length: number): Promise<{ codes: string[]; calls: number; tags: object }> {
  const place = await cleanUpOf(contacts);
  const [header = '', ...people] = list;
  const codes: string[] = [];
  for (let from = 0; from < people.length; from += length) {
    await place.write('list.csv', [header, ...people.slice(from, from + length)]);
    const flags = ['--country', 'US', '--yes', '--rate', '0', '--max-outage', '1s', '--base-url', place.gateway.url];
    const { summary } = await place.command('tags', 'list.csv', ...flags);
    const files = ['success.csv', 'failure.csv'].map(async (name) => readReport(path.join(String(summary.out), name)));
    const rows = (await Promise.all(files)).flat();
    codes.push(...rows.sort((a, b) => Number(a['_row']) - Number(b['_row'])).map((row) => row['_code'] ?? 'succeeded'));
  }
  return { codes, calls: place.server.stats().byEndpoint.getCustomers, tags: place.tags() };
}

it('a list with more people than the account has pages is looked up in the whole account, with the same answers', async () => {
  const whole = await outcomes(44);
  const searched = await outcomes(15);
  expect(whole.calls).toBeLessThan(10);
  expect(searched.calls).toBeGreaterThan(40);
  expect(whole.codes).toHaveLength(44);
  expect(whole.codes).toEqual(searched.codes);
  expect(whole.tags).toEqual(searched.tags);
  expect(new Set(whole.codes).size).toBeGreaterThan(2);
});
