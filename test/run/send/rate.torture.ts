import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { gleantapImport, simulator, workplace } from '../../cli/harness.ts';

it('500 requests at 50 a second by the wall clock: about 10 s, and no second sees more than 51', async () => {
  const server = await simulator({ latencyMs: 20, latencyJitterMs: 60 });
  const cwd = await workplace();
  const rows = Array.from({ length: 500 }, (_, index) => `${index},First${index},Last${index}`);
  await writeFile(path.join(cwd, 'people.csv'), ['Id,First,Last', ...rows].join('\n'));
  const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last' };
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ version: 1, name: 'people', fields }));
  const start = performance.now();
  const { code } = await gleantapImport(
    ['run', 'people.csv', '--base-url', server.url, '--yes', '--rate', '50', '-c', '16'],
    { cwd },
  );
  const seconds = (performance.now() - start) / 1000;
  const { worstOneSecondWindow: worst } = server.stats();
  console.log(`500 rows in ${seconds.toFixed(1)} s; worst second: ${worst} requests`);
  expect(code).toBe(0);
  expect(worst).toBeLessThanOrEqual(51);
  expect(seconds).toBeGreaterThan(9.5);
});
