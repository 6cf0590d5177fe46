import type { Io } from '../io.ts';
import type { Input } from './input.ts';

const EVERY_MS = 500;

/** The bytes of an input; progress is shown on standard error if that is a terminal. */
export function watched({ name, bytes, sizeBytes }: Input, io: Io): AsyncIterable<Uint8Array> {
  return io.errIsTerminal ? withProgress(bytes, name, sizeBytes, io) : bytes;
}

async function* withProgress(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  sizeBytes: number | null,
  io: Io,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  let shown = io.now();
  for await (const chunk of bytes) {
    read += chunk.length;
    if (io.now() - shown > EVERY_MS) {
      shown = io.now();
      const share = sizeBytes ? ` ${Math.floor((read / sizeBytes) * 100)} %` : '';
      io.err(`\r${name.slice(-50)}: ${(read / 1e6).toFixed(0)} MB${share} `);
    }
    yield chunk;
  }
  if (read > 0) io.err('\r\x1b[K');
}
