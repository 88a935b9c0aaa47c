import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { AnySummary as Summary } from '../../any-summary.ts';
import type { SeedContact, Simulator, SimulatorOptions } from '../../../src/simulator/index.ts';
import { gleantapImport, simulator, workplace } from '../../cli/harness.ts';
import type { Ended } from '../../cli/harness.ts';

/** A row of the export. */
export interface Member {
  readonly Id?: string;
  readonly First: string;
  readonly Last?: string;
  readonly Email?: string;
  readonly Phone?: string;
  readonly Club?: string;
}

export interface Ran extends Ended {
  readonly summary: Summary;
}

export interface Place {
  readonly cwd: string;
  readonly server: Simulator;
  export(people: readonly Member[], name?: string): Promise<void>;
  /** Types a command, with what leads to the account and asks for a summary. */
  command(...args: string[]): Promise<Ran>;
  /** `run members.csv --yes` with more flags. */
  run(...flags: string[]): Promise<Ran>;
}

const columns = ['Id', 'First', 'Last', 'Email', 'Phone', 'Club'] as const;
const fields = {
  user_id: 'Id',
  first_name: 'First',
  last_name: 'Last',
  email: 'Email',
  phone: 'Phone',
  location: 'Club',
};

/** A gym with an account, and an export to import into it. */
export async function placeWith(options: SimulatorOptions = {}): Promise<Place> {
  const server = await simulator(options);
  const cwd = await workplace();
  const env = { GLEANTAP_IMPORT_TEST_TIME_SCALE: '1000' };
  await writeFile(
    path.join(cwd, 'mapping.json'),
    JSON.stringify({ version: 1, name: 'members', country: 'US', fields }),
  );
  const place: Place = {
    cwd,
    server,
    async export(people, name = 'members.csv') {
      const lines = people.map((member) => columns.map((column) => member[column] ?? '').join(','));
      await writeFile(path.join(cwd, name), [columns.join(','), ...lines].join('\n') + '\n');
    },
    async command(...args) {
      const [name = ''] = args;
      const at =
        ['run', 'compare', 'tags'].includes(name) && !args.includes('--base-url') ? ['--base-url', server.url] : [];
      const pace = name === 'report' ? [] : ['--rate', '0'];
      const ended = await gleantapImport([...args, ...at, ...pace, '--json'], { cwd, env });
      return { ...ended, summary: ended.stdout === '' ? ({} as Summary) : (JSON.parse(ended.stdout) as Summary) };
    },
    run: async (...flags) => place.command('run', 'members.csv', '--yes', ...flags),
  };
  return place;
}

/** People of the account, or of an export: `p7@example.com`. */
export function seeds(count: number, from = 0): SeedContact[] {
  return Array.from({ length: count }, (_, nth) => ({
    first_name: `P${from + nth}`,
    last_name: 'Old',
    email: `p${from + nth}@example.com`,
  }));
}

export function members(count: number, from = 0): Member[] {
  return Array.from({ length: count }, (_, nth) => ({
    First: `P${from + nth}`,
    Last: 'Old',
    Email: `p${from + nth}@example.com`,
  }));
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

/** A server in front of the account that answers some calls itself. Returns its URL. @param answerTo Undefined for a call to pass on. */
export async function inFrontOf(
  { server: account }: Place,
  answerTo: (path: string) => Answer | undefined,
): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const answer = answerTo(incoming.url ?? '');
    if (answer !== undefined) {
      incoming.resume();
      outgoing.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      outgoing.end(JSON.stringify(answer.body));
      return;
    }
    const { method, headers } = incoming;
    const onward = forward(new URL(incoming.url ?? '/', account.url), { method, headers }, (came) => {
      outgoing.writeHead(came.statusCode ?? 500, came.headers);
      came.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
