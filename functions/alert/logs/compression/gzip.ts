import { crc32 } from 'node:zlib';
import { Damage, type ReadCode } from '../damage.ts';
import type { ByteInput } from './byte-input.ts';
import { inflate } from './inflate.ts';
import type { NoteDamage } from './output.ts';

/** How a container of deflate data is named, started and checked, and its damage codes. */
type Container = {
  readonly name: 'gzip' | 'zlib';
  /** Consumes the header; `false` if there is none. */
  readonly header: (input: ByteInput) => Promise<boolean>;
  readonly checksum: (bytes: Buffer, before: number) => number;
  readonly initial: number;
  readonly trailerLength: number;
  readonly holds: (trailer: Buffer, checksum: number, length: number) => boolean;
  readonly codes: { readonly truncated: ReadCode; readonly checksum: ReadCode; readonly corrupt: ReadCode };
};

/** Gzip: any number of members, split anywhere, zero padding between and after them. */
export function gunzip(input: ByteInput, note: NoteDamage): AsyncGenerator<Buffer> {
  return members(input, note, {
    name: 'gzip',
    header: gzipHeader,
    checksum: crc32,
    initial: 0,
    trailerLength: 8,
    holds: (trailer, checksum, length) =>
      trailer.readUInt32LE(0) === checksum && trailer.readUInt32LE(4) === length % 2 ** 32,
    codes: { truncated: 'GzipTruncated', checksum: 'GzipCrc', corrupt: 'GzipCorrupt' },
  });
}

/** Zlib: as gzip, with its own header and checksum. */
export function unzlib(input: ByteInput, note: NoteDamage): AsyncGenerator<Buffer> {
  return members(input, note, {
    name: 'zlib',
    header: zlibHeader,
    checksum: adler32,
    initial: 1,
    trailerLength: 4,
    holds: (trailer, checksum) => trailer.readUInt32BE(0) === checksum,
    codes: { truncated: 'ZlibTruncated', checksum: 'ZlibChecksum', corrupt: 'ZlibCorrupt' },
  });
}

async function* members(input: ByteInput, note: NoteDamage, container: Container): AsyncGenerator<Buffer> {
  for (let member = 1; ; member++) {
    input.ask();
    if (member > 1 && !(await skipPadding(input))) return;
    const start = input.position;
    const where = `${container.name} member ${member} (byte ${start})`;
    if (!(await container.header(input))) {
      const rest = await input.peek(1);
      if (rest.length === 0)
        throw new Damage(
          container.codes.truncated,
          `${where}: the data ends inside its header; upload it again`,
        );
      if (member === 1) throw new Damage(container.codes.corrupt, `${where}: its header is damaged`);
      throw new Damage(
        'TrailingGarbage',
        `${container.name}: after member ${member - 1}, from byte ${start}, the bytes are neither padding nor another member`,
      );
    }
    let checksum = container.initial;
    let length = 0;
    const ending = yield* inflate(input, chunk => {
      checksum = container.checksum(chunk, checksum);
      length += chunk.length;
    });
    if (ending.kind === 'broken')
      throw new Damage(
        container.codes.corrupt,
        `${where}: its data is damaged before byte ${input.position}, after ${length} decoded bytes`,
        { cause: ending.error },
      );
    const trailer = ending.kind === 'cut' ? null : await input.take(container.trailerLength);
    if (trailer === null)
      throw new Damage(
        container.codes.truncated,
        `${where}: the data ends at byte ${input.position}, before the member does; upload it again`,
      );
    if (!container.holds(trailer, checksum, length))
      note(
        new Damage(
          container.codes.checksum,
          `${where}: ${length} bytes were decoded, but they do not match the checksum and length in its trailer`,
        ),
      );
  }
}

/** Skips zero bytes; `false` if nothing else is left. */
async function skipPadding(input: ByteInput): Promise<boolean> {
  for (;;) {
    const chunk = await input.next();
    if (chunk === null) return false;
    const data = chunk.findIndex(byte => byte !== 0);
    if (data < 0) continue;
    input.unread(chunk.subarray(data));
    return true;
  }
}

const HAS_CRC = 2;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;
const RESERVED = 0xe0;

/** Consumes a gzip header. If `false`, nothing was consumed, or the data ended inside it. */
async function gzipHeader(input: ByteInput): Promise<boolean> {
  const fixed = await input.peek(10);
  if ([0x1f, 0x8b, 8].some((byte, index) => index < fixed.length && fixed[index] !== byte)) return false;
  const flags = fixed[3] ?? 0;
  if ((flags & RESERVED) !== 0) return false;
  if ((await input.take(10)) === null) return false;
  if (flags & HAS_EXTRA) {
    const length = await input.take(2);
    if (length === null || (await input.take(length.readUInt16LE(0))) === null) return false;
  }
  for (const flag of [HAS_NAME, HAS_COMMENT]) if (flags & flag && !(await skipText(input))) return false;
  return !(flags & HAS_CRC) || (await input.take(2)) !== null;
}

async function skipText(input: ByteInput): Promise<boolean> {
  for (;;) {
    const chunk = await input.next();
    if (chunk === null) return false;
    const end = chunk.indexOf(0);
    if (end < 0) continue;
    input.unread(chunk.subarray(end + 1));
    return true;
  }
}

const NEEDS_DICTIONARY = 0x20;

async function zlibHeader(input: ByteInput): Promise<boolean> {
  const header = await input.peek(2);
  if (header.length === 2 && !isZlibHeader(header)) return false;
  return (await input.take(2)) !== null;
}

/** Deflate with a window of at most 32 KB, no dictionary, and the header's own check. */
export function isZlibHeader(head: Uint8Array): boolean {
  const [method = 0, flags = 0] = head;
  return (
    (method & 15) === 8 &&
    method >> 4 <= 7 &&
    (flags & NEEDS_DICTIONARY) === 0 &&
    (method * 256 + flags) % 31 === 0
  );
}

/** The most bytes whose sums stay below 2^32. */
const ADLER_RUN = 3_800;

function adler32(bytes: Buffer, before: number): number {
  let low = before & 0xffff;
  let high = before >>> 16;
  for (let from = 0; from < bytes.length; from += ADLER_RUN) {
    const to = Math.min(from + ADLER_RUN, bytes.length);
    for (let index = from; index < to; index++) {
      low += bytes[index]!;
      high += low;
    }
    low %= 65_521;
    high %= 65_521;
  }
  return high * 65_536 + low;
}
