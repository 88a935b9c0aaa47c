import path from 'node:path';
import { hintOf, isProblemCode } from '../../core/outcome/messages.ts';
import { typedOption } from '../../core/settings/typed-option.ts';
import { sharingText } from '../../core/reports/figures.ts';
import { visible } from '../../core/reports/visible.ts';
import type { ComparedPeople } from '../../core/compare/compared-people.ts';
import type { CheckStats, CodeCount, UndoFacts } from '../../run/model.ts';
import type { Plan, PreflightStats } from '../../run/plan.ts';
import { columnLines } from './columns.ts';
import { here } from './paths.ts';
import { peopleLine } from './people.ts';
import type { Screen, Style } from './screen.ts';
import { count, labeled, plural, rowsAt, shortList, table, wrap } from './words.ts';
import { tagPlanLines } from './tag-plan.ts';

/** How many reasons, warnings and columns a plan names. `check` and `--verbose` name all. */
const mostNamed = 3;

/** The plan as text: what a person needs to decide, on one screen of 80 x 24. */
export function planText(plan: Plan, screen: Screen, isVerbose = false): string {
  const { stats } = plan;
  const shown = (lines: readonly PlanLine[]): string[] =>
    lines.flatMap(({ label, text, style }) => labeled(label, visible(text), screen, style));
  const lines = [...shown(whereLines(plan, isVerbose)), '', ...shown(whatLines(plan))];
  if (plan.tags !== undefined) lines.push('', ...tagPlanLines(plan.tags).map(visible));
  if (isVerbose) lines.push(...detailLines(stats, screen, false), ...tagLines(stats).map(visible));
  lines.push('', ...wrap(warningOf(plan), screen.width).map((part) => screen.paint('strong', part)));
  return lines.join('\n');
}

interface PlanLine {
  readonly label: string;
  readonly text: string;
  readonly style?: Style;
}

function whereLines(plan: Plan, isVerbose: boolean): PlanLine[] {
  const lines: PlanLine[] = [
    { label: 'Account', text: accountText(plan) },
    { label: 'File', text: `${here(plan.input)}: ${rowsRead(plan.stats)}` },
    { label: 'Results', text: `${here(plan.out)}${path.sep}` },
  ];
  if (isVerbose) lines.push({ label: 'Feed', text: plan.feed }, { label: 'Ledger', text: here(plan.ledger) });
  return lines;
}

function whatLines(plan: Plan): PlanLine[] {
  const { stats, preflight, compared, tags, undo } = plan;
  const lines: PlanLine[] = [{ label: 'To send', text: toSendText(plan), style: 'strong' }];
  if (stats.invalid > 0)
    lines.push({
      label: 'Not sent',
      text: `${count(stats.invalid)} invalid: ${worst(stats.problems)}`,
      style: 'failed',
    });
  lines.push(...aboutRows(stats));
  if (undo !== undefined) lines.push(...undoLines(undo));
  else if (tags === undefined) lines.push(...changeLines(plan));
  if (preflight !== undefined) lines.push({ label: 'In Gleantap', text: preflightText(preflight) });
  if (compared !== undefined) lines.push({ label: 'In Gleantap', text: comparedText(compared) });
  const options = optionsText(plan.settings);
  if (options !== '') lines.push({ label: 'Options', text: options });
  return lines;
}

function warningOf({ tags, undo }: Plan): string {
  if (undo !== undefined) return 'Contacts are removed for good, with all that belongs to them.';
  if (tags !== undefined) return "This may start campaigns for added tags, which can't be undone.";
  return "This overwrites existing contacts, may start campaigns, and can't be undone.";
}

/** What an undo does, and what it leaves as it is. */
function undoLines({ run, remove, restore, changedSince, couldRestore }: UndoFacts): PlanLine[] {
  const what = `run ${run}: ${plural(remove, 'contact')} that it created, ${count(restore)} that it changed`;
  const lines: PlanLine[] = [{ label: 'Undo', text: what }];
  if (changedSince > 0) lines.push({ label: 'Kept', text: `${plural(changedSince, 'contact')} changed since` });
  if (couldRestore > 0) {
    const text = `${plural(couldRestore, 'changed contact')}. To put back names, email and phone, add --restore`;
    lines.push({ label: 'Not undone', text });
  }
  return lines;
}

function accountText({ accountName, appId, host, credentialSource }: Plan): string {
  const account = accountName === undefined ? appId : `${accountName} (${appId})`;
  const source = credentialSource.replace(
    /^(env file )?(.*)$/s,
    (_, kind = '', file: string) => `${kind}${here(file)}`,
  );
  return `${account} at ${host}, keys from ${source}`;
}

