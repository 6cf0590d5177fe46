import { Damage } from '../damage.ts';

/** Size of a decoder's output buffers, the best measured; smaller ones cost calls, larger ones page faults. */
export const OUTPUT_CHUNK = 256 * 1024;

/** Up to this size a piece is copied: a reader with lookahead may keep it and request the next. */
export const COPIED = 4 * 1024;

/** How a stream ended: by itself, with the input, or by an error in its last input. */
export type Ending =
  | { readonly kind: 'whole' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'broken'; readonly error: Error };

/** Called for damage after which reading continues. */
export type NoteDamage = (damage: Damage) => void;

/** Bytes that the files of one object may still have in total. */
export type Budget = { readonly max: number; left: number };

/** Passes chunks on while within the budget; of the one that exceeds it, the part within. */
export async function* limited(chunks: AsyncIterable<Buffer>, budget: Budget): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    if (chunk.length > budget.left) {
      if (budget.left > 0) yield chunk.subarray(0, budget.left);
      throw new Damage(
        'DecompressionLimit',
        `the content is longer than ${budget.max} bytes; have the exporter write smaller objects, or raise REGISTRY_ALERT_MAX_OUTPUT_BYTES`,
      );
    }
    budget.left -= chunk.length;
    yield chunk;
  }
}
