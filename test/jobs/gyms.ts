import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AnySummary as Summary } from '../any-summary.ts';
import { canaries, gleantapImport, start, workplace } from '../cli/harness.ts';
import type { Simulator } from '../../src/simulator/index.ts';

export const keys = { GLEANTAP_API_KEY: canaries.apiKey, GLEANTAP_SECRET_KEY: canaries.secretKey };

/** Gyms in one folder, with a ledger in common: for each a mapping, an env file and its first export. */
export class Gyms {
  readonly cwd: string;
  readonly server: Simulator;
  readonly jobs: { name: string; app_id: string; options: Record<string, unknown> }[] = [];

  constructor(cwd: string, server: Simulator) {
    this.cwd = cwd;
    this.server = server;
  }

  static async open(server: Simulator): Promise<Gyms> {
    return new Gyms(await workplace(), server);
  }

  async write(file: string, text: string): Promise<void> {
    await writeFile(path.join(this.cwd, file), text);
  }

  /** @param more Keys of the job in addition to the usual ones or instead of them; null removes one. */
  async add(name: string, rows = 5, more: object = {}): Promise<void> {
    const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last', email: 'Email' };
    await this.write(`${name}.json`, JSON.stringify({ version: 1, name, fields }));
    await this.write(
      `.env.${name}`,
      [...Object.entries(keys), ['GLEANTAP_APP_ID', name]].map((pair) => pair.join('=')).join('\n'),
    );
    await this.export(name, 1, rows);
    const options = { baseUrl: this.server.url, rate: 0, onlyChanged: true, preflight: false };
    const job = {
      name,
      app_id: name,
      csv: `${name}-*.csv`,
      mapping: `${name}.json`,
      envFile: `.env.${name}`,
      options,
      ...more,
    };
    this.jobs.push(
      JSON.parse(JSON.stringify(job), (_key, value: unknown) => value ?? undefined) as (typeof this.jobs)[0],
    );
  }

  /** The export of a night: people of earlier ones stay as they were. */
  async export(name: string, night: number, rows: number): Promise<void> {
    const lines = Array.from({ length: rows }, (_, index) => `${name}${index},First,Last,${name}${index}@example.com`);
    await this.write(`${name}-${night}.csv`, ['Id,First,Last,Email', ...lines, ''].join('\n'));
    await utimes(path.join(this.cwd, `${name}-${night}.csv`), night * 86_400, night * 86_400);
  }

  /** Changes a file, and leaves its date. */
  async change(file: string, change: (text: string) => string): Promise<void> {
    const place = path.join(this.cwd, file);
    const { atime, mtime } = await stat(place);
    await this.write(file, change(await readFile(place, 'utf8')));
    await utimes(place, atime, mtime);
  }

  job(name: string): (typeof this.jobs)[0] {
    const job = this.jobs.find((each) => each.name === name);
    if (job === undefined) throw new Error(`no job ${name}`);
    return job;
  }

  private command(flags: readonly string[]) {
    return ['batch', 'jobs.json', '--json', ...flags];
  }

  async save(more: object = {}): Promise<void> {
    await this.write('jobs.json', JSON.stringify({ version: 1, jobs: this.jobs, ...more }));
  }

  async batch(...flags: string[]) {
    const { requests } = this.server.stats();
    const ended = await gleantapImport(this.command(flags), { cwd: this.cwd });
    const summary = JSON.parse(ended.stdout) as Summary;
    const codes = Object.fromEntries((summary.jobs ?? []).map(({ name, exitCode }) => [name, exitCode]));
    return { ...ended, summary, codes, requests: this.server.stats().requests - requests };
  }

  begin(...flags: string[]) {
    return start(this.command(flags), { cwd: this.cwd });
  }

  /** How many contacts of each gym the server has. */
  arrived(): Record<string, number> {
    const count: Record<string, number> = {};
    for (const { user_id: id = '' } of this.server.contacts()) {
      const gym = id.replace(/\d+$/, '');
      count[gym] = (count[gym] ?? 0) + 1;
    }
    return count;
  }
}
