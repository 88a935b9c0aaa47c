import { fold } from '../values/text.ts';
import { columnsOf, listFields } from './fields.ts';
import { errorAt } from './finding.ts';
import type { Rule } from './rule.ts';

const yesNoWords: Rule = (mapping, found) => {
  for (const { kind, settings, path } of listFields(mapping)) {
    if (kind !== 'boolean' || settings.value !== undefined) continue;
    const yes = settings.yes ?? [];
    const no = settings.no ?? [];
    if (yes.length === 0 && no.length === 0) {
      found.push(errorAt(path, 'list the words of the file under "yes" and "no": other words leave the field out'));
    }
    const both = yes.filter((word) => no.some((other) => fold(other) === fold(word)));
    for (const word of both) found.push(errorAt([...path, 'no'], `"${word}" is in both "yes" and "no"`));
  }
};

const saysOptIn = /subscri|opt(ed)?[- _]?in|consent|newsletter/;
const saysOptOut = /unsub|opt(ed)?[- _]?out|do[- _]?not|don['’]?t/;

/** Consent is never derived from a header that says the opposite, unless a person has confirmed it. */
const consentPolarity: Rule = (mapping, found) => {
  for (const field of listFields(mapping)) {
    if (field.settings.confirmed === true) continue;
    for (const { name, path } of columnsOf(field)) {
      const header = fold(name);
      const optOut = saysOptOut.test(header);
      const contradicts =
        (field.name === 'optout_email' && !optOut && saysOptIn.test(header)) || (field.name === 'optin_sms' && optOut);
      if (contradicts) {
        found.push(
          errorAt(
            path,
            `the header "${name}" says the opposite of ${field.name}: swap "yes" and "no" if needed, then add "confirmed": true`,
          ),
        );
      }
    }
  }
};

/** Consent comes from listed words alone: not from a blank, and not from a word that something else was made of. */
const consentFromWordsOnly: Rule = (mapping, found) => {
  for (const { name, settings, path } of listFields(mapping)) {
    if (name !== 'optin_sms' && name !== 'optout_email') continue;
    for (const key of ['default', 'values', 'otherwise'] as const) {
      if (settings[key] === undefined) continue;
      found.push(errorAt([...path, key], 'consent comes from the words under "yes" and "no" alone'));
    }
  }
};

export const consentRules: readonly Rule[] = [yesNoWords, consentPolarity, consentFromWordsOnly];
