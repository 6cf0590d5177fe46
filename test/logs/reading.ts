import {
  DEFAULT_LIMITS,
  type LogEvent,
  type ReadLimits,
  type ReadReport,
  readEvents,
} from '../../functions/alert/logs/log-reader.ts';

/** One event as the tests compare it: `bytes` copied, since they are valid only during the callback. */
type Seen = Pick<LogEvent, 'document' | 'index' | 'record' | 'offset'> & { readonly text: string };

export type Reading = { readonly events: readonly Seen[]; readonly report: ReadReport };

export type ReadingOptions = {
  readonly chunk?: number | undefined;
  readonly literals?: readonly string[] | null | undefined;
  readonly watched?: readonly string[] | null | undefined;
  readonly audit?: boolean | undefined;
  readonly limits?: Partial<ReadLimits> | undefined;
  readonly stop?: (() => boolean) | undefined;
  /** Thrown by the source behind its last byte. */
  readonly fault?: Error | undefined;
};

/** Reads bytes in chunks of one size, or as they are given. */
export async function read(
  bytes: Uint8Array | string | readonly Uint8Array[],
  { chunk, literals = null, watched, audit = false, limits, stop, fault }: ReadingOptions = {},
): Promise<Reading> {
  const events: Seen[] = [];
  const report = await readEvents(chunksOf(bytes, chunk, fault), {
    literals,
    audit,
    limits: { ...DEFAULT_LIMITS, ...limits },
    ...(watched === undefined ? {} : { watched }),
    ...(stop === undefined ? {} : { stop }),
    onEvent: ({ document, index, record, offset, bytes }) => {
      events.push({ document, index, record, offset, text: Buffer.from(bytes).toString() });
    },
  });
  return { events, report };
}

async function* chunksOf(
  bytes: Uint8Array | string | readonly Uint8Array[],
  size: number | undefined,
  fault: Error | undefined,
): AsyncGenerator<Uint8Array> {
  const given =
    typeof bytes === 'string' ? [Buffer.from(bytes)] : bytes instanceof Uint8Array ? [bytes] : bytes;
  for (const part of given)
    if (size === undefined) yield part;
    else for (let at = 0; at < part.length; at += size) yield part.subarray(at, at + size);
  if (fault) throw fault;
}

/** What must not depend on the chunks: everything but the wording. */
export function essence({ events, report }: Reading): unknown {
  const { detail: _, ...counts } = report;
  return { events, counts };
}

/** A small registry event; the number distinguishes it. */
export function event(number: number, more: object = {}): object {
  return {
    '@timestamp': '2026-11-24T03:00:00.0000000Z',
    event: { category: ['registry'], type: ['change'], id: `e${number}` },
    host: { name: 'ws-1', os: { type: 'windows' } },
    process: { name: 'WmiPrvSE.exe' },
    registry: { path: `HKLM\\SOFTWARE\\Run\\v${number}`, data: { strings: ['x.exe'] } },
    ...more,
  };
}

export function ndjson(documents: readonly unknown[]): string {
  return documents.map(document => `${JSON.stringify(document)}\n`).join('');
}

/** `event.id` of each event. */
export function ids({ events }: Reading): unknown[] {
  return events.map(
    ({ document }) =>
      (document['event'] as { readonly id?: unknown } | undefined)?.id ?? document['event.id'] ?? null,
  );
}
