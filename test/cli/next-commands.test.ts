import { mkdirSync } from 'node:fs';
import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnySummary as Summary } from '../any-summary.ts';
import type { Simulator, SimulatorOptions } from '../../src/simulator/index.ts';
import { gatewayTo } from '../run/tags/gateway.ts';
import type { Gateway } from '../run/tags/gateway.ts';
import { appId, canaries, gleantapImport, readReport, simulator, start, workplace, writesReach } from './harness.ts';
import type { Ended } from './harness.ts';
import { commandsOf, shellWords } from './typed.ts';

/**
 * Every command that the program prints works when it is typed in the same folder, for every exit code. The gym's files are all in
 * unusual places, so a command that forgets one of them fails, or leads to another ledger or account.
 */

const env = { GLEANTAP_IMPORT_TEST_TIME_SCALE: '1000' };
const people = 40;
const header = 'Id,First,Last,Email,Birthday';
const row = (id: number, birthday = '2001-02-03'): string =>
  `${id},First${id},Last${id},p${id}@example.com,${birthday}`;
const good = Array.from({ length: people }, (_, index) => row(index + 1));
/** Rows 3 and 7 of the file have birthdays that are in no calendar. */
const faulty = good.map((line, index) => (index === 1 || index === 5 ? row(index + 1, '2001-02-30') : line));

interface Gym {
  readonly cwd: string;
  readonly server: Simulator;
  readonly gateway: Gateway;
  write(name: string, lines: readonly string[]): Promise<void>;
  /** What is typed for a run into "my run": everything is where it is not by default. */
  run(csv: string, ...more: string[]): string[];
  type(args: readonly string[], stdin?: string): Promise<Ended>;
  /** Types a command that was printed, and answers its question with yes. */
  typed(command: string, ...more: string[]): Promise<Ended>;
  /** Ids that newContact calls have brought since then, in order. */
  sentSince(count: number): string[];
}

const flags = ['--mapping', 'maps/gym.json', '--env-file', '.env.gym', '--ledger', 'memory/gym.db'];

async function gym(options: SimulatorOptions = {}): Promise<Gym> {
  const cwd = await workplace();
  const server = await simulator(options);
  const gateway = await gatewayTo(server);
  await mkdir(path.join(cwd, 'maps'));
  await rm(path.join(cwd, '.env'));
  const keys = { GLEANTAP_API_KEY: canaries.apiKey, GLEANTAP_SECRET_KEY: canaries.secretKey, GLEANTAP_APP_ID: appId };
  const lines = Object.entries(keys).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(path.join(cwd, '.env.gym'), lines.join(''), { mode: 0o600 });
  const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last', email: 'Email', dob: 'Birthday' };
  const mapping = {
    version: 1,
    name: 'members',
    country: 'US',
    fields: { ...fields, dob: { column: 'Birthday', format: 'YYYY-MM-DD' } },
  };
  await writeFile(path.join(cwd, 'maps', 'gym.json'), JSON.stringify(mapping));
  const type = async (args: readonly string[], stdin?: string): Promise<Ended> =>
    gleantapImport(args, { cwd, env, ...(stdin === undefined ? {} : { stdin }) });
  return {
    cwd,
    server,
    gateway,
    type,
    write: async (name, rows) => writeFile(path.join(cwd, name), [header, ...rows, ''].join('\n')),
    run: (csv, ...more) => [
      'run',
      csv,
      ...flags,
      '--base-url',
      gateway.url,
      '--add-tags',
      'June Promo,New',
      '--rate',
      '0',
      '--concurrency',
      '2',
      '--no-preflight',
      '--yes',
      '--out',
      'my run',
      ...more,
    ],
    async typed(command, ...more) {
      const [program, ...words] = shellWords(command);
      expect(program).toBe('gleantap-import');
      const yes = words[0] === 'run' || words[0] === 'tags' ? ['--yes'] : [];
      const ended = await type([...words, ...yes, ...more]);
      expect(ended.stderr, command).not.toMatch(/unknown (?:option|argument)|There is no command|not a valid/i);
      return ended;
    },
    sentSince: (count) =>
      gateway.seen
        .slice(count)
        .filter(({ endpoint }) => endpoint === 'newContact')
        .map(({ body }) => String(body['user_id'])),
  };
}

