import { z } from 'zod';
import type { ApiField } from '../api/contact.ts';
import { strict } from '../settings/strict.ts';

/**
 * The mapping file (DESIGN.md section 5) as a strict schema: structure only. Rules that span keys or need the CSV's header
 * are in `rules.ts`, so that they still run when the structure has a mistake. No transforms here: the JSON Schema for editors
 * is generated from this.
 */

const columnName = z.string().min(1).describe('A column by its header; "Phone#2" is the second column named Phone.');
const words = z.array(z.string()).min(1);

/** Where a field's text comes from, and what happens on the way. Shared by all kinds of fields. */
const source = {
  column: z
    .union([columnName, z.array(columnName).min(1)])
    .describe('The column, or several: the first that is not missing wins.')
    .optional(),
  columns: z.array(columnName).min(2).describe('Columns to join with "join"; missing ones are left out.').optional(),
  join: z.string().describe('What stands between joined columns, for example ", ".').optional(),
  default: z.string().min(1).describe('Used when the cell is missing.').optional(),
  values: z
    .record(z.string(), z.string())
    .describe('Words of the file and what to send for them, compared trimmed and without case.')
    .optional(),
  otherwise: z
    .union([z.enum(['fail', 'drop', 'keep']), strict({ value: z.string().min(1) })])
    .describe('What happens to a word that "values" does not list; "fail" by default.')
    .optional(),
  onInvalid: z
    .enum(['fail', 'drop'])
    .describe('"drop" leaves an invalid value out, with a warning; "fail" (default) fails the row.')
    .optional(),
};

const cellRepairs = {
  entities: z.boolean().describe('Decode HTML entities such as &amp; and &#39;.').optional(),
  repairUtf8: z
    .boolean()
    .describe('Undo UTF-8 that was encoded twice (JosÃ© for José) where no letter can be lost; else only reported.')
    .optional(),
};

const textSource = {
  ...source,
  ...cellRepairs,
  value: z.string().min(1).describe('A constant.').optional(),
  case: z.enum(['lower', 'upper']).describe('Letter case to send.').optional(),
};
const textField = z.union([columnName, strict(textSource)]);
const emailField = z.union([
  columnName,
  strict({
    ...textSource,
    case: z
      .enum(['lower', 'upper', 'keep'])
      .describe(
        'Letter case to send. "lower" by default, since mail providers ignore case and match keys should agree.',
      )
      .optional(),
  }),
]);
const nameField = z.union([
  columnName,
  strict({
    ...textSource,
    name: z.enum(['first', 'last']).describe('Which half to take of a column that holds whole names.').optional(),
    nameOrder: z
      .enum(['first last', 'last first'])
      .describe('How whole names without a comma are written; "first last" by default.')
      .optional(),
  }),
]);
const zipField = z.union([
  columnName,
  strict({
    ...textSource,
    restoreZeros: z
      .boolean()
      .describe('Give US codes of four digits back the zero that a spreadsheet dropped: 4101 is 04101.')
      .optional(),
  }),
]);

const phoneSource = {
  ...source,
  value: z.string().min(1).describe('A constant.').optional(),
  format: z
    .enum(['e164', 'national', 'digits', 'asis'])
    .describe('How the number is sent; "e164" (+12125550147) by default.')
    .optional(),
};
const phoneField = z.union([columnName, strict(phoneSource)]);

const dateFormat = z
  .union([z.string(), z.array(z.string()).min(1)])
  .describe(
    'Layouts of the dates: YYYY YY MMM MM M DD D Do ddd HH H hh h mm m ss s A, literal text in []. ISO is always understood.',
  );
const dateSource = {
  ...source,
  value: z.string().min(1).describe('A constant.').optional(),
  format: dateFormat.optional(),
  serial: z.boolean().describe('Accept day numbers of Excel, such as 32874.').optional(),
  utcMidnights: z
    .boolean()
    .describe(
      'Whether the cells are local midnights written in UTC: true takes 1985-03-14T23:00:00Z as 15 March; false says that such days are right as they are.',
    )
    .optional(),
};
const dateField = z.union([columnName, strict(dateSource)]);

