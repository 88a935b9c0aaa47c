import { expect, it } from 'vitest';
import type { PersonKeys } from '../../../src/ledger/ledger.ts';
import { createNameGuard } from '../../../src/run/feed/name-guard.ts';

const [ann, anna, bob] = [1, 2, 3];
const [home, work, mobile] = [10, 11, 20];

/** What the feed remembers: Ann by her email and phone, and an email that Ann and Bob share. */
const memory = {
  firstNames: (by: 'email' | 'phone', value: number): number[] =>
    (by === 'email' ? { [home]: [ann], [work]: [ann, bob] } : { [mobile]: [ann] })[value] ?? [],
};
const keys = (given: Partial<PersonKeys>): PersonKeys => ({
  user: undefined,
  email: undefined,
  phone: undefined,
  first: undefined,
  ...given,
});

it.each<[string, PersonKeys, readonly PersonKeys[], boolean]>([
  ['another first name with a known email', keys({ email: home, first: anna }), [], true],
  ['another first name with a known phone', keys({ phone: mobile, first: anna }), [], true],
  ['no first name at all', keys({ email: home }), [], true],
  ['the known first name', keys({ email: home, first: ann }), [], false],
  ['an email that the feed does not know', keys({ email: 99, first: anna }), [], false],
  ['a user_id tells people apart', keys({ user: 5, email: home, first: anna }), [], false],
  ['an email that several people share', keys({ email: work, first: anna }), [], false],
  [
    'a family member: the known one is in the file too',
    keys({ email: home, first: bob }),
    [keys({ email: home, first: ann })],
    false,
  ],
  ['the known name with another email', keys({ email: home, first: bob }), [keys({ email: 99, first: ann })], true],
  [
    'the known one shares only one of two addresses',
    keys({ email: home, phone: mobile, first: bob }),
    [keys({ email: home, first: ann })],
    true,
  ],
])('%s', (_what, offered, others, isHeld) => {
  const guard = createNameGuard(memory);
  guard.offer(7, offered);
  for (const row of [offered, ...others]) guard.compare(row);
  expect(guard.isHeld(7)).toBe(isHeld);
  expect(guard.isHeld(8)).toBe(false);
});

it('asks for a review only when a row is suspicious', () => {
  const guard = createNameGuard(memory);
  guard.offer(0, keys({ email: home, first: ann }));
  expect(guard.hasSuspects).toBe(false);
  guard.offer(1, keys({ email: home, first: anna }));
  expect(guard.hasSuspects).toBe(true);
});

it('lets a row pass when an unchanged row of the file has the known name', () => {
  const guard = createNameGuard(memory);
  guard.offer(0, keys({ email: home, first: bob }));
  guard.offer(1, keys({ phone: mobile, first: bob }));
  guard.clear((by, value, first) => by === 'email' && value === home && first === ann);
  expect([guard.isHeld(0), guard.isHeld(1)]).toEqual([false, true]);
});