/** Corrects the birthdays of some people in a report. */
async function correct(file: string, ...who: readonly string[]): Promise<void> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const isMeant = (line: string): boolean => who.some((id) => line.includes(`First${id},`));
  await writeFile(file, lines.map((line) => (isMeant(line) ? line.replaceAll('-02-30', '-02-28') : line)).join('\n'));
}

const summaryIn = async (folder: string): Promise<Summary> =>
  JSON.parse(await readFile(path.join(folder, 'summary.json'), 'utf8')) as Summary;

/** The one command that a run printed, wherever it did. */
function only(ended: Ended, folder: string): string {
  const commands = commandsOf(ended, folder);
  expect(commands).toEqual([expect.any(String)]);
  return commands[0] ?? '';
}

/** What `runs` offers for each run, newest first. */
async function offered({ type }: Gym): Promise<(string | undefined)[]> {
  const { stdout } = await type(['runs', '--ledger', 'memory/gym.db', '--json']);
  return (JSON.parse(stdout) as { next?: string }[]).map(({ next }) => next);
}

/** Stops a run by a deadline that is over at once: all rows are pending. */
const atOnce = ['--deadline', '0s'];
const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
const sorted = (list: readonly string[]): string[] => list.toSorted((a, b) => Number(a) - Number(b));

describe('exit 0', () => {
  it('the same command again prints one that sends the file once more', async () => {
    const place = await gym();
    await place.write('members.csv', good);
    const first = await place.type(place.run('members.csv'));
    expect(first.code).toBe(0);
    expect(commandsOf(first, path.join(place.cwd, 'my run'))).toEqual([]);
    const again = await place.type(place.run('members.csv'));
    expect(again.code).toBe(0);
    const before = place.gateway.seen.length;
    const sent = await place.typed(only(again, 'nowhere'));
    expect(sent.code).toBe(0);
    expect(sorted(place.sentSince(before))).toEqual(ids(1, people));
    expect(place.gateway.seen.at(-1)?.body['tags']).toBe('June Promo,New');
  });

  it('a pilot prints the command for the whole file, a repeated one too', async () => {
    const place = await gym();
    await place.write('members.csv', good);
    const pilot = await place.type(place.run('members.csv', '--limit', '3', '--no-respect-optouts'));
    const repeated = await place.type(place.run('members.csv', '--limit', '3', '--no-respect-optouts'));
    const command = only(pilot, path.join(place.cwd, 'my run'));
    expect(only(repeated, 'nowhere')).toBe(command);
    expect(await offered(place)).toEqual([command]);
    const before = place.gateway.seen.length;
    expect((await place.typed(command)).code).toBe(0);
    expect(sorted(place.sentSince(before))).toEqual(ids(1, people));
  });

  it('a run of a pipe prints a command about its copy', async () => {
    const place = await gym();
    const piped = [header, ...good, ''].join('\n');
    await place.type(place.run('-'), piped);
    const again = await place.type(place.run('-'), piped);
    const before = place.gateway.seen.length;
    expect((await place.typed(only(again, 'nowhere'))).code).toBe(0);
    expect(place.sentSince(before)).toHaveLength(people);
  });

  it('init prints a check of the mapping that it wrote', async () => {
    const place = await gym();
    await place.write('members.csv', good);
    const ended = await place.type(['init', 'members.csv', '--mapping', 'maps/new one.json', '--country', 'US']);
    expect(ended.code).toBe(0);
    const checked = await place.typed(only(ended, 'nowhere'));
    // A question that is still open is for the person to answer.
    expect(checked.stderr + checked.stdout).toMatch(/40 rows|is undecided/);
  });
});

