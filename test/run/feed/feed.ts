import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AnySummary as Summary } from '../../any-summary.ts';
import type { Simulator, SimulatorOptions } from '../../../src/simulator/index.ts';
import { gleantapImport, simulator, start, workplace } from '../../cli/harness.ts';
import type { Ended, Started } from '../../cli/harness.ts';

/** A row of the export. */
export interface Member {
  readonly Id?: string;
  readonly First: string;
  readonly Last: string;
  readonly Email?: string;
  readonly Phone?: string;
  readonly Plan?: string;
}

export interface Night extends Ended {
  readonly summary: Summary;
  /** Calls of any kind that reached the server. */
  readonly requests: number;
  /** Emails (or phones) of the contacts that were written, each as often as it was. */
  readonly written: readonly string[];
}

/** A gym whose export is imported night after night. */
export interface Feed {
  readonly cwd: string;
  readonly server: Simulator;
  map(change?: object): Promise<void>;
  export(members: readonly Member[]): Promise<void>;
  /** Writes the config file. */
  configure(settings: object): Promise<void>;
  /** Imports tonight's export. @param day 1 is the first of December 2026. */
  night(day: number, ...flags: string[]): Promise<Night>;
  /** Any other command, with what it did to the server. */
  command(day: number, ...args: string[]): Promise<Night>;
  /** Starts tonight's import and leaves it running. */
  begin(day: number, ...flags: string[]): Started;
}

const columns = ['Id', 'First', 'Last', 'Email', 'Phone', 'Plan'] as const;
const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last', email: 'Email', phone: 'Phone' };

export async function feedOf(options: SimulatorOptions = {}): Promise<Feed> {
  const server = await simulator(options);
  const cwd = await workplace();
  const account = ['--base-url', server.url];
  const usual = ['--only-changed', '--yes', '--rate', '0', '--json'];
  const at = (day: number) => ({
    cwd,
    env: {
      GLEANTAP_IMPORT_TEST_NOW: `2026-12-${String(day).padStart(2, '0')}`,
      GLEANTAP_IMPORT_TEST_TIME_SCALE: '1000',
    },
  });
  const watched = async (work: () => Promise<Ended>): Promise<Night> => {
    const before = new Map(server.contacts().map(({ id, writes }) => [id, writes]));
    const { requests } = server.stats();
    const ended = await work();
    const written = server
      .contacts()
      .flatMap(({ id, writes, email, phone = '' }) =>
        Array.from({ length: writes - (before.get(id) ?? 0) }, () => email ?? phone),
      );
    const summary = JSON.parse(ended.stdout === '' ? '{}' : ended.stdout) as Summary;
    return { ...ended, summary, requests: server.stats().requests - requests, written: sorted(written) };
  };
  const feed: Feed = {
    cwd,
    server,
    async map(change = {}) {
      const mapping = { version: 1, name: 'members', country: 'US', fields, attributes: { plan: 'Plan' }, ...change };
      await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(mapping));
    },
    async export(list) {
      const lines = list.map((member) => columns.map((name) => member[name] ?? '').join(','));
      await writeFile(path.join(cwd, 'members.csv'), [columns.join(','), ...lines, ''].join('\n'));
    },
    configure: async (settings) => writeFile(path.join(cwd, 'gleantap-import.config.json'), JSON.stringify(settings)),
    night: async (day, ...flags) =>
      watched(async () => gleantapImport(['run', 'members.csv', ...account, ...usual, ...flags], at(day))),
    command: async (day, ...args) => watched(async () => gleantapImport(args, at(day))),
    begin: (day, ...flags) => start(['run', 'members.csv', ...account, ...usual, ...flags], at(day)),
  };
  await feed.map();
  return feed;
}

export function sorted(texts: readonly string[]): string[] {
  return [...texts].sort((a, b) => a.localeCompare(b));
}

export const emailOf = (index: number): string => `p${String(index).padStart(3, '0')}@example.com`;

/** Members with a user_id, and every third without one. */
export function members(count: number, change: (index: number) => Partial<Member> = () => ({})): Member[] {
  return Array.from({ length: count }, (_, index) => ({
    ...(index % 3 === 0 ? {} : { Id: String(index) }),
    First: `First${index}`,
    Last: `Last${index}`,
    Email: emailOf(index),
    Plan: 'Gold',
    ...change(index),
  }));
}
