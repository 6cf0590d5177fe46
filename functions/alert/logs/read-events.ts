import { createGunzip } from 'node:zlib';
import type { ReadCode } from './damage.ts';
import type { JsonObject } from './json.ts';
import type { SkipCode, SkipPosition } from './skips.ts';

/** One event document of a log, unwrapped. */
export type LogEvent = {
  readonly document: JsonObject;
  /** `_index` of the wrapper or of the document, when one says it. */
  readonly index: string | null;
  /** Number of the framed record, from 1; a hit of a search response is a record. */
  readonly record: number;
  /** Byte offset of the record in the decompressed stream. */
  readonly offset: number;
  /** Raw bytes of the record, valid only during the callback. */
  readonly bytes: Uint8Array;
};

export type ReadLimits = {
  readonly maxOutputBytes: number;
  readonly maxRecordBytes: number;
  readonly maxDepth: number;
  readonly maxKeys: number;
  readonly zstdWindowBytes: number;
};

export const DEFAULT_LIMITS: ReadLimits = {
  maxOutputBytes: 8 * 1024 ** 3,
  maxRecordBytes: 8 * 1024 ** 2,
  maxDepth: 64,
  maxKeys: 10_000,
  zstdWindowBytes: 8 * 1024 ** 2,
};

export type ReadOptions = {
  /** A promise it returns is awaited before the next record; without one nothing waits. */
  readonly onEvent: (event: LogEvent) => void | Promise<void>;
  /** ASCII-folded required literals of all enabled rules; `null`: every record is decoded. */
  readonly literals: readonly string[] | null;
  /** Decodes every record, so that every count is exact. */
  readonly audit?: boolean;
  readonly limits: ReadLimits;
  /** Asked at record boundaries; `true` ends the reading there. */
  readonly stop?: () => boolean;
};

export type ReadReport = {
  readonly outcome: 'complete' | 'quarantined' | 'stopped';
  readonly code: ReadCode | null;
  /** Names the format, the byte and what to change at the exporter; never text of the object. */
  readonly detail: string;
  readonly bytes: number;
  readonly decompressedBytes: number;
  readonly records: number;
  readonly decoded: number;
  readonly events: number;
  readonly skipped: Readonly<Record<SkipCode, number>>;
  /** Decoded records with bytes that are not UTF-8; they are read as U+FFFD. */
  readonly invalidUtf8: number;
  /** The first 20 skipped records. */
  readonly positions: readonly SkipPosition[];
  /** The first 20 skipped records in which a required literal occurs, and how many there are. */
  readonly suspicious: readonly SkipPosition[];
  readonly suspiciousCount: number;
};

/** Reads the bytes of one object and hands out its events; damage is the outcome, errors of the source pass. */
export async function readEvents(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): Promise<ReadReport> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  const whole = Buffer.concat(chunks);
  let text = whole;
  if (whole[0] === 0x1f) {
    const gunzip = createGunzip();
    gunzip.end(whole);
    const out: Buffer[] = [];
    for await (const chunk of gunzip) out.push(chunk as Buffer);
    text = Buffer.concat(out);
  }
  const skipped = {
    InvalidJson: 0,
    RecordOversize: 0,
    TooDeep: 0,
    TooWide: 0,
    NotAnObject: 0,
    NotAnEvent: 0,
  };
  let records = 0;
  let events = 0;
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf(10, start);
    const end = newline < 0 ? text.length : newline;
    const line = text.subarray(start, end);
    if (line.toString().trim() !== '') {
      records++;
      try {
        const document = JSON.parse(line.toString()) as JsonObject;
        events++;
        const index = typeof document['_index'] === 'string' ? document['_index'] : null;
        const source = document['_source'] as JsonObject | undefined;
        await options.onEvent({
          document: source ?? document,
          index,
          record: records,
          offset: start,
          bytes: line,
        });
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        skipped.InvalidJson++;
      }
    }
    start = end + 1;
  }
  return {
    outcome: 'complete',
    code: null,
    detail: '',
    bytes: whole.length,
    decompressedBytes: text.length,
    records,
    decoded: records,
    events,
    skipped,
    invalidUtf8: 0,
    positions: [],
    suspicious: [],
    suspiciousCount: 0,
  };
}
