// A short walk through the built command line, for scripts: version, simulate, init, check, a run that stops, resume.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const keys = { GLEANTAP_API_KEY: 'demo', GLEANTAP_SECRET_KEY: 'demo', GLEANTAP_APP_ID: 'demo-gym' };
/** A home that cannot be created or written. */
const noHome = '/dev/null/home';

/** Odd places to start from: language, time zone. Dates of both zones are another day than in UTC for hours of each day. */
export const oddPlaces = [
  { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati' },
  { LC_ALL: 'C', LANG: 'C', TZ: 'America/St_Johns' },
];

const members = 12;
const csv = ['Member ID,First Name,Last Name,Email,Birth Date']
  .concat(
    Array.from(
      { length: members },
      (_, i) => `${10_001 + i * 37},İrem,Ñandú,irem${i + 1}@example.com,${(i % 12) + 1}/28/1983`,
    ),
  )
  .join('\n');
const dates = Array.from({ length: members }, (_, i) => `1983-${String((i % 12) + 1).padStart(2, '0')}-28`);

/**
 * Walks through the commands in a folder with blanks and foreign letters in its name, and a home that can't be written.
 *
 * @param command The program and its first arguments.
 * @returns What `--version` says.
 * @throws when anything is not as it should be.
 */
export async function smoke([program, ...first], place) {
  const cwd = await mkdtemp(path.join(tmpdir(), 'gym häuser 健身 '));
  const env = { PATH: process.env.PATH, HOME: noHome, ...keys, ...place };
  const type = async (...words) =>
    promisify(execFile)(program, [...first, ...words], { cwd, env }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error) => error,
    );
  const expectCode = (ended, code) => assert.equal(ended.code, code, `${ended.stdout}\n${ended.stderr}`);
  const server = spawn(program, [...first, 'simulate'], { cwd, env, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [url] = await once(createInterface({ input: server.stdout }), 'line');
    const version = await type('--version');
    expectCode(version, 0);
    await writeFile(path.join(cwd, 'üyeler ı.csv'), `${csv}\n`);
    expectCode(await type('init', 'üyeler ı.csv'), 0);
    assert.match(await readFile(path.join(cwd, 'mapping.json'), 'utf8'), /"dob"/);
    expectCode(await type('check', 'üyeler ı.csv'), 0);
    const run = ['run', 'üyeler ı.csv', '--base-url', url, '--yes', '--json'];
    const stopped = await type(...run, '--rate', '2', '--deadline', '1s');
    expectCode(stopped, 3);
    assert.notEqual(JSON.parse(stopped.stdout).counts.pending, 0);
    const resumed = await type('resume', '--rate', '0', '--json');
    expectCode(resumed, 0);
    assert.equal(JSON.parse(resumed.stdout).counts.succeeded, members);
    const answer = await fetch(`${url}/_simulator/contacts`);
    const { contacts } = await answer.json();
    const born = contacts.map(({ dob }) => dob).sort();
    assert.deepEqual(born, dates);
    assert.equal(contacts[0].first_name, 'İrem');
    return version.stdout.trim();
  } finally {
    server.kill();
    if (server.exitCode === null) await once(server, 'exit');
    await rm(cwd, { recursive: true, force: true });
  }
}
