/** What the times of a column of dates say about where its midnights come from. */
export interface UtcTimes {
  /** @param times How many cells hold this text. */
  note(cell: string, times?: number): void;
  /** Whether all filled cells are midnights of a zone east of Greenwich, which UTC puts on the day before. */
  areMovedMidnights(filled: number): boolean;
  /** The times, for messages: `22:00 and 23:00`. */
  shown(): string;
}

/** Fewer dates than this may share a time by chance. */
const fewestDates = 3;

const utcTime = /^\d{4}-\d{2}-\d{2}[T ](\d{2}):(\d{2})(?::00(?:[.,]0+)?)?\s?(?:Z|UTC|GMT|[+-]00(?::?00)?)$/i;

/**
 * Collects the times of cells that are written in UTC. Local midnights have one time, or two an hour apart where clocks change in
 * summer; from noon on they belong to the next day.
 */
export function createUtcTimes(): UtcTimes {
  const counts = new Map<number, number>();
  let isOther = false;
  return {
    note(cell, times = 1) {
      if (isOther) return;
      const match = utcTime.exec(cell.trim());
      const minutes = match === null ? -1 : Number(match[1]) * 60 + Number(match[2]);
      if (minutes < 12 * 60 || minutes % 15 !== 0 || (counts.size === 2 && !counts.has(minutes))) {
        isOther = true;
        return;
      }
      counts.set(minutes, (counts.get(minutes) ?? 0) + times);
    },
    areMovedMidnights(filled) {
      if (isOther || filled < fewestDates) return false;
      const [first = 0, second = first] = counts.keys();
      const known = [...counts.values()].reduce((sum, count) => sum + count, 0);
      return counts.size > 0 && known === filled && Math.abs(first - second) <= 60;
    },
    shown: () =>
      [...counts.keys()]
        .sort((a, b) => a - b)
        .map((minutes) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)} UTC`)
        .join(' and '),
  };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
