import { ByteInput } from '../../functions/alert/logs/compression/byte-input.ts';
import type { Ending } from '../../functions/alert/logs/compression/output.ts';

/** All that a decoder gives for these chunks, how it ends, and how many bytes of a whole stream's input it leaves. */
export async function decoded(
  chunks: readonly Buffer[],
  decode: (input: ByteInput) => AsyncGenerator<Buffer, Ending>,
): Promise<{ readonly all: Buffer; readonly ending: Ending['kind']; readonly left: number }> {
  async function* source(): AsyncGenerator<Buffer> {
    yield* chunks;
  }
  const input = new ByteInput(source());
  const pieces: Buffer[] = [];
  const decoding = decode(input);
  for (;;) {
    const { done, value } = await decoding.next();
    if (!done) {
      pieces.push(Buffer.from(value));
      continue;
    }
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const left = value.kind === 'whole' ? length - input.position : 0;
    return { all: Buffer.concat(pieces), ending: value.kind, left };
  }
}
