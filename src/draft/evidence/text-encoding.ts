import { plural } from '../../core/reports/figures.ts';
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { EncodingProof } from './encoding-proof.ts';
import { proveSingleByte, wordsOf } from './single-byte.ts';

const lineFeed = 0x0a;
const longestLine = 1024 * 1024;
const sampleBytes = 64 * 1024;

/**
 * Proves the encoding of a whole file: by its byte order mark, by every line being valid UTF-8, or else by what makes words
 * of the other bytes. Reads the file once, in bounded memory.
 *
 * @throws what the file system says when the file can't be read.
 */
export async function proveEncoding(path: string): Promise<EncodingProof> {
  const lines: Lines = {
    utf8: { count: 0, sample: [], room: sampleBytes },
    other: { count: 0, sample: [], room: sampleBytes },
  };
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = true;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    if (isFirst) {
      const marked = markedBy(bytes);
      if (marked !== undefined) return marked;
      isFirst = false;
    }
    const end = bytes.lastIndexOf(lineFeed) + 1 || (bytes.length > longestLine ? bytes.length : 0);
    look(bytes.subarray(0, end), lines);
    rest = bytes.subarray(end);
  }
  look(rest, lines);
  const utf8 = lines.utf8.count;
  const other = lines.other.count;
  if (other === 0 && utf8 === 0) {
    return {
      encoding: 'utf-8',
      certainty: 'sure',
      proof: 'it contains only ASCII, which every encoding reads the same way',
      readings: [],
    };
  }
  const words = wordsOf(Buffer.concat(lines.utf8.sample), 'utf-8').slice(0, 6);
  if (other === 0) {
    return {
      encoding: 'utf-8',
      certainty: 'sure',
      proof: 'every line of it is valid UTF-8',
      readings: [{ encoding: 'utf-8', words }],
    };
  }
  if (utf8 >= other * 4) {
    const proof = `${plural(utf8, 'line')} with letters beyond ASCII ${utf8 === 1 ? 'is' : 'are'} valid UTF-8, but ${other === 1 ? '1 line is' : `${other} lines are`} not, and will be reported as damaged`;
    return { encoding: 'utf-8', certainty: 'likely', proof, readings: [{ encoding: 'utf-8', words }] };
  }
  const single = proveSingleByte(Buffer.concat(lines.other.sample), other);
  if (utf8 === 0) return single;
  const proof = `${plural(utf8, 'line')} ${utf8 === 1 ? 'is' : 'are'} UTF-8 and ${other} ${other === 1 ? 'is' : 'are'} not, as if two files had been joined: one reading spoils the other's letters`;
  return { encoding: '?', certainty: 'open', proof, readings: [...single.readings, { encoding: 'utf-8', words }] };
}

/** Lines with bytes beyond ASCII, and the first of them. */
interface Kind {
  count: number;
  readonly sample: Buffer[];
  room: number;
}

interface Lines {
  readonly utf8: Kind;
  readonly other: Kind;
}

function look(bytes: Buffer, lines: Lines): void {
  if (bytes.length === 0 || isAscii(bytes)) return;
  const isWhole = isUtf8(bytes);
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(lineFeed, at) + 1 || bytes.length;
    const line = bytes.subarray(at, end);
    at = end;
    if (isAscii(line)) continue;
    const kind = isWhole || isUtf8(line) ? lines.utf8 : lines.other;
    kind.count += 1;
    if (kind.room <= 0) continue;
    kind.sample.push(Buffer.from(line.subarray(0, 4096)));
    kind.room -= line.length;
  }
}

function isAscii(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte > 0x7f) return false;
  return true;
}

function markedBy(bytes: Buffer): EncodingProof | undefined {
  const sure = (encoding: string, proof: string): EncodingProof => ({
    encoding,
    certainty: 'sure',
    proof,
    readings: [],
  });
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return sure('utf-8', 'it begins with the byte order mark of UTF-8');
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return sure('utf-16le', 'it begins with the byte order mark of UTF-16');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return sure('utf-16be', 'it begins with the byte order mark of UTF-16');
  // Text of two bytes a character without a mark: in plain English every other byte is NUL.
  const start = bytes.subarray(0, 4096);
  const nuls = [0, 0];
  start.forEach((byte, index) => {
    if (byte === 0) nuls[index % 2] = (nuls[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = nuls;
  if (even + odd < 4 || Math.max(even, odd) * 4 < start.length || Math.min(even, odd) * 20 > even + odd)
    return undefined;
  return sure(odd > even ? 'utf-16le' : 'utf-16be', 'every other byte is NUL, as in UTF-16 without a byte order mark');
}
