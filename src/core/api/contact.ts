import { z } from 'zod';
import { emailPattern } from '../values/emails.ts';

/**
 * The payload of one newContact call, without `app_id`: API fields and custom attributes in one flat object,
 * as the API page "Create or Update Contact" describes it. A key that is absent is not changed at the server.
 */
export type Contact = Record<string, string | number | boolean>;

/** No control characters: U+0080 to U+009F in a name are a sign of a wrong encoding, and the others have no meaning either. */
const text = z
  .string()
  .min(1)
  .regex(/^\P{Cc}+$/u);

/**
 * The documented fields of newContact. Formats come from the API page: `dob` is `YYYY-MM-DD`, `created_date` is
 * `YYYY-MM-DD HH:MM:SS`, `tags` is comma separated. Any other key would become a custom attribute, which is why
 * mapping files live in a closed world (DESIGN.md section 5).
 */
export const contactSchema = z
  .object({
    user_id: text.optional(),
    first_name: text,
    last_name: text,
    email: z.email({ pattern: emailPattern }).optional(),
    phone: text.optional(),
    address: text.optional(),
    city: text.optional(),
    state: text.optional(),
    zip: text.optional(),
    source: text.optional(),
    dob: z.iso.date().optional(),
    created_date: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/)
      .optional(),
    gender: text.optional(),
    type: text.optional(),
    status: text.optional(),
    location: text.optional(),
    optin_sms: z.boolean().optional(),
    optout_email: z.boolean().optional(),
    tags: text.optional(),
    tag_action: z.enum(['add', 'remove']).optional(),
  })
  .catchall(z.union([text, z.number(), z.boolean()]));

/** Every field that a mapping may name under `fields`. */
export type ApiField = keyof typeof contactSchema.shape;

/** The names of the API's fields, in the order in which they are sent. */
export const apiFields = Object.keys(contactSchema.shape) as readonly ApiField[];

/** The fields by which the API finds an existing contact, and which every request of a row carries. */
export const identityFields = ['user_id', 'first_name', 'last_name', 'email', 'phone'] as const;