const booleanSource = {
  ...source,
  value: z.boolean().describe('A constant.').optional(),
  yes: words.describe('Words that mean yes.').optional(),
  no: words.describe('Words that mean no. Other words and blanks leave the field out.').optional(),
};
const consentSource = {
  ...booleanSource,
  confirmed: z.boolean().describe('The header says the opposite of the field, and that is understood.').optional(),
};
const optInField = strict({
  ...consentSource,
  allowMinors: z
    .boolean()
    .describe('Also send true for people younger than "minorAge"; without it the field is left out for them.')
    .optional(),
});
const optOutField = strict({
  ...consentSource,
  liftOptOut: z
    .boolean()
    .describe('Also send false, which may lift an opt-out. Without it only true is sent.')
    .optional(),
});

const tagSettings = {
  column: columnName.optional(),
  value: z.string().min(1).describe('A constant tag.').optional(),
  split: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .describe(
      'What separates several tags in one cell: one text or several. Line breaks, JSON lists and quoted lists need none.',
    )
    .optional(),
  commaAs: z
    .string()
    .regex(/^[^,]*$/, 'must not contain a comma')
    .describe('What a comma inside a tag becomes, such as " -". Without it, a row with such a tag fails.')
    .optional(),
  ...cellRepairs,
};
const tagSource = z.union([columnName, strict(tagSettings)]);
const tagSources = z.array(tagSource).min(1);
const tagsField = z.union([
  columnName,
  strict({
    ...tagSettings,
    add: tagSources.describe('Tags to put on.').optional(),
    remove: tagSources.describe('Tags to take off, in a request of its own before the others are put on.').optional(),
  }),
]);

const fields = strict({
  user_id: textField.optional(),
  first_name: nameField.optional(),
  last_name: nameField.optional(),
  email: emailField.optional(),
  phone: phoneField.optional(),
  address: textField.optional(),
  city: textField.optional(),
  state: textField.optional(),
  zip: zipField.optional(),
  source: textField.optional(),
  dob: dateField.optional(),
  created_date: dateField.optional(),
  gender: textField.optional(),
  type: textField.optional(),
  status: textField.optional(),
  location: textField.optional(),
  optin_sms: optInField.optional(),
  optout_email: optOutField.optional(),
  tags: tagsField.optional(),
  tag_action: textField.optional(),
} satisfies Record<ApiField, z.ZodType>);

const textAttribute = strict({ ...textSource, type: z.literal('text').optional() });
const numberAttribute = strict({
  ...source,
  type: z.literal('number'),
  value: z.number().describe('A constant.').optional(),
  decimal: z.enum([',', '.']).describe('The decimal sign; "." by default.').optional(),
  separator: z
    .enum([',', '.', ' ', "'"])
    .describe('The only sign taken between thousands; without, each that is not the decimal sign.')
    .optional(),
});
const booleanAttribute = strict({ ...booleanSource, type: z.literal('boolean') });
const dateAttribute = strict({ ...dateSource, type: z.enum(['date', 'datetime']) });
const attribute = z.union([
  columnName,
  z.discriminatedUnion('type', [numberAttribute, booleanAttribute, dateAttribute, textAttribute]),
]);

const rowFilter = strict({
  column: columnName,
  in: words.describe('Cells that match, compared trimmed and without case. "" matches an empty cell.'),
});

