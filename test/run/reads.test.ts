import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { createSimulator, loadMapping, runImport } from '../../src/index.ts';
import type { ImportOptions, ImportSummary } from '../../src/index.ts';
import type { SeedContact } from '../../src/simulator/index.ts';
import type * as csvReader from '../../src/csv/reader.ts';
import type { CsvFile } from '../../src/csv/reader.ts';

/** Passes over each file, by its path. */
const passes = vi.hoisted(() => new Map<string, number>());

vi.mock('../../src/csv/reader.ts', async (load) => {
  const reader = await load<typeof csvReader>();
  const openCsv: typeof reader.openCsv = async (file, ...rest): Promise<CsvFile> => {
    const csv = await reader.openCsv(file, ...rest);
    return {
      ...csv,
      batches: () => {
        passes.set(file, (passes.get(file) ?? 0) + 1);
        return csv.batches();
      },
    };
  };
  return { ...reader, openCsv };
});
beforeEach(() => passes.clear());

interface Member {
  readonly Id: string;
  readonly First: string;
  readonly Last?: string;
  readonly Email: string;
  readonly Texts?: string;
  readonly Groups?: string;
}

const columns = ['Id', 'First', 'Last', 'Email', 'Texts', 'Groups'] as const;
const mapping = {
  version: 1,
  name: 'members',
  fields: {
    user_id: 'Id',
    first_name: 'First',
    last_name: { column: 'Last', default: 'Member' },
    email: 'Email',
    optin_sms: { column: 'Texts', yes: ['yes'], no: ['no'] },
    tags: { add: [{ column: 'Groups', split: ';' }] },
  },
  rows: { skip: [{ column: 'Groups', in: ['Gone'] }] },
};
const member = (number: number, more: Partial<Member> = {}): Member => ({
  Id: `M${number}`,
  First: `First${number}`,
  Last: `Last${number}`,
  Email: `m${number}@example.com`,
  Texts: 'yes',
  ...more,
});
const members = (count: number): Member[] => Array.from({ length: count }, (_, index) => member(index + 1));
/** Opted out of text messages, which the export doesn't know. */
const optedOut: SeedContact[] = [3, 7, 12, 41].map((number) => ({
  user_id: `M${number}`,
  first_name: `First${number}`,
  last_name: `Last${number}`,
  email: `m${number}@example.com`,
  optin_sms: false,
}));

async function gym() {
  const folder = await mkdtemp(path.join(tmpdir(), 'gleantap reads '));
  const credentials = { apiKey: 'a', secretKey: 'b', appId: 'demo-gym' };
  const server = await createSimulator({ credentials, contacts: optedOut });
  onTestFinished(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  await writeFile(path.join(folder, 'mapping.json'), JSON.stringify(mapping));
  const csv = path.join(folder, 'members.csv');
  let runs = 0;
  /** Imports these people. Returns the passes over the run's own copy of the file. */
  const run = async (people: readonly Member[], options: Partial<ImportOptions> = {}) => {
    const lines = people.map((each) => columns.map((name) => each[name] ?? '').join(','));
    await writeFile(csv, [columns.join(','), ...lines, ''].join('\n'));
    runs += 1;
    const out = path.join(folder, `run-${runs}`);
    const before = passes.get(path.join(out, 'input.csv')) ?? 0;
    const summary = (await runImport({
      csv,
      mapping: await loadMapping(path.join(folder, 'mapping.json')),
      credentials,
      baseUrl: server.url,
      out,
      rate: 0,
      confirm: 'all',
      ...options,
    }).summary) as ImportSummary & { counts?: object; warnings?: object };
    return { summary, reads: (passes.get(path.join(out, 'input.csv')) ?? 0) - before };
  };
  return { run, server };
}
const nightly = { onlyChanged: true, newLedger: true };

it('a full run with consent, opt-outs, duplicates and an unsent pilot row reads the file three times', async () => {
  const { run } = await gym();
  const people = [
    // The only row with a tag is one of two people with one key: the pilot must find another.
    member(1, { Id: '', Email: 'family@example.com', First: 'Ana', Last: 'Diaz', Groups: 'Yoga' }),
    member(2, { Id: '', Email: 'family@example.com', First: 'Ana', Last: 'Smith' }),
    ...members(40).slice(2),
    member(5, { Texts: '' }),
    member(50, { Groups: 'Yoga' }),
    member(51, { Last: '' }),
  ];
  const { summary, reads } = await run(people);
  expect(summary).toMatchObject({ counts: { succeeded: 41, failed: 2 }, warnings: { opted_out_of_sms: 3 } });
  expect(reads).toBe(3);
});

it('a nightly run reads the file three times: changes, new and held names, filtered rows, opt-outs', async () => {
  const { run } = await gym();
  const first = await run([...members(40), member(60, { Id: '', Email: 'ann@example.com', First: 'Ann' })], nightly);
  expect(first.reads).toBe(3);
  const people = [
    ...members(38).map((each, index) => (index < 3 ? { ...each, Last: 'Changed' } : each)),
    // One of those whom the feed knows is filtered out, one is missing, and Ann has another name.
    member(39, { Groups: 'Gone' }),
    member(41),
    member(60, { Id: '', Email: 'ann@example.com', First: 'Anna' }),
  ];
  const { summary, reads } = await run(people, nightly);
  expect(summary).toMatchObject({
    counts: { succeeded: 4, failed: 1, skipped: 36 },
    warnings: { opted_out_of_sms: 2 },
    people: { held: 1, new: 1, vanished: 2 },
  });
  expect(reads).toBe(3);
});

it('a nightly run of a file in which nothing changed reads it once', async () => {
  const { run } = await gym();
  await run(members(20), nightly);
  const { summary, reads } = await run(members(20), nightly);
  expect(summary).toMatchObject({ counts: { succeeded: 0, skipped: 20 } });
  expect(reads).toBe(1);
});

it('only a person with one changed row costs another read, when there are opt-outs', async () => {
  const { run } = await gym();
  const twice = [member(3), member(3, { Texts: '' })];
  await run([...members(2), ...twice], nightly);
  const { summary, reads } = await run([...members(2), member(3), member(3, { Texts: '', Groups: 'Yoga' })], nightly);
  expect(summary).toMatchObject({ counts: { succeeded: 2, skipped: 2 }, warnings: { opted_out_of_sms: 1 } });
  expect(reads).toBe(4);
});
