import type { OptionName } from '../core/settings/options.ts';

/** Options that go together. */
export const fileOptions = [
  'mapping',
  'sheet',
  'out',
  'ledger',
  'envFile',
  'envPrefix',
  'baseUrl',
] as const satisfies OptionName[];
export const outputOptions = [
  'json',
  'summary',
  'quiet',
  'progress',
  'logLevel',
  'logFormat',
  'logValues',
  'reportValues',
] as const satisfies OptionName[];
/** For commands that send: where to report the end. */
export const notifyOptions = ['notify', 'notifyOn'] as const satisfies OptionName[];
export const paceOptions = [
  'rate',
  'concurrency',
  'timeout',
  'attempts',
  'maxOutage',
  'deadline',
] as const satisfies OptionName[];
export const selectionOptions = [
  'limit',
  'rows',
  'duplicates',
  'addTags',
  'removeTags',
] as const satisfies OptionName[];
/** Safeguards lifted for one file, after a person has looked at it. */
export const acceptOptions = ['acceptChanges', 'acceptOptouts', 'acceptRefusals'] as const satisfies OptionName[];