function toSendText({ stats, minutes }: Plan): string {
  const { toSend, requests, skipped } = stats;
  const parts = [plural(toSend, 'row')];
  if (requests !== toSend) parts.push(plural(requests, 'request'));
  if (minutes !== undefined)
    parts.push(minutes < 1 ? 'less than a minute' : `about ${plural(Math.ceil(minutes), 'minute')}`);
  return parts.join(', ') + (skipped > 0 ? `; ${skippedText(stats)} skipped` : '');
}

function skippedText({ skipped, invalid, failed }: CheckStats): string {
  const beyondPilot = invalid - failed;
  return plural(skipped, 'row') + (beyondPilot > 0 ? ` (${count(beyondPilot)} of them invalid)` : '');
}

/** The most frequent codes, in words. */
function worst(counts: Readonly<Record<string, CodeCount>>): string {
  const entries = Object.entries(counts).sort(([, a], [, b]) => b.count - a.count);
  return shortList(
    entries.map(([code, { count: times }]) => `${count(times)} ${code.replaceAll('_', ' ')}`),
    mostNamed,
  );
}

/** What else about the rows may be worth a look before sending them. */
function aboutRows(stats: CheckStats): PlanLine[] {
  const lines: PlanLine[] = [];
  const people = stats.people === undefined ? undefined : peopleLine(stats.people);
  if (people !== undefined) lines.push({ label: 'People', text: people.replace(/^People: /, '') });
  if (Object.keys(stats.warnings).length > 0)
    lines.push({ label: 'Warnings', text: worst(stats.warnings), style: 'warning' });
  if (stats.columns.length > 0)
    lines.push({
      label: 'Damaged',
      text: shortList(stats.columns.map(({ code, column, count: times }) => `"${column}" ${count(times)} ${code.replaceAll('_', ' ')}`), mostNamed), // prettier-ignore
      style: 'warning',
    });
  if (stats.sharing.rows > 0) lines.push({ label: 'Same people', text: sharingText(stats.sharing) });
  if (stats.strangers > 0)
    lines.push({
      label: 'Merges',
      text: `${plural(stats.strangers, 'pair')} of people that Gleantap may take for one`,
      style: 'warning',
    });
  return lines;
}

/** What would change besides plain fields, and what is not sent, a line each. */
function changeLines({ stats, unsent }: Plan): PlanLine[] {
  const { tags, moreTags, tagged, defaultNames, unsentConsent = [] } = stats;
  const lines: PlanLine[] = [];
  const consent = consentTexts(stats);
  if (consent.length > 0) lines.push({ label: 'Consent', text: consent.join(', ') });
  if (unsentConsent.length > 0) {
    const verbs = unsentConsent.length === 1 ? ['looks', 'is'] : ['look', 'are'];
    lines.push({
      label: 'No consent',
      text: `${namesText(unsentConsent)} ${verbs[0]} like consent and ${verbs[1]} not sent`,
    });
  }
  if (tags.length > 0) {
    const all = plural(new Set(tags.map(({ tag }) => tag)).size, 'tag');
    const where = tagged === undefined ? '' : ` on ${plural(tagged, 'row')}`;
    lines.push({ label: 'Tags', text: `${moreTags ? 'more than ' : ''}${all}${where}` });
  }
  if (defaultNames > 0)
    lines.push({ label: 'Defaults', text: `overwrite the name stored in Gleantap in ${plural(defaultNames, 'row')}` });
  if (unsent.length > 0)
    lines.push({ label: 'Left out', text: `${plural(unsent.length, 'column')} not sent: ${namesText(unsent)}` });
  return lines;
}

