import type { ProblemCode } from '../../core/outcome/messages.ts';
import { refusesMore } from '../../core/people/consents.ts';
import type { Consents } from '../../core/people/consents.ts';
import type { Sharing } from '../../core/reports/figures.ts';
import type { FeedComparison, Selection } from '../model.ts';
import type { People } from './people.ts';

/** What becomes of a valid row because of its person. */
export interface PersonDecision {
  readonly outcome: 'failed' | 'skipped' | 'pending';
  readonly code: ProblemCode;
  /** Row number of the person's first row, where the person has several. */
  readonly person: number | undefined;
  /** The row to name in the message. */
  readonly other: number | undefined;
}

/** What happens to each valid row of a file, by index. A row without a decision is sent. */
export interface PersonDecisions {
  at(index: number): PersonDecision | undefined;
  readonly sharing: Sharing;
  /** Rows that would make a second contact of a known person. */
  readonly held: number;
}

const unchanged: PersonDecision = { outcome: 'skipped', code: 'unchanged', person: undefined, other: undefined };
const held: PersonDecision = { outcome: 'failed', code: 'held_new_first_name', person: undefined, other: undefined };

/** Decides about people: those with several rows, those who would become two contacts, and those who are as they were. */
export function decidePeople(
  people: People,
  { duplicates }: Selection,
  known: FeedComparison | undefined,
  onlyChanged: boolean,
  consentsAt: (index: number) => Consents,
): PersonDecisions {
  const ofSharing = new Map<number, PersonDecision>();
  const isUnchanged = new Uint8Array(onlyChanged ? people.size : 0);
  let heldRows = 0;
  let sharingPeople = 0;
  let leftOut = 0;
  /** @param chosen The rows that would be sent, of all valid rows of one person. */
  const compare = (chosen: readonly number[], all: readonly number[]): void => {
    if (known?.compare(chosen, all) === true && onlyChanged) for (const index of chosen) isUnchanged[index] = 1;
  };

  for (const { members, disagree, twoNames, picked } of people.groups()) {
    const person = people.rowAt(members[0] ?? 0);
    const last = members.at(-1);
    const isHeld = members.some((index) => known?.isHeld(index));
    sharingPeople += 1;
    members.forEach((index, nth) => {
      const other = people.rowAt((nth === 0 ? members[1] : members[0]) ?? index);
      const decide = (outcome: PersonDecision['outcome'], code: ProblemCode): void => {
        ofSharing.set(index, { outcome, code, person, other });
      };
      const isChosen =
        duplicates === 'send' || (duplicates === 'first' ? nth === 0 : duplicates === 'last' && index === last);
      if (disagree && !people.hasUserId(index)) decide('failed', 'two_people_one_key');
      else if (twoNames !== undefined && people.hasUserId(index)) {
        const named = twoNames[0] === index ? twoNames[1] : twoNames[0];
        ofSharing.set(index, { outcome: 'failed', code: 'user_id_two_names', person, other: people.rowAt(named) });
      } else if (isHeld && !people.hasUserId(index)) ofSharing.set(index, held);
      else if (picked !== undefined && 'unclear' in picked)
        ofSharing.set(index, {
          outcome: 'failed',
          code: 'row_not_ranked',
          person,
          other: people.rowAt(picked.unclear),
        });
      else if (picked !== undefined && picked.index !== index)
        ofSharing.set(index, { outcome: 'skipped', code: 'duplicate', person, other: people.rowAt(picked.index) });
      else if (picked !== undefined) decide('pending', 'duplicate');
      else if (isChosen) decide('pending', 'duplicate');
      else if (duplicates === 'fail') decide('failed', 'duplicate_person');
      else decide('skipped', 'duplicate');
    });
    failRefused(members, ofSharing, people, consentsAt);
    heldRows += members.filter((index) => ofSharing.get(index) === held).length;
    const chosen = members.filter((index) => ofSharing.get(index)?.outcome === 'pending');
    leftOut += members.filter((index) => ofSharing.get(index)?.outcome === 'skipped').length;
    compare(chosen, members);
  }
  if (known !== undefined) {
    for (let index = 0; index < people.size; index += 1) {
      if (ofSharing.has(index)) continue;
      if (known.isHeld(index)) heldRows += 1;
      else compare([index], [index]);
    }
  }
  return {
    at(index) {
      if (isUnchanged[index] === 1) return unchanged;
      return ofSharing.get(index) ?? (known?.isHeld(index) === true ? held : undefined);
    },
    sharing: { people: sharingPeople, rows: ofSharing.size, leftOut },
    held: heldRows,
  };
}

/** A row that is sent for its whole person fails if a row that is left out says a "no" that would get lost. */
function failRefused(
  members: readonly number[],
  decisions: Map<number, PersonDecision>,
  people: Pick<People, 'rowAt'>,
  consentsAt: (index: number) => Consents,
): void {
  const leftOut = members.filter((index) => decisions.get(index)?.outcome === 'skipped');
  for (const index of members) {
    const decision = decisions.get(index);
    if (decision?.outcome !== 'pending') continue;
    const refusing = leftOut.find((other) => refusesMore(consentsAt(other), consentsAt(index)));
    if (refusing === undefined) continue;
    const { person } = decision;
    decisions.set(index, { outcome: 'failed', code: 'refused_in_other_row', person, other: people.rowAt(refusing) });
  }
}
