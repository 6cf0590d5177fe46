import { Damage } from '../damage.ts';
import { ByteInput, STOPPED } from './byte-input.ts';
import { bunzip2 } from './bzip2.ts';
import { gunzip, isZlibHeader, unzlib } from './gzip.ts';
import { limited, type NoteDamage } from './output.ts';
import { HEAD_BYTES, refusedFormat } from './refused-formats.ts';
import { zipEntries } from './zip.ts';
import { isZstd, unzstd } from './zstd.ts';

export type DecompressLimits = { readonly maxOutputBytes: number; readonly zstdWindowBytes: number };

type Format = {
  readonly name: string;
  readonly magic: (head: Buffer) => boolean;
  /** The files inside, one after the other; each is read to its end before the next. */
  readonly open: (
    input: ByteInput,
    note: NoteDamage,
    limits: DecompressLimits,
  ) => AsyncIterable<AsyncIterable<Buffer>>;
};

const FORMATS: readonly Format[] = [
  {
    name: 'gzip',
    magic: begins(0x1f, 0x8b),
    open: (input, note) => one(gunzip(input, note)),
  },
  {
    name: 'zstd',
    magic: isZstd,
    open: (input, note, { zstdWindowBytes }) => one(unzstd(input, note, zstdWindowBytes)),
  },
  {
    name: 'bzip2',
    magic: begins(0x42, 0x5a, 0x68),
    open: (input, note) => one(bunzip2(input, note)),
  },
  { name: 'zip', magic: begins(0x50, 0x4b, 3, 4), open: zipEntries },
  { name: 'zip without entries', magic: begins(0x50, 0x4b, 5, 6), open: zipEntries },
  {
    name: 'zip in one part',
    magic: begins(0x50, 0x4b, 7, 8, 0x50, 0x4b),
    open: zipEntries,
  },
  { name: 'zlib', magic: isZlibHeader, open: (input, note) => one(unzlib(input, note)) },
];

const DEEPEST = 2;

/**
 * The text inside an object, whatever its compression, at most twice; `null` is yielded between two files of an
 * archive. Damage that ends reading is thrown, other damage noted.
 */
export async function* decompress(
  input: ByteInput,
  note: NoteDamage,
  limits: DecompressLimits,
  depth = 0,
): AsyncGenerator<Buffer | null> {
  const head = await input.peekAtMost(HEAD_BYTES);
  const format = FORMATS.find(({ magic }) => magic(head));
  if (format === undefined) {
    const refused = refusedFormat(head);
    if (refused !== null)
      throw new Damage(
        'UnsupportedFormat',
        `the content is ${refused.name}, which is not read; ${refused.instead}`,
      );
    for (let chunk = await input.next(); chunk !== null; chunk = await input.next()) yield chunk;
    return;
  }
  if (depth === DEEPEST)
    throw new Damage(
      'NestedCompression',
      `the content is ${format.name} inside ${DEEPEST} other compressions; have the exporter compress once`,
    );
  const budget = { max: limits.maxOutputBytes, left: limits.maxOutputBytes };
  let isFirst = true;
  // A decoder keeps its input, which for an inner one is the buffer of the outer.
  // If stopped during detection, what is available is decoded anyway: it may contain a match.
  const isStopped = input.threw(STOPPED);
  const stop = isStopped ? () => false : input.stop;
  const own = depth === 0 && !isStopped ? input : new ByteInput(copies(input), stop);
  for await (const file of format.open(own, note, limits)) {
    if (!isFirst) yield null;
    isFirst = false;
    const inner = new ByteInput(limited(file, budget), stop);
    try {
      yield* decompress(inner, note, limits, depth + 1);
      await inner.drain();
    } catch (error) {
      // Damage inside one file of an archive leaves the others readable.
      if (format.open !== zipEntries || !(error instanceof Damage) || ENDS_ARCHIVE.test(error.code))
        throw error;
      note(error);
      await inner.drain();
    } finally {
      await inner.close();
    }
  }
}

const ENDS_ARCHIVE = /^(Zip|DecompressionLimit)/;

async function* one(file: AsyncIterable<Buffer>): AsyncGenerator<AsyncIterable<Buffer>> {
  yield file;
}

async function* copies(input: ByteInput): AsyncGenerator<Buffer> {
  for (let chunk = await input.next(); chunk !== null; chunk = await input.next()) yield Buffer.from(chunk);
}

function begins(...bytes: readonly number[]): (head: Buffer) => boolean {
  return head => bytes.every((byte, index) => head[index] === byte);
}
