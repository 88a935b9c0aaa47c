import zlib from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBody } from '../../../src/gleantap/http/decode-body.ts';

const body = Buffer.from('{"status":"success","_id":"a1"}');
const limit = 1024;

describe('content encodings', () => {
  it.each<[string | undefined, Buffer]>([
    [undefined, body],
    ['', body],
    ['identity', body],
    ['gzip', zlib.gzipSync(body)],
    ['X-GZIP', zlib.gzipSync(body)],
    ['deflate', zlib.deflateSync(body)],
    ['deflate', zlib.deflateRawSync(body)],
    ['br', zlib.brotliCompressSync(body)],
    ['deflate, gzip', zlib.gzipSync(zlib.deflateSync(body))],
    ['gzip , br', zlib.brotliCompressSync(zlib.gzipSync(body))],
  ])('%j is decoded', async (encoding, encoded) => {
    expect(await decodeBody(encoded, encoding, limit)).toEqual(body);
  });

  it.each<[string, Buffer]>([
    ['zstd', body],
    ['constructor', body],
    ['gzip', body],
    ['gzip', zlib.gzipSync(body).subarray(0, -9)],
    ['gzip', zlib.deflateSync(body)],
    ['deflate', zlib.gzipSync(body)],
    ['br', body],
    ['gzip, gzip', zlib.gzipSync(body)],
  ])('%j is broken', async (encoding, encoded) => {
    expect(await decodeBody(encoded, encoding, limit)).toBe('broken');
  });

  it('an empty body has none, whatever the header says', async () => {
    expect(await decodeBody(Buffer.alloc(0), 'gzip', limit)).toEqual(Buffer.alloc(0));
    expect(await decodeBody(Buffer.alloc(0), undefined, limit)).toEqual(Buffer.alloc(0));
  });
});

describe('a decompression bomb', () => {
  const bomb = Buffer.alloc(64 * 1024 * 1024);
  it.each([
    ['gzip', zlib.gzipSync(bomb)],
    ['deflate', zlib.deflateSync(bomb)],
    ['br', zlib.brotliCompressSync(bomb, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ['gzip, gzip', zlib.gzipSync(zlib.gzipSync(bomb))],
  ])('of %s is stopped', async (encoding, encoded) => {
    expect(await decodeBody(encoded, encoding, 1024 * 1024)).toBe('too_large');
  });

  it('the limit itself is allowed', async () => {
    expect(await decodeBody(zlib.gzipSync(Buffer.alloc(limit)), 'gzip', limit)).toHaveLength(limit);
    expect(await decodeBody(zlib.gzipSync(Buffer.alloc(limit + 1)), 'gzip', limit)).toBe('too_large');
  });
});

it('whatever bytes arrive, the result is bytes or an error code', async () => {
  const encodings = fc.constantFrom('gzip', 'deflate', 'br', 'identity', 'deflate, br', ',', 'x');
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 50 }), encodings, async (bytes, encoding) => {
      const decoded = await decodeBody(Buffer.from(bytes), encoding, limit);
      expect(Buffer.isBuffer(decoded) || decoded === 'broken' || decoded === 'too_large').toBe(true);
    }),
  );
});