export const mappingSchema = strict({
  $schema: z.string().optional(),
  version: z.literal(1).describe('The version of this format.'),
  name: z.string().min(1).describe('The name of this recurring export; with the account it identifies a feed.'),
  account: strict({
    app_id: z.string().min(1).describe('The only app_id that this mapping may be used with.').optional(),
    name: z.string().min(1).describe('The name of the account, shown before anything is sent.').optional(),
  }).optional(),
  csv: strict({
    encoding: z.string().min(1).describe('utf-8, utf-16le, windows-1252, ...').optional(),
    delimiter: z.enum([',', ';', '\t', '|']).optional(),
    quote: z
      .union([z.string().length(1), z.enum(['“”', '„“', '‘’', '«»'])])
      .describe('What encloses cells that contain the delimiter: one character, or a pair such as “”.')
      .optional(),
    escape: z
      .literal('\\')
      .describe('A backslash before a quote or delimiter makes it text, as in files that MySQL writes.')
      .optional(),
    leastCells: z
      .int()
      .min(1)
      .describe('Rows may end after this many cells, and the last ones are empty, as in files that Excel writes.')
      .optional(),
    unnamed: z
      .enum(['first', 'last'])
      .describe('The column that has no cell in the header, where every row has one cell more than the header.')
      .optional(),
    headerRow: z
      .int()
      .min(1)
      .describe('The row of the header as a spreadsheet shows it; rows above are left out.')
      .optional(),
    comment: z.string().length(1).describe('Lines that start with this character are left out.').optional(),
    footer: z
      .union([z.int().min(1).max(1000), z.string().min(1)])
      .describe(
        'Totals and page footers: how many rows to leave off at the end, or a regular expression for the first filled cell of such rows, wherever they stand.',
      )
      .optional(),
  }).optional(),
  country: z
    .string()
    .regex(/^([A-Z]{2}|\?)$/, 'must be a two-letter country code in capitals, such as "US"')
    .describe('The country of phone numbers written without country code.')
    .optional(),
  missing: z.array(z.string()).describe('Words that mean an empty cell, such as "N/A".').optional(),
  fields,
  attributes: z.record(z.string().min(1), attribute).describe('Custom attributes of Gleantap, by name.').optional(),
  rows: strict({
    skip: z.array(rowFilter).describe('Rows that match any of these are left out.').optional(),
    keep: z.array(rowFilter).describe('When given, only rows that match all of these are sent.').optional(),
  }).optional(),
  ignore: z
    .union([z.literal('*'), z.array(columnName)])
    .describe('Columns that are known and not sent; "*" for all others.')
    .optional(),
  minorAge: z
    .int()
    .min(1)
    .max(99)
    .describe('Nobody younger, by dob, is opted in to text messages; 18 by default.')
    .optional(),
  strictColumns: z.boolean().describe('A column that is neither mapped nor ignored is an error.').optional(),
  examples: z
    .array(
      strict({
        row: z.record(z.string(), z.string()).describe('Cells by column; columns that are absent are empty.'),
        contact: z
          .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
          .describe('What must be sent, compared on the keys named here; null means absent.'),
      }),
    )
    .describe("The mapping's own tests.")
    .optional(),
});

export type Mapping = z.output<typeof mappingSchema>;

/**
 * A field or attribute in its object form, with every setting that any kind of field knows: what code that treats all kinds
 * alike reads. The schema above decides which kind takes which setting.
 */
export interface FieldSettings {
  readonly column?: string | string[] | undefined;
  readonly columns?: string[] | undefined;
  readonly join?: string | undefined;
  readonly value?: string | number | boolean | undefined;
  readonly default?: string | undefined;
  readonly values?: Record<string, string> | undefined;
  readonly otherwise?: 'fail' | 'drop' | 'keep' | { value: string } | undefined;
  readonly onInvalid?: 'fail' | 'drop' | undefined;
  readonly case?: 'lower' | 'upper' | 'keep' | undefined;
  readonly format?: string | string[] | undefined;
  readonly serial?: boolean | undefined;
  readonly utcMidnights?: boolean | undefined;
  readonly decimal?: ',' | '.' | undefined;
  readonly separator?: ',' | '.' | ' ' | "'" | undefined;
  readonly entities?: boolean | undefined;
  readonly repairUtf8?: boolean | undefined;
  readonly name?: 'first' | 'last' | undefined;
  readonly nameOrder?: 'first last' | 'last first' | undefined;
  readonly restoreZeros?: boolean | undefined;
  readonly yes?: string[] | undefined;
  readonly no?: string[] | undefined;
  readonly confirmed?: boolean | undefined;
  readonly liftOptOut?: boolean | undefined;
  readonly allowMinors?: boolean | undefined;
  readonly type?: 'text' | 'number' | 'boolean' | 'date' | 'datetime' | undefined;
}
export type TagSource = z.output<typeof tagSource>;
export type TagsSettings = z.output<typeof tagsField>;
export type RowFilter = z.output<typeof rowFilter>;
