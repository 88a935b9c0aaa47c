import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { AnySummary as Summary } from '../any-summary.ts';
import { gleantapImport, workplace } from './harness.ts';

/** A server that refuses everyone born before 1950, always with the same text. */
async function silentServer(reason: string): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const { dob = '', user_id: id = '' } = JSON.parse(body) as { dob?: string; user_id?: string };
      response.statusCode = dob < '1950' ? 400 : 200;
      response.end(dob < '1950' ? reason : JSON.stringify({ status: 'success', _id: `id-${id}` }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it.each([
  ['without a reason', ''],
  ['with one reason for all', JSON.stringify({ status: 'error', message: 'Invalid request' })],
])('shows what the rows that were refused %s have in common', async (_name, reason) => {
  const url = await silentServer(reason);
  const cwd = await workplace();
  const rows = Array.from(
    { length: 60 },
    (_, index) => `M${100 + ((index * 37) % 60)},F,L${100 + ((index * 17) % 60)},${1940 + index}-05-06`,
  );
  await writeFile(path.join(cwd, 'people.csv'), ['Id,First,Last,Born', ...rows].join('\n'));
  const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last', dob: 'Born' };
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ version: 1, name: 'people', fields }));
  const flags = ['--base-url', url, '--yes', '--rate', '0', '--no-preflight', '--json', '-o', 'out'];
  const { code, stdout } = await gleantapImport(['run', 'people.csv', ...flags], { cwd });
  expect(code).toBe(1);
  const { counts, problems, refusals } = JSON.parse(stdout) as Summary;
  expect(counts).toMatchObject({ succeeded: 50, failed: 10 });
  expect(problems).toEqual({ refused: 10 });
  expect(refusals).toMatch(/^10 of 10 refused rows have a `dob` before 1950, compared with 0 of 50 /);
  expect(await readFile(path.join(cwd, 'out/report.html'), 'utf8')).toContain('before 1950');
});
