import { fold } from '../values/text.ts';
import { answerOfWord, consentOfHeader, consentStateOf } from './consent-words.ts';
import { columnAddresses, createColumnFinder } from './columns.ts';
import { columnsOf, listFields } from './fields.ts';
import { errorAt } from './finding.ts';
import type { Rule } from './rule.ts';
import type { Mapping } from './schema.ts';

const yesNoWords: Rule = (mapping, found) => {
  for (const { kind, settings, path } of listFields(mapping)) {
    if (kind !== 'boolean' || settings.value !== undefined) continue;
    const yes = settings.yes ?? [];
    const no = settings.no ?? [];
    if (yes.length === 0 && no.length === 0) {
      found.push(
        errorAt(path, 'list the words of the file under "yes" and "no". For other words, the field is omitted'),
      );
    }
    const both = yes === '*' ? [] : yes.filter((word) => no.some((other) => fold(other) === fold(word)));
    for (const word of both) found.push(errorAt([...path, 'no'], `"${word}" is in both "yes" and "no"`));
  }
};

/** Under the bare name of a channel ("Mail") a "no" that opts out is plain, and a "yes" that opts out is not. */
function saysYes(yes: readonly string[] | '*' = []): boolean {
  return Array.isArray(yes) && yes.some((word) => answerOfWord(word) === true);
}

/** Consent is never taken from a header or a word that says the opposite, unless a person has confirmed it. */
const consentPolarity: Rule = (mapping, found) => {
  for (const field of listFields(mapping)) {
    const { name: target, settings } = field;
    if (settings.confirmed === true || (target !== 'optin_sms' && target !== 'optout_email')) continue;
    const opposite = target === 'optin_sms' ? 'out' : 'in';
    for (const { name, path } of columnsOf(field)) {
      const consent = consentOfHeader(name) ?? consentOfHeader(name, saysYes(settings.yes));
      if (consent?.polarity !== opposite || consent.kind === 'state') continue;
      found.push(
        errorAt(
          path,
          `the header "${name}" says the opposite of ${target}: swap "yes" and "no" if needed, then add "confirmed": true`,
        ),
      );
    }
    for (const [list, wrong] of [
      ['yes', opposite],
      ['no', opposite === 'in' ? 'out' : 'in'],
    ] as const) {
      const given = settings[list];
      if (!Array.isArray(given) || !given.every((word) => consentStateOf(word) === wrong)) continue;
      const shown = given.map((word) => `"${word}"`).join(', ');
      found.push(errorAt([...field.path, list], `${shown} says the opposite of ${target}: is it in the wrong list?`));
    }
  }
};

/** Consent comes from listed words alone: not from a blank, and not from a word that something else was made of. */
const consentFromWordsOnly: Rule = (mapping, found) => {
  for (const { name, settings, path } of listFields(mapping)) {
    if (name !== 'optin_sms' && name !== 'optout_email') continue;
    for (const key of ['default', 'values', 'otherwise'] as const) {
      if (settings[key] === undefined) continue;
      found.push(errorAt([...path, key], 'consent comes only from the words under "yes" and "no"'));
    }
  }
};

export const consentRules: readonly Rule[] = [yesNoWords, consentPolarity, consentFromWordsOnly];

/**
 * Columns of a file that look like consent by their names and that no consent field reads. People who refused messages in one of
 * them are imported as if they had not, so `check` and `run` name these columns, ignored or not.
 */
export function unsentConsent(mapping: Mapping, header: readonly string[]): string[] {
  const find = createColumnFinder(header);
  const read = new Set<number>();
  for (const field of listFields(mapping)) {
    if (field.name !== 'optin_sms' && field.name !== 'optout_email') continue;
    for (const { name } of columnsOf(field)) {
      const lookup = find(name);
      if (lookup.kind === 'found') read.add(lookup.index);
    }
  }
  for (const { column } of [...(mapping.rows?.skip ?? []), ...(mapping.rows?.keep ?? [])]) {
    const lookup = find(column);
    if (lookup.kind === 'found') read.add(lookup.index);
  }
  return columnAddresses(header).filter((_, index) => {
    const consent = read.has(index) ? undefined : consentOfHeader(header[index] ?? '');
    if (consent === undefined || consent.detail === 'circumstance') return false;
    // A day of opting in refuses nothing.
    return consent.detail === undefined || consent.polarity === 'out';
  });
}
