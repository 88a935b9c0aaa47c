import { createPersonReader } from '../../core/compare/person.ts';
import { fold } from '../../core/values/text.ts';
import type { AccountFile } from '../../ledger/account-file.ts';
import type { Ask } from './find-person.ts';

/**
 * Answers searches by email or phone from what was read of the account, as the server answers them: by whole values. A user_id is
 * not in what can be read, so that search is left to the server.
 */
export function askAccount(file: AccountFile, country: string | undefined, server: Ask): Ask {
  const reader = createPersonReader(country);
  return async (query) => {
    const { email, phone } = query;
    const by = email === undefined ? 'phone' : 'email';
    const value = email ?? phone;
    const key = reader.keysOf({ ...(email === undefined ? {} : { email }), ...(phone === undefined ? {} : { phone }) })[
      by
    ];
    if (query.user_id !== undefined || value === undefined || key === undefined) return server(query);
    return file
      .holding(by, key)
      .filter((person) => fold(person[by]) === fold(value))
      .slice(0, query.limit)
      .map((person) => ({
        id: person.id,
        firstname: person.first_name,
        lastname: person.last_name,
        email: person.email,
        phone: person.phone,
        last_location: person.location,
        created_date: person.created,
      }));
  };
}
