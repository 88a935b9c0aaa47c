import { z } from 'zod';
import type { ApiField } from '../api/contact.ts';
import { strict } from '../settings/strict.ts';

/**
 * The mapping file (DESIGN.md section 5) as a strict schema: structure only. Rules that span keys or need the CSV's header
 * are in `rules.ts`, so that they still run when the structure has a mistake. No transforms here: the JSON Schema for editors
 * is generated from this.
 */

const columnName = z
  .string()
  .min(1)
  .describe('Name of a column in the header. "Phone#2" is the second column named Phone.');
const words = z.array(z.string()).min(1);

/** Where a field's text comes from, and what happens on the way. Shared by all kinds of fields. */
const source = {
  column: z
    .union([columnName, z.array(columnName).min(1)])
    .describe('The column, or several: the first with a usable value wins.')
    .optional(),
  columns: z.array(columnName).min(2).describe('Columns to join with "join". Missing ones are left out.').optional(),
  join: z.string().describe('The text between joined columns, like ", ".').optional(),
  default: z.string().min(1).describe('Used when the cell is missing.').optional(),
  values: z
    .record(z.string(), z.string())
    .describe('Words in the file and what to send for them. Blanks around words and case are ignored.')
    .optional(),
  otherwise: z
    .union([z.enum(['fail', 'drop', 'keep']), strict({ value: z.string().min(1) })])
    .describe('How to treat a word that "values" does not list. Default: "fail".')
    .optional(),
  onInvalid: z
    .enum(['fail', 'drop'])
    .describe('"drop" omits an invalid value, with a warning. "fail" (default) fails the row.')
    .optional(),
};

const cellRepairs = {
  entities: z.boolean().describe('Decode HTML entities like &amp; and &#39;.').optional(),
  repairUtf8: z
    .boolean()
    .describe('Repair UTF-8 that was encoded twice (JosÃ© for José) if no letter can be lost. Otherwise only warn.')
    .optional(),
};

const textSource = {
  ...source,
  ...cellRepairs,
  value: z.string().min(1).describe('A fixed value.').optional(),
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
    name: z.enum(['first', 'last']).describe('Which part of a full name to take.').optional(),
    nameOrder: z
      .enum(['first last', 'last first'])
      .describe('Order of full names without a comma. Default: "first last".')
      .optional(),
  }),
]);
const zipField = z.union([
  columnName,
  strict({
    ...textSource,
    restoreZeros: z
      .boolean()
      .describe('Restore the leading zero of US codes with four digits: 4101 becomes 04101.')
      .optional(),
  }),
]);

const phoneSource = {
  ...source,
  value: z.string().min(1).describe('A fixed value.').optional(),
  format: z
    .enum(['e164', 'national', 'digits', 'asis'])
    .describe('Format to send. Default: "e164" (+12125550147).')
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
  value: z.string().min(1).describe('A fixed value.').optional(),
  format: dateFormat.optional(),
  serial: z.boolean().describe('Accept day numbers of Excel, like 32874.').optional(),
  utcMidnights: z
    .boolean()
    .describe(
      'Whether the cells are local midnights written in UTC. true takes 1985-03-14T23:00:00Z as March 15. false takes these days as they are.',
    )
    .optional(),
};
const dateField = z.union([columnName, strict(dateSource)]);

