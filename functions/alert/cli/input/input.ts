import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { Io } from '../io.ts';

/** A log to read: a file or standard input. */
export type Input = {
  /** As the caller named it. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Modification time of the file, milliseconds UTC; `null` for standard input. */
  readonly modifiedMs: number | null;
  readonly sizeBytes: number | null;
};

/** An input that cannot be read at all; the Lambda would retry such an object. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly code = 'Unreadable';
}

/** At most this much in one read. A Node stream allocates as much for the smallest file. */
const MOST_BYTES = 256 * 1024;
const LEAST_BYTES = 16 * 1024;

/** Opens a path, or standard input for `-`. @throws InputError naming the path. */
export async function openInput(path: string, io: Io): Promise<Input> {
  try {
    if (path === '-') return { name: '-', bytes: guarded(io.stdin()), modifiedMs: null, sizeBytes: null };
    const { mtimeMs, size } = statSync(path);
    return { name: path, bytes: bytesOf(path, size), modifiedMs: Math.trunc(mtimeMs), sizeBytes: size };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function* guarded(stdin: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stdin;
  } catch (cause) {
    throw unreadable('-', cause);
  }
}

async function* bytesOf(path: string, size: number): AsyncGenerator<Uint8Array> {
  try {
    // One process reads one file: loading `fs/promises` takes longer than reading a small one.
    const file = openSync(path, 'r');
    try {
      // Two buffers in turn, since the pages of new ones cost more than reading: a reader may still look at the end of
      // one chunk when it asks for the next, and not beyond. After a short read it may ask again: then both are new.
      const length = Math.min(MOST_BYTES, Math.max(LEAST_BYTES, size));
      const spare: Buffer[] = [];
      for (;;) {
        const chunk = spare.length === 2 ? spare.shift()! : Buffer.allocUnsafeSlow(length);
        const bytesRead = readSync(file, chunk);
        if (bytesRead === 0) return;
        if (bytesRead < length) spare.length = 0;
        else spare.push(chunk);
        yield chunk.subarray(0, bytesRead);
      }
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): InputError {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
  const advice =
    reason === 'EISDIR' ? 'it is a directory; name the files in it' : 'check the name and the permissions';
  return new InputError(`${path} cannot be read (${reason}); ${advice}`, { cause });
}
