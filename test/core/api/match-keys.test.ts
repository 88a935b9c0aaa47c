import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasMatchKey, listKeys, matchKeysOf } from '../../../src/core/api/match-keys.ts';

const keysOf = (contact: Record<string, string>) => listKeys(matchKeysOf(contact));

it.each<[string, Record<string, string>, Record<string, string>]>([
  ['case', { user_id: 'AB1' }, { user_id: ' ab1 ' }],
  [
    'blanks that do not show',
    { email: 'a@b.co', first_name: 'Ana' },
    { email: 'A@B.CO\u200b', first_name: '\u00a0ANA' },
  ],
  ['Unicode form', { phone: '1', first_name: 'Jose\u0301' }, { phone: '1', first_name: 'JOS\u00c9' }],
  ['sharp s', { email: 'a@b.co', first_name: 'Strauß' }, { email: 'a@b.co', first_name: 'STRAUSS' }],
])('%s does not matter', (_what, one, other) => {
  expect(keysOf(one)).toEqual(keysOf(other));
  expect(keysOf(one)).toHaveLength(1);
});

describe('email and phone count only together with the first name', () => {
  it.each<[Record<string, string>, number]>([
    [{}, 0],
    [{ first_name: 'Ana', last_name: 'Diaz' }, 0],
    [{ email: 'a@b.co', phone: '1' }, 0],
    [{ email: 'a@b.co', phone: '1', first_name: ' ' }, 0],
    [{ user_id: '  ' }, 0],
    [{ email: 'a@b.co', phone: '1', first_name: 'Ana' }, 2],
    [{ email: 'a@b.co', phone: '1', first_name: 'Ana', user_id: '7' }, 3],
  ])('%j has %i', (contact, count) => {
    expect(keysOf(contact)).toHaveLength(count);
    expect(hasMatchKey(matchKeysOf(contact))).toBe(count > 0);
  });
});

it('two different identities never share a key', () => {
  const text = fc.stringMatching(/^[a-c1 ]{0,3}$/);
  const contact = fc.record({ user_id: text, email: text, phone: text, first_name: text });
  const identities = ({ user_id, email, phone, first_name }: Record<string, string>): string[] => {
    const [id, mail, tel, name] = [user_id, email, phone, first_name].map((part = '') => part.trim());
    return [
      ...(id ? [`id ${id}`] : []),
      ...(name && mail ? [`mail ${mail}/${name}`] : []),
      ...(name && tel ? [`tel ${tel}/${name}`] : []),
    ];
  };
  fc.assert(
    fc.property(contact, contact, (one, other) => {
      const shared = keysOf(one).filter((key) => keysOf(other).includes(key)).length;
      expect(shared).toBe(identities(one).filter((identity) => identities(other).includes(identity)).length);
    }),
  );
});
