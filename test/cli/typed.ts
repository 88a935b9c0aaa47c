import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { AnySummary as Summary } from '../any-summary.ts';
import type { Ended } from './harness.ts';

/** Splits a command into words as a POSIX shell does. */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] ?? '';
    if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (sign === "'" || sign === '"') {
      let end = at + 1;
      let text = '';
      for (; end < line.length && line[end] !== sign; end += 1) {
        if (sign === '"' && line[end] === '\\' && /["$`\\]/.test(line[end + 1] ?? '')) end += 1;
        text += line[end] ?? '';
      }
      if (end >= line.length) throw new Error(`an open quote: ${line}`);
      word = (word ?? '') + text;
      at = end;
    } else if (sign === '\\') {
      at += 1;
      word = (word ?? '') + (line[at] ?? '');
    } else if (/[;&|<>$`(){}*?#~]/.test(sign)) throw new Error(`a shell would not take ${sign} as text: ${line}`);
    else word = (word ?? '') + sign;
  }
  return word === undefined ? words : [...words, word];
}

/** The commands in a text: in quotes within a sentence, else to the end of the line. */
function commandsIn(text: string): string[] {
  const quoted = /"(gleantap-import [^"\n]*)"/.source;
  const plain = /(?<!")\b(gleantap-import (?!:).*)$/.source;
  return [...text.matchAll(new RegExp(`${quoted}|${plain}`, 'gm'))].map(([, one, other]) =>
    (one ?? other ?? '').trim(),
  );
}

/** Every command that a run printed or wrote down: on both streams, in summary.json and in report.html. */
export function commandsOf(ended: Pick<Ended, 'stdout' | 'stderr'>, folder: string): string[] {
  const read = (name: string): string =>
    existsSync(path.join(folder, name)) ? readFileSync(path.join(folder, name), 'utf8') : '';
  const page = read('report.html')
    .replaceAll(/<[^>]*>/g, '\n')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  const summary = read('summary.json');
  const { next, undo, error } = summary === '' ? ({} as Partial<Summary>) : (JSON.parse(summary) as Summary);
  const written = [next, undo, error?.hint].filter((text) => text !== undefined);
  return [...new Set([ended.stdout, ended.stderr, page, ...written].flatMap(commandsIn))];
}
