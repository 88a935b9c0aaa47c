import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { AnySummary as Summary } from '../../any-summary.ts';
import { gleantapImport, workplace } from '../../cli/harness.ts';

interface Arrival {
  readonly person: string;
  readonly line: number;
}

/** A server that answers after 1 to 5 ms and watches who is on the way with whom. */
async function watchingServer() {
  const arrivals: Arrival[] = [];
  const underWay = new Set<string>();
  const seen = { overlaps: 0, most: 0 };
  const server = http.createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const { user_id: person, line } = JSON.parse(text) as { user_id: string; line: string };
      if (underWay.has(person)) seen.overlaps += 1;
      underWay.add(person);
      seen.most = Math.max(seen.most, underWay.size);
      arrivals.push({ person, line: Number(line) });
      setTimeout(
        () => {
          underWay.delete(person);
          response.end(JSON.stringify({ status: 'success', _id: `id-${person}` }));
        },
        1 + (arrivals.length % 5),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrivals, seen };
}

it('rows of one person never overlap and go in file order; rows of others overtake them', async () => {
  const people = 50;
  const rows = 1000;
  // A mixed order that is the same every time: 7919 is prime.
  const file = Array.from({ length: rows }, (_, index) => ({
    person: `p${((index * 7919) % 53) % people}`,
    line: index,
  }));
  const server = await watchingServer();
  const cwd = await workplace();
  const lines = file.map(({ person, line }) => `${person},${person},Last,${line}`);
  await writeFile(path.join(cwd, 'people.csv'), ['Id,First,Last,Line', ...lines, ''].join('\n'));
  const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last' };
  await writeFile(
    path.join(cwd, 'mapping.json'),
    JSON.stringify({ version: 1, name: 'people', fields, attributes: { line: 'Line' } }),
  );
  const flags = ['--rate', '0', '-c', '32', '--yes', '--json', '--no-preflight'];
  const { code, stdout } = await gleantapImport(['run', 'people.csv', '--base-url', server.url, ...flags], { cwd });

  expect(code).toBe(0);
  const { counts } = JSON.parse(stdout) as Summary;
  expect(counts).toMatchObject({ read: rows, succeeded: rows, failed: 0, unknown: 0, skipped: 0, pending: 0 });
  const byPerson = (arrivals: readonly Arrival[]): Record<string, number[]> => {
    const linesOf: Record<string, number[]> = {};
    for (const { person, line } of arrivals) (linesOf[person] ??= []).push(line);
    return linesOf;
  };
  expect(byPerson(server.arrivals)).toEqual(byPerson(file));
  expect(Object.keys(byPerson(file))).toHaveLength(people);
  expect(server.seen.overlaps).toBe(0);
  expect(server.seen.most).toBeGreaterThan(16);
  expect(server.arrivals.map(({ line }) => line)).not.toEqual(file.map(({ line }) => line));
});