describe('exit 1', () => {
  it('failure.csv is the next step: after the run, after the same command again, in runs and after report', async () => {
    const place = await gym();
    const { cwd } = place;
    await place.write('members.csv', faulty);
    const first = await place.type(place.run('members.csv'));
    expect(first.code).toBe(1);
    const command = only(first, path.join(cwd, 'my run'));
    // The folder knows mapping, keys, account, ledger and tags.
    expect(command).toBe('gleantap-import run "my run/failure.csv"');
    expect(only(await place.type(place.run('members.csv')), 'nowhere')).toBe(command);
    expect(await offered(place)).toEqual([command]);
    expect(only(await place.type(['report', 'my run']), 'nowhere')).toBe(command);

    await correct(path.join(cwd, 'my run', 'failure.csv'), '2', '6');
    const before = place.gateway.seen.length;
    const corrected = await place.typed(command, '--out', 'round 2');
    expect(corrected.code).toBe(0);
    expect(place.sentSince(before)).toEqual(['2', '6']);
    expect(place.gateway.seen.at(-1)?.body).toMatchObject({ tags: 'June Promo,New', dob: '2001-02-28' });
    // Both runs are in the ledger of the first, and nothing is left to do.
    expect(await offered(place)).toEqual([undefined, undefined]);
    const again = only(await place.type(place.run('members.csv')), 'nowhere');
    expect(again).toContain('--again');
  });

  it('what a correction leaves open is in the last report, also when the first command is typed again', async () => {
    const place = await gym();
    const { cwd } = place;
    await place.write('members.csv', faulty);
    const first = await place.type(place.run('members.csv'));
    await correct(path.join(cwd, 'my run', 'failure.csv'), '2');
    const second = await place.typed(only(first, 'nowhere'), '--out', 'round-2');
    expect(second.code).toBe(1);
    const command = only(second, path.join(cwd, 'round-2'));
    expect(command).toBe('gleantap-import run round-2/failure.csv');
    expect(only(await place.type(place.run('members.csv')), 'nowhere')).toBe(command);
    expect(await offered(place)).toEqual([command, undefined]);
    await correct(path.join(cwd, 'round-2', 'failure.csv'), '6');
    const before = place.gateway.seen.length;
    expect((await place.typed(command)).code).toBe(0);
    expect(place.sentSince(before)).toEqual(['6']);
  });

  it('unknown.csv sends exactly the rows that may have arrived', async () => {
    const place = await gym();
    await place.write('members.csv', good);
    let isBroken = true;
    place.gateway.instead = ({ body }) =>
      isBroken && body['user_id'] === '4' ? { status: 200, body: { status: 'success' } } : undefined;
    const first = await place.type(place.run('members.csv', '--attempts', '1'));
    expect(first.code).toBe(1);
    isBroken = false;
    const command = only(first, path.join(place.cwd, 'my run'));
    expect(command).toContain('unknown.csv');
    const before = place.gateway.seen.length;
    expect((await place.typed(command)).code).toBe(0);
    expect(place.sentSince(before)).toEqual(['4']);
  });

  it('check prints a pilot that can be sent', async () => {
    const place = await gym();
    await place.write('members.csv', faulty);
    const typed = place.run('members.csv').filter((word) => word !== '--yes' && word !== '--no-preflight');
    const args = ['check', ...typed.slice(1, typed.indexOf('--rate')), '--out', 'looked at'];
    const checked = await place.type(args);
    expect(checked.code).toBe(1);
    const command = only(checked, path.join(place.cwd, 'looked at'));
    expect((await place.typed(command, '--rate', '0')).code).toBe(0);
    expect(place.sentSince(0)).toHaveLength(1);
    expect(place.gateway.seen.at(-1)?.body['tags']).toBe('June Promo,New');
  });
});

