import { crc32 } from 'node:zlib';
import { Damage } from '../damage.ts';
import type { ByteInput } from './byte-input.ts';
import { inflate } from './inflate.ts';
import type { NoteDamage } from './output.ts';
import { readDirectory } from './zip-directory.ts';

const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;

const IS_ENCRYPTED = 1;
const HAS_DESCRIPTOR = 8;

const METHODS: Readonly<Record<number, string>> = {
  9: 'deflate64',
  12: 'bzip2',
  14: 'lzma',
  93: 'zstd',
  95: 'xz',
  98: 'ppmd',
};

type Header = {
  readonly where: string;
  readonly method: number;
  readonly hasDescriptor: boolean;
  readonly checksum: number;
  readonly packed: number;
  readonly length: number;
};

type Sum = { checksum: number; length: number };

/**
 * The entries of a zip archive read forwards, stored or deflated; each must be read to its end before the next. The
 * headers are parsed here: a library that reads zip as a stream would inflate in JavaScript, find an entry's end by a signature that its data may contain, and verify no checksum.
 */
export async function* zipEntries(
  input: ByteInput,
  note: NoteDamage,
): AsyncGenerator<AsyncGenerator<Buffer>> {
  let entries = 0;
  for (; await atEntry(input, entries); ) {
    entries++;
    const header = await readHeader(input, `zip entry ${entries} (byte ${input.position})`);
    yield readEntry(input, header, note);
  }
  await readDirectory(input, entries, note);
}

async function atEntry(input: ByteInput, entries: number): Promise<boolean> {
  input.ask();
  const head = await input.peek(4);
  if (head.length < 4) throw truncated(input);
  if (head.readUInt32LE(0) === LOCAL) return true;
  // A split or spanned archive of one part begins with a signature of its own.
  if (entries === 0 && (head.readUInt32LE(0) === DESCRIPTOR || head.readUInt32LE(0) === 0x30304b50)) {
    await input.take(4);
    return atEntry(input, -1);
  }
  return false;
}

async function readHeader(input: ByteInput, where: string): Promise<Header> {
  const fixed = await input.take(30);
  const variable = fixed && (await input.take(fixed.readUInt16LE(26) + fixed.readUInt16LE(28)));
  if (!fixed || !variable) throw truncated(input);
  const flags = fixed.readUInt16LE(6);
  const method = fixed.readUInt16LE(8);
  if (flags & IS_ENCRYPTED)
    throw new Damage('UnsupportedFormat', `${where} is encrypted; export without a password`);
  if (method !== 0 && method !== 8)
    throw new Damage(
      'UnsupportedFormat',
      `${where} uses ${METHODS[method] ?? `method ${method}`}; only stored and deflated entries are read`,
    );
  const large = largeSizes(variable.subarray(fixed.readUInt16LE(26)));
  const sizes = [fixed.readUInt32LE(22), fixed.readUInt32LE(18)].map(size =>
    size === 0xffffffff ? (large.shift() ?? size) : size,
  );
  return {
    where,
    method,
    hasDescriptor: (flags & HAS_DESCRIPTOR) !== 0,
    checksum: fixed.readUInt32LE(14),
    length: sizes[0]!,
    packed: sizes[1]!,
  };
}

/** The sizes in the extra field for those beyond 32 bits: length, then packed length. */
function largeSizes(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const end = Math.min(at + 4 + extra.readUInt16LE(at + 2), extra.length);
    const sizes: number[] = [];
    for (let from = at + 4; from + 8 <= end; from += 8) sizes.push(Number(extra.readBigUInt64LE(from)));
    return sizes;
  }
  return [];
}

async function* readEntry(input: ByteInput, header: Header, note: NoteDamage): AsyncGenerator<Buffer> {
  const sum: Sum = { checksum: 0, length: 0 };
  const start = input.position;
  const add = (chunk: Buffer): void => {
    sum.checksum = crc32(chunk, sum.checksum);
    sum.length += chunk.length;
  };
  if (header.method === 8) {
    const ending = yield* inflate(input, add);
    if (ending.kind === 'cut') throw truncated(input);
    if (ending.kind === 'broken')
      throw new Damage(
        'ZipCorrupt',
        `${header.where}: its data is damaged before byte ${input.position}, after ${sum.length} decoded bytes`,
        { cause: ending.error },
      );
  } else if (header.hasDescriptor) {
    yield* storedUntilDescriptor(input, sum, add);
  } else {
    for (let left = header.packed; left > 0; ) {
      const chunk = await input.nextUpTo(left);
      if (chunk === null) throw truncated(input);
      left -= chunk.length;
      add(chunk);
      yield chunk;
    }
  }
  const packed = input.position - start;
  const isSound = header.hasDescriptor
    ? await takeDescriptor(input, sum, packed)
    : header.checksum === sum.checksum && header.length === sum.length && header.packed === packed;
  if (isSound) return;
  const damage = new Damage(
    'ZipChecksum',
    `${header.where}: ${sum.length} bytes were decoded, but they do not match its checksum and length`,
  );
  if (header.hasDescriptor) throw damage;
  note(damage);
}

/**
 * Consumes the descriptor after an entry, with or without signature, of 32 or 64 bits, whichever matches what was read.
 */
async function takeDescriptor(input: ByteInput, sum: Sum, packed: number): Promise<boolean> {
  const head = await input.peek(24);
  for (const from of [4, 0])
    for (const width of [4, 8])
      if (
        (from === 0 || (head.length >= 4 && head.readUInt32LE(0) === DESCRIPTOR)) &&
        isDescriptor(head.subarray(from), width, sum, packed)
      ) {
        await input.take(from + 4 + 2 * width);
        return true;
      }
  return false;
}

function isDescriptor(at: Buffer, width: number, sum: Sum, packed: number): boolean {
  if (at.length < 4 + 2 * width || at.readUInt32LE(0) !== sum.checksum) return false;
  const sizes =
    width === 4 ? [at.readUInt32LE(4), at.readUInt32LE(8)] : [at.readBigUInt64LE(4), at.readBigUInt64LE(12)];
  return Number(sizes[0]) === packed && Number(sizes[1]) === sum.length;
}

/** Stored data of unknown length ends where a descriptor matches exactly what has been read; any other one is data. */
async function* storedUntilDescriptor(
  input: ByteInput,
  sum: Sum,
  add: (chunk: Buffer) => void,
): AsyncGenerator<Buffer> {
  const signature = Buffer.from([0x50, 0x4b, 7, 8]);
  for (;;) {
    const head = await input.peekReady(24);
    if (head.length < 16) {
      const rest = await input.next();
      if (rest === null) throw truncated(input);
      add(rest);
      yield rest;
      continue;
    }
    const found = head.indexOf(signature);
    if (found === 0 && [4, 8].some(width => isDescriptor(head.subarray(4), width, sum, sum.length))) return;
    const length = found > 0 ? found : found === 0 ? 1 : head.length - 3;
    const data = await input.take(length);
    if (data === null) throw truncated(input);
    add(data);
    yield data;
  }
}

function truncated(input: ByteInput): Damage {
  return new Damage(
    'ZipTruncated',
    `zip: the data ends at byte ${input.position}, before the archive does; upload it again`,
  );
}
