import type { ObjectIdentity } from '../../detection/index.ts';
import type { Input } from './input.ts';

/**
 * The upload time of an input: `--as-of`, else the file's modification time; never the wall clock, so that the
 * same file gives the same answer twice. Milliseconds UTC; `null` for standard input.
 */
export function asOfOf(input: Input, flag: number | undefined): number | null {
  return flag ?? input.modifiedMs;
}

/** A file as named in the evidence of an alert. */
export function fileFacts(input: Input, asOfMs: number | null): ObjectIdentity {
  return {
    bucket: null,
    key: input.name,
    versionId: null,
    etag: null,
    lastModified: asOfMs === null ? null : new Date(asOfMs).toISOString(),
  };
}
