import type { MappedRow } from '../../core/mapping/compile.ts';
import { createNameGuard } from './name-guard.ts';
import type { Recognition } from './recognition.ts';
import { createRowNumbers } from '../check/row-numbers.ts';

/** Tonight's people compared with those whom the feed remembers. */
export interface PeopleFacts {
  /** People of valid rows whom the feed does not know. */
  readonly new: number;
  /** People whose payload differs from the one that was last sent with success. */
  readonly changed: number;
  /** People who are known, but whose last outcome was no success. */
  readonly unsettled: number;
  readonly unchanged: number;
  /** People of whom some cell was filled last time and is empty tonight. An empty cell clears nothing. */
  readonly emptied: number;
  /** Rows that would make a second contact of a known person, by a new first name. */
  readonly held: number;
  /** People of earlier files who are not in this one. Nothing is sent about them. */
  readonly vanished: number;
}

/** What the send pass must tell the memory before it begins. */
export interface Expected {
  /** Known people whose payload will not be the one that was last sent. */
  readonly toSend: readonly number[];
  /** Tonight's row of each person by number. */
  readonly seen: Uint32Array;
}

/** Compares the rows of a file with the memory of its feed, valid rows by their index in the order of the file. */
export interface KnownPeople {
  /** Returns whether this payload was last sent with success: unless it is one of several rows, nothing has changed. */
  add(index: number, row: number, mapped: MappedRow): boolean;
  /** Whether the whole file must be looked at again before anything can be decided. @param leftOut Invalid and filtered rows. */
  needsSecondLook(leftOut: number): boolean;
  lookAgain(row: number, mapped: MappedRow): void;
  isHeld(index: number): boolean;
  /** What `add` said of this row. */
  isKnown(index: number): boolean;
  /**
   * Decides about one person, after the second look.
   *
   * @param chosen The rows that would be sent, of all its valid rows.
   * @returns Whether it was last sent exactly like this.
   */
  compare(chosen: readonly number[], all: readonly number[]): boolean;
  facts(): Omit<PeopleFacts, 'held'>;
  expected(): Expected;
}

/** @param guardsNames Whether rows that would make a second contact are held. */
export function createKnownPeople(recognition: Recognition, guardsNames: boolean): KnownPeople {
  const { memory } = recognition;
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
  const guard = guardsNames && size > 0 ? createNameGuard(recognition) : undefined;
  const count = { new: 0, changed: 0, unsettled: 0, unchanged: 0, emptied: 0 };

  const noteLacking = (index: number, person: number, mapped: MappedRow): void => {
    const lacks = recognition.missing(memory.filledBy(person), mapped);
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
      const place = payloads.placeOf(recognition.payloadOf(mapped));
      if (place !== undefined) {
        places.set(index, place + 1);
        seen[payloads.personAt(place)] = row;
        return true;
      }
      const keys = recognition.keysOf(mapped);
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
      const keys = recognition.keysOf(mapped);
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
    facts() {
      let vanished = 0;
      for (const _ of memory.vanished(seen)) vanished += 1;
      return { ...count, vanished };
    },
    // A person who was known in two parts, one of which is as it was, is not forgotten for the other's sake.
    expected: () => ({ toSend: [...toSend].filter((person) => unchangedPeople[person] === 0), seen }),
  };
}
