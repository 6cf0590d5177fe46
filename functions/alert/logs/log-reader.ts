import { ByteInput, STOPPED } from './compression/byte-input.ts';
import { decompress } from './compression/decompress.ts';
import { Damage, type ReadCode } from './damage.ts';
import { RecordDecoder } from './decoding/record-decoder.ts';
import { Utf8 } from './decoding/utf8.ts';
import { type Mapping, makeNormalize, type Normalized } from './ecs/index.ts';
import { countingEvaluationErrors } from './evaluation-error.ts';
import { FrameBuffer } from './framing/frame-buffer.ts';
import { Framer } from './framing/framer.ts';
import { FamiliarStarts } from './prefilter/familiar-starts.ts';
import { Literals } from './prefilter/literal-search.ts';
import { PlainLines } from './prefilter/plain-lines.ts';
import type { SkipCode, SkipPosition } from './skips.ts';
import { Tally } from './tally.ts';

/** One event of a log, unwrapped, as the rules see it. */
export type LogEvent = Normalized & {
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
  /** A promise it returns is awaited before the next record. */
  readonly onEvent: (event: LogEvent) => void | Promise<void>;
  /** ASCII-folded required literals of all enabled rules; `null`: every record is decoded. */
  readonly literals: readonly string[] | null;
  /** Searched for in skipped records; default: `literals`. */
  readonly watched?: readonly string[] | null;
  /** Decodes every record, so that every count is exact. */
  readonly audit?: boolean;
  readonly limits: ReadLimits;
  /** How other products' records become events; default: every object is an event as it is. */
  readonly mapping?: Mapping;
  /** Asked at each record and, while decompressing, at each member; `true` ends reading there. */
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
  /** The first 20 skipped records that contain a required literal, and their number. */
  readonly suspicious: readonly SkipPosition[];
  readonly suspiciousCount: number;
  /** Decoded records that are neither known events nor envelopes, and some of their first keys: text of the log. */
  readonly unknown: number;
  readonly unknownKeys: readonly string[];
  /** Decoded records that are known but not events. */
  readonly inventory: number;
};

/**
 * Reads the bytes of one object and passes on its events. Damage is returned, after every record before it was
 * passed on and the rest of the source was read, so that what the source verifies at its end has been verified.
 * Errors of the source, and of `onEvent`, pass through, except `TooManyValues`: that record is skipped.
 */
export async function readEvents(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): Promise<ReadReport> {
  const input = new ByteInput(bytes, options.stop);
  const reading = new Reading(options);
  try {
    for await (const chunk of decompress(input, damage => reading.note(damage), options.limits)) {
      for (const pending of chunk === null ? reading.endFile(false) : reading.push(chunk)) await pending;
      if (reading.isStopped) break;
    }
    for (const pending of reading.endFile(false)) await pending;
  } catch (error) {
    if (error === STOPPED) return reading.stopped(input);
    const isDamage = error instanceof Damage;
    if (!isDamage && !input.threw(error)) {
      await input.close();
      throw error;
    }
    if (isDamage) reading.note(error);
    for (const pending of reading.endFile(true)) await pending;
    if (!isDamage) throw error;
  }
  if (reading.isStopped) return reading.stopped(input);
  try {
    await input.drain();
  } catch (error) {
    if (error === STOPPED) return reading.stopped(input);
    throw error;
  }
  return reading.report(input.position);
}

/** The reading of one object: its parts, its counts and its damage. */
class Reading {
  readonly #tally = new Tally();
  readonly #reader: RecordDecoder;
  readonly #framer: Framer;
  readonly #utf8 = new Utf8();
  #damage: Damage | null = null;
  #isStopped = false;
  #decompressedBytes = 0;

  constructor({ onEvent, literals, watched = literals, audit = false, limits, mapping, stop }: ReadOptions) {
    const prefilter = audit ? null : Literals.of(literals);
    const sought = Literals.of(watched);
    const starts = mapping === undefined ? null : new FamiliarStarts();
    this.#reader = new RecordDecoder({
      tally: this.#tally,
      limits,
      prefilter,
      watched: sought,
      normalize: mapping === undefined ? null : makeNormalize(mapping),
      starts,
      onDocument: countingEvaluationErrors(
        (event, record, offset, bytes) => onEvent({ ...event, record, offset, bytes }),
        this.#tally,
      ),
    });
    this.#framer = new Framer({
      reader: this.#reader,
      lines: prefilter && new PlainLines(prefilter, limits.maxRecordBytes, starts),
      open: new FrameBuffer(limits.maxRecordBytes, sought),
      maxRecordBytes: limits.maxRecordBytes,
      maxDepth: limits.maxDepth,
      note: damage => this.note(damage),
      stop: stop ?? (() => false),
    });
  }

  get isStopped(): boolean {
    return this.#isStopped || this.#framer.isStopped;
  }

  /** The results so far; damage among them does not end an object with more to read. */
  async stopped(input: ByteInput): Promise<ReadReport> {
    this.#isStopped = true;
    for (const pending of this.#framer.finish()) await pending;
    await input.close();
    return this.report(input.position);
  }

  /** The first damage is the one reported. */
  note(damage: Damage): void {
    this.#damage ??= damage;
  }

  push(chunk: Buffer): Iterable<Promise<void>> {
    return this.#frame(this.#utf8.push(chunk));
  }

  *endFile(isCut: boolean): Generator<Promise<void>> {
    if (this.isStopped) return;
    yield* this.#frame(this.#utf8.end());
    if (!this.isStopped) yield* this.#framer.end(isCut);
  }

  report(bytes: number): ReadReport {
    const { records, decoded, events, skipped, invalidUtf8, positions, suspicious, suspiciousCount } =
      this.#tally;
    const { unknown, unknownKeys, inventory } = this.#tally;
    const isUnreadable = events === 0 && this.#tally.skippedCount > this.#reader.emptyArrays;
    const damage =
      this.#damage ??
      (isUnreadable && !this.isStopped
        ? new Damage('NoReadableRecords', noReadableRecords(this.#tally))
        : null);
    return {
      outcome: this.isStopped ? 'stopped' : damage ? 'quarantined' : 'complete',
      code: damage?.code ?? null,
      detail: damage?.message ?? '',
      bytes,
      decompressedBytes: this.#decompressedBytes,
      records,
      decoded,
      events,
      skipped,
      invalidUtf8,
      positions,
      suspicious,
      suspiciousCount,
      unknown,
      unknownKeys: [...unknownKeys],
      inventory,
    };
  }

  #frame(chunk: Buffer | null): Iterable<Promise<void>> {
    if (chunk === null) return [];
    this.#decompressedBytes += chunk.length;
    return this.#framer.push(chunk);
  }
}

function noReadableRecords({ records }: Tally): string {
  return `${records === 1 ? 'its only record is no' : `none of ${records} records is a`} JSON object of an event; have the exporter write newline-delimited JSON (Logstash: codec json_lines; Kibana: not CSV)`;
}
