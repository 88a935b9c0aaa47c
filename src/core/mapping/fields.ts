import { apiFields } from '../api/contact.ts';
import type { ApiField } from '../api/contact.ts';
import type { Path } from './finding.ts';
import type { FieldSettings, Mapping } from './schema.ts';

export type FieldKind = 'text' | 'id' | 'name' | 'email' | 'phone' | 'zip' | 'date' | 'datetime' | 'boolean' | 'number';

/** A mapped field or attribute, whichever of its written forms the file uses. Tags are separate: see `listTagSources`. */
export interface MappedField {
  readonly name: string;
  readonly kind: FieldKind;
  readonly isAttribute: boolean;
  readonly settings: FieldSettings;
  /** Where it is in the mapping file. */
  readonly path: Path;
}

/** One source of tags: a column, split or whole, or a constant. */
export interface MappedTags {
  readonly action: 'add' | 'remove';
  readonly column: string | undefined;
  readonly value: string | undefined;
  readonly split: string | readonly string[] | undefined;
  readonly commaAs: string | undefined;
  readonly entities: boolean | undefined;
  readonly repairUtf8: boolean | undefined;
  readonly path: Path;
}

const kinds: Partial<Record<ApiField, FieldKind>> = {
  user_id: 'id',
  first_name: 'name',
  last_name: 'name',
  email: 'email',
  phone: 'phone',
  zip: 'zip',
  dob: 'date',
  created_date: 'datetime',
  optin_sms: 'boolean',
  optout_email: 'boolean',
};

/** Every field and attribute of a mapping, in the order in which they are sent. */
export function listFields(mapping: Mapping): MappedField[] {
  const list: MappedField[] = [];
  for (const name of apiFields) {
    if (name === 'tags') continue;
    const written = mapping.fields[name];
    if (written === undefined) continue;
    const settings: FieldSettings = typeof written === 'string' ? { column: written } : written;
    list.push({ name, kind: kinds[name] ?? 'text', isAttribute: false, settings, path: ['fields', name] });
  }
  for (const [name, written] of Object.entries(mapping.attributes ?? {})) {
    const settings: FieldSettings = typeof written === 'string' ? { column: written } : written;
    list.push({ name, kind: settings.type ?? 'text', isAttribute: true, settings, path: ['attributes', name] });
  }
  return list;
}

/** Every source of tags of a mapping, in file order. */
export function listTagSources(mapping: Mapping): MappedTags[] {
  const tags = mapping.fields.tags;
  if (tags === undefined) return [];
  const path: Path = ['fields', 'tags'];
  const nothing = {
    column: undefined,
    value: undefined,
    split: undefined,
    commaAs: undefined,
    entities: undefined,
    repairUtf8: undefined,
  };
  if (typeof tags === 'string') return [{ ...nothing, action: 'add', column: tags, path }];
  const list: MappedTags[] = [];
  if (tags.column !== undefined || tags.value !== undefined) list.push({ ...nothing, ...tags, action: 'add', path });
  for (const action of ['add', 'remove'] as const) {
    tags[action]?.forEach((source, index) => {
      const settings = typeof source === 'string' ? { column: source } : source;
      list.push({ ...nothing, ...settings, action, path: [...path, action, index] });
    });
  }
  return list;
}

/** The columns that a field reads, with the place in the mapping that names each. */
export function columnsOf({ settings, path }: MappedField): { readonly name: string; readonly path: Path }[] {
  const { column, columns } = settings;
  if (typeof column === 'string') return [{ name: column, path: [...path, 'column'] }];
  if (column !== undefined) return column.map((name, index) => ({ name, path: [...path, 'column', index] }));
  return (columns ?? []).map((name, index) => ({ name, path: [...path, 'columns', index] }));
}

/** Whether a field's kind is a date, whose cells a spreadsheet would rewrite. */
export function isDateField({ kind }: MappedField): boolean {
  return kind === 'date' || kind === 'datetime';
}
