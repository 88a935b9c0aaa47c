import type { z } from 'zod';
import { typeName } from '../settings/issue-text.ts';
import { RunError } from '../outcome/run-error.ts';
import type { Finding } from '../outcome/run-error.ts';

export type { Finding };

export type Path = readonly (string | number)[];

/** A JSON path as people write it: `rows.skip[0].in`; keys that are not plain words are in quotes. */
export function formatPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

export function errorAt(path: Path, problem: string): Finding {
  return { path: formatPath(path), problem, severity: 'error' };
}

export function warningAt(path: Path, problem: string): Finding {
  return { path: formatPath(path), problem, severity: 'warning' };
}

/** A place in the JSON that zod found wrong. `keys` are the unknown keys of the object at `path`. */
export interface Defect {
  readonly path: Path;
  readonly keys: readonly string[] | undefined;
  readonly problem: string;
}

/**
 * zod's issues, reported with their input, as one flat list. A union reports every branch's complaints; the user wrote one
 * branch, so the one that accepts the value's JSON type is taken.
 */
export function defectsOf(issues: readonly z.core.$ZodIssue[], base: Path = []): Defect[] {
  return issues.flatMap((issue): Defect[] => {
    const path = [...base, ...issue.path.filter((part) => typeof part !== 'symbol')];
    if (issue.code === 'invalid_union' && issue.input !== undefined) {
      const meant = issue.errors.find((branch) => !branch.some(isOfOtherType));
      if (meant !== undefined && meant.length > 0) return defectsOf(meant, path);
      const choices = new Set(issue.errors.flat().flatMap(expectedBy));
      if (choices.size > 0) return [{ path, keys: undefined, problem: `must be ${[...choices].join(' or ')}` }];
    }
    const isAbsent = issue.input === undefined && issue.code.startsWith('invalid_');
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : undefined;
    return [{ path, keys, problem: isAbsent ? 'is missing' : issue.message }];
  });
}

function isOfOtherType(issue: z.core.$ZodIssue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

/** What one branch of a union would have taken. */
function expectedBy(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value));
  return issue.code === 'invalid_type' ? [typeName(issue.expected)] : [];
}

/** Whether one written path lies at another or inside it. */
export function isWithin(path: string, place: string): boolean {
  return place === '' || path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`);
}

/** Everything wrong with a mapping as one error, so that the user sees it at once. */
export function mappingError(name: string, findings: readonly Finding[]): RunError {
  return new RunError('mapping', mistakesIn(`The mapping ${name}`, findings), {
    findings,
    hint: 'Correct the mapping and run the same command again. "gleantap-import schema" prints its JSON Schema.',
  });
}

/** The errors among the findings, one a line. */
export function mistakesIn(what: string, findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const lines = errors.map(({ path: place, problem }) => `  - ${place === '' ? '' : `${place}: `}${problem}`);
  return [`${what} can't be used yet:`, ...lines].join('\n');
}
