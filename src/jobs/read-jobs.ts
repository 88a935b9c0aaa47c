import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseJsonc } from '../config/jsonc.ts';
import { defectsOf, errorAt, mistakesIn } from '../core/mapping/finding.ts';
import type { Finding } from '../core/mapping/finding.ts';
import { pathFault } from '../core/outcome/path-fault.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { issueText } from '../core/settings/issue-text.ts';
import { jobsSchema } from './jobs-schema.ts';
import type { Job, Jobs } from './jobs-schema.ts';
import { isPattern } from './newest-file.ts';

/**
 * Reads a jobs file. Its paths come back absolute.
 *
 * @throws RunError `usage` with everything that is wrong in it, `mapping` when it is not JSON.
 */
export async function readJobs(name: string): Promise<Jobs> {
  const file = path.resolve(name);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new RunError('usage', `The jobs file ${file} cannot be read: ${pathFault(file, error).reason}`, {
      hint: '"gleantap-import schema jobs" prints the JSON Schema of a jobs file. docs/nightly.md shows an example.',
      cause: error,
    });
  });
  const json = parseJsonc(text, name);
  const parsed = jobsSchema.safeParse(json, { reportInput: true, error: issueText });
  const findings = parsed.success
    ? parsed.data.jobs.flatMap((job, index) => findingsIn(job, index, parsed.data.jobs))
    : defectsOf(parsed.error.issues).map(({ path: place, problem }) => errorAt(place, problem));
  if (!parsed.success || findings.length > 0) {
    throw new RunError('usage', mistakesIn(`The jobs file ${name}`, findings), {
      hint: 'Nothing was started. "gleantap-import schema jobs" prints the JSON Schema of a jobs file.',
    });
  }
  // As they were written: they are checked again where flags are.
  const written = (json as { jobs: { options?: Record<string, unknown> }[] }).jobs;
  const folder = path.dirname(file);
  return {
    ...parsed.data,
    jobs: parsed.data.jobs.map((job, index) => withAbsolutePaths({ ...job, options: written[index]?.options }, folder)),
  };
}

function withAbsolutePaths(job: Job, folder: string): Job {
  const { csv, mapping, envFile, options } = job;
  const ledger = options?.['ledger'];
  return {
    ...job,
    csv: path.resolve(folder, csv),
    mapping: path.resolve(folder, mapping),
    ...(envFile === undefined ? {} : { envFile: path.resolve(folder, envFile) }),
    ...(typeof ledger === 'string' ? { options: { ...options, ledger: path.resolve(folder, ledger) } } : {}),
  };
}

/** What is wrong with a job, given the others before it. */
function findingsIn(job: Job, index: number, jobs: readonly Job[]): Finding[] {
  const { name, app_id: account, csv, envFile, envPrefix } = job;
  const findings: Finding[] = [];
  const at = (key: string, problem: string): void => {
    findings.push(errorAt(['jobs', index, key], problem));
  };
  const before = jobs.slice(0, index);
  if (before.some((other) => folded(other.name) === folded(name))) at('name', `another job has the name "${name}" too`);
  const shares = jobs.filter((other) => other.app_id === account);
  if (shares.length > 1 && job.sharedAccount !== true) {
    const others = shares.filter((other) => other !== job).map((other) => `"${other.name}"`);
    at(
      'app_id',
      `${others.join(' and ')} ${others.length === 1 ? 'sends' : 'send'} to this account too: correct it, or add "sharedAccount": true to each of them`,
    );
  }
  if (envFile !== undefined && envPrefix !== undefined)
    at('envPrefix', 'the credentials must come from one place: remove "envFile" or "envPrefix"');
  if (isPattern(path.dirname(csv))) at('csv', '* and ? can only be in the name of the file, not of a folder');
  return findings;
}

/** Names of folders may differ in letter case only on some systems. */
function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
