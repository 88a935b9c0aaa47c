import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { parseJsonc } from '../../src/config/jsonc.ts';
import { lintColumns, lintMapping } from '../../src/core/mapping/rules.ts';
import { readMapping } from '../../src/core/mapping/read.ts';
import { openCsv } from '../../src/csv/reader.ts';
import { draftMapping } from '../../src/draft/draft.ts';
import type { Draft } from '../../src/draft/draft.ts';
import { applyAnswer } from '../../src/draft/question.ts';
import type { JsonValue } from '../../src/draft/question.ts';

export async function csvFile(content: string | Buffer): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gleantap-draft-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'members.csv');
  await writeFile(file, content);
  return file;
}

export async function draftOf(content: string | Buffer, country?: string): Promise<Draft> {
  return draftFile(await csvFile(content), country);
}

export async function draftFile(file: string, country?: string): Promise<Draft> {
  return draftMapping(file, { name: file, today: '2026-11-27', country, encoding: undefined });
}

/** The content of a field in a draft, in its short or long form. */
export function field(draft: Draft, name: string): JsonValue | undefined {
  return (draft.mapping['fields'] as Record<string, JsonValue>)[name];
}

/**
 * What every draft guarantees: while a question is open the mapping is refused at exactly those places, and with any answers
 * the rules accept it.
 *
 * @param choose Chooses one of so many answers.
 */
export async function expectSound(
  file: string,
  draft: Draft,
  choose: (answers: number) => number = () => 0,
): Promise<void> {
  const mapping = structuredClone(draft.mapping) as JsonValue;
  expect(parseJsonc(draft.text, 'draft')).toEqual(mapping);
  const open = readMapping(structuredClone(mapping)).findings.map(({ path: place }) => place);
  expect(open).toHaveLength(draft.questions.flatMap(({ paths }) => paths).length);
  for (const { answers } of draft.questions) {
    const answer = answers[choose(Math.max(1, answers.length))];
    if (answer === undefined) return;
    applyAnswer(mapping, answer);
  }
  const { mapping: read, findings } = readMapping(mapping);
  expect(findings).toEqual([]);
  if (read === undefined) throw new Error('the mapping could not be read');
  const { encoding = 'utf-8', ...csv } = read.csv ?? {};
  const { header } = await openCsv(file, { encoding, ...csv } as Parameters<typeof openCsv>[1]);
  const found = [...lintMapping(read), ...lintColumns(read, header)].filter(({ severity }) => severity === 'error');
  expect(found).toEqual([]);
}
