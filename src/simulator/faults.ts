/** What a fault does, not how its answer looks. */
export interface FaultRule {
  readonly description: string;
  /** Whether the row is stored although the client gets no good answer. */
  readonly takesRow: boolean;
  /** Whether the person gets it every time, whatever `faultTimes` is: a refusal of the row itself. */
  readonly lasting?: boolean;
}

/** Every fault that a person can meet on newContact. */
export const FAULTS = {
  reset_before: { description: 'connection reset, row not stored', takesRow: false },
  reset_after: { description: 'row stored, then connection reset', takesRow: true },
  hang_before: { description: 'no response, row not stored', takesRow: false },
  hang_after: { description: 'row stored, then no response', takesRow: true },
  http_500_before: { description: '500 with JSON, row not stored', takesRow: false },
  http_500_after: { description: 'row stored, then 500 with JSON', takesRow: true },
  http_502_html: { description: '502 with an HTML page, row not stored', takesRow: false },
  http_503: { description: '503 without Retry-After, row not stored', takesRow: false },
  http_503_retry_after: { description: '503 with Retry-After: 1, row not stored', takesRow: false },
  http_429: { description: '429 with Retry-After: 1, row not stored', takesRow: false },
  http_400: { description: '400 with a JSON message, every time', takesRow: false, lasting: true },
  http_400_empty: { description: '400 with an empty body, every time', takesRow: false, lasting: true },
  ok_without_id: { description: 'row stored, 200 success without _id', takesRow: true },
  ok_not_json: { description: '200 with an HTML page, row not stored', takesRow: false },
  truncated_body: { description: 'row stored, 200 with the body cut off and the connection closed', takesRow: true },
  status_error: { description: '200 with status "error" and a message, row not stored', takesRow: false },
  slow_body: { description: 'row stored, 200 with a body that stops halfway', takesRow: true },
} as const satisfies Record<string, FaultRule>;

export type FaultKind = keyof typeof FAULTS;

/** The share (0 to 1) of people that meets each fault. */
export type FaultShares = Partial<Record<FaultKind, number>>;

/** The kinds in the order of the table, which is also the order in which shares are dealt out. */
export const FAULT_KINDS = Object.keys(FAULTS) as readonly FaultKind[];

/**
 * Reads the notation of the command line, like `reset_after=0.02,http_500_before=0.05`.
 * @throws {Error} with a message for the user when a kind is unknown or a share is none
 */
export function parseFaults(text: string): FaultShares {
  const shares: FaultShares = {};
  for (const part of text.split(',').filter((piece) => piece.trim() !== '')) {
    const [name = '', share = '', ...rest] = part.split('=').map((side) => side.trim());
    if (!isFaultKind(name)) {
      throw new Error(`"${name}" is not a fault that the simulator knows. Known: ${FAULT_KINDS.join(', ')}.`);
    }
    if (share === '' || rest.length > 0) {
      throw new Error(`"${part.trim()}" is not of the form kind=share, for example ${name}=0.05.`);
    }
    if (shares[name] !== undefined) throw new Error(`The fault ${name} is given twice.`);
    shares[name] = Number(share);
  }
  checkFaultShares(shares);
  return shares;
}

/** @throws {Error} when a kind is unknown, a share is outside 0..1 or all shares together exceed 1 */
export function checkFaultShares(shares: FaultShares): void {
  let total = 0;
  for (const [kind, share] of Object.entries(shares)) {
    if (!isFaultKind(kind)) {
      throw new Error(`"${kind}" is not a fault that the simulator knows. Known: ${FAULT_KINDS.join(', ')}.`);
    }
    if (!(share >= 0 && share <= 1)) {
      throw new Error(`The share of ${kind} must be a number from 0 to 1, for example ${kind}=0.05.`);
    }
    total += share;
  }
  if (total > 1 + Number.EPSILON * FAULT_KINDS.length) {
    throw new Error(
      `The shares of all faults add up to ${total}. The limit is 1, because each person gets at most one fault.`,
    );
  }
}

function isFaultKind(name: string): name is FaultKind {
  return Object.hasOwn(FAULTS, name);
}
