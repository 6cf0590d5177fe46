import { constants, type InflateRaw, type ZstdDecompress } from 'node:zlib';
import type { ByteInput } from './byte-input.ts';
import { OUTPUT_CHUNK } from './output.ts';

/** How one stream of a native decoder ended: by itself, with the input, or by an error in what it was last fed. */
export type Ending =
  | { readonly kind: 'whole' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'broken'; readonly error: Error };

/** Follows what goes in and comes out, so that a decoder that fails can be followed up. */
export type Watch = {
  readonly fed: (chunk: Buffer) => void;
  readonly gave: (chunk: Buffer) => void;
};

type Engine = InflateRaw | ZstdDecompress;

/**
 * Makes a decoder of `node:zlib`, of which each buffer of output has `chunkSize` bytes, and feeds it until its stream ends, and gives unread input back. A piece of output is valid until
 * the next is asked for. Node's decoders say nothing at the end of a stream, they only stop taking input: so what was
 * not consumed is counted.
 */
export function decodeStream(
  make: (chunkSize: number) => Engine,
  input: ByteInput,
  watch?: Watch,
): AsyncGenerator<Buffer, Ending> {
  // Decoding in place does not use the buffer of the stream.
  const engine = make(LEAST_CHUNK);
  const inside = insideOf(engine);
  return inside === null
    ? decodeAside(make(OUTPUT_CHUNK), input, watch)
    : decodeInPlace(engine, inside, input, watch);
}

/** `Z_MIN_CHUNK`. */
const LEAST_CHUNK = 64;

/** What Node's own synchronous functions use of a decoder: they cannot go on with a stream, and its stream decodes aside. */
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
  /** After a write: bytes of output left free, bytes of input left unread. */
  readonly state: Uint32Array;
};

/** `null` in a Node that keeps it elsewhere: then the public stream is used, which is slower and nothing else. */
export function insideOf(engine: object): Inside | null {
  const { _handle: handle, _writeState: state } = engine as {
    readonly _handle?: Partial<Inside['handle']>;
    readonly _writeState?: unknown;
  };
  return typeof handle?.writeSync === 'function' && state instanceof Uint32Array && state.length === 2
    ? { handle: handle as Inside['handle'], state }
    : null;
}

/** Up to this, a piece is a copy: who looks ahead may hold it and ask for the next. */
const COPIED = 4 * 1024;

/** Buffers of decoders that have ended. */
const SPARE: Buffer[] = [];
const MOST_SPARE = 4;

/**
 * Decodes in this thread, always into the same buffer: its pages are touched once, they are in the cache when they are
 * looked at, and no other thread has to be woken. It takes half of the CPU of the stream.
 */
export async function* decodeInPlace(
  engine: Engine,
  { handle, state }: Inside,
  input: ByteInput,
  watch?: Watch,
): AsyncGenerator<Buffer, Ending> {
  const output = SPARE.pop() ?? Buffer.allocUnsafeSlow(OUTPUT_CHUNK);
  engine.on('error', () => {});
  try {
    for (;;) {
      const chunk = await input.next();
      if (chunk !== null) watch?.fed(chunk);
      const bytes = chunk ?? NOTHING;
      let at = 0;
      for (let room = 0; room === 0; ) {
        const flush = chunk === null ? FINISH : GO_ON;
        handle.writeSync(flush, bytes, at, bytes.length - at, output, 0, OUTPUT_CHUNK);
        if (engine.errored) return endingOf(engine.errored);
        room = state[0]!;
        at = bytes.length - state[1]!;
        const made = OUTPUT_CHUNK - room;
        if (made === 0) continue;
        const piece = output.subarray(0, made);
        watch?.gave(piece);
        yield made <= COPIED ? Buffer.from(piece) : piece;
      }
      if (at < bytes.length) input.unread(bytes.subarray(at));
      if (at < bytes.length || chunk === null) return { kind: 'whole' };
    }
  } finally {
    engine.destroy();
    if (SPARE.length < MOST_SPARE) SPARE.push(output);
    // Node frees a decoder in a turn of the event loop, and members that are at hand already need none: a million of
    // empty ones, 200 bytes of zstd, would take gigabytes.
    if (++ended % ENDED_IN_A_TURN === 0) await new Promise(resolve => setImmediate(resolve));
  }
}

let ended = 0;
const ENDED_IN_A_TURN = 64;

const NOTHING = Buffer.alloc(0);

/** The same numbers for both libraries: `Z_NO_FLUSH` and `ZSTD_e_continue`; zstd takes no notice of the end. */
const GO_ON = constants.Z_NO_FLUSH;
const FINISH = constants.Z_FINISH;

function endingOf(error: Error): Ending {
  return (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR'
    ? { kind: 'cut' }
    : { kind: 'broken', error };
}

/** Decodes by the public stream: the next output on another thread while the last is looked at. */
export async function* decodeAside(
  engine: Engine,
  input: ByteInput,
  watch?: Watch,
): AsyncGenerator<Buffer, Ending> {
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
        watch?.gave(chunk);
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
          watch?.fed(last);
          engine.write(last, onWritten);
        }
      }
    }
  } finally {
    engine.destroy();
  }
}
