import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { apiFields, contactSchema } from '../../../src/core/api/contact.ts';

const judge = z.compile(contactSchema);

const value = fc.oneof(
  fc.constantFrom('', 'Ana', 'ana@example.com', 'ana@', '+12025550123', '2020-02-29', '2021-02-29', '2020-13-01'),
  fc.constantFrom('2020-01-01 07:30:00', '2020-01-01', 'add', 'remove', 'clear', true, false, 0, -1.5, Number.NaN),
  fc.constantFrom(undefined, null, [], {}, Infinity),
  fc.string(),
  fc.emailAddress(),
);
const name = fc.oneof(fc.constantFrom(...apiFields), fc.constantFrom('plan', 'constructor', '__proto__'), fc.string());

it('the compiled row check agrees with the schema', () => {
  const contact = fc
    .tuple(fc.record({ first_name: value, last_name: value }, { requiredKeys: [] }), fc.dictionary(name, value))
    .map(([names, others]) => ({ ...others, ...names }));
  fc.assert(
    fc.property(contact, (made) => {
      expect(z.validate(judge, made)).toBe(contactSchema.safeParse(made).success);
    }),
    { numRuns: 5000 },
  );
});
