import { promisify } from 'node:util';
import zlib from 'node:zlib';

const gunzip = promisify(zlib.gunzip);
const inflate = promisify(zlib.inflate);
const inflateRaw = promisify(zlib.inflateRaw);
const brotliDecompress = promisify(zlib.brotliDecompress);

type Decoder = (body: Buffer, limit: { maxOutputLength: number }) => Promise<Buffer>;

const decoders: Readonly<Record<string, Decoder>> = {
  identity: async (body) => body,
  gzip: gunzip,
  'x-gzip': gunzip,
  br: brotliDecompress,
  // Some servers leave the zlib header off, whose first byte has 8 in its low half.
  deflate: async (body, limit) => (((body[0] ?? 0) & 15) === 8 ? inflate(body, limit) : inflateRaw(body, limit)),
};

/** A decoded body, or why there is none. */
export type Decoded = Buffer | 'too_large' | 'broken';

/** Undoes Content-Encoding, last one first, and never makes more than `largest` bytes of it. We ask for identity only. */
export async function decodeBody(body: Buffer, encoding: string | undefined, largest: number): Promise<Decoded> {
  const names = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  let decoded = body;
  for (const name of names.filter((each) => each !== '').toReversed()) {
    if (decoded.length === 0) return decoded;
    const decoder = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
    if (decoder === undefined) return 'broken';
    try {
      decoded = await decoder(decoded, { maxOutputLength: largest });
    } catch (error) {
      return error instanceof RangeError ? 'too_large' : 'broken';
    }
  }
  return decoded;
}