const booleanSource = {
  ...source,
  value: z.boolean().describe('A fixed value.').optional(),
  yes: z
    .union([words, z.literal('*')])
    .describe('Words that mean yes. "*" is any filled cell that "no" does not list, like the day of an opt-out.')
    .optional(),
  no: words.describe('Words that mean no. Other words and blanks leave the field out.').optional(),
};
const consentSource = {
  ...booleanSource,
  confirmed: z.boolean().describe('Confirms that the header means the opposite of the field.').optional(),
};
const optInField = strict({
  ...consentSource,
  allowMinors: z
    .boolean()
    .describe('Also send true for people younger than "minorAge". By default, the field is omitted for them.')
    .optional(),
});
const optOutField = strict({
  ...consentSource,
  liftOptOut: z
    .boolean()
    .describe('Also send false, which can lift an opt-out. By default, only true is sent.')
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
    .describe('What a comma inside a tag becomes, like " -". Without it, a row with a comma in a tag fails.')
    .optional(),
  ...cellRepairs,
};
const tagSource = z.union([columnName, strict(tagSettings)]);
const tagSources = z.array(tagSource).min(1);
const tagsField = z.union([
  columnName,
  strict({
    ...tagSettings,
    add: tagSources.describe('Tags to add.').optional(),
    remove: tagSources.describe('Tags to remove, in a separate request before tags are added.').optional(),
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
  value: z.number().describe('A fixed value.').optional(),
  decimal: z.enum([',', '.']).describe('Decimal separator. Default: ".".').optional(),
  separator: z
    .enum([',', '.', ' ', "'"])
    .describe('Thousands separator. By default, any sign that is not the decimal separator.')
    .optional(),
});
const booleanAttribute = strict({ ...booleanSource, type: z.literal('boolean') });
const dateAttribute = strict({ ...dateSource, type: z.enum(['date', 'datetime']) });
const attribute = z.union([
  columnName,
  z.discriminatedUnion('type', [numberAttribute, booleanAttribute, dateAttribute, textAttribute]),
]);

const countryCode = z.string().regex(/^([A-Z]{2}|\?)$/, 'must be a two-letter country code in capitals, like "US"');

const rowFilter = strict({
  column: columnName,
  in: words.describe('Cells that match. Blanks around words and case are ignored. "" matches an empty cell.'),
});

export const mappingSchema = strict({
  $schema: z.string().optional(),
  version: z.literal(1).describe('Version of this file format.'),
  name: z.string().min(1).describe('Name of this recurring export. Together with the account, it identifies a feed.'),
  account: strict({
    app_id: z.string().min(1).describe('The only app_id that can be used with this mapping.').optional(),
    name: z.string().min(1).describe('Name of the account, shown before anything is sent.').optional(),
  }).optional(),
  csv: strict({
    encoding: z.string().min(1).describe('utf-8, utf-16le, windows-1252, ...').optional(),
    delimiter: z.enum([',', ';', '\t', '|']).optional(),
    quote: z
      .union([z.string().length(1), z.enum(['“”', '„“', '‘’', '«»'])])
      .describe('What encloses cells that contain the delimiter: one character, or a pair like “”.')
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
      .describe('Row number of the header as a spreadsheet shows it. Rows above it are excluded.')
      .optional(),
    comment: z.string().length(1).describe('Lines that start with this character are excluded.').optional(),
    sheet: z.string().min(1).describe('The sheet to read if the file is an Excel workbook.').optional(),
    hidden: z
      .enum(['include', 'skip'])
      .describe(
        'Whether rows and columns that were hidden by hand in an Excel workbook are read. By default they are, with a warning.',
      )
      .optional(),
    footer: z
      .union([z.int().min(1).max(1000), z.string().min(1)])
      .describe(
        'Totals and page footers: how many rows to leave out at the end, or a regular expression that matches the first filled cell of these rows anywhere in the file (without lookarounds and backreferences).',
      )
      .optional(),
  }).optional(),
  country: z
    .union([
      countryCode,
      strict({
        column: columnName.describe("The column that names each row's country."),
        values: z
          .record(z.string(), countryCode)
          .describe('Words of that column and their codes. Two-letter codes need no entry.')
          .optional(),
        default: countryCode.describe('For rows without a country.').optional(),
      }),
    ])
    .describe('The country of phone numbers written without country code: one for all rows, or by a column.')
    .optional(),
  missing: z.array(z.string()).describe('Words that mean an empty cell, for example "N/A".').optional(),
  fields,
  attributes: z.record(z.string().min(1), attribute).describe('Custom attributes in Gleantap, by name.').optional(),
  rows: strict({
    skip: z.array(rowFilter).describe('Skip rows that match any of these.').optional(),
    keep: z.array(rowFilter).describe('Send only rows that match all of these.').optional(),
  }).optional(),
  people: strict({
    pick: strict({
      column: columnName.describe('The column that ranks the rows of one person, like a status.').optional(),
      order: words
        .max(200)
        .describe('Its words, the best first. Blanks around words and case are ignored. "" is an empty cell.')
        .optional(),
      ties: strict({
        column: columnName.describe(
          'A column of dates that decides between rows of the same rank, or alone if there is no "order".',
        ),
        take: z.enum(['latest', 'earliest']).describe('Which date is better. An empty cell ranks below all dates.'),
        format: dateFormat.optional(),
      }).optional(),
    })
      .describe(
        'Which row of a person is sent when the file has several. The others are skipped. Takes the place of --duplicates.',
      )
      .optional(),
  }).optional(),
  ignore: z
    .union([z.literal('*'), z.array(columnName)])
    .describe('Columns that are not sent. "*" means all other columns.')
    .optional(),
  minorAge: z
    .int()
    .min(1)
    .max(99)
    .describe('People younger than this, by dob, are not opted in to text messages. 18 by default.')
    .optional(),
  strictColumns: z.boolean().describe('Treat a column that is neither mapped nor ignored as an error.').optional(),
  examples: z
    .array(
      strict({
        row: z.record(z.string(), z.string()).describe('Cells by column. Columns that are not listed are empty.'),
        contact: z
          .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
          .describe('Expected values to send. Only these keys are compared. null means that the key is not sent.'),
      }),
    )
    .describe('Test cases for this mapping.')
    .optional(),
});

export type Mapping = z.output<typeof mappingSchema>;

/**
 * A field or attribute in its object form, with every setting that any kind of field knows: for code that treats all kinds
 * the same way. The schema above decides which kind takes which setting.
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
  readonly yes?: string[] | '*' | undefined;
  readonly no?: string[] | undefined;
  readonly confirmed?: boolean | undefined;
  readonly liftOptOut?: boolean | undefined;
  readonly allowMinors?: boolean | undefined;
  readonly type?: 'text' | 'number' | 'boolean' | 'date' | 'datetime' | undefined;
}
export type TagSource = z.output<typeof tagSource>;
export type TagsSettings = z.output<typeof tagsField>;
export type RowFilter = z.output<typeof rowFilter>;
