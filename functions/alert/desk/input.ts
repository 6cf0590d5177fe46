import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Io } from './io.ts';

/** A log to read: a file, or standard input. */
export type Input = {
  /** As the caller named it. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** When the file was last changed, milliseconds UTC; `null` for standard input. */
  readonly modifiedMs: number | null;
  readonly sizeBytes: number | null;
};

/** An input that cannot be read at all: the Lambda would try such an object again. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly code = 'Unreadable';
}

/** 1 MiB reads: fewer turns of the event loop than the 64 KiB default, no more memory than a chunk of output. */
const READ_BYTES = 1024 * 1024;

/** Opens a path, or standard input for `-`. @throws InputError naming the path. */
export async function openInput(path: string, io: Io): Promise<Input> {
  if (path === '-') return { name: '-', bytes: io.stdin(), modifiedMs: null, sizeBytes: null };
  try {
    const { mtimeMs, size } = await stat(path);
    return { name: path, bytes: bytesOf(path), modifiedMs: Math.trunc(mtimeMs), sizeBytes: size };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: READ_BYTES });
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): InputError {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
  return new InputError(`${path} cannot be read (${reason}); check the name and the rights`, { cause });
}
