import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { type ChecksumName, digestOf } from '../checksum.ts';

/** The bytes of an object: in memory while small, else on disk, or made as they are read. */
export type Body = {
  readonly size: number;
  /** The bytes from `start` to before `end`. */
  open(start: number, end: number): AsyncIterable<Uint8Array>;
};

const IN_MEMORY = 64 * 1024;
const CHUNK = 256 * 1024;

export function bytesBody(bytes: Uint8Array): Body {
  return {
    size: bytes.length,
    async *open(start, end) {
      for (let at = start; at < end; at += CHUNK) yield bytes.subarray(at, Math.min(at + CHUNK, end));
    },
  };
}

export function fileBody(path: string, size: number): Body {
  return {
    size,
    open: (start, end) =>
      start < end
        ? createReadStream(path, { start, end: end - 1, highWaterMark: CHUNK })
        : bytesBody(Buffer.alloc(0)).open(0, 0),
  };
}

/** Several bodies as one, as a multipart upload makes it. */
export function joinedBody(parts: readonly Body[]): Body {
  return {
    size: parts.reduce((sum, part) => sum + part.size, 0),
    async *open(start, end) {
      let at = 0;
      for (const part of parts) {
        const from = Math.max(start - at, 0);
        const to = Math.min(end - at, part.size);
        if (from < to) yield* part.open(from, to);
        at += part.size;
      }
    },
  };
}

/** Keeps what `source` yields, in a file at `path` once it grows beyond what memory should hold. */
export async function keep(source: AsyncIterable<Uint8Array>, path: string): Promise<Body> {
  const first: Uint8Array[] = [];
  let size = 0;
  let file: ReturnType<typeof createWriteStream> | undefined;
  let failure: unknown;
  for await (const chunk of source) {
    size += chunk.length;
    if (!file && size <= IN_MEMORY) {
      first.push(Buffer.from(chunk));
      continue;
    }
    if (!file) {
      file = createWriteStream(path, { highWaterMark: 1024 * 1024 });
      file.on('error', error => {
        failure = error;
      });
      for (const early of first) file.write(early);
    }
    if (!file.write(chunk)) await once(file, 'drain');
    if (failure) throw failure;
  }
  if (!file) return bytesBody(Buffer.concat(first));
  file.end();
  await once(file, 'close');
  return fileBody(path, size);
}

export async function digestBody(name: ChecksumName, body: Body): Promise<string> {
  const digest = digestOf(name);
  for await (const chunk of body.open(0, body.size)) digest.update(chunk);
  return digest.value();
}
