import type { ContactFields } from './contact.ts';
import { FIELD_CHECKS, REQUIRED_FIELDS } from './field-checks.ts';

/** What an accepted newContact request asks for. */
export interface ContactWrite {
  readonly fields: ContactFields;
  readonly tags: readonly string[];
  readonly tagAction: 'add' | 'remove';
  readonly attributes: readonly (readonly [name: string, value: unknown])[];
}

/** Deeper attribute values are refused, so that showing them can't exhaust the stack. */
const MAX_ATTRIBUTE_DEPTH = 20;

/** Keys that are part of the request, not of the contact. */
const REQUEST_KEYS: ReadonlySet<string> = new Set(['app_id', 'tags', 'tag_action']);

/** Reads a newContact body by the documented rules; a text is the reason for a 400. */
export function readContactWrite(body: Readonly<Record<string, unknown>>): ContactWrite | string {
  for (const name of REQUIRED_FIELDS) {
    if (!Object.hasOwn(body, name)) return `${name} is required`;
  }
  const fields: Record<string, unknown> = {};
  const attributes: [string, unknown][] = [];
  for (const name of Object.keys(body)) {
    const value = body[name];
    const check = FIELD_CHECKS.get(name);
    if (check === undefined) {
      if (!isShallow(value, MAX_ATTRIBUTE_DEPTH)) return `the attribute ${name} is nested too deeply`;
      attributes.push([name, value]);
      continue;
    }
    const complaint = check(value);
    if (complaint !== undefined) return `${name} ${complaint}`;
    if (!REQUEST_KEYS.has(name)) fields[name] = value;
  }
  return {
    fields: fields as unknown as ContactFields,
    tags: typeof body['tags'] === 'string' ? splitTags(body['tags']) : [],
    tagAction: body['tag_action'] === 'remove' ? 'remove' : 'add',
    attributes,
  };
}

function splitTags(text: string): string[] {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}
