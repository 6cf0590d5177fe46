import { Damage } from '../damage.ts';
import type { ByteInput } from './byte-input.ts';

/** Size of a decoder's output buffers: measured best; smaller ones cost calls, larger ones page faults. */
export const OUTPUT_CHUNK = 256 * 1024;

/**
 * Passes a decoder's output on and gives the memory of each piece back once it was looked at and the decoder has gone
 * on to another. Left to the collector it is freed late, and each new piece costs 64 page faults: letting go takes a
 * quarter off the CPU of decompression and a third off the peak of memory.
 */
export async function* letGoBehind(input: ByteInput): AsyncGenerator<Buffer> {
  let last: Buffer | null = null;
  for (let chunk = await input.next(); chunk !== null; chunk = await input.next()) {
    if (last !== null && last.buffer !== chunk.buffer) letGo(last);
    yield chunk;
    last = chunk;
  }
  if (last !== null) letGo(last);
}

/** No pool of Node's has the size of such a piece. */
function letGo({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === OUTPUT_CHUNK) buffer.transfer(0);
}

/** Called for damage after which reading goes on. */
export type NoteDamage = (damage: Damage) => void;

/** Bytes that the files of one object may still have together. */
export type Budget = { readonly max: number; left: number };

/** Passes chunks on while the budget lasts; of the one that exceeds it, the part that is within. */
export async function* limited(chunks: AsyncIterable<Buffer>, budget: Budget): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    if (chunk.length > budget.left) {
      if (budget.left > 0) yield chunk.subarray(0, budget.left);
      throw new Damage(
        'DecompressionLimit',
        `the content is longer than ${budget.max} bytes; the exporter should write smaller objects, or REGISTRY_ALERT_MAX_OUTPUT_BYTES be raised`,
      );
    }
    budget.left -= chunk.length;
    yield chunk;
  }
}
