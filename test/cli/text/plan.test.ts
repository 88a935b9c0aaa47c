import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { planText } from '../../../src/cli/text/plan.ts';
import { colored, plainScreen, screenOf } from '../../../src/cli/text/screen.ts';
import type { CheckStats } from '../../../src/run/model.ts';
import type { Plan } from '../../../src/run/plan.ts';

const seen = (count: number) => ({ count, rows: [2, 3, 4] });

const stats: CheckStats = {
  read: 500,
  blank: 3,
  repeatedHeaders: 0,
  footer: 1,
  invalid: 32,
  failed: 32,
  skipped: 5,
  toSend: 463,
  requests: 471,
  sharing: { rows: 26, people: 13 },
  strangers: 1,
  collisions: [{ code: 'same_keys_other_user_id', rows: [12, 90] }],
  problems: { required_missing: seen(6), date_not_in_calendar: seen(5), word_not_mapped: seen(14), bad_email: seen(7) },
  warnings: { phone_too_short: seen(6), word_dropped: seen(14), bad_phone: seen(2), spaces_collapsed: seen(1) },
  filled: {},
  valid: 468,
  filledOfAll: {},
  endsDamaged: false,
  waited: 0,
  tags: Array.from({ length: 16 }, (_, nth) => ({ tag: `Tag ${nth}`, action: 'add' as const, count: 9 })),
  moreTags: false,
  tagged: 463,
  consent: { optinYes: 205, optinNo: 58, optoutYes: 50, optoutNo: 0 },
  unsentConsent: ['Texts OK'],
  emailOptouts: { rows: 50, of: 468 },
  defaultNames: 4,
  columns: [{ code: 'scientific_notation', column: 'Mobile Phone', count: 7, of: 400, rows: [2, 3] }],
  pilotRows: [2, 3],
};

const plan: Plan = {
  host: 'api.gleantap.com',
  simulator: false,
  appId: 'demo-gym',
  accountName: 'Demo gym',
  credentialSource: '.env',
  input: 'members.csv',
  feed: 'members',
  out: `${process.cwd()}/gleantap-import/members-20261128-090000`,
  ledger: `${process.cwd()}/gleantap-import/ledger.db`,
  isReport: false,
  pilotRows: [],
  stats,
  unsent: ['Referred By', 'Emergency Contact Name', 'Emergency Contact Phone', 'Notes', 'Locker', 'Badge', 'Trainer'],
  preflight: {
    contacts: 100,
    locations: ['Downtown', 'Harbor'],
    phones: { international: 90, all: 100 },
    lookedUp: 20,
    found: { user_id: 0, email: 18, phone: 2 },
    failure: undefined,
  },
  compared: undefined,
  holdsSecondPeople: false,
  minutes: 2,
  settings: {
    '--rate': { value: 2, source: 'flag' },
    '--max-outage': { value: 20_000, source: 'flag' },
    '--deadline': { value: { clock: '10:19' }, source: 'flag' },
    '--preflight': { value: false, source: 'flag' },
    '--concurrency': { value: 4, source: 'config file' },
  },
  undo: undefined,
  tags: undefined,
};

/** Lines left for the question on a screen of 24. */
const mostLines = 24;

it('fits a screen of 80 x 24, whatever is in it', () => {
  const lines = planText(plan, { ...plainScreen, width: 80 }).split('\n');
  expect(lines.length).toBeLessThanOrEqual(mostLines);
});

it.each([80, 60])('splits no word and no line is wider than %d columns', (width) => {
  const text = planText(plan, { ...plainScreen, width });
  expect(text.split('\n').filter((line) => line.length > width)).toEqual([]);
  const words = (of: string): string => of.replaceAll(/\s+/g, ' ');
  expect(words(text)).toBe(words(planText(plan, { ...plainScreen, width: 10_000 })));
});

it('names the three worst reasons, and the number of the others', () => {
  expect(planText(plan, plainScreen)).toContain(
    '32 invalid: 14 word not mapped, 7 bad email, 6 required missing, and 1 more',
  );
});

it('shows settings as they are typed, and where they come from if they were not typed', () => {
  expect(planText(plan, { ...plainScreen, width: 200 })).toContain(
    '--rate 2 --max-outage 20s --deadline 10:19 --no-preflight, --concurrency 4 (config file)',
  );
});

it('shows paths below the working directory as relative', () => {
  const keys = { ...plan, credentialSource: `env file ${process.cwd()}/keys/gym.env` };
  expect(planText(keys, plainScreen)).toContain('keys from env file keys/gym.env');
  expect(planText(plan, plainScreen)).toContain(' gleantap-import/members-20261128-090000/');
  expect(planText(plan, plainScreen)).not.toContain(process.cwd());
});

it('makes hidden characters of names visible', () => {
  const hostile = { ...plan, accountName: 'Gym\u001b[2J', unsent: ['No\u202ete'], input: '\u009bx.csv' };
  expect(planText(hostile, plainScreen, true)).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
});

it('shows every reason, warning and tag, and the ledger, with --verbose', () => {
  const short = planText(plan, plainScreen);
  const long = planText(plan, plainScreen, true);
  for (const detail of ['date_not_in_calendar', 'spaces_collapsed', 'Tag "Tag 15"', 'ledger.db']) {
    expect(short).not.toContain(detail);
    expect(long).toContain(detail);
  }
});

it.each([
  ['a terminal', true, {}, true],
  ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
  ['a dumb terminal', true, { TERM: 'dumb' }, false],
  ['a pipe', false, {}, false],
  ['a pipe with FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
  ['a pipe with FORCE_COLOR=0', false, { FORCE_COLOR: '0' }, false],
])('has colors on %s: as the environment says', (_where, isTTY, environment, expected) => {
  // Node's own rule, which reads NO_COLOR, FORCE_COLOR and TERM.
  const hasColors = (env: object): boolean => !('NO_COLOR' in env) && !('TERM' in env && env.TERM === 'dumb');
  const stream = { isTTY, columns: isTTY ? 80 : undefined, hasColors } as unknown as NodeJS.WriteStream;
  const text = colored(planText(plan, screenOf(stream, environment)));
  expect(text.includes('\u001b[')).toBe(expected);
  // Colors say nothing that the words don't.
  expect(stripVTControlCharacters(text)).toBe(planText(plan, { ...plainScreen, width: isTTY ? 80 : 100 }));
});
