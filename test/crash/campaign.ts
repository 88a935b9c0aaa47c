import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { AnySummary as Summary } from '../any-summary.ts';
import { createWitness, referenceOf } from './invariants.ts';
import { appears } from './moments.ts';
import { launch } from './process.ts';
import type { Launched } from './process.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import { createSite } from './site.ts';
import type { Site, Snapshot } from './site.ts';
import { createWorkload } from './workload.ts';

const phases = ['copying', 'checking', 'sending', 'reporting', 'any'] as const;
type Phase = (typeof phases)[number];

/** What a campaign did. */
export interface Tally {
  campaigns: number;
  kills: Record<Phase, number>;
  resumes: number;
  requests: number;
  /** Requests beyond those of an undisturbed run: rows of the last commit window. */
  again: number;
  rows: number;
}

export function newTally(): Tally {
  return {
    campaigns: 0,
    kills: { copying: 0, checking: 0, sending: 0, reporting: 0, any: 0 },
    resumes: 0,
    requests: 0,
    again: 0,
    rows: 0,
  };
}

export function killsOf({ kills }: Tally): number {
  return Object.values(kills).reduce((sum, count) => sum + count, 0);
}

export function tallyText(tally: Tally): string {
  const { campaigns, kills, resumes, requests, again, rows } = tally;
  const byPhase = Object.entries(kills).map(([phase, count]) => `${phase} ${count}`);
  return `${killsOf(tally)} kills (${byPhase.join(', ')}) and ${resumes} resumes in ${campaigns} runs of ${rows} rows: ${requests} requests, ${again} of them again`;
}

/** Runs one import, kills it up to this many times at moments drawn from the seed, lets it finish, and checks what is left. */
export async function campaign(seed: number, kills: number, tally: Tally): Promise<void> {
  const random = createRandom(seed);
  const workload = createWorkload(random.pick(['passing', 'lasting']), random.pick([150, 250, 400]), seed % 5);
  const reference = await referenceOf(workload);
  const site = await createSite(workload, random.pick([2, 10, 30]));
  const witness = createWitness(site, reference);
  const concurrency = ['--concurrency', `${random.pick([1, 4, 8, 16])}`];
  let snapshot: Snapshot = { run: undefined, final: new Map() };

  for (let left = kills; ; left -= 1) {
    const isUnderWay = snapshot.run?.state === 'sending' || snapshot.run?.state === 'stopped';
    const command = isUnderWay ? goOn(site, random) : site.run;
    const started = (under: Partial<{ holdStdin: boolean }> = {}, words = command): Launched =>
      launch([...words, ...concurrency], { cwd: site.cwd, ...under });
    if (left === 0) {
      tally.resumes += isUnderWay ? 1 : 0;
      const ended = await started().ended;
      await witness.expectWhole(ended);
      break;
    }
    const phase = isUnderWay
      ? random.pick(['copying', 'sending', 'sending', 'sending', 'reporting', 'any'] as const)
      : random.pick(['copying', 'checking', 'checking', 'sending', 'sending', 'any'] as const);
    if (isUnderWay && phase !== 'copying') tally.resumes += 1;
    const process = phase === 'copying' ? started({ holdStdin: true }, ['run', '-', ...site.run.slice(2)]) : started();
    await momentOf(phase, site, process, random);
    process.child.kill('SIGKILL');
    const killedAt = Date.now();
    const ended = await process.ended;
    if (ended.signal !== 'SIGKILL') {
      // It finished before the kill.
      await witness.expectWhole(ended);
      break;
    }
    tally.kills[phase] += 1;
    snapshot = await witness.afterEnd(killedAt);
    if (isUnderWay && random.next() < 0.15) await expectReportable(site);
  }
  const { requests } = site.server;
  const { length } = requests;
  const once = await launch(site.run, site).ended;
  expect(once.code).toBe(reference.code);
  expect(requests, 'the same command sends nothing for a finished run').toHaveLength(length);
  tally.campaigns += 1;
  tally.requests += length;
  tally.again += length - reference.requests;
  tally.rows += workload.rows;
}

/** One of the ways to continue a run. */
function goOn({ run, out, pace }: Site, random: Random): readonly string[] {
  return random.pick([run, ['resume', out, ...pace], ['resume', ...pace]]);
}

/** Resolves at a random moment of a phase, or when the process is gone. */
async function momentOf(phase: Phase, site: Site, { child, gone }: Launched, random: Random): Promise<void> {
  switch (phase) {
    case 'copying': {
      const half = random.whole(1, site.workload.csv.length - 1);
      child.stdin?.write(site.workload.csv.slice(0, half));
      await appears(path.join(site.cwd, 'gleantap-import'), (name) => name.startsWith('.incoming'), gone);
      break;
    }
    case 'checking':
      await appears(site.out, (name) => name.startsWith(random.pick(['run.json', 'input.csv', 'run.log'])), gone);
      break;
    case 'sending': {
      const more = random.whole(1, site.workload.rows / 4);
      await site.server.reaches(site.server.requests.length + more, gone);
      break;
    }
    case 'reporting': {
      const files = ['success.csv.partial', 'success.csv', 'failure.csv', 'skipped.csv', 'summary.json.partial'];
      const wanted = random.pick(files);
      await appears(site.out, (name) => name.startsWith(wanted), gone);
      break;
    }
    case 'any':
  }
  const longest = { copying: 5, checking: 20, sending: 60, reporting: 4, any: 700 }[phase];
  // The only timer here: the test shows that the moment does not matter.
  await sleep(random.next() * longest, undefined, { signal: gone }).catch(() => undefined);
}

/** A killed run can be reported on as it is. The report then has everything that the ledger has. */
async function expectReportable(site: Site): Promise<void> {
  const ended = await launch(['report', site.out, '--json'], site).ended;
  expect(ended.code, ended.stderr).toBe(0);
  const {
    read = 0,
    succeeded = 0,
    failed = 0,
    unknown = 0,
    skipped = 0,
    pending = 0,
  } = (JSON.parse(ended.stdout) as Summary).counts ?? {};
  expect(read).toBe(site.workload.rows);
  expect(succeeded + failed + unknown + skipped + pending).toBe(read);
  expect(existsSync(path.join(site.out, 'success.csv'))).toBe(true);
  expect((await readdir(site.out)).filter((name) => name.endsWith('.csv.partial'))).toEqual([]);
}
