import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import path from 'node:path';
import type { AnySummary as Summary } from '../any-summary.ts';
import { createWitness, referenceOf } from './invariants.ts';
import { appears } from './moments.ts';
import { launch } from './process.ts';
import { createSite, leftovers, readLedger } from './site.ts';
import type { Site } from './site.ts';
import { createWorkload } from './workload.ts';

// Each test starts a dozen processes, which is slow on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const workload = createWorkload('lasting', 150, 2);
/** Long enough in the check and in the reports for a signal to come in the middle of them. */
const large = createWorkload('lasting', 30_000, 2);
const neverAnswers = 60_000;

/** Milliseconds from now until the process has ended. */
async function timeUntil(ended: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await ended;
  return performance.now() - start;
}

/** Once the obstacle is gone, the same command leads to the result of an undisturbed run. */
async function expectGoesOn(site: Site, command: readonly string[] = site.run): Promise<void> {
  const witness = createWitness(site, await referenceOf(site.workload));
  await witness.afterEnd();
  await witness.expectWhole(await launch(command, site).ended);
}

describe('a signal while rows are being sent', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ] as const)(
    '%s: waits for answers in flight, writes reports, exits with %i, and resume continues',
    async (signal, code) => {
      const site = await createSite(workload, 20);
      const { child, ended, gone } = launch([...site.run, '-c', '3'], site);
      await site.server.reaches(20, gone);
      child.kill(signal);
      const { code: exit, stdout } = await ended;
      expect(exit).toBe(code);
      const { counts, next, exitCode } = JSON.parse(stdout) as Summary;
      expect(exitCode).toBe(code);
      expect(next).toContain('resume');
      expect(site.server.requests.every(({ answered }) => answered !== undefined)).toBe(true);
      const { read = 0, succeeded = 0, failed = 0, unknown = 0, skipped = 0, pending = 0 } = counts ?? {};
      expect(pending).toBeGreaterThan(0);
      expect(read).toBe(succeeded + failed + unknown + skipped + pending);
      await expectGoesOn(site, ['resume', ...site.pace]);
    },
  );

  it('a second Ctrl-C does not wait for answers, and loses none that arrived', async () => {
    const site = await createSite(workload, 40);
    const { child, ended, gone, says } = launch([...site.run, '-c', '4'], site);
    await site.server.reaches(30, gone);
    site.server.hold(neverAnswers);
    await site.server.reaches(site.server.requests.length + 4, gone);
    const answered = site.server.requests.filter((request) => request.answered !== undefined).length;
    child.kill('SIGINT');
    await says('stopping');
    child.kill('SIGINT');
    expect(await timeUntil(ended)).toBeLessThan(2000);
    expect((await ended).code).toBe(130);
    const { final } = await readLedger(site);
    expect(final.size).toBeGreaterThanOrEqual(answered);
    site.server.hold(0);
    await expectGoesOn(site, ['resume', ...site.pace]);
  });
});

describe('a signal at other times', () => {
  it('while the input is copied: exit 130 at once, nothing sent, nothing left behind', async () => {
    const site = await createSite(workload);
    const { child, ended, gone } = launch(['run', '-', ...site.run.slice(2)], { cwd: site.cwd, holdStdin: true });
    child.stdin?.write('Row,Id,');
    await appears(path.dirname(site.out), (name) => name.startsWith('.incoming'), gone);
    child.kill('SIGINT');
    expect(await timeUntil(ended)).toBeLessThan(2000);
    expect((await ended).code).toBe(130);
    expect(site.server.requests).toEqual([]);
    expect(await leftovers(site)).toEqual([]);
    await expectGoesOn(site);
  });

  it('during the check: exit 130, nothing sent, and the same command starts over', async () => {
    const site = await createSite(large);
    const { child, ended, gone } = launch(site.run, site);
    await appears(site.out, (name) => name === 'run.log', gone);
    child.kill('SIGINT');
    expect(await timeUntil(ended)).toBeLessThan(3000);
    expect((await ended).code).toBe(130);
    expect(site.server.requests).toEqual([]);
    const again = launch(site.run, site);
    await site.server.reaches(1, again.gone);
    again.child.kill('SIGKILL');
  });

  it('during the reports: they are finished without waiting for anything', async () => {
    const site = await createSite(workload);
    const { child, ended, gone } = launch(site.run, site);
    await appears(site.out, (name) => name === 'success.csv.partial', gone);
    child.kill('SIGINT');
    expect(await timeUntil(ended)).toBeLessThan(3000);
    await createWitness(site, await referenceOf(workload)).expectWhole(await ended);
  });

  it('twice during the reports: exits at once, and the same command writes them', async () => {
    const site = await createSite(large);
    const pilot = [...site.run, '--limit', '30'];
    const { child, ended, gone } = launch(pilot, site);
    await appears(site.out, (name) => name === 'success.csv.partial', gone);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect(await timeUntil(ended)).toBeLessThan(2500);
    expect([130, 143, 0]).toContain((await ended).code);
    const sent = site.server.requests.length;
    const again = await launch(pilot, site).ended;
    expect(again.code).toBe(0);
    expect(site.server.requests).toHaveLength(sent);
    expect(await leftovers(site)).toEqual([]);
  });
});

describe('output without a reader', () => {
  it('a closed stderr stops nothing', async () => {
    const site = await createSite(workload);
    const { child, ended } = launch([...site.run, '--log-level', 'debug'], site);
    child.stderr?.destroy();
    await createWitness(site, await referenceOf(workload)).expectWhole(await ended);
  });

  it('a full disk under stderr stops nothing; under stdout it is exit 4, and everything else is complete', async () => {
    const site = await createSite(workload);
    const full = (stream: number): string[] => ['sh', '-c', `exec "$@" ${stream}>/dev/full`, 'sh'];
    const noisy = await launch([...site.run, '--log-level', 'debug'], { cwd: site.cwd, under: full(2) }).ended;
    await createWitness(site, await referenceOf(workload)).expectWhole(noisy);
    const other = await createSite(workload);
    const silent = await launch(other.run, { cwd: other.cwd, under: full(1) }).ended;
    expect(silent.code).toBe(4);
    expect((await readLedger(other)).run?.state).toBe('finished');
  });

  it('an unexpected exception is exit 70, and the run can be continued', async () => {
    const site = await createSite(workload, 30);
    const bug = `process.on('SIGUSR2', () => { throw new Error('staged') })`;
    const { child, ended, gone } = launch([...site.run, '-c', '2'], {
      cwd: site.cwd,
      env: { NODE_OPTIONS: `--import="data:text/javascript,${encodeURIComponent(bug)}"` },
    });
    await site.server.reaches(10, gone);
    child.kill('SIGUSR2');
    const { code, stderr } = await ended;
    expect(code).toBe(70);
    expect(stderr).toMatch(/This is a bug.*resume/s);
    expect(stderr).toContain('staged');
    await expectGoesOn(site, ['resume', ...site.pace]);
  });
});

it('reports can be written again and again while a run is in progress', async () => {
  const site = await createSite(createWorkload('lasting', 400, 2), 5);
  const { child, ended, gone } = launch([...site.run, '-c', '2'], site);
  await site.server.reaches(1, gone);
  let times = 0;
  while (child.exitCode === null && !gone.aborted) {
    const report = await launch(['report', site.out, '--json'], site).ended;
    expect(report.code, report.stderr).toBe(0);
    times += 1;
  }
  if (child.exitCode === null) await once(child, 'exit');
  expect(times).toBeGreaterThan(1);
  await createWitness(site, await referenceOf(site.workload)).expectWhole(await ended);
});
