import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as bodyOf } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'csv-stringify/sync';
import * as fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import type { Contact } from '../../src/core/api/contact.ts';
import { compileMapping, requestsOf } from '../../src/core/mapping/compile.ts';
import { readMapping } from '../../src/core/mapping/read.ts';
import { lintMapping } from '../../src/core/mapping/rules.ts';
import type { Mapping } from '../../src/core/mapping/schema.ts';
import { dayOf } from '../../src/flow/clock.ts';
import { loadMapping, runImport } from '../../src/index.ts';
import { explainRecord, explainRow } from '../../src/run/explain.ts';
import type { ExplainedField } from '../../src/run/explain.ts';
import { cells, extraTags, header, mappingJson } from '../core/mapping/arbitrary.ts';

const today = '2026-11-27';

function mappingOf(json: unknown): Mapping {
  const { mapping, findings } = readMapping(json);
  if (mapping === undefined) throw new Error(JSON.stringify(findings));
  expect([...findings, ...lintMapping(mapping)].filter(({ severity }) => severity === 'error')).toEqual([]);
  return mapping;
}

/** The result of the fields of an explanation: each request has exactly these values, under these names. */
function expectSame(fields: readonly ExplainedField[], requests: readonly Contact[]): void {
  const sent = (name: string) => requests.flatMap((request) => (Object.hasOwn(request, name) ? [request[name]] : []));
  const shown = fields.filter(({ name }) => name !== 'tags');
  for (const { name, value, steps } of shown) {
    // Tags of the command line have an action of their own.
    if (name === 'tag_action')
      expect(value === undefined ? [] : sent(name)).toEqual(value === undefined ? [] : expect.arrayContaining([value]));
    // Identity goes with both requests of a row that has two.
    else
      expect({ name, values: [...new Set(sent(name))] }).toEqual({ name, values: value === undefined ? [] : [value] });
    expect(steps.at(-1)).toBe(value === undefined ? 'left out' : `sent as ${JSON.stringify(value)}`);
  }
  const tags = fields.filter(({ name, value }) => name === 'tags' && value !== undefined).map(({ value }) => value);
  expect(new Set(tags)).toEqual(new Set(sent('tags')));
  expect(tags).toHaveLength(sent('tags').length);
  const names = new Set([...shown.map(({ name }) => name), 'tags', 'tag_action']);
  expect(requests.flatMap((request) => Object.keys(request)).filter((name) => !names.has(name))).toEqual([]);
}

it('explain maps exactly like the import, for any mapping and row', () => {
  fc.assert(
    fc.property(mappingJson, cells, extraTags, (json, row, extra) => {
      const map = compileMapping(mappingOf(json), header, { today, extraTags: extra });
      const record = { row: 2, sourceRow: 2, cells: ['7', ...row] };
      const mapped = map(record.cells);
      const explained = explainRecord(map, record);
      expect(explained.problems).toEqual(mapped.problems);
      expect(explained.warnings).toEqual(mapped.warnings);
      if (mapped.problems.length === 0) {
        expect(explained.requests).toEqual(requestsOf(mapped));
        expectSame(explained.fields, explained.requests);
      } else {
        expect(explained.requests).toEqual([]);
        // Every problem of a field is among its steps; a full name that can't be split is reported with both halves.
        for (const { code, field } of mapped.problems) {
          if (field === undefined || field === 'tags') continue;
          const steps = explained.fields.find(({ name }) => name === field)?.steps ?? [];
          expect(steps.some((step) => step.startsWith(`${code}: `))).toBe(true);
          expect(steps.at(-1)).toBe('left out');
        }
      }
      for (const { code, field } of mapped.warnings) {
        if (field === undefined || field === 'tags') continue;
        const steps = explained.fields.find(({ name }) => name === field)?.steps ?? [];
        expect(steps.some((step) => step.startsWith(`${code}: `))).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

it('what explain shows is what the server gets', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'gleantap explain '));
  const received = new Map<string, Contact[]>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { app_id: _appId, ...contact } = JSON.parse(await bodyOf(request)) as Contact;
    const id = String(contact['user_id']);
    const isWrite = request.url?.endsWith('newContact') === true;
    if (isWrite) received.set(id, [...(received.get(id) ?? []), contact]);
    response.end(JSON.stringify(isWrite ? { status: 'success', _id: id } : { members: [] }));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const { port } = server.address() as AddressInfo;
  let compared = 0;
  let round = 0;
  await fc.assert(
    fc.asyncProperty(
      mappingJson,
      fc.array(cells, { minLength: 20, maxLength: 20 }),
      extraTags,
      async (json, drawn, extra) => {
        // One date in the opposite order would refuse the whole file.
        const rows = drawn.map((row) =>
          row.map((cell) => ((cell.includes('25') && cell.includes('12')) || cell.includes(',50') ? '' : cell)),
        );
        round += 1;
        received.clear();
        const csv = path.join(folder, `${round}.csv`);
        const mappingFile = path.join(folder, `${round}.json`);
        await writeFile(csv, stringify([header, ...rows.map((row, index) => [`id-${index}`, ...row])]));
        await writeFile(mappingFile, JSON.stringify({ ...json, csv: { encoding: 'utf-8', delimiter: ',' } }));
        const mapping = await loadMapping(mappingFile);
        const summary = await runImport({
          csv,
          mapping,
          credentials: { apiKey: 'a', secretKey: 'b', appId: 'c' },
          baseUrl: `http://127.0.0.1:${port}`,
          out: path.join(folder, `run ${round}`),
          ledger: path.join(folder, `${round}.db`),
          confirm: 'all',
          rate: 0,
          preflight: false,
          respectOptouts: false,
          acceptOptouts: true,
          maxInvalid: '100%',
          addTags: extra.add,
          removeTags: extra.remove,
        }).summary;
        for (const [index] of rows.entries()) {
          const explained = await explainRow({
            csv,
            name: csv,
            row: index + 2,
            mapping: mapping.mapping,
            mappingFile,
            findings: mapping.findings,
            today: dayOf(new Date()),
            tags: extra,
          });
          const requests = explained.skipped === undefined ? explained.requests : [];
          expect(received.get(`id-${index}`) ?? []).toEqual(requests);
          compared += requests.length;
        }
        expect(summary.kind === 'run' ? summary.counts.succeeded : summary).toBe(received.size);
      },
    ),
    // One seed, so that enough rows are sent to be worth comparing.
    { numRuns: 16, seed: 1, endOnFailure: true },
  );
  expect(compared).toBeGreaterThan(20);
});
