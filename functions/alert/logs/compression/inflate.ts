import { instanceOf, makeMemory } from '../web-assembly.ts';
import type { ByteInput } from './byte-input.ts';
import { INFLATE_MODULE } from './inflate-module.ts';
import { COPIED, type Ending } from './output.ts';

/** What a call of `run` ended with: the input is used up, the output full, the stream over, or not deflate. */
const MORE = 0;
const FULL = 1;
const DONE = 2;

/** Exports of `infra/wasm/inflate.ts`; the constants are addresses and sizes in bytes. */
type Exports = {
  readonly INPUT: { readonly value: number };
  readonly INPUT_SIZE: { readonly value: number };
  readonly OUTPUT: { readonly value: number };
  begin(): void;
  feed(length: number): void;
  run(): number;
  made(): number;
  take(): void;
  used(): number;
};

/** Tables, input and output of one decoder, and what scanning may read behind the output. */
const MEMORY_BYTES = 8 * 64 * 1024;

/** The first input of a stream: of many short ones in a chunk, each would copy the rest of it. */
const FIRST_INPUT = 1024;

type Engine = { readonly exports: Exports; readonly memory: Buffer };

/** Decoders that have ended. */
const SPARE: Engine[] = [];
const MOST_SPARE = 4;

/**
 * Inflates one deflate stream and leaves what follows it; returns every byte before damage. A piece of output is valid
 * until the next is requested. Node's zlib takes half as much time again, and withholds the output of a call that fails.
 */
export async function* inflate(
  input: ByteInput,
  onOutput: (chunk: Buffer) => void,
): AsyncGenerator<Buffer, Ending> {
  const engine = SPARE.pop() ?? makeEngine();
  const { exports, memory } = engine;
  const start = exports.INPUT.value;
  const output = exports.OUTPUT.value;
  exports.begin();
  try {
    // Bytes of the last input that are not used yet: less than a block's header.
    let left = 0;
    for (let most = FIRST_INPUT; ; most = exports.INPUT_SIZE.value) {
      const chunk = await input.nextUpTo(most - left);
      if (chunk === null) return { kind: 'cut' };
      memory.set(chunk, start + left);
      const length = left + chunk.length;
      exports.feed(length);
      let status = FULL;
      while (status === FULL) {
        status = exports.run();
        const made = exports.made();
        if (made === 0) continue;
        const piece = memory.subarray(output, output + made);
        onOutput(piece);
        yield made <= COPIED ? Buffer.from(piece) : piece;
        exports.take();
      }
      const used = exports.used();
      if (status === MORE) {
        memory.copyWithin(start, start + used, start + length);
        left = length - used;
        continue;
      }
      input.unread(
        used >= left
          ? chunk.subarray(used - left)
          : Buffer.from(memory.subarray(start + used, start + length)),
      );
      return status === DONE ? { kind: 'whole' } : { kind: 'broken', error: new Error('not deflate data') };
    }
  } finally {
    if (SPARE.length < MOST_SPARE) SPARE.push(engine);
  }
}

function makeEngine(): Engine {
  const memory = makeMemory(MEMORY_BYTES);
  const exports = instanceOf<Exports>(INFLATE_MODULE, { env: { memory } });
  return { exports, memory: Buffer.from(memory.buffer) };
}
