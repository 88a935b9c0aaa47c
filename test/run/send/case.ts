import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AnySummary as Summary } from '../../any-summary.ts';
import { gleantapImport, readReport, start, workplace } from '../../cli/harness.ts';
import { rawServer } from './raw-server.ts';
import type { Act, RawServerOptions } from './raw-server.ts';

type Bounds = readonly [least: number, most: number];

/** What happens to a row's requests, in order (the last act repeats), and the result that must follow. */
export interface CaseRow {
  readonly name?: string;
  readonly meets: readonly Act[];
  /** newContact calls that the server read. */
  readonly requests: number;
  /** As `endsOf` writes it. */
  readonly end: string;
}

/** Faults, and the results that must follow. */
export interface Case {
  readonly name: string;
  readonly rows: readonly CaseRow[];
  /** The requests of all rows together, where they depend on chance; those of single rows are not compared then. */
  readonly requests?: Bounds;
  readonly exit: number;
  /** The code of the error that stopped the run. */
  readonly error?: string;
  /** Answers by status and faults by event, as the program saw them; only those that are named here are compared. */
  readonly answers?: Readonly<Record<string, number | Bounds>>;
  /** Connections that the server saw. */
  readonly connections?: number;

  readonly server?: Omit<RawServerOptions, 'acts'>;
  readonly flags?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Where the program sends to, given the server's port. */
  readonly url?: (port: number) => string;
  /** More files for the workplace, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** A cell of every row. */
  readonly note?: string;
}

/** The actual result of a case next to the expected one, in the same words. */
export interface Played {
  readonly name: string;
  readonly got: object;
  readonly wanted: object;
  readonly requests: number;
}

const mapping = JSON.stringify({
  version: 1,
  name: 'people',
  fields: { user_id: 'Id', first_name: 'First', last_name: 'Last' },
  attributes: { note: 'Note' },
});

/** A workplace with a file of people, numbered from 1, and a mapping. `note` is a cell of every row. */
export async function peopleAt(count: number, note = ''): Promise<string> {
  const cwd = await workplace();
  const lines = Array.from({ length: count }, (_, index) => `${index + 1},First${index + 1},Last,${note}`);
  await writeFile(path.join(cwd, 'people.csv'), ['Id,First,Last,Note', ...lines, ''].join('\n'));
  await writeFile(path.join(cwd, 'mapping.json'), mapping);
  return cwd;
}

export const fastWaits = { GLEANTAP_IMPORT_TEST_TIME_SCALE: '200' };

/** The command, quick and without a question; later flags win. */
export function runArguments(url: string, flags: Readonly<Record<string, string>> = {}): string[] {
  const all = { '--rate': '0', '--attempts': '3', '--timeout': '5s', ...flags };
  return [
    'run',
    'people.csv',
    '-o',
    'out',
    '--base-url',
    url,
    '--yes',
    '--json',
    '--no-preflight',
    ...Object.entries(all).flat(),
  ];
}

/** Runs the built program against a server that does what the case says. */
export async function play(played: Case): Promise<Played> {
  const {
    rows,
    flags = {},
    env,
    files = {},
    answers = {},
    url = (port: number) => `http://127.0.0.1:${port}`,
  } = played;
  const acts = Object.fromEntries(rows.map(({ meets }, index) => [String(index + 1), meets]));
  const server = await rawServer({ ...played.server, acts });
  const cwd = await peopleAt(rows.length, played.note);
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(cwd, name), text);
  // What Node itself reads from the environment needs a process.
  const run = env === undefined ? gleantapImport : async (...call: Parameters<typeof start>) => start(...call).ended;
  const ended = await run(runArguments(url(server.port), flags), { cwd, env: { ...fastWaits, ...env } });
  const connections = server.connections();
  await server.close();
  if (ended.stdout === '') throw new Error(`${played.name}: exit ${ended.code}\n${ended.stderr}`);
  const summary = JSON.parse(ended.stdout) as Summary;
  const ends = await endsOf(path.join(cwd, 'out'), rows.length);

  const describeRow = (index: number, requests: number, end: string | undefined): string => {
    const name = rows[index]?.name ?? `row ${index + 1}`;
    return played.requests === undefined ? `${name}: ${requests} requests, ${end}` : `${name}: ${end}`;
  };
  const requestsOf = (index: number): number => server.received.filter(({ row }) => row === String(index + 1)).length;
  const seen = summary.traffic?.answers ?? {};
  return {
    name: played.name,
    requests: server.received.length,
    got: {
      rows: rows.map((_, index) => describeRow(index, requestsOf(index), ends[index])),
      requests: played.requests && within(server.received.length, played.requests),
      exit: ended.code,
      error: summary.error?.code,
      answers: Object.fromEntries(
        Object.entries(answers).map(([name, wanted]) => [name, within(seen[name] ?? 0, wanted)]),
      ),
      connections: played.connections && connections,
      isAccounted: isAccounted(summary, ends),
    },
    wanted: {
      rows: rows.map(({ requests, end }, index) => describeRow(index, requests, end)),
      requests: played.requests,
      exit: played.exit,
      error: played.error,
      answers,
      connections: played.connections,
      isAccounted: true,
    },
  };
}

/** The bounds where the figure is within them, else the figure. */
function within(figure: number, wanted: number | Bounds): number | Bounds {
  if (typeof wanted === 'number') return figure;
  return figure >= wanted[0] && figure <= wanted[1] ? wanted : figure;
}

/** Promise P1, once more from the outside: summary, reports and rows of the file agree. */
function isAccounted({ counts }: Summary, ends: readonly string[]): boolean {
  if (counts === undefined) return false;
  const { read, succeeded, failed, unknown, skipped, pending } = counts;
  const ended = (outcome: string): number => ends.filter((end) => end.split(' ')[0] === outcome).length;
  return (
    read === ends.length &&
    read === succeeded + failed + unknown + skipped + pending &&
    succeeded === ended('succeeded') &&
    failed === ended('failed') &&
    unknown === ended('unknown') &&
    pending === ended('pending')
  );
}

/**
 * How each row ended by the reports: `pending`; `succeeded`, with the `_id` where it isn't the usual one; or outcome, code,
 * attempts and HTTP status.
 */
async function endsOf(out: string, rows: number): Promise<string[]> {
  const ends = Array.from({ length: rows }, () => 'pending');
  const fill = async (file: string, endOf: (row: Record<string, string>) => string): Promise<void> => {
    const report = await readReport(path.join(out, file)).catch(() => []);
    for (const row of report) ends[Number(row['_row']) - 2] = endOf(row);
  };
  await fill('success.csv', (row) => (row['_id'] === `id-${row['Id']}` ? 'succeeded' : `succeeded ${row['_id']}`));
  for (const [file, outcome] of [
    ['failure.csv', 'failed'],
    ['unknown.csv', 'unknown'],
  ] as const) {
    await fill(file, (row) => [outcome, row['_code'], row['_attempts'], row['_http_status']].join(' ').trimEnd());
  }
  return ends;
}
