import { createInflateRaw } from 'node:zlib';
import type { ByteInput } from './byte-input.ts';
import { DeflateTrail } from './deflate-recovery.ts';
import { decodeStream, type Ending } from './native-decoder.ts';
import { OUTPUT_CHUNK } from './output.ts';

/** Inflates one deflate stream and leaves what follows it; every byte before damage comes out. */
export async function* inflate(
  input: ByteInput,
  onOutput: (chunk: Buffer) => void,
): AsyncGenerator<Buffer, Ending> {
  const trail = new DeflateTrail();
  const ending = yield* decodeStream(createInflateRaw({ chunkSize: OUTPUT_CHUNK }), input, {
    fed: chunk => trail.fed(chunk),
    gave: chunk => {
      trail.gave(chunk);
      onOutput(chunk);
    },
  });
  if (ending.kind === 'broken') {
    const recovered = trail.recover();
    if (recovered.length > 0) {
      onOutput(recovered);
      yield recovered;
    }
  }
  return ending;
}
