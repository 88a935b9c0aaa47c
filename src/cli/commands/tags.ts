import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { readMappingFile } from '../../config/mapping-file.ts';
import type { Settings } from '../../config/settings.ts';
import { defaultCountry } from '../../core/mapping/country.ts';
import { mappingError } from '../../core/mapping/finding.ts';
import type { Finding } from '../../core/mapping/finding.ts';
import type { Mapping } from '../../core/mapping/schema.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { isPhoneCountry } from '../../core/values/phones.ts';
import { openCsv } from '../../csv/reader.ts';
import { currentTagsColumn, readTagList } from '../../draft/tag-list.ts';
import { wordsForNothing } from '../../draft/words/word-lists.ts';
import { importSetup } from '../../library/import-setup.ts';
import { csvSettings } from '../../csv/csv-settings.ts';
import { importFile } from '../../run/import.ts';
import { withInputFile, withSheet } from '../../run/files/input-copy.ts';
import { fileSettings } from '../file-settings.ts';
import { isInteractive } from '../io.ts';
import type { Io } from '../io.ts';
import { inputOf, loadCredentials, routeTo, timeOf } from '../launch.ts';
import { inSession } from '../session.ts';
import type { Command } from './command.ts';

/** What is asked of a list: who is meant, and which tags. */
interface Reading {
  readonly mapping: Mapping;
  readonly findings: readonly Finding[];
  readonly currentTags: string | undefined;
}

/** Runs of this name are not a feed: they neither enter a feed's memory nor hold one up. */
const listName = '(tags)';

export const tags: Command<{ csv: string; country: string | undefined }> = async ({ csv, country, flags }, io: Io) => {
  if (csv === '-')
    throw new RunError('usage', 'A tag list must be a file, not a pipe, because its header is read first');
  const { settings, run } = await fileSettings(csv, flags, io);
  const { values } = settings;
  const route = routeTo(values.baseUrl, io);
  const time = timeOf(io, route.origin);
  refuseBothWays(values.addTags, values.removeTags);
  const mappingFile = path.resolve(values.mapping);
  const hasMapping = settings.sources.mapping !== 'default';
  const read = hasMapping ? await readWithMapping(csv, settings, time.today, io) : await readPlain(csv, settings, io);
  const ofRun = run === undefined ? undefined : defaultCountry(run.mapping);
  const chosen = await countryFor(read.mapping, country ?? ofRun, io);
  const mapping = chosen === undefined ? read.mapping : { ...read.mapping, country: chosen };
  const credentials = await loadCredentials(io, values, { mappingFile, pinned: mapping.account?.app_id });
  const found = { file: mappingFile, mapping, findings: read.findings };
  const { clock, today } = time;
  const setup = importSetup({ input: inputOf(csv, io), settings, mapping: found, credentials, ...route, today }, clock);
  const typed = chosen === undefined ? {} : { '--country': { value: chosen, source: 'flag' } };
  const tagsSetup = {
    ...setup,
    options: { ...setup.options, ...ofNoUse, hold: [] },
    comparing: undefined,
    settings: { ...setup.settings, ...typed },
    tagList: { currentTags: read.currentTags, hasMapping },
  };
  return inSession(io, values, time, async (ports) => importFile(tagsSetup, ports));
};

/** Options that only make sense for whole contacts or recurring imports are treated as not set. */
const ofNoUse = {
  preflight: false,
  onlyChanged: false,
  duplicates: 'send',
  maxInvalid: { percent: 100 },
  listUnchanged: false,
  listVanished: false,
  maxAge: undefined,
  keepRuns: undefined,
} as const;

/** Reads the list by its own header. */
async function readPlain(csv: string, { values }: Settings, io: Io): Promise<Reading> {
  const bare = { version: 1, name: listName, missing: [...wordsForNothing], fields: {}, ignore: '*' } satisfies Mapping;
  const header = await headerOf(csv, bare, values.sheet, io);
  const hasOtherTags = values.addTags.length + values.removeTags.length > 0;
  const { fields, currentTags } = readTagList(header, hasOtherTags);
  return { mapping: { ...bare, fields }, findings: [], currentTags };
}

/** Reads the list by a mapping file, of which only what identifies people and names tags counts. */
async function readWithMapping(csv: string, { values }: Settings, today: string, io: Io): Promise<Reading> {
  const { mapping: whole, findings } = await readMappingFile(values.mapping, today);
  if (whole === undefined) throw mappingError(values.mapping, findings);
  const { user_id, first_name, email, phone, tags: tagSources, tag_action } = whole.fields;
  const wanted = { user_id, first_name, email, phone, tags: tagSources, tag_action };
  const fields = Object.fromEntries(Object.entries(wanted).filter(([, field]) => field !== undefined));
  const { attributes: _attributes, examples: _examples, strictColumns: _strict, ...rest } = whole;
  const mapping: Mapping = { ...rest, name: listName, fields, ignore: '*' };
  const header = await headerOf(csv, mapping, values.sheet, io);
  // Names come from the account, so a mapping of a list need not have them.
  const isNeedless = ({ path: place }: Finding): boolean =>
    (place === 'fields.last_name' && whole.fields.last_name === undefined) ||
    (place === 'fields.first_name' && first_name === undefined);
  return {
    mapping,
    findings: findings.filter((finding) => !isNeedless(finding)),
    currentTags: currentTagsColumn(header),
  };
}

async function headerOf(csv: string, mapping: Mapping, sheet: string | undefined, io: Io): Promise<readonly string[]> {
  return withInputFile(withSheet(inputOf(csv, io), mapping, sheet), async (file) => {
    const { header } = await openCsv(file, csvSettings(mapping), { name: csv });
    return header;
  });
}

/** The country of phone numbers, where the list has any: typed, of the mapping, or asked for; never guessed. */
async function countryFor(mapping: Mapping, typed: string | undefined, io: Io): Promise<string | undefined> {
  const given = typed?.trim().toUpperCase() ?? defaultCountry(mapping);
  if (mapping.fields.phone === undefined && given === undefined) return undefined;
  const country = given ?? (isInteractive(io) ? await askCountry(io) : '');
  if (isPhoneCountry(country)) return country;
  throw new RunError(
    'usage',
    country === '' ? 'The list has phone numbers' : `"${country}" is not a valid country code`,
    {
      hint: 'Set the country of numbers without a country code, like --country US.',
    },
  );
}

async function askCountry(io: Io): Promise<string> {
  const terminal = createInterface({ input: io.stdin, output: io.terminal });
  try {
    const answer = await terminal.question(
      'In which country are phone numbers written without country code (US, GB, ...)? ',
    );
    return answer.trim().toUpperCase();
  } finally {
    terminal.close();
  }
}

function refuseBothWays(add: readonly string[], remove: readonly string[]): void {
  const both = add.filter((tag) => remove.includes(tag));
  if (both.length > 0)
    throw new RunError('usage', `--add-tags and --remove-tags both name ${both.map((tag) => `"${tag}"`).join(', ')}`);
}
