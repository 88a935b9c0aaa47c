import { isUtf8 } from 'node:buffer';

/** A byte that can't be part of a cell. */
export interface BadByte {
  readonly code: 'nul_byte' | 'invalid_bytes';
  /** Its position in the bytes that were looked at. */
  readonly at: number;
}

/** What a decoder puts in place of bytes that it can't read. */
const replacementCharacter = Buffer.from('\uFFFD');

/** The first bad byte, if there is one. In transcoded text it has become a replacement character. */
export function findBadByte(bytes: Buffer, isTranscoded: boolean): BadByte | undefined {
  const nul = bytes.indexOf(0);
  const invalid = isTranscoded ? bytes.indexOf(replacementCharacter) : isUtf8(bytes) ? -1 : firstInvalid(bytes);
  if (invalid >= 0) return { code: 'invalid_bytes', at: invalid };
  return nul < 0 ? undefined : { code: 'nul_byte', at: nul };
}

/** The text with each NUL and each byte that is not UTF-8 written as `\xNN`. */
export function showBadBytes(bytes: Buffer): Buffer {
  if (isUtf8(bytes) && !bytes.includes(0)) return bytes;
  const parts: Buffer[] = [];
  let sound = 0;
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    if (length > 0 && bytes[at] !== 0) {
      at += length;
      continue;
    }
    const shown = `\\x${bytes.toString('hex', at, at + 1).toUpperCase()}`;
    parts.push(bytes.subarray(sound, at), Buffer.from(shown));
    at += 1;
    sound = at;
  }
  return Buffer.concat([...parts, bytes.subarray(sound)]);
}

function firstInvalid(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const length = characterLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return -1;
}

/** The number of bytes of the UTF-8 character at `at`, 0 if there is none. */
function characterLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}
