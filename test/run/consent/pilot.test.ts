import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadMapping, runImport } from '../../../src/index.ts';
import type { Plan } from '../../../src/index.ts';
import { appId, canaries, simulator } from '../../cli/harness.ts';
import { fields } from './gym.ts';

it('a pilot chosen at the question respects opt-outs too, and its list is read once', async () => {
  const server = await simulator({
    contacts: [{ first_name: 'Ana', last_name: 'Diaz', email: 'ana@example.com', optin_sms: false }],
  });
  const folder = await mkdtemp(path.join(tmpdir(), 'gleantap-pilot-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const csv = path.join(folder, 'members.csv');
  const rows = ['Ana', 'Bob', 'Cid'].map((first) => `,${first},Diaz,${first}@example.com,,,yes,`);
  await writeFile(csv, ['Id,First,Last,Email,Phone,Born,Texts,Mail', ...rows, ''].join('\n'));
  const mapping = path.join(folder, 'mapping.json');
  await writeFile(mapping, JSON.stringify({ version: 1, name: 'members', country: 'US', fields }));
  const plans: Plan[] = [];
  const { summary } = runImport({
    csv,
    mapping: await loadMapping(mapping),
    credentials: { ...canaries, appId },
    baseUrl: server.url,
    rate: 0,
    out: path.join(folder, 'out'),
    confirm(plan) {
      plans.push(plan);
      return 2;
    },
  });
  expect(await summary).toMatchObject({
    exitCode: 0,
    counts: { succeeded: 2, skipped: 1 },
    warnings: { opted_out_of_sms: 1 },
  });
  expect(plans.map(({ stats }) => stats.consent.optinYes)).toEqual([2]);
  expect(server.contacts().map(({ optin_sms: sms }) => sms)).toEqual([false, true]);
  expect(server.stats().byEndpoint).toMatchObject({ getOptoutCustomers: 3 });
});
