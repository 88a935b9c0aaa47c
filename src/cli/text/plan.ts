import { hintOf, isProblemCode } from '../../core/outcome/messages.ts';
import type { CheckStats, CodeCount } from '../../run/model.ts';
import type { Plan, PreflightStats } from '../../run/plan.ts';
import { settingText } from '../../run/next-command.ts';
import { columnLines } from './columns.ts';
import { peopleLine } from './people.ts';
import { safeText } from './safe.ts';
import { count, plural, rowsAt, table } from './words.ts';
import { tagPlanLines } from './tag-plan.ts';

/** The plan as text: everything a person needs to decide. */
export function planText(plan: Plan): string {
  const { stats, preflight } = plan;
  const lines: string[] = [];
  const account = plan.accountName === undefined ? plan.appId : `${plan.accountName} (${plan.appId})`;
  lines.push(
    ...table([
      ['Account', `${account} at ${plan.host}, keys from ${plan.credentialSource}`],
      ['File', `${plan.input}, ${rowsRead(stats)}`],
      ...(plan.tags === undefined ? [['Mapping', plan.feed]] : []),
      ['Results', plan.out],
      ['Ledger', plan.ledger],
    ]),
    '',
    ...countLines(stats),
  );
  const changes = plan.tags === undefined ? [...tagLines(stats), ...consentLines(stats)] : tagPlanLines(plan.tags);
  if (changes.length > 0) lines.push('', ...changes);
  if (preflight !== undefined) lines.push('', ...preflightLines(preflight));
  const settings = settingLines(plan.settings);
  if (settings.length > 0) lines.push('', '  Settings that are not the default:', ...settings);
  lines.push('');
  if (plan.minutes !== undefined)
    lines.push(
      `  This will take ${plan.minutes < 1 ? 'less than a minute' : `about ${plural(Math.ceil(plan.minutes), 'minute')}`}.`,
    );
  lines.push(
    plan.tags === undefined
      ? '  Existing contacts are overwritten, Gleantap may start campaigns, and there is no undo.'
      : '  Gleantap may start campaigns for added tags. That cannot be undone.',
  );
  return safeText(lines.join('\n'));
}

/** How many rows a file has, and what in it is not a row. */
export function rowsRead({ read, blank, repeatedHeaders, footer }: CheckStats): string {
  const others = [
    ...(blank > 0 ? [plural(blank, 'blank line')] : []),
    ...(repeatedHeaders > 0 ? [plural(repeatedHeaders, 'repeated header')] : []),
    ...(footer > 0 ? [plural(footer, 'footer row')] : []),
  ];
  return [plural(read, 'row'), ...(others.length > 0 ? [`${others.join(', ')} excluded`] : [])].join(', ');
}

/** Rows by what will become of them, and why some are not sent; with what to do about each reason when asked for. */
export function countLines(stats: CheckStats, withHints = false): string[] {
  const beyondPilot = stats.invalid - stats.failed;
  const lines = table([
    ['To send', count(stats.toSend), stats.requests === stats.toSend ? '' : `(${plural(stats.requests, 'request')})`],
    ['Invalid', count(stats.invalid), ''],
    ['Skipped', count(stats.skipped), beyondPilot > 0 ? `(${count(beyondPilot)} of them invalid)` : ''],
  ]);
  lines.push(
    ...codeLines('Invalid rows by reason', stats.problems, withHints),
    ...codeLines('Warnings', stats.warnings, withHints),
    ...columnLines(stats.columns, withHints),
  );
  const people = stats.people === undefined ? undefined : peopleLine(stats.people);
  if (people !== undefined) lines.push('', `  ${people}`);
  if (stats.sharing.rows > 0) {
    lines.push(
      '',
      `  ${plural(stats.sharing.rows, 'row')} belong to ${plural(stats.sharing.people, 'person', 'people')}. Later rows overwrite earlier ones.`,
    );
  }
  lines.push(...collisionLines(stats));
  if (stats.defaultNames > 0) {
    lines.push('', `  In ${plural(stats.defaultNames, 'row')} a default would overwrite the name stored in Gleantap.`);
  }
  return lines;
}

