import { createInflateRaw } from 'node:zlib';
import type { ByteInput } from './byte-input.ts';
import type { DeflateTrail } from './deflate-recovery.ts';
import { decodeStream, type Ending } from './native-decoder.ts';

/** Inflates one deflate stream and leaves what follows it; returns every byte before damage. The trail is reused. */
export async function* inflate(
  input: ByteInput,
  trail: DeflateTrail,
  onOutput: (chunk: Buffer) => void,
): AsyncGenerator<Buffer, Ending> {
  trail.begin();
  const ending = yield* decodeStream(chunkSize => createInflateRaw({ chunkSize }), input, {
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
