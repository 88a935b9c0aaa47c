import type { z } from 'zod';

/** What zod finds wrong, in our words: zod's own are for programmers. A schema's own message comes before. */
export function issueText(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${typeName(issue.expected)}`;
    case 'invalid_value':
      return `must be ${choices(issue.values.map((value) => JSON.stringify(value)))}`;
    case 'too_small':
      return sizeText(issue.origin, Number(issue.minimum), issue.inclusive === false ? 'more than' : 'at least');
    case 'too_big':
      return sizeText(issue.origin, Number(issue.maximum), issue.inclusive === false ? 'less than' : 'at most');
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `unknown ${issue.keys.length === 1 ? 'key' : 'keys'} ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
    case 'invalid_key':
      return 'must not have an empty name';
    case 'invalid_format':
    case 'invalid_union':
    case 'invalid_element':
    case 'custom':
      return 'is not a valid value';
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  nan: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

/** A type that zod expects, as people say it. */
export function typeName(expected: string): string {
  return typeNames[expected] ?? 'another value';
}

function choices(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? '') : `one of ${values.join(', ')}`;
}

function sizeText(origin: string, size: number, bound: string): string {
  const unit = { string: 'character', array: 'entry', set: 'entry' }[origin];
  if (unit === undefined) return `must be ${bound} ${size}`;
  if (size === 1 && bound === 'at least') return 'must not be empty';
  const many = unit === 'entry' ? 'entries' : 'characters';
  return `must have ${bound} ${size} ${size === 1 ? unit : many}`;
}
