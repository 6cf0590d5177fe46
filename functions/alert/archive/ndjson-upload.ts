import { once } from 'node:events';
import { createGzip, type Gzip } from 'node:zlib';
import type { Archive, Upload } from './store.ts';

/** Uploads lines of JSON, compressed, as one object of the archive, of any length and in bounded memory. */
export type NdjsonUpload = {
  readonly write: (line: string) => Promise<void>;
  readonly finish: () => Promise<void>;
  /** Discards everything. */
  readonly abandon: () => Promise<void>;
};

/** S3 allows at most 10,000 parts: 80 GB of compressed lines. */
const PART_BYTES = 8 * 1024 * 1024;

/** Writes nothing before the first part is full; what fits in one part is a single write. */
export function ndjsonUpload(archive: Archive, key: string): NdjsonUpload {
  const gzip = createGzip();
  let upload: Upload | null = null;
  let pending: Buffer[] = [];
  let size = 0;

  const flushPart = async (): Promise<void> => {
    upload ??= await archive.upload(key, 'application/gzip');
    await upload.part(Buffer.concat(pending, size));
    pending = [];
    size = 0;
  };
  const drained = collect(gzip, async chunk => {
    pending.push(chunk);
    size += chunk.length;
    if (size >= PART_BYTES) await flushPart();
  });
  drained.catch(() => {});

  return {
    write: async line => {
      if (!gzip.write(`${line}\n`)) await Promise.race([once(gzip, 'drain'), drained]);
    },
    finish: async () => {
      gzip.end();
      await drained;
      if (upload === null) {
        await archive.put(key, Buffer.concat(pending, size), 'application/gzip');
        return;
      }
      if (size > 0) await flushPart();
      await upload.complete();
    },
    abandon: async () => {
      gzip.destroy();
      await drained.catch(() => {});
      await upload?.abort();
    },
  };
}

async function collect(gzip: Gzip, take: (chunk: Buffer) => Promise<void>): Promise<void> {
  for await (const chunk of gzip) await take(chunk as Buffer);
}
