import type { InflateRaw, ZstdDecompress } from 'node:zlib';
import type { ByteInput } from './byte-input.ts';

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

/**
 * Feeds a decoder of `node:zlib` until its stream ends, and gives unread input back. The next output is being
 * decoded on another thread while the last is looked at, since reading a chunk asks for the one after it. Node's
 * decoders say nothing at the end of a stream, they only stop taking input: so what was not consumed is counted.
 */
export async function* decodeStream(
  engine: InflateRaw | ZstdDecompress,
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
        return (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR'
          ? { kind: 'cut' }
          : { kind: 'broken', error };
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
