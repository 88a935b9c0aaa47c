/**
 * Text that was UTF-8, was read as Windows-1252 (or Latin-1) and saved again: JosÃ© for José, itâ€™s for it’s.
 */

/** Windows-1252 from 0x80 to 0x9F; the five unused bytes are control characters, as browsers and Latin-1 have them. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

const byteOf = new Map<number, number>();
for (let byte = 0x80; byte <= 0xff; byte += 1) byteOf.set(byte, byte);
for (let index = 0; index < windows1252.length; index += 1) byteOf.set(windows1252.charCodeAt(index), 0x80 + index);

/** A first byte of UTF-8 and a continuation byte, both seen as characters. Without them, nothing is encoded twice. */
const telltale =
  /[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2010-\u2122]/;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text as it was before it was encoded a second time; undefined when it was not. Only where nothing can be lost: the
 * *whole* text, as bytes of Windows-1252, must be valid UTF-8, so that encoding the answer twice gives the text back.
 * `SÃO PAULO`, `CAFÉ “` and the like don't qualify.
 */
export function undoDoubleUtf8(text: string): string | undefined {
  if (!telltale.test(text)) return undefined;
  const once = decodeOnce(text);
  // Some files went through it more than twice.
  return once === undefined ? undefined : (undoDoubleUtf8(once) ?? once);
}

function decodeOnce(text: string): string | undefined {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const byte = code < 0x80 ? code : byteOf.get(code);
    if (byte === undefined) return undefined;
    bytes[index] = byte;
  }
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
