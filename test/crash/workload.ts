import type { FaultShares } from '../../src/simulator/faults.ts';
import { createRandom } from './random.ts';

/** A file to import with every kind of row, and the faults for its people. */
export interface Workload {
  readonly name: string;
  readonly csv: string;
  readonly mapping: object;
  readonly rows: number;
  /** Row numbers whose delivery takes two requests. */
  readonly twoRequests: ReadonlySet<number>;
  readonly faults: FaultShares;
  readonly faultTimes: number;
  readonly seed: number;
}

/**
 * Temporary faults: a killed run ends like any other, because its rows are sent until the server accepts them. In `lasting`
 * each chosen person meets the fault forever, so that failed and unknown rows are the same in every history too.
 */
const faults = {
  passing: {
    faultTimes: 1,
    shares: {
      reset_before: 0.01,
      reset_after: 0.01,
      http_500_before: 0.005,
      http_500_after: 0.01,
      http_503_retry_after: 0.005,
      truncated_body: 0.005,
      http_400: 0.005,
    },
  },
  lasting: { faultTimes: Infinity, shares: { http_400: 0.02, ok_without_id: 0.02, status_error: 0.01 } },
} as const satisfies Record<string, { faultTimes: number; shares: FaultShares }>;

const mapping = {
  version: 1,
  name: 'members',
  fields: {
    user_id: 'Id',
    first_name: 'First',
    last_name: 'Last',
    email: { column: 'Email', onInvalid: 'drop' },
    dob: { column: 'Born', format: 'YYYY-MM-DD' },
    tags: { add: [{ column: 'Join', split: ';' }], remove: [{ column: 'Leave', split: ';' }] },
  },
  attributes: { row: 'Row' },
  rows: { skip: [{ column: 'State', in: ['Gone'] }] },
};

/** 10 % of the rows share a person with another row; some are invalid, damaged, filtered, in conflict, or need two requests. */
export function createWorkload(kind: keyof typeof faults, rows: number, seed: number): Workload {
  const random = createRandom(seed);
  const lines = ['Row,Id,First,Last,Email,Born,Join,Leave,State'];
  const twoRequests = new Set<number>();
  for (let index = 0; index < rows; index += 1) {
    // A blank line keeps row numbers from being plain indexes.
    if (index === 20) lines.push('');
    const row = lines.length + 1;
    const shared = index > 10 && random.next() < 0.1;
    const person = shared ? random.whole(0, index - 1) : index;
    const kindOfRow = index < 10 ? 1 : random.next();
    const email = `p${person}@example.com`;
    const cells = [`${row}`, `u${person}`, `First${person}`, `Last${person}`, email, '1990-01-02', '', '', 'Here'];
    if (kindOfRow < 0.01) cells[3] = '';
    else if (kindOfRow < 0.02) cells[5] = '1990-13-45';
    else if (kindOfRow < 0.03) cells[8] = 'Gone';
    else if (kindOfRow < 0.04) cells.push('surplus', '=surplus');
    else if (kindOfRow < 0.12) {
      cells[6] = 'gold;import';
      cells[7] = 'trial';
      twoRequests.add(row);
    } else if (kindOfRow < 0.16) cells[1] = '';
    lines.push(cells.join(','));
  }
  // Two people under one email and first name: refused by the check.
  lines.push(`${lines.length + 1},,Twin,Able,twin@example.com,1990-01-02,,,Here`);
  lines.push(`${lines.length + 1},,Twin,Baker,twin@example.com,1990-01-02,,,Here`);
  const { faultTimes, shares } = faults[kind];
  return {
    name: `${kind} ${rows} ${seed}`,
    csv: `${lines.join('\n')}\n`,
    mapping,
    rows: rows + 2,
    twoRequests,
    faults: shares,
    faultTimes,
    seed,
  };
}
