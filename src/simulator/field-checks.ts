/** Says what is wrong with a value, or nothing when it is fine. */
export type FieldCheck = (value: unknown) => string | undefined;

const MAX_EMAIL_LENGTH = 320;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/u;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/u;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2}) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/u;

const text: FieldCheck = (value) => (typeof value === 'string' ? undefined : 'must be a string');

const requiredText: FieldCheck = (value) =>
  typeof value === 'string' && value.trim() !== '' ? undefined : 'is required and must be a non-empty string';

const email: FieldCheck = (value) =>
  typeof value === 'string' && value.length <= MAX_EMAIL_LENGTH && EMAIL.test(value)
    ? undefined
    : 'must be an email address';

const date: FieldCheck = (value) =>
  typeof value === 'string' && isRealDate(value) ? undefined : 'must be a real date, YYYY-MM-DD';

const dateTime: FieldCheck = (value) =>
  typeof value === 'string' && isRealDate(DATE_TIME.exec(value)?.[1] ?? '')
    ? undefined
    : 'must be a real date and time, YYYY-MM-DD HH:MM:SS';

const flag: FieldCheck = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');

const tagAction: FieldCheck = (value) =>
  value === 'add' || value === 'remove' ? undefined : 'must be "add" or "remove"';

/** The fields that a request must carry (API page newContact). */
export const REQUIRED_FIELDS = ['first_name', 'last_name'] as const;

/** What the API page newContact says about the form of each field. Any other key is a custom attribute. */
export const FIELD_CHECKS: ReadonlyMap<string, FieldCheck> = new Map([
  ['app_id', requiredText],
  ['first_name', requiredText],
  ['last_name', requiredText],
  ['email', email],
  ['phone', text],
  ['address', text],
  ['city', text],
  ['state', text],
  ['zip', text],
  ['source', text],
  ['user_id', text],
  ['dob', date],
  ['created_date', dateTime],
  ['gender', text],
  ['type', text],
  ['status', text],
  ['location', text],
  ['optin_sms', flag],
  ['optout_email', flag],
  ['tags', text],
  ['tag_action', tagAction],
]);

function isRealDate(value: string): boolean {
  const [, year, month, day] = DATE.exec(value) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const parsed = new Date(0);
  parsed.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return parsed.getUTCMonth() === Number(month) - 1 && parsed.getUTCDate() === Number(day);
}
