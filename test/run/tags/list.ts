import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AnySummary as Summary } from '../../any-summary.ts';
import type { SeedContact, Simulator, SimulatorOptions, StoredContact } from '../../../src/simulator/index.ts';
import { gleantapImport, simulator, workplace } from '../../cli/harness.ts';
import type { Ended } from '../../cli/harness.ts';
import { gatewayTo } from './gateway.ts';
import type { Gateway } from './gateway.ts';

export const env = { GLEANTAP_IMPORT_TEST_TIME_SCALE: '1000', GLEANTAP_IMPORT_TEST_NOW: '2026-11-27' };

/** Contacts as they are, without the simulator's own bookkeeping and the order of tags. */
export function stateOf(server: Simulator): object[] {
  return server.contacts().map(({ writes: _writes, updated: _updated, ...contact }: StoredContact) => ({
    ...contact,
    tags: [...contact.tags].sort(),
    attributes: { ...contact.attributes },
  }));
}

export interface CleanUp {
  readonly cwd: string;
  readonly server: Simulator;
  readonly gateway: Gateway;
  /** Tags by user_id, or by first name where a contact has none. */
  tags(): Record<string, readonly string[]>;
  write(name: string, lines: readonly string[]): Promise<void>;
  command(...args: string[]): Promise<Ended & { readonly summary: Summary }>;
}

/** An account, and a folder for lists. */
export async function cleanUpOf(contacts: readonly SeedContact[], options: SimulatorOptions = {}): Promise<CleanUp> {
  const server = await simulator({ contacts, ...options });
  const gateway = await gatewayTo(server);
  const cwd = await workplace();
  return {
    cwd,
    server,
    gateway,
    tags: () =>
      Object.fromEntries(server.contacts().map(({ user_id, first_name, tags }) => [user_id ?? first_name, tags])),
    write: async (name, lines) => writeFile(path.join(cwd, name), [...lines, ''].join('\n')),
    command: async (...args) => {
      const ended = await gleantapImport([...args, '--json'], { cwd, env });
      return { ...ended, summary: JSON.parse(ended.stdout === '' ? '{}' : ended.stdout) as Summary };
    },
  };
}

/** A command that the program printed, as words. */
export function wordsOf(command: string | undefined): string[] {
  return [...(command ?? '').matchAll(/"([^"]*)"|(\S+)/g)].slice(1).map(([, quoted, bare]) => quoted ?? bare ?? '');
}
