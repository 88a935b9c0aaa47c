import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { createSimulator, loadMapping } from '../../src/index.ts';
import type { ImportOptions, ImportRun, RunSummary, Simulator, SimulatorOptions } from '../../src/index.ts';

const credentials = { apiKey: 'canary-api-7f3a', secretKey: 'canary-secret-91bd', appId: 'demo-gym' };
const mapping = {
  version: 1,
  name: 'members',
  fields: { user_id: 'ID', first_name: 'First', last_name: 'Last', email: 'Email' },
};

export interface Gym {
  readonly folder: string;
  readonly server: Simulator;
  /** Everything that a user needs to import the members, only faster. */
  readonly options: ImportOptions & { readonly csv: string; readonly out: string };
}

/** A folder with this many members and a mapping, and a simulator. Both are removed after the test. */
export async function gym(members: number, simulated: SimulatorOptions = {}): Promise<Gym> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gleantap library '));
  const server = await createSimulator({ credentials, ...simulated });
  onTestFinished(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const rows = Array.from({ length: members }, (_, index) => `${index + 1},Ana,Diaz,ana${index + 1}@example.com`);
  await writeFile(path.join(folder, 'members.csv'), ['ID,First,Last,Email', ...rows, ''].join('\n'));
  await writeFile(path.join(folder, 'mapping.json'), JSON.stringify(mapping));
  return {
    folder,
    server,
    options: {
      csv: path.join(folder, 'members.csv'),
      mapping: await loadMapping(path.join(folder, 'mapping.json')),
      credentials,
      baseUrl: server.url,
      out: path.join(folder, 'run'),
      rate: 0,
      confirm: 'all',
    },
  };
}

/** The summary of a run that wrote its reports. */
export async function ranToTheEnd(run: ImportRun): Promise<RunSummary> {
  const summary = await run.summary;
  if (summary.kind !== 'run') throw new Error(summary.sentence);
  return summary;
}
