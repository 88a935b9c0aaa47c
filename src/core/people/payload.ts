import type { Contact } from '../api/contact.ts';
import { listFields } from '../mapping/fields.ts';
import type { TagsReading } from '../mapping/read-tags.ts';
import type { Mapping } from '../mapping/schema.ts';

/** What a mapping makes of a row, without what the command line adds to it. */
export interface Payload {
  readonly contact: Contact;
  readonly tags: Pick<TagsReading, 'ownAdd' | 'ownRemove'>;
}

/** Reads payloads of one mapping as texts that can be compared from run to run. */
export interface PayloadReader {
  /** Everything that a payload can hold, `tags` (those it adds) included. */
  readonly names: readonly string[];
  /** Two payloads have the same text if and only if the same would be sent, whatever the order of fields in the mapping. */
  textOf(payload: Payload): string;
  /** One character for each of the given names: `1` where the payload fills it, else `0`. */
  filledOf(payload: Payload, names: readonly string[]): string;
}

const addedTags = 'tags';

export function createPayloadReader(mapping: Mapping): PayloadReader {
  const fields = listFields(mapping)
    .map(({ name }) => name)
    .sort();
  // An attribute may be called `constructor`, which every object has, as a function.
  const valueOf = (contact: Contact, name: string): Contact[string] | undefined => {
    const value: unknown = contact[name];
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
  };
  return {
    names: [...fields, addedTags],
    textOf({ contact, tags: { ownAdd, ownRemove } }) {
      let text = '';
      for (const name of fields) {
        const value = valueOf(contact, name);
        // A cleaned cell holds no NUL byte, and 1 is not "1".
        if (value !== undefined) text += `${name}\0${typeof value === 'string' ? '' : typeof value}\0${value}\0`;
      }
      if (ownAdd.length > 0) text += `+\0${ownAdd.join(',')}\0`;
      if (ownRemove.length > 0) text += `-\0${ownRemove.join(',')}\0`;
      return text;
    },
    filledOf({ contact, tags: { ownAdd } }, names) {
      let filled = '';
      for (const name of names) {
        const has = name === addedTags ? ownAdd.length > 0 : valueOf(contact, name) !== undefined;
        filled += has ? '1' : '0';
      }
      return filled;
    },
  };
}
