import { DeliveryError } from '../observability/index.ts';
import { hashOf, type Sha256 } from './keys.ts';

/**
 * The archive as functions. A write that finds its key taken returns `exists`, which may be our own write whose answer
 * was lost: it never means that anything was published. A refusal (403) is an error, never a result.
 */
export type Archive = {
  readonly bucket: string;
  /** Writes unless the key exists. */
  readonly put: (key: string, body: string | Uint8Array, type: ContentType) => Promise<Put>;
  /** Replaces exactly the version that was read. */
  readonly replace: (key: string, body: string, etag: string) => Promise<boolean>;
  readonly has: (key: string) => Promise<boolean>;
  readonly get: (key: string) => Promise<Entry | null>;
  /** In key order, starting after `after`. */
  readonly list: (prefix: string, atMost: number, after?: string) => Promise<Listing>;
  /** For content that does not fit in memory. */
  readonly upload: (key: string, type: ContentType) => Promise<Upload>;
};

export type Put = 'created' | 'exists';
export type ContentType = 'application/json' | 'text/html; charset=utf-8' | 'application/gzip';
type Entry = { readonly text: string; readonly etag: string };

/**
 * Reads one of our own entries. An overwritten or damaged entry counts as absent, and a warning names
 * it: bookkeeping must not stop an alert.
 */
export async function readEntry<Kept>(
  archive: Archive,
  key: string,
  isWhole: (entry: Partial<Kept>) => entry is Partial<Kept> & Kept,
  warn: (error: unknown) => void,
): Promise<Kept | null> {
  const entry = await archive.get(key);
  if (entry === null) return null;
  let kept: unknown;
  try {
    kept = JSON.parse(entry.text);
  } catch {
    // Invalid JSON is reported below.
  }
  if (typeof kept === 'object' && kept !== null && isWhole(kept as Partial<Kept>)) return kept as Kept;
  const what = `${addressOf(archive, key)}: not a valid entry; delete it, an earlier version may be intact`;
  warn(new DeliveryError('ArchiveDamaged', what));
  return null;
}

type Listing = {
  readonly entries: readonly { readonly key: string; readonly modifiedMs: number }[];
  readonly isCut: boolean;
};

/** An upload in parts of at least 5 MiB, except the last. */
export type Upload = {
  readonly part: (bytes: Uint8Array) => Promise<void>;
  readonly complete: () => Promise<Put>;
  readonly abort: () => Promise<void>;
};

/** A host as part of a key: its id, else its name, else its agent. */
export function hostHashOf(
  sha256: Sha256,
  facts: {
    readonly hostId: string | null;
    readonly hostName: string | null;
    readonly agentId: string | null;
  },
): string {
  return hashOf(sha256, ['host', facts.hostId ?? facts.hostName ?? facts.agentId ?? '']).slice(0, 32);
}

/** `s3://bucket/key`. */
export function addressOf(archive: Archive, key: string): string {
  return `s3://${archive.bucket}/${key}`;
}
