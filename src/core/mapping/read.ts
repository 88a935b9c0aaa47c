import { issueText } from '../settings/issue-text.ts';
import { defectsOf, errorAt } from './finding.ts';
import type { Defect, Finding, Path } from './finding.ts';
import { mappingSchema } from './schema.ts';
import type { Mapping } from './schema.ts';

/** A mapping as far as it could be understood, and everything that is wrong with it. */
export interface MappingReading {
  /** Absent when too little of the file makes sense to continue. */
  readonly mapping: Mapping | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Reads parsed JSON as a mapping. When its structure has mistakes they are cut out and the rest is read all the same, so that
 * the rules that follow find the other mistakes in the same go. A reading with an error among its findings must not be used.
 */
export function readMapping(json: unknown): MappingReading {
  const findings: Finding[] = [...unusableKeysIn(json), ...undecidedIn(json)];
  const copy = structuredClone(json);
  for (let round = 0; round < 5; round += 1) {
    const parsed = mappingSchema.safeParse(copy, { reportInput: true, error: issueText });
    if (parsed.success) return { mapping: parsed.data, findings };
    const defects = defectsOf(parsed.error.issues);
    const undecided = new Set(findings.map(({ path }) => path));
    for (const { path, problem } of defects) {
      const finding = errorAt(path, problem);
      if (round === 0 && !undecided.has(finding.path)) findings.push(finding);
    }
    if (!defects.every((defect) => cutOut(copy, defect))) break;
  }
  return { mapping: undefined, findings };
}

/** Placeholders for keys without which nothing else could be read. */
const standIns: Readonly<Record<string, unknown>> = { version: 1, name: 'unnamed', fields: {} };

/**
 * Takes a defect out. Where something is missing, or is in a list whose later members would move up and be reported at
 * the wrong place, the whole that holds it goes.
 */
function cutOut(json: unknown, { path, keys }: Defect): boolean {
  if (keys !== undefined) {
    const owner = follow(json, path);
    return isObject(owner) && keys.every((key) => Reflect.deleteProperty(owner, key));
  }
  const [top] = path;
  if (path.length === 1 && typeof top === 'string' && Object.hasOwn(standIns, top) && isObject(json))
    return Reflect.set(json, top, standIns[top]);
  for (let length = path.length; length > 0; length -= 1) {
    const owner = follow(json, path.slice(0, length - 1));
    const key = path[length - 1] ?? '';
    if (isObject(owner) && !Array.isArray(owner) && Object.hasOwn(owner, key))
      return Reflect.deleteProperty(owner, key);
  }
  return true;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function follow(json: unknown, path: Path): unknown {
  let value = json;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

/** zod drops the key `__proto__` silently, but a user who wrote it must get a message. */
function unusableKeysIn(value: unknown, path: Path = []): Finding[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return key === '__proto__' ? [errorAt(here, 'is not a usable name: choose another')] : unusableKeysIn(child, here);
  });
}

/** What to ask where `init` left `"?"` because the file does not settle it. */
const questions: Readonly<Record<string, string>> = {
  format: 'is the day or the month written first in this column? Write the layout, like "M/D/YYYY" or "D/M/YYYY"',
  country: 'in which country are phone numbers written without country code? Write its two letters, like "US"',
  people:
    'which row of a person with several rows is sent? Write { "pick": ... } as the comment in the mapping shows, or remove the line to send all of them',
  encoding: 'which encoding does the file have? "utf-8" and "windows-1252" are the usual ones',
  delimiter: 'which character separates the columns?',
  quote: 'which character encloses cells that contain the delimiter?',
  escape: 'does a backslash before a quote make the quote text? Write "\\\\", or remove the line if not',
  leastCells: 'after how many cells may a row end because its last cells are empty? Remove the line if none may',
  unnamed: 'which column has no name in the header, the "first" or the "last"?',
  headerRow: 'in which row of the file, as a spreadsheet counts them, are the names of the columns?',
  sheet: 'which sheet of the Excel workbook holds the list?',
  hidden: 'should hidden rows and columns of the Excel workbook be read? "include" or "skip"',
  comment: 'which character do lines start with that are to be excluded?',
  yes: 'which words of this column mean yes?',
  no: 'which words of this column mean no?',
  values: 'which words does this column contain, and what should be sent for each?',
  otherwise: 'what should happen to words that "values" does not list? "fail", "drop", "keep" or { "value": ... }',
  onInvalid: 'should a row with an invalid value fail ("fail"), or be sent without this field ("drop")?',
  name: 'which half of the name belongs here? "first" or "last"',
  nameOrder: 'are names written "first last" or "last first" in this column?',
  case: 'in which letter case should it be sent? "lower" or "upper" ("keep" for emails), or remove the line',
  type: 'what does this column hold? "text", "number", "boolean", "date" or "datetime"',
  decimal: 'which sign comes before the decimals in this column? "." or ","',
  separator: 'which sign separates thousands in this column?',
  default: 'what should be sent where the cell is missing?',
  value: 'what should be sent in every row?',
};

/** Settings that are true or false, as questions. */
const switches: Readonly<Record<string, string>> = {
  serial: 'does this column hold day numbers of Excel, like 32874',
  utcMidnights: 'are the cells of this column local midnights that were written in UTC, one day early',
  entities: 'should HTML entities like &amp; be decoded',
  repairUtf8: 'is text like JosÃ© to be repaired',
  restoreZeros: 'should US codes of four digits get back their leading zero',
  confirmed: 'does this column really mean what the field says, although its name says the opposite',
  allowMinors: 'may minors be opted in to text messages',
  liftOptOut: 'may the file lift opt-outs that are in Gleantap',
};

function undecidedIn(value: unknown, path: Path = []): Finding[] {
  if (value === '?') return [errorAt(path, `is undecided: ${questionAt(path)}`)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return isData(here) ? [] : undecidedIn(child, here);
  });
}

function questionAt(path: Path): string {
  const key = path.findLast((part) => typeof part === 'string') ?? '';
  const [top, field] = path;
  const isSetting = path.length > 2 && (top === 'fields' || top === 'attributes');
  if (path.at(-2) === 'values') return `what does the word "${key}" mean here? Write what to send for it`;
  if (path.length === 1 && key === 'name') return 'what is this recurring export called?';
  if (field === 'phone' && key === 'format') return 'how should phones be sent? "e164" (+12125550147) is the usual way';
  if (isSetting && Object.hasOwn(switches, key)) return `${switches[key]}? Write true or false`;
  const question = Object.hasOwn(questions, key) ? questions[key] : undefined;
  if (question !== undefined && (isSetting || top === 'csv' || path.length === 1)) return question;
  if (top === 'fields' || top === 'attributes') return `which column is ${field}? Remove the line if none is`;
  return 'which column or value belongs here?';
}

/** Places where a question mark is text like any other: words, names of columns that are left out, what splits and joins. */
function isData(path: Path): boolean {
  const [top, , third] = path;
  if (path.length === 1) return top === 'missing' || top === 'examples' || top === 'ignore';
  if (top === 'rows') return path.at(-1) === 'in';
  const key = path.at(-1);
  return third !== undefined && path.at(-2) !== 'values' && (key === 'split' || key === 'join');
}
