import { apiFields } from '../api/contact.ts';
import { problemSentence } from '../outcome/messages.ts';
import { compileMapping, requestsOf } from './compile.ts';
import { createColumnFinder } from './columns.ts';
import { errorAt } from './finding.ts';
import type { Finding } from './finding.ts';
import { columnsOf, listFields, listTagSources } from './fields.ts';
import type { Mapping } from './schema.ts';
import { fold } from '../values/text.ts';

/** Runs a mapping's own tests: columns absent from an example are empty, and only the keys that `contact` names are compared. */
export function runExamples(mapping: Mapping, today: string): Finding[] {
  const header = columnsNamedBy(mapping);
  const find = createColumnFinder(header);
  const map = compileMapping(mapping, header, { today, extraTags: { add: [], remove: [] } });
  return (mapping.examples ?? []).flatMap(({ row, contact }, index): Finding[] => {
    const cells = header.map(() => '');
    const findings: Finding[] = [];
    const known = columnsUsedBy(mapping);
    for (const [name, cell] of Object.entries(row)) {
      if (!known.has(fold(name)) && mapping.ignore !== '*') {
        findings.push(errorAt(['examples', index, 'row', name], 'is neither mapped nor under "ignore"'));
      }
      const lookup = find(name);
      if (lookup.kind === 'found') cells[lookup.index] = cell;
    }
    const mapped = map(cells);
    const sent = requestsOf(mapped);
    for (const [name, expected] of Object.entries(contact)) {
      if (!apiFields.some((field) => field === name) && !Object.hasOwn(mapping.attributes ?? {}, name)) {
        findings.push(
          errorAt(['examples', index, 'contact', name], 'is neither a field nor an attribute of this mapping'),
        );
        continue;
      }
      const values = sent.flatMap((request) => (Object.hasOwn(request, name) ? (request[name] ?? []) : []));
      const isAsExpected = expected === null ? values.length === 0 : values.includes(expected);
      if (isAsExpected) continue;
      const reason = mapped.problems.find(({ field }) => field === name);
      const nothing = reason === undefined ? 'nothing' : `nothing (${problemSentence(reason)})`;
      const actual = values.length === 0 ? nothing : values.map((value) => JSON.stringify(value)).join(', then ');
      findings.push(
        errorAt(
          ['examples', index, 'contact', name],
          `expected ${JSON.stringify(expected)}, the mapping gives ${actual}`,
        ),
      );
    }
    return findings;
  });
}

/** The columns that the mapping reads or ignores, folded. */
function columnsUsedBy(mapping: Mapping): Set<string> {
  const ignored = mapping.ignore === '*' ? [] : (mapping.ignore ?? []);
  return new Set([...columnsNamedBy({ ...mapping, examples: [] }), ...ignored].map((name) => fold(name)));
}

/** Every column that the mapping or its examples name, each once, as if they were a header. */
function columnsNamedBy(mapping: Mapping): string[] {
  const names = new Map<string, string>();
  const add = (name: string): void => {
    if (!names.has(fold(name))) names.set(fold(name), name);
  };
  for (const field of listFields(mapping)) for (const { name } of columnsOf(field)) add(name);
  for (const { column } of listTagSources(mapping)) if (column !== undefined) add(column);
  for (const { column } of [...(mapping.rows?.skip ?? []), ...(mapping.rows?.keep ?? [])]) add(column);
  for (const { row } of mapping.examples ?? []) for (const name of Object.keys(row)) add(name);
  return [...names.values()];
}
