import { hintOf, isProblemCode } from '../../core/outcome/messages.ts';
import type { CheckFacts, CodeCount } from '../../run/check/check-facts.ts';
import type { Plan } from '../../run/plan.ts';
import { settingText } from '../../run/next-command.ts';
import type { PreflightFacts } from '../../run/preflight.ts';
import { columnLines } from './columns.ts';
import { peopleLine } from './people.ts';
import { safeText } from './safe.ts';
import { count, plural, rowsAt, table } from './words.ts';
import { tagPlanLines } from './tag-plan.ts';

/** The plan in words: everything a person needs to say yes or no. */
export function planText(plan: Plan): string {
  const { facts, preflight } = plan;
  const lines: string[] = [];
  const account = plan.accountName === undefined ? plan.appId : `${plan.accountName} (${plan.appId})`;
  lines.push(
    ...table([
      ['Account', `${account} at ${plan.host}, keys from ${plan.credentialSource}`],
      ['File', `${plan.input}, ${rowsRead(facts)}`],
      ...(plan.tags === undefined ? [['Mapping', plan.feed]] : []),
      ['Results', plan.out],
      ['Ledger', plan.ledger],
    ]),
    '',
    ...countLines(facts),
  );
  const changes = plan.tags === undefined ? [...tagLines(facts), ...consentLines(facts)] : tagPlanLines(plan.tags);
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
      : '  Gleantap may start campaigns for tags that are put on; those are not undone.',
  );
  return safeText(lines.join('\n'));
}

/** How many rows a file has, and what in it is no row. */
export function rowsRead({ read, blank, repeatedHeaders, footer }: CheckFacts): string {
  const others = [
    ...(blank > 0 ? [plural(blank, 'blank line')] : []),
    ...(repeatedHeaders > 0 ? [plural(repeatedHeaders, 'repeated header')] : []),
    ...(footer > 0 ? [plural(footer, 'footer row')] : []),
  ];
  return [plural(read, 'row'), ...(others.length > 0 ? [`left out: ${others.join(', ')}`] : [])].join('; ');
}

/** Rows by what will become of them, and why some are not sent; with what to do about each reason when asked for. */
export function countLines(facts: CheckFacts, withHints = false): string[] {
  const beyondPilot = facts.invalid - facts.failed;
  const lines = table([
    ['To send', count(facts.toSend), facts.requests === facts.toSend ? '' : `(${plural(facts.requests, 'request')})`],
    ['Invalid', count(facts.invalid), ''],
    ['Skipped', count(facts.skipped), beyondPilot > 0 ? `(${count(beyondPilot)} of them invalid)` : ''],
  ]);
  lines.push(
    ...codeLines('Invalid rows by reason', facts.problems, withHints),
    ...codeLines('Left out or repaired', facts.warnings, withHints),
    ...columnLines(facts.columns, withHints),
  );
  const people = facts.people === undefined ? undefined : peopleLine(facts.people);
  if (people !== undefined) lines.push('', `  ${people}`);
  if (facts.sharing.rows > 0) {
    lines.push(
      '',
      `  ${plural(facts.sharing.rows, 'row')} would write onto ${plural(facts.sharing.people, 'person', 'people')}: later rows overwrite earlier ones.`,
    );
  }
  if (facts.strangers > 0) {
    lines.push(
      '',
      `  In ${plural(facts.strangers, 'case')} rows share email or phone and first name but have different user_ids: Gleantap may take them for one contact.`,
    );
  }
  if (facts.defaultNames > 0) {
    lines.push(
      '',
      `  In ${plural(facts.defaultNames, 'row')} a default would overwrite the name that Gleantap has stored.`,
    );
  }
  return lines;
}

/** Codes with how often, where first, and a hint for each below it. */
function codeLines(title: string, counts: Readonly<Record<string, CodeCount>>, withHints: boolean): string[] {
  const entries = Object.entries(counts).sort(([, a], [, b]) => b.count - a.count);
  if (entries.length === 0) return [];
  const rows = table(
    entries.map(([code, { count: times, rows: examples }]) => [`  ${code}`, count(times), rowsAt(examples, times)]),
  );
  const hints = entries.map(([code]) => (withHints && isProblemCode(code) ? [`        ${hintOf(code)}`] : []));
  return ['', `  ${title}:`, ...rows.flatMap((row, index) => [row, ...(hints[index] ?? [])])];
}

export function tagLines({ tags, moreTags }: CheckFacts): string[] {
  const lines = tags
    .slice(0, 20)
    .map(
      ({ tag, action, count: times }) =>
        `  Tag "${tag}" is ${action === 'add' ? 'put on' : 'taken off'} in ${plural(times, 'row')}`,
    );
  if (moreTags || tags.length > 20) lines.push('  ... and more tags');
  return lines;
}

export function consentLines({ consent, unsentConsent = [] }: CheckFacts): string[] {
  const lines: string[] = [];
  if (consent.optinYes > 0)
    lines.push(`  ${plural(consent.optinYes, 'person', 'people')} will count as having agreed to text messages`);
  if (consent.optinNo > 0)
    lines.push(`  ${plural(consent.optinNo, 'person', 'people')} will count as not having agreed to text messages`);
  if (consent.optoutYes > 0)
    lines.push(`  ${plural(consent.optoutYes, 'person', 'people')} will be opted out of email`);
  if (consent.optoutNo > 0)
    lines.push(`  ${plural(consent.optoutNo, 'person', 'people')} may get email again: their opt-out is lifted`);
  if (unsentConsent.length > 0)
    lines.push(
      `  Not sent, although the name looks like consent: ${unsentConsent.map((name) => `"${name}"`).join(', ')}. People who refuse messages there are imported like everyone else.`,
    );
  return lines;
}

function preflightLines({ contacts, locations, phones, lookedUp, found, failure }: PreflightFacts): string[] {
  if (failure !== undefined) return [`  The account could not be looked at before: ${failure}`];
  if (contacts === 0) return ['  The account shows no contacts yet.'];
  const places = locations.length === 0 ? 'without location' : `at ${locations.join(', ')}`;
  const lines = [
    `  The account shows contacts ${places}; ${phones.international} of ${phones.all} phones begin with +.`,
  ];
  const by = (['user_id', 'email', 'phone'] as const).map((key) => `${found[key]} by ${key}`).join(', ');
  if (lookedUp > 0) lines.push(`  Of ${plural(lookedUp, 'row')} looked up, the account knows ${by}.`);
  return lines;
}

export function settingLines(settings: Readonly<Record<string, unknown>>): string[] {
  return table(
    Object.entries(settings).map(([name, setting]) => {
      const { value, source } = setting as { value: unknown; source: string };
      return [`  ${name}`, settingText(value), `(${source})`];
    }),
  );
}
