import { optionMeta, options } from './options.ts';
import type { OptionName } from './options.ts';

/**
 * An option as it is typed: `--rate 2`, `--only-changed`, `--no-preflight`, `--max-outage 20s`.
 *
 * @param label The flag, or the name of an option that only a config file can set.
 */
export function typedOption(label: string, value: unknown): string {
  if (value === true) return label;
  if (value === false) return label.replace(/^--/, '--no-');
  const name = label.replace(/^--/, '').replaceAll(/-[a-z]/g, (letter) => letter.slice(1).toUpperCase());
  const isTime =
    typeof value === 'number' && Object.hasOwn(options, name) && optionMeta(name as OptionName).value === 'time';
  return `${label} ${isTime ? durationText(value) : settingText(value)}`;
}

/** A setting's value as it is typed: `June,New`, `2-500,812`, `10%`, `05:30`. */
export function settingText(value: unknown): string {
  if (Array.isArray(value)) return value.map(rangeText).join(',');
  if (typeof value !== 'object' || value === null) return String(value);
  if ('percent' in value) return `${String(value.percent)}%`;
  if ('rows' in value) return String(value.rows);
  if ('clock' in value) return String(value.clock);
  return 'after' in value ? durationText(Number(value.after)) : JSON.stringify(value);
}

function rangeText(part: unknown): string {
  if (!Array.isArray(part)) return String(part);
  const [from, to]: unknown[] = part;
  return from === to ? String(from) : `${String(from)}-${String(to)}`;
}

/** Milliseconds as the largest unit that divides them. */
function durationText(ms: number): string {
  const [unit, size] = ([['h', 3_600_000], ['m', 60_000], ['s', 1000]] as const).find(([, length]) => ms % length === 0) ?? ['ms', 1]; // prettier-ignore
  return `${ms / size}${unit}`;
}