describe('exit 2', () => {
  it.each<[string, readonly string[]]>([
    ['a flag that does not exist', ['run', 'members.csv', '--colour']],
    ['a command that does not exist', ['walk']],
    ['a number that is none', ['run', 'members.csv', '--rate', 'fast', '--yes']],
    ['a mapping that does not exist', ['run', 'members.csv', '--yes']],
    ['a run that does not exist', ['resume', '99', '--ledger', 'memory/gym.db']],
    ['a folder of no run', ['resume', 'maps']],
    ['a fault that does not exist', ['simulate', '--faults', 'flood=1']],
    ['a jobs file that is none', ['batch', 'maps/gym.json', '--yes']],
  ])('%s: what is printed is accepted', async (_what, args) => {
    const place = await gym();
    await place.write('members.csv', good);
    // A ledger in the usual place too, for a hint that does not know of another.
    await place.type([...place.run('members.csv'), '--limit', '1']);
    const usual = place.run('members.csv', '--limit', '1', '--out', 'usual');
    await place.type([...usual, '--ledger', 'gleantap-import/ledger.db']);
    const ended = await place.type(args);
    expect(ended.code).toBe(2);
    for (const command of commandsOf(ended, 'nowhere')) expect((await place.typed(command)).code).toBe(0);
  });

  it('a file that run refuses offers neither resume nor a pilot that would be refused too', async () => {
    const place = await gym();
    await place.write(
      'members.csv',
      good.map((line, index) => (index < 25 ? row(index + 1, 'soon') : line)),
    );
    const refused = await place.type(place.run('members.csv'));
    expect(refused.code).toBe(2);
    expect(commandsOf(refused, path.join(place.cwd, 'my run'))).toEqual([]);
    expect(await offered(place)).toEqual([undefined]);
    expect(commandsOf(await place.type(['report', 'my run']), 'nowhere')).toEqual([]);
    const checked = await place.type(['check', 'members.csv', '--mapping', 'maps/gym.json', '--out', 'looked at']);
    expect(checked.code).toBe(1);
    expect(commandsOf(checked, path.join(place.cwd, 'looked at'))).toEqual([]);
  });

  it('a run that a newer one of its feed has overtaken is not offered for resume, and says what to type instead', async () => {
    const place = await gym();
    await place.write('members.csv', good);
    await place.type(place.run('members.csv', ...atOnce));
    await place.write('newer.csv', good.slice(2));
    await place.type(place.run('newer.csv', '--out', 'newer'));
    expect(await offered(place)).toEqual([undefined, undefined]);
    expect(commandsOf(await place.type(['report', 'my run']), 'nowhere')).toEqual([]);
    const resumed = await place.type(['resume', 'my run']);
    expect(resumed.code).toBe(2);
    const before = place.gateway.seen.length;
    expect((await place.typed(only(resumed, 'nowhere'))).code).toBe(0);
    expect(sorted(place.sentSince(before))).toEqual(ids(1, people));
  });

  it('the warning about an unfinished run of the same file names a command that continues it', async () => {
    const place = await gym();
    await place.write('members.csv', good);
    await place.type(place.run('members.csv', ...atOnce));
    const other = place.run('members.csv', '--duplicates', 'last', '--out', 'other').filter((word) => word !== '--yes');
    const asked = await place.type(other);
    expect(asked.code).toBe(2);
    const command = only(asked, 'nowhere');
    expect((await place.typed(command)).code).toBe(0);
    expect(place.sentSince(0)).toHaveLength(people);
  });

  it('an address that can not be reached prints a resume that starts', async () => {
    const place = await gym();
    await place.write('members.csv', good);
    const args = place
      .run('members.csv')
      .map((word) => (word === place.gateway.url ? 'https://gleantap.invalid' : word));
    const ended = await place.type([...args, '--max-outage', '1s']);
    expect(ended.code).toBe(2);
    const command = only(ended, path.join(place.cwd, 'my run'));
    expect(await offered(place)).toEqual([command]);
    const resumed = await place.typed(command);
    expect(JSON.stringify(await summaryIn(path.join(place.cwd, 'my run')))).toContain('"pending":40');
    expect(only(resumed, path.join(place.cwd, 'my run'))).toBe(command);
  });
});

