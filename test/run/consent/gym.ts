import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AnySummary as Summary } from '../../any-summary.ts';
import type { Simulator, SimulatorOptions } from '../../../src/simulator/index.ts';
import { gleantapImport, simulator, workplace } from '../../cli/harness.ts';
import type { Ended } from '../../cli/harness.ts';

/** A row of the export. */
export interface Member {
  readonly Id?: string;
  readonly First: string;
  readonly Last?: string;
  readonly Email?: string;
  readonly Phone?: string;
  readonly Born?: string;
  /** `yes` or `no` to text messages, `yes` or `no` to email. */
  readonly Texts?: string;
  readonly Mail?: string;
}

export interface Ran extends Ended {
  readonly summary: Summary;
  /** Calls of any kind that reached the server. */
  readonly requests: number;
}

export interface Gym {
  readonly cwd: string;
  readonly server: Simulator;
  map(change?: object): Promise<void>;
  export(members: readonly Member[]): Promise<void>;
  run(...flags: string[]): Promise<Ran>;
  command(...args: string[]): Promise<Ran>;
}

const columns = ['Id', 'First', 'Last', 'Email', 'Phone', 'Born', 'Texts', 'Mail'] as const;
export const fields = {
  user_id: 'Id',
  first_name: 'First',
  last_name: { column: 'Last', default: 'Member' },
  email: 'Email',
  phone: 'Phone',
  dob: 'Born',
  optin_sms: { column: 'Texts', yes: ['yes'], no: ['no'] },
  optout_email: { column: 'Mail', yes: ['no'], no: ['yes'], confirmed: true },
};

/** A gym whose export says who agreed to text messages and email. Today is 2026-12-01. */
export async function gymOf(options: SimulatorOptions = {}): Promise<Gym> {
  const server = await simulator(options);
  const cwd = await workplace();
  const env = { GLEANTAP_IMPORT_TEST_NOW: '2026-12-01', GLEANTAP_IMPORT_TEST_TIME_SCALE: '1000' };
  const command = async (...args: string[]): Promise<Ran> => {
    const { requests } = server.stats();
    const ended = await gleantapImport(args, { cwd, env });
    const summary = JSON.parse(ended.stdout === '' ? '{}' : ended.stdout) as Summary;
    return { ...ended, summary, requests: server.stats().requests - requests };
  };
  const gym: Gym = {
    cwd,
    server,
    async map(change = {}) {
      const mapping = { version: 1, name: 'members', country: 'US', fields, ...change };
      await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(mapping));
    },
    async export(list) {
      const lines = list.map((member) => columns.map((name) => member[name] ?? '').join(','));
      await writeFile(path.join(cwd, 'members.csv'), [columns.join(','), ...lines, ''].join('\n'));
    },
    run: async (...flags) =>
      command('run', 'members.csv', '--base-url', server.url, '--yes', '--rate', '0', '--json', ...flags),
    command,
  };
  await gym.map();
  return gym;
}
