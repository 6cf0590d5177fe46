import { constants, type InflateRaw, type ZstdDecompress } from 'node:zlib';
import { makeMemory } from '../web-assembly.ts';
import type { ByteInput } from './byte-input.ts';
import { COPIED, type Ending, OUTPUT_CHUNK } from './output.ts';

type Engine = InflateRaw | ZstdDecompress;

/**
 * Creates a decoder of `node:zlib` with output buffers of `chunkSize` bytes, feeds it until its stream ends, and pushes
 * unread input back. A piece of output is valid until the next is requested. Node's decoders report nothing at the end
 * of a stream, they only stop consuming input: so the unconsumed input is counted.
 */
export function decodeStream(
  make: (chunkSize: number) => Engine,
  input: ByteInput,
): AsyncGenerator<Buffer, Ending> {
  // Decoding in place does not use the stream's buffer.
  const engine = make(LEAST_CHUNK);
  const inside = insideOf(engine);
  return inside === null ? decodeAside(make(OUTPUT_CHUNK), input) : decodeInPlace(engine, inside, input);
}

/** `Z_MIN_CHUNK`. */
const LEAST_CHUNK = 64;

/**
 * What Node's own synchronous functions use of a decoder: they cannot continue a stream, and its stream runs on another
 * thread.
 */
type Inside = {
  readonly handle: {
    writeSync(
      ...args: [
        flush: number,
        input: Buffer,
        at: number,
        length: number,
        output: Buffer,
        to: number,
        room: number,
      ]
    ): void;
  };
  /** After a write: free bytes of output, unread bytes of input. */
  readonly state: Uint32Array;
};

/** `null` in a Node that keeps it elsewhere: then the public stream is used, which is only slower. */
export function insideOf(engine: object): Inside | null {
  const { _handle: handle, _writeState: state } = engine as {
    readonly _handle?: Partial<Inside['handle']>;
    readonly _writeState?: unknown;
  };
  return typeof handle?.writeSync === 'function' && state instanceof Uint32Array && state.length === 2
    ? { handle: handle as Inside['handle'], state }
    : null;
}

/** Bytes that scanning may read behind a piece. */
const READ_BEHIND = 256;

/** Output of a write after which the next is waited for: a block of zstd has 128 KB, unless its frame ends. */
const FULL_BLOCK = 128 * 1024;

/** Buffers of decoders that have ended. */
const SPARE: Buffer[] = [];
const MOST_SPARE = 4;

/**
 * Decodes in this thread, always into the same buffer: its pages are touched once, they are in the cache when they are
 * read, and no other thread has to be woken. It takes half the CPU time of the stream.
 */
export async function* decodeInPlace(
  engine: Engine,
  { handle, state }: Inside,
  input: ByteInput,
): AsyncGenerator<Buffer, Ending> {
  const output = SPARE.pop() ?? Buffer.from(makeMemory(OUTPUT_CHUNK + READ_BEHIND).buffer, 0, OUTPUT_CHUNK);
  engine.on('error', () => {});
  /** Bytes of output that were not passed on yet. */
  let filled = 0;
  let hasPassed = false;
  const taken = (): Buffer => {
    const piece = output.subarray(0, filled);
    filled = 0;
    hasPassed = true;
    return piece.length <= COPIED ? Buffer.from(piece) : piece;
  };
  try {
    for (;;) {
      let chunk: Buffer | null;
      try {
        chunk = await input.next();
      } catch (error) {
        if (filled > 0) yield taken();
        throw error;
      }
      const bytes = chunk ?? NOTHING;
      let at = 0;
      for (let room = 0; room === 0; ) {
        const flush = chunk === null ? FINISH : GO_ON;
        handle.writeSync(flush, bytes, at, bytes.length - at, output, filled, OUTPUT_CHUNK - filled);
        if (engine.errored) {
          if (filled > 0) yield taken();
          return endingOf(engine.errored);
        }
        room = state[0]!;
        at = bytes.length - state[1]!;
        const made = OUTPUT_CHUNK - room - filled;
        filled += made;
        // Two blocks of zstd are one piece, but what the next input must not delay is not held back.
        if (filled > 0 && (room === 0 || made < FULL_BLOCK || !hasPassed)) yield taken();
      }
      const hasEnded = at < bytes.length || chunk === null;
      if (hasEnded && filled > 0) yield taken();
      if (at < bytes.length) input.unread(bytes.subarray(at));
      if (hasEnded) return { kind: 'whole' };
    }
  } finally {
    engine.destroy();
    if (SPARE.length < MOST_SPARE) SPARE.push(output);
    // Node frees a decoder in a turn of the event loop, and members already available need none: a million
    // empty ones, 200 bytes of zstd, would take gigabytes.
    if (++ended % ENDED_IN_A_TURN === 0) await new Promise(resolve => setImmediate(resolve));
  }
}

let ended = 0;
const ENDED_IN_A_TURN = 64;

const NOTHING = Buffer.alloc(0);

/** The same numbers for both libraries: `Z_NO_FLUSH` and `ZSTD_e_continue`; zstd ignores the end. */
const GO_ON = constants.Z_NO_FLUSH;
const FINISH = constants.Z_FINISH;

function endingOf(error: Error): Ending {
  return (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR'
    ? { kind: 'cut' }
    : { kind: 'broken', error };
}

/** Decodes with the public stream: the next output is made on another thread while the last is read. */
export async function* decodeAside(engine: Engine, input: ByteInput): AsyncGenerator<Buffer, Ending> {
  let fed = 0;
  let last: Buffer | null = null;
  let isWriting = false;
  let hasEnded = false;
  let error: Error | undefined;
  let wake = (): void => {};
  engine.on('readable', () => wake());
  engine.on('end', () => {
    hasEnded = true;
    wake();
  });
  engine.on('error', cause => {
    error = cause;
    wake();
  });
  const onWritten = (): void => {
    isWriting = false;
    wake();
  };
  try {
    for (;;) {
      const chunk = engine.read() as Buffer | null;
      if (chunk !== null) {
        yield chunk;
      } else if (error !== undefined) {
        return endingOf(error);
      } else if (hasEnded || (!isWriting && engine.bytesWritten < fed)) {
        if (last !== null) input.unread(last.subarray(last.length - (fed - engine.bytesWritten)));
        return { kind: 'whole' };
      } else if (isWriting) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      } else {
        isWriting = true;
        last = await input.next();
        if (last === null) engine.end();
        else {
          fed += last.length;
          engine.write(last, onWritten);
        }
      }
    }
  } finally {
    engine.destroy();
  }
}