describe('exit 3', () => {
  it.each<[string, readonly string[], Gateway['instead']]>([
    ['a deadline', atOnce, () => undefined],
    [
      'refused credentials',
      [],
      ({ endpoint }) => (endpoint === 'newContact' ? { status: 401, body: { message: 'no' } } : undefined),
    ],
    [
      'a server that refuses every row',
      [],
      ({ endpoint }) => (endpoint === 'newContact' ? { status: 400, body: { message: 'no' } } : undefined),
    ],
    [
      'an outage',
      ['--max-outage', '2s'],
      ({ endpoint }) => (endpoint === 'newContact' ? { status: 503, body: {} } : undefined),
    ],
    [
      'an address without the call',
      [],
      ({ endpoint }) => (endpoint === 'newContact' ? { status: 404, body: {} } : undefined),
    ],
  ])('%s: resume sends what is pending', async (_what, more, instead) => {
    const place = await gym();
    await place.write('members.csv', good);
    place.gateway.instead = instead;
    const stopped = await place.type(place.run('members.csv', ...more));
    expect(stopped.code).toBe(3);
    place.gateway.instead = () => undefined;
    const folder = path.join(place.cwd, 'my run');
    const command = only(stopped, folder);
    expect(command).toBe('gleantap-import resume "my run"');
    expect(await offered(place)).toEqual([command]);
    expect(only(await place.type(['report', 'my run']), folder)).toBe(command);
    expect((await place.typed(command)).code).toBe(0);
    expect(place.server.contacts()).toHaveLength(people);
    expect(await summaryIn(folder)).toMatchObject({ counts: { succeeded: people, pending: 0 } });
  });

  it('--accept-refusals goes with resume, as the hint says', async () => {
    const place = await gym();
    await place.write('members.csv', good);
    place.gateway.instead = ({ body }) =>
      Number(body['user_id']) <= 30 ? { status: 400, body: { message: 'no' } } : undefined;
    const stopped = await place.type(place.run('members.csv'));
    expect(stopped.code).toBe(3);
    expect((await place.typed(only(stopped, 'nowhere'))).code).toBe(3);
    expect((await place.typed(only(stopped, 'nowhere'), '--accept-refusals')).code).toBe(1);
    expect(place.server.contacts()).toHaveLength(people - 30);
  });

  it('batch prints itself for the jobs that did not finish', async () => {
    const place = await gym();
    await place.write('members.csv', good);
    const job = {
      name: 'down town',
      app_id: appId,
      mapping: 'maps/gym.json',
      envFile: '.env.gym',
      csv: 'members.csv',
      options: { baseUrl: place.gateway.url, ledger: 'memory/gym.db', rate: 0, onlyChanged: true },
    };
    await writeFile(path.join(place.cwd, 'my jobs.json'), JSON.stringify({ version: 1, jobs: [job] }));
    const stopped = await place.type(['batch', 'my jobs.json', '--yes', '--new-ledger', '--out', 'night', ...atOnce]);
    expect(stopped.code).toBe(3);
    const command = only(stopped, path.join(place.cwd, 'night'));
    const ended = await place.typed(command);
    expect(ended.code).toBe(0);
    expect(place.server.contacts()).toHaveLength(people);
    const ofJob = commandsOf({ stdout: '', stderr: '' }, path.join(place.cwd, 'night', 'down town'));
    expect(ofJob).toEqual([]);
  });
});

describe('exit 4', () => {
  it('reports that could not be written: resume writes them and sends what is pending', async () => {
    const place = await gym();
    await place.write('members.csv', good);
    const blocked = path.join(place.cwd, 'my run', 'success.csv');
    place.gateway.instead = ({ body }) => {
      if (body['user_id'] !== '9') return undefined;
      mkdirSync(blocked, { recursive: true });
      return { status: 401, body: { message: 'no' } };
    };
    const ended = await place.type(place.run('members.csv'));
    expect(ended.code).toBe(4);
    const command = only(ended, 'nowhere');
    place.gateway.instead = () => undefined;
    await rmdir(blocked);
    expect((await place.typed(command)).code).toBe(0);
    expect(await readReport(blocked)).toHaveLength(people);
  });

  it('a copy that was changed: the file is imported again', async () => {
    const place = await gym();
    await place.write('members.csv', good);
    const stopped = await place.type(place.run('members.csv', ...atOnce));
    const copy = path.join(place.cwd, 'my run', 'input.csv');
    await writeFile(copy, (await readFile(copy, 'utf8')).slice(0, -20));
    const refused = await place.typed(only(stopped, 'nowhere'));
    expect(refused.code).toBe(4);
    expect((await place.typed(only(refused, 'nowhere'))).code).toBe(0);
    expect(place.server.contacts()).toHaveLength(people);
  });
});

