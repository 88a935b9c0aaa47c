import * as fc from 'fast-check';

/** Mappings of every kind of field, and rows whose cells hold what real exports and careless hands put into them. */

type Json = Readonly<Record<string, unknown>>;

/** The columns of every row. `Id` is the row's own, so that no two rows are one person. */
export const header = ['Id', 'First', 'Last', 'Whole', 'Email', 'Email 2', 'Phone', 'Date', 'Word', 'Text', 'Tags'];

const settings = (column: string, more: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
  fc.record({ column: fc.constant(column), ...more }, { requiredKeys: ['column'] });
const onInvalid = fc.constantFrom('fail', 'drop');
const repairs = { entities: fc.boolean(), repairUtf8: fc.boolean() };
const letterCase = fc.constantFrom('lower', 'upper');

/** Words of the column `Word`, as in a value list. */
const words = fc.oneof(
  fc.constant({}),
  fc.record({
    values: fc.constant({ Active: 'member', Frozen: 'Member', Cancelled: 'past' }),
    otherwise: fc.constantFrom('fail', 'drop', 'keep', { value: 'other' }),
  }),
);
const worded = (more: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.tuple(settings('Word', { default: fc.constant('member'), onInvalid, ...more }), words).map(([field, list]) => ({
    ...field,
    ...list,
  }));

const names = fc.oneof(
  fc.record({
    first_name: settings('First', { onInvalid, case: letterCase, default: fc.constant('Friend'), ...repairs }),
    last_name: settings('Last', { onInvalid, case: letterCase, default: fc.constant('Member'), ...repairs }),
  }),
  fc.constantFrom('first last', 'last first').map((nameOrder) => ({
    first_name: { column: 'Whole', name: 'first', nameOrder },
    last_name: { column: 'Whole', name: 'last', nameOrder },
  })),
);
const dates = { onInvalid, serial: fc.boolean(), format: fc.constantFrom('M/D/YYYY', ['D/M/YYYY', 'D MMM YYYY']) };
const yesNo = fc.constantFrom(
  { yes: ['yes', 'Active'], no: ['no'] },
  { yes: ['y'], no: ['Cancelled', 'no'] },
  { value: false },
);
const consent = (setting: string) =>
  fc.tuple(yesNo, fc.boolean(), onInvalid).map(([list, set, invalid]) => ({
    ...('value' in list ? list : { column: 'Word', onInvalid: invalid, ...list }),
    [setting]: set,
  }));
const tagList = fc.array(
  fc.oneof(
    fc.constant('Word'),
    settings('Tags', { split: fc.constantFrom(';', ','), ...repairs }),
    fc.constant({ value: 'vip' }),
  ),
  { minLength: 1, maxLength: 3 },
);
const tags = fc.oneof(
  fc.record({
    tags: fc.constant({ column: 'Tags', split: ';' }),
    tag_action: fc.constantFrom('Word', { value: 'remove' }),
  }),
  fc.record({ tags: fc.record({ add: tagList, remove: tagList }) }),
  fc.constant({ tags: 'Tags' }),
);

const optionalFields = fc.record(
  {
    user_id: fc.constant('Id'),
    email: fc.oneof(
      settings('Email', { onInvalid, case: letterCase }),
      fc.record({ column: fc.constant(['Email', 'Email 2']), onInvalid }),
    ),
    phone: settings('Phone', { onInvalid, format: fc.constantFrom('e164', 'national', 'digits', 'asis') }),
    address: fc.constant({ columns: ['Text', 'Word', 'Date'], join: ', ' }),
    city: settings('Text', { ...repairs, case: letterCase, default: fc.constant('Springfield') }),
    zip: settings('Text', { restoreZeros: fc.boolean() }),
    source: fc.constant({ value: 'import' }),
    dob: settings('Date', dates),
    created_date: settings('Date', { ...dates, default: fc.constant('2020-02-29') }),
    gender: worded(),
    type: worded({ case: letterCase }),
    optin_sms: consent('allowMinors'),
    optout_email: consent('liftOptOut'),
  },
  { requiredKeys: ['user_id'] },
);

const attributes = fc.record(
  {
    note: fc.constant('Text'),
    balance: settings('Text', { type: fc.constant('number'), decimal: fc.constantFrom('.', ','), onInvalid }).map(
      (field) => ({ ...field, type: 'number' }),
    ),
    score: fc.constant({ type: 'number', value: 7 }),
    active: settings('Word', { default: fc.constant('yes') }).map((field) => ({
      ...field,
      type: 'boolean',
      yes: ['yes', 'Active'],
      no: ['no'],
    })),
    joined: settings('Date', dates).map((field) => ({ ...field, type: 'datetime' })),
    constructor: fc.constant('Text'),
  },
  { requiredKeys: [] },
);

export const mappingJson: fc.Arbitrary<Json> = fc
  .tuple(
    names,
    optionalFields,
    fc.option(tags, { nil: {} }),
    attributes,
    fc.subarray(['N/A', 'none', '-']),
    fc.boolean(),
  )
  .map(([whole, some, tagged, own, missing, skips]) => ({
    version: 1,
    name: 'any',
    country: 'US',
    missing,
    fields: { ...whole, ...some, ...tagged },
    attributes: own,
    ...(skips ? { rows: { skip: [{ column: 'Word', in: ['Cancelled'] }] } } : {}),
    ignore: '*',
  }));

const anyCell = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('', ' ', 'N/A', 'none', '-', '#N/A', '#REF!', '=""', "'", '\u00a0x\u200b') },
  { weight: 3, arbitrary: fc.constantFrom('JosÃ©', 'Tom &amp; Co', '="04101"', "'2075550147", 'é', '4101', '94612.0') },
  { weight: 2, arbitrary: fc.constantFrom('1,234.50', '1.234,50', '-7', '0', '1E+11', '0x10', 'true') },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
);
const typical: Readonly<Record<string, fc.Arbitrary<string>>> = {
  First: fc.constantFrom('Ana', 'DECEASED - Ana', 'Test', 'Bo', 'Acme Inc'),
  Last: fc.constantFrom('Diaz', 'van der Berg', 'Null', '(Deleted)'),
  Whole: fc.constantFrom('Ana Diaz', 'Diaz, Ana', 'Ana', 'a, b, c', 'Acme Inc', 'Ana María de la Cruz Jr.'),
  Email: fc.constantFrom(
    'ana@example.com',
    'Ana <ANA@example.com>',
    'a@b',
    'noemail@example.com',
    'a@example.com; b@example.com',
  ),
  'Email 2': fc.constantFrom('second@example.com', 'no'),
  Phone: fc.constantFrom(
    '(212) 555-0147',
    '+442079460123',
    '5550147',
    '2.125550147E+09',
    '4.41E+11',
    '000-000-0000',
    '212-555-0147 x9',
  ),
  Date: fc.constantFrom(
    '1/2/1990',
    '2/30/1990',
    '25/12/1999',
    '12/25/1999',
    '0000-00-00',
    '2015-06-01',
    '7/1/2040',
    '32874',
    '1 Feb 1990',
  ),
  Word: fc.constantFrom('Active', ' frozen', 'CANCELLED', 'yes', 'no', 'y', 'add', 'remove', 'vip'),
  Tags: fc.constantFrom('vip', 'a;b', 'a,b', 'vip; VIP ;none', ';'),
};

/** The cells of one row, without its `Id`. */
export const cells: fc.Arbitrary<string[]> = fc.tuple(
  ...header.slice(1).map((column) => {
    const usual = typical[column];
    return usual === undefined ? anyCell : fc.oneof({ weight: 3, arbitrary: usual }, { weight: 1, arbitrary: anyCell });
  }),
);

export const extraTags = fc.record({
  add: fc.subarray(['imported', 'vip']),
  remove: fc.subarray(['lead']),
});
