import type { MappedRow, RowMapper } from '../../core/mapping/compile.ts';
import type { Problem } from '../../core/outcome/problem.ts';
import { personKey } from './looked-up.ts';
import type { LookedUp } from './looked-up.ts';

/**
 * Makes a mapper of people into one of tag changes: it sends identity and names as the account has them, and tags; nothing of
 * the list but its tags.
 *
 * @param lookedUp Undefined before the people were looked up: then rows have the list's own identity and are not fit to be sent.
 */
export function mapTags(list: RowMapper, lookedUp: LookedUp | undefined): RowMapper {
  const map = (cells: readonly string[]): MappedRow => {
    const mapped = list(cells);
    const { contact, tags } = mapped;
    const problems: Problem[] = mapped.problems.filter((problem) => !isNeedless(problem, mapped));
    const filtered = mapped.filtered || (tags.add.length === 0 && tags.remove.length === 0 && problems.length === 0);
    const row = { ...mapped, problems, filtered };
    if (lookedUp === undefined || filtered || problems.length > 0) return row;
    const found = lookedUp.get(personKey(contact)) ?? { code: 'person_not_found' };
    if ('code' in found) {
      const value = found.detail;
      return { ...row, problems: [{ code: found.code, ...(value === undefined ? {} : { value }) }] };
    }
    // Rows that name one contact in different ways are one person, and never in flight together.
    const keys = { userId: found.id, email: undefined, phone: undefined };
    return { ...row, contact: { ...found.identity }, keys };
  };
  return Object.assign(map, { trace: list.trace });
}

/** Names come from the account: a list need not have the last one, nor the first where it has a user_id. */
function isNeedless({ code, field }: Problem, { keys }: MappedRow): boolean {
  if (code !== 'required_missing') return false;
  return field === 'last_name' || (field === 'first_name' && keys.userId !== undefined);
}
