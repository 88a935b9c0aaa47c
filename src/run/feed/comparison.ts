import type { MappedRow } from '../../core/mapping/compile.ts';
import { createRowNumbers } from '../../core/people/row-numbers.ts';
import type { FeedComparison, FeedMatcher } from '../model.ts';
import { createNameGuard } from './name-guard.ts';

/** @param guardsNames Whether rows that would make a second contact are held. */
export function createComparison(matcher: FeedMatcher, guardsNames: boolean): FeedComparison {
  const { memory } = matcher;
  const { size } = memory;
  const payloads = memory.payloads();
  const seen = new Uint32Array(size);
  const unchangedPeople = new Uint8Array(size);
  const toSend = new Set<number>();
  /** Places in the table of payloads, and people who were found by their keys; both and one more. */
  const places = createRowNumbers();
  const people = createRowNumbers();
  /** What rows lack that their person had, by kind: few kinds occur. */
  const lacking = createRowNumbers();
  const kinds: string[] = [''];
  const kindNumbers = new Map<string, number>();
  const guard = guardsNames && size > 0 ? createNameGuard(memory) : undefined;
  const count = { new: 0, changed: 0, unsettled: 0, unchanged: 0, emptied: 0 };

  const noteLacking = (index: number, person: number, mapped: MappedRow): void => {
    const lacks = matcher.missing(memory.filledBy(person), mapped);
    if (lacks === undefined) return;
    const kind = kindNumbers.get(lacks) ?? kinds.push(lacks) - 1;
    kindNumbers.set(lacks, kind);
    lacking.set(index, kind);
  };
  const see = (person: number, row: number): void => {
    if (seen[person] === 0) seen[person] = row;
  };
  const personOf = (index: number): number | undefined => {
    const place = places.at(index);
    if (place > 0) return payloads.personAt(place - 1);
    const person = people.at(index);
    return person === 0 ? undefined : person - 1;
  };
  /** Whether some field is lacking in all rows of a person. */
  const hasEmptied = (indexes: readonly number[]): boolean => {
    const [first = '', ...rest] = indexes.map((index) => kinds[lacking.at(index)] ?? '');
    return Array.from(first).some((flag, at) => flag === '1' && rest.every((other) => other[at] === '1'));
  };

  return {
    add(index, row, mapped) {
      if (size === 0) return false;
      const place = payloads.placeOf(matcher.payloadOf(mapped));
      if (place !== undefined) {
        places.set(index, place + 1);
        seen[payloads.personAt(place)] = row;
        return true;
      }
      const keys = matcher.keysOf(mapped);
      const [person, ...parts] = memory.find(keys);
      if (person === undefined) {
        guard?.offer(index, keys);
        return false;
      }
      people.set(index, person + 1);
      see(person, row);
      for (const part of parts) {
        see(part, row);
        toSend.add(part);
      }
      noteLacking(index, person, mapped);
      return false;
    },
    needsSecondLook: (leftOut) =>
      guard?.hasSuspects === true || (leftOut > 0 && memory.vanished(seen).next().done === false),
    lookAgain(row, mapped) {
      const keys = matcher.keysOf(mapped);
      guard?.compare(keys);
      if (mapped.filtered || mapped.problems.length > 0) for (const person of memory.find(keys)) see(person, row);
    },
    isHeld: (index) => guard?.isHeld(index) === true,
    isKnown: (index) => places.at(index) > 0,
    compare(chosen, all) {
      const person = personOf(all.find((index) => personOf(index) !== undefined) ?? -1);
      if (chosen.length === 0) return false;
      const at = chosen.map((index) => places.at(index) - 1);
      if (person !== undefined && at.every((place) => place >= 0) && payloads.equals(person, at)) {
        count.unchanged += 1;
        unchangedPeople[person] = 1;
        return true;
      }
      if (person === undefined) {
        count.new += 1;
        return false;
      }
      toSend.add(person);
      if (hasEmptied(all)) count.emptied += 1;
      if (payloads.has(person)) count.changed += 1;
      else count.unsettled += 1;
      return false;
    },
    stats() {
      let vanished = 0;
      for (const _ of memory.vanished(seen)) vanished += 1;
      return { ...count, vanished };
    },
    // A person who was known in two parts, one of which is as it was, is not forgotten for the other's sake.
    expected: () => ({ toSend: [...toSend].filter((person) => unchangedPeople[person] === 0), seen }),
  };
}
