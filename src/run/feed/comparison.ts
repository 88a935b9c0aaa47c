import type { MappedRow } from '../../core/mapping/compile.ts';
import { createRowNumbers } from '../../core/people/row-numbers.ts';
import type { FeedComparison, FeedMatcher } from '../model.ts';
import { createKeyList } from './key-list.ts';
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
  /** Rows of `payloads` that are in the file as they were. */
  const cameAgain = new Uint8Array(payloads.size);
  /** Keys of valid rows that are not, and of the others. */
  const otherRows = createKeyList();
  const leftOut = createKeyList();
  /** People who were known in parts, by the index of their row. */
  const partsOf = new Map<number, readonly number[]>();
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
        cameAgain[place] = 1;
        return true;
      }
      const keys = matcher.keysOf(mapped);
      if (guard !== undefined) otherRows.add(row, keys);
      const [person, ...parts] = memory.find(keys);
      if (person === undefined) {
        guard?.offer(index, keys);
        return false;
      }
      people.set(index, person + 1);
      see(person, row);
      if (parts.length > 0) partsOf.set(index, parts);
      for (const part of parts) {
        see(part, row);
        toSend.add(part);
      }
      noteLacking(index, person, mapped);
      return false;
    },
    leaveOut(row, mapped) {
      if (size > 0) leftOut.add(row, matcher.keysOf(mapped));
    },
    recognize(index, row, mapped) {
      if (size === 0) return;
      const keys = matcher.keysOf(mapped);
      if (guard !== undefined) otherRows.add(row, keys);
      const [person, ...parts] = memory.find(keys);
      if (person === undefined) return;
      people.set(index, person + 1);
      if (parts.length > 0) partsOf.set(index, parts);
    },
    complete() {
      if (guard?.hasSuspects === true) {
        for (const { keys } of otherRows) guard.compare(keys);
        for (const { keys } of leftOut) guard.compare(keys);
        guard.clear((by, value, first) =>
          memory.rowsOf(by, value, first).some(({ person, nth }) => {
            const place = payloads.placeAt(person, nth);
            return place !== undefined && cameAgain[place] === 1;
          }),
        );
      }
      if (leftOut.length === 0 || memory.vanished(seen).next().done === true) return;
      for (const { row, keys } of leftOut) for (const person of memory.find(keys)) see(person, row);
    },
    isHeld: (index) => guard?.isHeld(index) === true,
    peopleAt(index) {
      const person = personOf(index);
      if (person === undefined) return [];
      const others = places.at(index) > 0 ? memory.keysOf(person).flatMap((keys) => memory.find(keys)) : [];
      return [...new Set([person, ...(partsOf.get(index) ?? []), ...others])];
    },
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