function namesText(columns: readonly string[]): string {
  const names = columns.map((name) => `"${name}"`);
  return shortList(names, 2);
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

/** Rows by what will become of them, and why some are not sent, with what to do about each reason. */
export function countLines(stats: CheckStats, screen: Screen): string[] {
  const beyondPilot = stats.invalid - stats.failed;
  return [
    ...table(
      [
        [
          { text: 'To send', style: 'strong' },
          count(stats.toSend),
          stats.requests === stats.toSend ? '' : `(${plural(stats.requests, 'request')})`,
        ],
        [stats.invalid > 0 ? { text: 'Invalid', style: 'failed' } : 'Invalid', count(stats.invalid), ''],
        ['Skipped', count(stats.skipped), beyondPilot > 0 ? `(${count(beyondPilot)} of them invalid)` : ''],
      ],
      screen,
    ),
    ...detailLines(stats, screen, true),
  ];
}

/** Every reason and warning with example rows. */
function detailLines(stats: CheckStats, screen: Screen, withHints: boolean): string[] {
  const lines = [
    ...codeLines('Invalid rows by reason', 'failed', stats.problems, screen, withHints),
    ...codeLines('Warnings', 'warning', stats.warnings, screen, withHints),
    ...columnLines(stats.columns, screen, withHints),
  ];
  const add = (...texts: readonly string[]): void => {
    lines.push('', ...texts.flatMap((text) => wrap(`  ${visible(text)}`, screen.width)));
  };
  const people = stats.people === undefined ? undefined : peopleLine(stats.people);
  if (people !== undefined) add(people);
  if (stats.sharing.rows > 0) add(sharingText(stats.sharing));
  const collisions = collisionTexts(stats);
  if (collisions.length > 0) add(...collisions);
  if (stats.defaultNames > 0)
    add(`In ${plural(stats.defaultNames, 'row')} a default would overwrite the name stored in Gleantap.`);
  return lines;
}

/** People whom Gleantap may merge, by the rows of the first. */
function collisionTexts({ strangers, collisions = [] }: CheckStats): string[] {
  const lines = collisions.map(({ code, rows: [row, other] }) =>
    code === 'user_id_case_differs'
      ? `The user_ids of rows ${row} and ${other} differ only in case. They are sent as two people.`
      : `Rows ${row} and ${other} have the same email or phone and first name, but different user_ids. Gleantap may merge them.`,
  );
  if (strangers > collisions.length && collisions.length > 0)
    lines.push(`There are ${plural(strangers, 'case')} like this. See "_warnings" in success.csv after the run.`);
  return lines;
}

/** Codes with counts and example rows, and on request a hint below each. */
function codeLines(
  title: string,
  style: Style,
  counts: Readonly<Record<string, CodeCount>>,
  screen: Screen,
  withHints: boolean,
): string[] {
  const entries = Object.entries(counts).sort(([, a], [, b]) => b.count - a.count);
  if (entries.length === 0) return [];
  const rows = entries.map(([code, { count: times, rows: examples }]) => [code, count(times), rowsAt(examples, times)]);
  const below = entries.map(([code]) => (withHints && isProblemCode(code) ? [hintOf(code)] : []));
  return ['', `  ${screen.paint(style, `${title}:`)}`, ...table(rows, screen, { indent: '    ', below })];
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

export function consentLines(stats: CheckStats): string[] {
  const { unsentConsent = [] } = stats;
  const texts = consentTexts(stats);
  const lines = texts.length === 0 ? [] : [`  People: ${texts.join(', ')}`];
  if (unsentConsent.length > 0)
    lines.push(
      `  Not sent, although the name looks like consent: ${unsentConsent.map((name) => `"${name}"`).join(', ')}. People who refuse messages there are imported like everyone else.`,
    );
  return lines;
}

function consentTexts({ consent: { optinYes, optinNo, optoutYes, optoutNo } }: CheckStats): string[] {
  return [
    ...(optinYes > 0 ? [`${count(optinYes)} opted in to texts`] : []),
    ...(optinNo > 0 ? [`${count(optinNo)} not opted in to texts`] : []),
    ...(optoutYes > 0 ? [`${count(optoutYes)} opted out of email`] : []),
    ...(optoutNo > 0 ? [`${count(optoutNo)} opted in to email again (opt-out lifted)`] : []),
  ];
}

/** `1,204 new, 6,551 known (412 change), 37 would make a second person` */
export function comparedText({ new: added, known, changed, otherName, twoCandidates }: ComparedPeople): string {
  return [
    `${count(added)} new`,
    `${count(known)} known${known > 0 ? ` (${count(changed)} change)` : ''}`,
    ...(otherName > 0 ? [`${count(otherName)} would make a second person`] : []),
    ...(twoCandidates > 0 ? [`${count(twoCandidates)} match several contacts`] : []),
  ].join(', ');
}

function preflightText({ contacts, locations, phones, lookedUp, found, failure }: PreflightStats): string {
  if (failure !== undefined) return `The account could not be read: ${failure}`;
  if (contacts === 0) return 'No contacts yet.';
  const places = locations.length === 0 ? 'without a location' : `at ${shortList(locations, mostNamed)}`;
  const by = (['user_id', 'email', 'phone'] as const).map((key) => `${found[key]} by ${key}`).join(', ');
  return [
    `Contacts ${places}. ${phones.international} of ${phones.all} phone numbers start with +.`,
    ...(lookedUp > 0 ? [`Of ${plural(lookedUp, 'row')} looked up, found ${by}.`] : []),
  ].join(' ');
}

const shownAbove = new Set(['--base-url', '--env-file', '--ledger', '--out']);

/** Settings that are not the default, as they would be typed, by where they come from. */
function optionsText(settings: Plan['settings']): string {
  const typed = new Map<string, string[]>();
  for (const [name, setting] of Object.entries(settings)) {
    if (shownAbove.has(name)) continue;
    const { value, source } = setting as { value: unknown; source: string };
    typed.set(source, [...(typed.get(source) ?? []), typedOption(name, value)]);
  }
  return [...typed]
    .map(([source, options]) => options.join(' ') + (source === 'flag' ? '' : ` (${source})`))
    .join(', ');
}
