import type { ClockOrDuration } from '../core/settings/option-values.ts';
import type { Clock } from '../flow/clock.ts';

/**
 * When the run stops sending anything new, in milliseconds since the epoch. A clock time is the next one on this machine's clock: one
 * already past is tomorrow's.
 */
export function deadlineOf(deadline: ClockOrDuration | undefined, clock: Clock): number | undefined {
  if (deadline === undefined) return undefined;
  const now = clock.now();
  if ('after' in deadline) return now + deadline.after;
  const [hours = 0, minutes = 0] = deadline.clock.split(':').map(Number);
  const at = new Date(now);
  at.setHours(hours, minutes, 0, 0);
  if (at.getTime() <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}