it('exit 5: a held file offers nothing to resume, in run, check, report and runs', async () => {
  const place = await gym();
  await place.write('members.csv', good);
  await place.type(place.run('members.csv', '--out', 'first'));
  await place.write('members.csv', good.slice(0, 5));
  const held = await place.type(place.run('members.csv'));
  expect(held.code).toBe(5);
  expect(commandsOf(held, path.join(place.cwd, 'my run'))).toEqual([]);
  expect(await offered(place)).toEqual([undefined, undefined]);
  expect(commandsOf(await place.type(['report', 'my run']), 'nowhere')).toEqual([]);
  const args = [
    'check',
    'members.csv',
    '--mapping',
    'maps/gym.json',
    '--env-file',
    '.env.gym',
    '--ledger',
    'memory/gym.db',
  ];
  const checked = await place.type([...args, '--base-url', place.gateway.url, '--out', 'looked at']);
  expect(checked.code).toBe(5);
  expect(commandsOf(checked, path.join(place.cwd, 'looked at'))).toEqual([]);
  // What the hint says instead.
  const before = place.gateway.seen.length;
  expect((await place.type(place.run('members.csv', '--accept-changes'))).code).toBe(0);
  expect(place.sentSince(before)).toHaveLength(5);
});

it('exit 70: the run that a bug interrupted is continued by resume', async () => {
  const place = await gym();
  await place.write('members.csv', good);
  const bug = `process.on('SIGUSR2', () => { throw new Error('staged') })`;
  place.gateway.instead = ({ endpoint }) => (endpoint === 'newContact' ? 'hang' : undefined);
  const { child, ended } = start(place.run('members.csv'), {
    cwd: place.cwd,
    env: { ...env, NODE_OPTIONS: `--import="data:text/javascript,${encodeURIComponent(bug)}"` },
  });
  await place.gateway.came(1);
  child.kill('SIGUSR2');
  const { code, stderr } = await ended;
  expect(code).toBe(70);
  expect(stderr).toContain('"resume"');
  place.gateway.instead = () => undefined;
  const [command = ''] = await offered(place);
  expect((await place.typed(command)).code).toBe(0);
  expect(place.server.contacts()).toHaveLength(people);
});

describe('exit 75', () => {
  it('another run of the account: what is printed is accepted', async () => {
    const place = await gym();
    await place.write('members.csv', good);
    const usual = place.run('members.csv', '--ledger', 'gleantap-import/ledger.db');
    place.gateway.instead = ({ endpoint }) => (endpoint === 'newContact' ? 'hang' : undefined);
    const { child, ended } = start(usual, { cwd: place.cwd, env });
    await place.gateway.came(1);
    const busy = await place.type(place.run('members.csv', '--out', 'other'));
    expect(busy.code).toBe(75);
    expect((await place.typed(only(busy, 'nowhere'))).code).toBe(0);
    child.kill('SIGKILL');
    await ended;
  });

  it('a wait of more than an hour: resume continues', async () => {
    const place = await gym();
    await place.write('members.csv', good);
    place.gateway.instead = ({ endpoint }) =>
      endpoint === 'newContact' ? { status: 429, body: {}, headers: { 'Retry-After': '7200' } } : undefined;
    const stopped = await place.type(place.run('members.csv'));
    expect(stopped.code).toBe(75);
    place.gateway.instead = () => undefined;
    expect((await place.typed(only(stopped, path.join(place.cwd, 'my run')))).code).toBe(0);
    expect(place.server.contacts()).toHaveLength(people);
  });
});

