import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { workbook } from '../../../fixtures/generate/workbook.mjs';
import { copyInput, withInputFile } from '../../../src/run/files/input-copy.ts';
import type { InputCopy } from '../../../src/run/model.ts';

const csv = Buffer.from(`a,b\n${'1,2\n'.repeat(50_000)}`);
const packed = gzipSync(csv);
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'input-copy-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
});

const copy = async (
  content: Buffer | Readable,
  limits?: Parameters<typeof copyInput>[3],
): Promise<InputCopy | undefined> => {
  const name = path.join(folder, 'members.csv.gz');
  const source = Buffer.isBuffer(content) ? { name } : { name: '-', stream: content };
  if (Buffer.isBuffer(content)) await writeFile(name, content);
  return copyInput(source, path.join(folder, 'copy.csv'), new AbortController().signal, limits);
};
const copied = async (): Promise<Buffer> => readFile(path.join(folder, 'copy.csv'));

describe('gzip', () => {
  it('is decoded, and is the same input as its content', async () => {
    const decoded = await copy(packed);
    expect(await copied()).toEqual(csv);
    const plain = await copy(csv);
    expect(decoded).toEqual({ ...plain, modified: expect.any(Number) as number });
    expect(await copied()).toEqual(csv);
  });

  it('is recognized by its bytes, also on stdin one byte at a time, and in several members', async () => {
    const two = Buffer.concat([gzipSync('a,b\n'), gzipSync('1,2\n')]);
    await copy(Readable.from([...two].map((byte) => Buffer.from([byte]))));
    expect((await copied()).toString()).toBe('a,b\n1,2\n');
  });

  it.each([
    ['cut off', () => packed.subarray(0, packed.length - 20), 'cut off'],
    ['only a header', () => packed.subarray(0, 10), 'cut off'],
    ['with a wrong byte', () => packed.with(packed.length - 6, 0), 'damaged'],
    ['no gzip after all', () => Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), 'damaged'],
  ])('%s is named, and leaves no copy', async (_, content, word) => {
    await expect(copy(Buffer.from(content()))).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining(word),
    });
    expect(await readdir(folder)).toEqual(['members.csv.gz']);
  });

  it.each([
    ['larger than the limit', { bytes: csv.length - 1, ratio: 1e9, ratioFrom: 0 }],
    ['a bomb', { bytes: 1e9, ratio: 20, ratioFrom: 100_000 }],
  ])('%s is refused, and leaves no copy', async (_, limits) => {
    await expect(copy(packed, limits)).rejects.toMatchObject({ code: 'input', hint: expect.stringMatching(/./) });
    expect(await readdir(folder)).toEqual(['members.csv.gz']);
  });

  it('an empty input is copied as it is', async () => {
    expect(await copy(Buffer.alloc(0))).toMatchObject({ bytes: 0 });
    expect(await copy(Readable.from([Buffer.from('a')]))).toMatchObject({ bytes: 1 });
  });
});

describe('a file for commands that store nothing', () => {
  it('is the file itself, or a copy of stdin or an archive that is deleted afterwards', async () => {
    const plain = path.join(folder, 'members.csv');
    await writeFile(plain, csv);
    await writeFile(`${plain}.gz`, packed);
    expect(await withInputFile({ name: plain }, async (file) => file)).toBe(plain);
    const sources = [
      { name: `${plain}.gz` },
      { name: '-', stream: Readable.from([csv]) },
      { name: '-', stream: Readable.from([packed]) },
    ];
    for (const source of sources) {
      let seen = '';
      expect(await withInputFile(source, async (file) => readFile((seen = file)))).toEqual(csv);
      await expect(readFile(seen)).rejects.toMatchObject({ code: 'ENOENT' });
    }
  });

  it('is refused when it does not exist', async () => {
    await expect(withInputFile({ name: path.join(folder, 'nowhere') }, async (file) => file)).rejects.toMatchObject({
      code: 'input',
    });
    await expect(withInputFile({ name: folder }, async (file) => file)).rejects.toMatchObject({ code: 'input' });
  });
});

describe('an Excel workbook', () => {
  const members = [
    ['Name', 'Email'],
    ['Ana', 'ana@example.com'],
  ] as const;
  const write = async (names: readonly string[]): Promise<string> => {
    const name = path.join(folder, 'members.xlsx');
    await writeFile(name, workbook({ sheets: names.map((each) => ({ name: each, rows: members })) }));
    return name;
  };

  it('becomes CSV, with what is known of its sheet; the hash is that of the copy, so saving it again changes nothing', async () => {
    const target = path.join(folder, 'copy.csv');
    const copyOf = async (name: string): Promise<InputCopy | undefined> =>
      copyInput({ name }, target, new AbortController().signal);
    const first = await copyOf(await write(['Members']));
    expect((await copied()).toString()).toBe('\uFEFFsep=,\r\nName,Email\r\nAna,ana@example.com\r\n');
    expect(first).toMatchObject({ bytes: 43, sheet: { sheet: 'Members', notes: [] } });
    const again = await copyOf(await write(['Renamed']));
    expect(again?.sha256).toBe(first?.sha256);
  });

  it('asks once which sheet is meant', async () => {
    let asked = 0;
    const ask = async (): Promise<string> => {
      asked += 1;
      return 'Two';
    };
    const found = await withInputFile(
      { name: await write(['One', 'Two']), excel: { ask } },
      async (_file, sheet) => sheet,
    );
    expect([asked, found?.sheet]).toEqual([1, 'Two']);
  });

  it('that is damaged or ambiguous leaves no copy', async () => {
    const name = await write(['One', 'Two']);
    const target = path.join(folder, 'copy.csv');
    const signal = new AbortController().signal;
    await expect(copyInput({ name }, target, signal)).rejects.toMatchObject({ code: 'usage' });
    const bytes = await readFile(name);
    await writeFile(name, bytes.subarray(0, 300));
    await expect(copyInput({ name }, target, signal)).rejects.toMatchObject({ code: 'input' });
    expect(await readdir(folder)).toEqual(['members.xlsx']);
  });

  it('whose copy is aborted leaves none', async () => {
    const target = path.join(folder, 'copy.csv');
    expect(await copyInput({ name: await write(['One']) }, target, AbortSignal.abort())).toBeUndefined();
    expect(await readdir(folder)).toEqual(['members.xlsx']);
  });
});