/** People whom Gleantap may merge, by the rows of the first. */
function collisionLines({ strangers, collisions = [] }: CheckStats): string[] {
  const lines = collisions.map(({ code, rows: [row, other] }) =>
    code === 'user_id_case_differs'
      ? `  The user_ids of rows ${row} and ${other} differ only in case. They are sent as two people.`
      : `  Rows ${row} and ${other} have the same email or phone and first name, but different user_ids. Gleantap may merge them.`,
  );
  if (strangers > collisions.length && collisions.length > 0)
    lines.push(`  There are ${plural(strangers, 'case')} like this. See "_warnings" in success.csv after the run.`);
  return lines.length === 0 ? [] : ['', ...lines];
}

/** Codes with counts and example rows, and on request a hint below each. */
function codeLines(title: string, counts: Readonly<Record<string, CodeCount>>, withHints: boolean): string[] {
  const entries = Object.entries(counts).sort(([, a], [, b]) => b.count - a.count);
  if (entries.length === 0) return [];
  const rows = table(
    entries.map(([code, { count: times, rows: examples }]) => [`  ${code}`, count(times), rowsAt(examples, times)]),
  );
  const hints = entries.map(([code]) => (withHints && isProblemCode(code) ? [`        ${hintOf(code)}`] : []));
  return ['', `  ${title}:`, ...rows.flatMap((row, index) => [row, ...(hints[index] ?? [])])];
}

export function tagLines({ tags, moreTags }: CheckStats): string[] {
  const lines = tags
    .slice(0, 20)
    .map(
      ({ tag, action, count: times }) =>
        `  Tag "${tag}" is ${action === 'add' ? 'added' : 'removed'} in ${plural(times, 'row')}`,
    );
  if (moreTags || tags.length > 20) lines.push('  ... and more tags');
  return lines;
}

export function consentLines({ consent, unsentConsent = [] }: CheckStats): string[] {
  const lines: string[] = [];
  if (consent.optinYes > 0)
    lines.push(`  ${plural(consent.optinYes, 'person', 'people')} will be opted in to text messages`);
  if (consent.optinNo > 0)
    lines.push(`  ${plural(consent.optinNo, 'person', 'people')} will be marked as not opted in to text messages`);
  if (consent.optoutYes > 0)
    lines.push(`  ${plural(consent.optoutYes, 'person', 'people')} will be opted out of email`);
  if (consent.optoutNo > 0)
    lines.push(
      `  ${plural(consent.optoutNo, 'person', 'people')} will get email again, because their opt-out is lifted`,
    );
  if (unsentConsent.length > 0)
    lines.push(
      `  Not sent, although the name looks like consent: ${unsentConsent.map((name) => `"${name}"`).join(', ')}. People who refuse messages there are imported like everyone else.`,
    );
  return lines;
}

function preflightLines({ contacts, locations, phones, lookedUp, found, failure }: PreflightStats): string[] {
  if (failure !== undefined) return [`  The account could not be read: ${failure}`];
  if (contacts === 0) return ['  The account has no contacts yet.'];
  const places = locations.length === 0 ? 'without a location' : `at ${locations.join(', ')}`;
  const lines = [
    `  The account has contacts ${places}. ${phones.international} of ${phones.all} phone numbers start with +.`,
  ];
  const by = (['user_id', 'email', 'phone'] as const).map((key) => `${found[key]} by ${key}`).join(', ');
  if (lookedUp > 0) lines.push(`  Looked up ${plural(lookedUp, 'row')} in the account: found ${by}.`);
  return lines;
}

export function settingLines(settings: Readonly<Record<string, unknown>>): string[] {
  return table(
    Object.entries(settings).map(([name, setting]) => {
      const { value, source } = setting as { value: unknown; source: string };
      return [`  ${name}`, settingText(value, name), `(${source})`];
    }),
  );
}
