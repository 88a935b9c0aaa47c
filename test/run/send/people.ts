import { compileMapping } from '../../../src/core/mapping/compile.ts';
import type { RowMapper } from '../../../src/core/mapping/compile.ts';
import type { Mapping } from '../../../src/core/mapping/schema.ts';
import type { CsvFile } from '../../../src/csv/reader.ts';
import type { RunFile } from '../../../src/run/model.ts';

const header = ['Id', 'First', 'Last'];

/** A mapping for the file that `fileOf` makes. */
export const peopleMapping: Mapping = {
  version: 1,
  name: 'people',
  fields: { user_id: 'Id', first_name: 'First', last_name: 'Last' },
};

export function mapperOf(mapping: Mapping = peopleMapping): RowMapper {
  return compileMapping(mapping, header, { today: '2026-11-27', extraTags: { add: [], remove: [] } });
}

/** A file whose rows are these people, by user id, from row 2 on. */
export function fileOf(people: readonly string[]): CsvFile {
  return {
    header,
    headerRow: 1,
    report: undefined,
    settings: { encoding: 'utf-8', delimiter: ',', quote: '"' },
    async *batches() {
      for (let from = 0; from < people.length; from += 100) {
        const rows = people.slice(from, from + 100).map((id, index) => {
          const row = from + index + 2;
          return { row, sourceRow: row, cells: [id, `First ${id}`, 'Last'] };
        });
        yield await Promise.resolve({ rows, blank: 0, repeatedHeaders: 0, footer: 0 });
      }
    },
  };
}

export const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `p${index}`);

/** The content of `run.json`, for tests that change parts of it. */
export const runFile: RunFile = {
  version: 1,
  run: 1,
  identity: 'identity',
  ledger: 'ledger.db',
  started: '2026-11-27T00:00:00.000Z',
  today: '2026-11-27',
  input: { name: 'members.csv', sha256: 'sha', bytes: 1 },
  account: { origin: 'https://api.gleantap.com', appId: 'gym' },
  mappingFile: 'mapping.json',
  mapping: { ...peopleMapping, fields: { ...peopleMapping.fields, email: 'Email' } },
  selection: { duplicates: 'send' },
  tags: { add: [], remove: [] },
  tolerate: { rows: 0 },
  acceptRefusals: false,
  onlyChanged: false,
  acceptChanges: false,
  lists: { unchanged: false, vanished: false, excel: false },
  pace: { rate: 5, concurrency: 8, timeout: 30_000, attempts: 6, maxOutage: 600_000 },
  settings: {},
};
