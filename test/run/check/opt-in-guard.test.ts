import { expect, it } from 'vitest';
import { matchKeysOf } from '../../../src/core/api/match-keys.ts';
import { keyNumbers } from '../../../src/core/people/key-hashes.ts';
import { createOptInGuard } from '../../../src/run/check/opt-in-guard.ts';
import { createPeople } from '../../../src/run/check/people.ts';

const person = (id: string) => matchKeysOf({ user_id: id, first_name: 'Ana' });

function guarded(ids: readonly string[]) {
  const people = createPeople();
  ids.forEach((id, index) =>
    people.add(index + 2, person(id), {
      writtenId: id,
      lastAndBirth: '',
      firstName: '',
      lastName: '',
      writtenFirstName: '',
    }),
  );
  const guard = createOptInGuard(people);
  return { guard, found: () => ids.map((_, index) => guard.withholds(index)) };
}

it('a row of a minor withholds the opt-in in all rows of the person, and in no others', () => {
  const { guard, found } = guarded(['1', '2', '1', '3', '1']);
  guard.note(2);
  guard.complete();
  expect(found()).toEqual([true, false, true, false, true]);
});

it('a row of a minor counts even when it is not sent itself', () => {
  const { guard, found } = guarded(['1', '2', '1']);
  guard.noteLeftOut(keyNumbers(person('1')));
  guard.complete();
  expect(found()).toEqual([true, false, true]);
});
