import { once } from 'node:events';
import { crc32, createDeflateRaw } from 'node:zlib';
import type { DeflateRaw } from 'node:zlib';

type Write = (bytes: Buffer) => Promise<void>;

interface Written {
  readonly name: Buffer;
  readonly offset: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

/** Names are UTF-8, and sizes follow the bytes: they are known only then. */
const flags = 0x0808;
const deflated = 8;
const version = 20;
/** 1980-01-01: the same content gives the same archive. */
const date = 0x21;

/** Writes a zip archive part by part, without holding more of it than a piece. */
export class ZipWriter {
  readonly #write: Write;
  readonly #parts: Written[] = [];
  #offset = 0;

  constructor(write: Write) {
    this.#write = write;
  }

  /** A whole part. */
  async add(name: string, text: string): Promise<void> {
    const part = await this.begin(name);
    await part.write(text);
    await part.end();
  }

  /** A part that is written in pieces. It has to end before the next one begins. */
  async begin(name: string): Promise<PartWriter> {
    const offset = this.#offset;
    const title = Buffer.from(name);
    await this.#put(
      Buffer.concat([
        header('PK\u0003\u0004', [version, flags, deflated, 0, date]),
        sizes(0, 0, 0),
        lengths(title),
        title,
      ]),
    );
    return new PartWriter(
      async (bytes) => this.#put(bytes),
      async (crc, packed, size) => {
        await this.#put(Buffer.concat([Buffer.from('PK\u0007\u0008'), sizes(crc, packed, size)]));
        this.#parts.push({ name: title, offset, crc, packed, size });
      },
    );
  }

  async end(): Promise<void> {
    const start = this.#offset;
    for (const { name, offset, crc, packed, size } of this.#parts) {
      const rest = Buffer.alloc(16);
      rest.writeUInt32LE(offset, 12);
      const fields = [version, version, flags, deflated, 0, date];
      await this.#put(
        Buffer.concat([
          header('PK\u0001\u0002', fields),
          sizes(crc, packed, size),
          lengths(name).subarray(0, 2),
          rest,
          name,
        ]),
      );
    }
    const end = Buffer.alloc(18);
    end.writeUInt16LE(this.#parts.length, 4);
    end.writeUInt16LE(this.#parts.length, 6);
    end.writeUInt32LE(this.#offset - start, 8);
    end.writeUInt32LE(start, 12);
    await this.#put(Buffer.concat([Buffer.from('PK\u0005\u0006'), end]));
  }

  async #put(bytes: Buffer): Promise<void> {
    this.#offset += bytes.length;
    await this.#write(bytes);
  }
}

/** One part of an archive. */
export class PartWriter {
  readonly #deflate: DeflateRaw = createDeflateRaw();
  readonly #put: Write;
  readonly #done: (crc: number, packed: number, size: number) => Promise<void>;
  #ready: Buffer[] = [];
  #crc = 0;
  #size = 0;
  #packed = 0;

  constructor(put: Write, done: (crc: number, packed: number, size: number) => Promise<void>) {
    this.#put = put;
    this.#done = done;
    this.#deflate.on('data', (piece: Buffer) => this.#ready.push(piece));
  }

  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    this.#crc = crc32(bytes, this.#crc);
    this.#size += bytes.length;
    if (!this.#deflate.write(bytes)) await once(this.#deflate, 'drain');
    await this.#flush();
  }

  async end(): Promise<void> {
    const ended = once(this.#deflate, 'end');
    this.#deflate.end();
    await ended;
    await this.#flush();
    await this.#done(this.#crc, this.#packed, this.#size);
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#ready);
    this.#ready = [];
    this.#packed += bytes.length;
    if (bytes.length > 0) await this.#put(bytes);
  }
}

function header(mark: string, fields: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 2 * fields.length);
  bytes.write(mark, 'latin1');
  for (const [index, field] of fields.entries()) bytes.writeUInt16LE(field, 4 + 2 * index);
  return bytes;
}

function sizes(crc: number, packed: number, size: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32LE(crc, 0);
  bytes.writeUInt32LE(packed, 4);
  bytes.writeUInt32LE(size, 8);
  return bytes;
}

/** Of a name, and of an extra field that is empty. */
function lengths(name: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(name.length, 0);
  return bytes;
}