it.each([
  ['130', 'SIGINT'],
  ['143', 'SIGTERM'],
] as const)('exit %s: resume continues', async (expected, signal) => {
  const place = await gym({ latencyMs: 5 });
  await place.write('members.csv', good);
  const { child, ended } = start(place.run('members.csv'), { cwd: place.cwd, env });
  await writesReach(place.server, 3);
  child.kill(signal);
  const { code, ...printed } = await ended;
  expect(code).toBe(Number(expected));
  const command = only({ code, ...printed }, path.join(place.cwd, 'my run'));
  expect((await place.typed(command)).code).toBe(0);
  expect(place.server.contacts()).toHaveLength(people);
});

describe('lists of tags', () => {
  const listOf = (place: Gym, ...more: string[]): string[] => {
    const [, csv = '', ...rest] = place.run('list.csv', ...more);
    return ['tags', csv, ...rest.filter((word) => !['--mapping', 'maps/gym.json', '--no-preflight'].includes(word))];
  };
  const contacts = [
    { user_id: '1', first_name: 'Ana', last_name: 'Diaz', phone: '+12125550147' },
    { user_id: '2', first_name: 'Bo', last_name: 'Lee', tags: ['June Promo', 'New'] },
  ];

  it('undo and failure.csv know country, tags, keys and ledger', async () => {
    const place = await gym({ contacts });
    await writeFile(
      path.join(place.cwd, 'list.csv'),
      'User ID,First name,Mobile\n1,Ana,212-555-0147\n9,Zoe,212-555-0199\n',
    );
    const ended = await place.type(listOf(place, '--country', 'US'));
    expect(ended.code).toBe(1);
    const commands = commandsOf(ended, path.join(place.cwd, 'my run'));
    expect(commands.toSorted()).toEqual([
      'gleantap-import tags "my run/failure.csv"',
      'gleantap-import tags "my run/inverse.csv"',
    ]);
    expect(await offered(place)).toEqual(['gleantap-import tags "my run/failure.csv"']);
    expect(place.server.contacts()[0]?.tags).toEqual(['June Promo', 'New']);
    expect((await place.typed('gleantap-import tags "my run/inverse.csv"', '--out', 'undone')).code).toBe(0);
    expect(place.server.contacts()[0]?.tags).toEqual([]);
    const failure = path.join(place.cwd, 'my run', 'failure.csv');
    await writeFile(failure, (await readFile(failure, 'utf8')).replace('9,Zoe,212-555-0199', '2,Bo,'));
    expect((await place.typed('gleantap-import tags "my run/failure.csv"')).code).toBe(0);
    expect(place.server.contacts()[1]?.tags).toEqual(['June Promo', 'New']);
  });

  it('where nothing can be undone, no command to undo is printed', async () => {
    const place = await gym({ contacts });
    await writeFile(path.join(place.cwd, 'list.csv'), 'User ID,Current tags\n2,"June Promo, New"\n');
    const ended = await place.type(listOf(place));
    expect(ended.code).toBe(0);
    expect(await readReport(path.join(place.cwd, 'my run', 'inverse.csv'))).toEqual([]);
    expect(commandsOf(ended, path.join(place.cwd, 'my run'))).toEqual([]);
  });
});

it('a file in a run folder is imported as its run was, and what is typed comes first', async () => {
  const place = await gym();
  await place.write('members.csv', faulty);
  await place.type(place.run('members.csv'));
  const elsewhere = await simulator();
  const typed = ['run', 'my run/failure.csv', '--yes', '--add-tags', 'Late', '--base-url', elsewhere.url];
  await correct(path.join(place.cwd, 'my run', 'failure.csv'), '2', '6');
  expect((await place.type(typed)).code).toBe(0);
  expect(elsewhere.contacts().map(({ tags }) => tags)).toEqual([['Late'], ['Late']]);
  const explained = await place.type(['explain', 'my run/failure.csv', '--row', '2']);
  expect(explained.code).toBe(0);
});
