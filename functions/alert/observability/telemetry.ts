import { type MetricSums, sumMetrics } from './metrics.ts';
import { codeOf, DeliveryError, type OutcomeCode } from './outcome-codes.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

/**
 * What a log line may contain: numbers, codes, names of ours, and the location of the object. It has no member for text
 * from an event, so none can be logged.
 */
type LogFields = {
  readonly code?: string | null;
  readonly outcome?: string;
  readonly object?: {
    readonly bucket: string | null;
    readonly key: string | null;
    readonly versionId?: string | null;
  };
  readonly requestId?: string;
  readonly messageId?: string | null;
  readonly attempt?: number;
  readonly ms?: number;
  readonly counts?: Readonly<Record<string, number>>;
  readonly exceptedBy?: Readonly<Record<string, number>>;
  /** Our own sentences. */
  readonly note?: string;
};

export type Telemetry = {
  readonly count: MetricSums['count'];
  readonly log: (level: Level, event: LogEvent, fields?: LogFields) => void;
  /**
   * A thrown value: its code and, for errors not ours, only the name and the frames, since the message may quote an
   * event.
   */
  readonly error: (level: Level, event: LogEvent, error: unknown, fields?: LogFields) => void;
  /** Writes the metrics counted so far. */
  readonly flush: () => void;
};

/** The event of a line; exactly one `scan.…` line for each object. */
type LogEvent =
  | 'function.started'
  | 'function.failed'
  | 'scan.finished'
  | 'scan.failed'
  | 'scan.skipped'
  | 'event.ignored'
  | 'event.refused'
  | 'publish.degraded'
  | 'archive.warning'
  | 'visibility.failed'
  | 'backfill.unconfirmed'
  | 'digest.published'
  | 'digest.failed'
  | 'message.given-up'
  | 'message.split'
  | 'message.not-split'
  | 'message.not-given-up'
  | 'notice.untold'
  | 'rules.rejected'
  | 'audit.missing'
  | 'audit.rule-silent'
  | 'audit.finished';

const NAMESPACE = 'RegistryAlert';

const LEVELS: readonly Level[] = ['debug', 'info', 'warn', 'error'];
const MOST_TEXT_BYTES = 1_024;
const MOST_FRAMES = 5;

/** Logs and metrics of one environment, as lines of JSON in ASCII. `write` gets a line without its line break. */
export function makeTelemetry(
  level: Level,
  write: (line: string) => void,
  now: () => number,
  namespace = NAMESPACE,
): Telemetry {
  const sums = sumMetrics(namespace);
  const log: Telemetry['log'] = (of, event, fields = {}) => {
    if (LEVELS.indexOf(of) < LEVELS.indexOf(level)) return;
    write(ascii(JSON.stringify({ level: of, time: new Date(now()).toISOString(), event, ...safe(fields) })));
  };
  return {
    count: sums.count,
    log,
    error: (of, event, error, fields = {}) => log(of, event, { ...fields, ...describe(error) }),
    flush: () => {
      for (const line of sums.take(now())) write(ascii(line));
    },
  };
}

/** Writes lines to a stream that may be closed first: a failed write is not a reason to stop. */
export function writerTo(stream: NodeJS.WritableStream): (line: string) => void {
  stream.on('error', () => {});
  return line => {
    try {
      stream.write(`${line}\n`);
    } catch {
      // The log has no reader any longer.
    }
  };
}

type Described = LogFields & {
  readonly code: OutcomeCode;
  readonly errorName: string;
  readonly frames?: readonly string[];
};

function describe(error: unknown): Described {
  const code = codeOf(error);
  const errorName = error instanceof Error ? error.name : typeof error;
  if (error instanceof DeliveryError) return { code, errorName, note: error.message };
  const frames = (error instanceof Error ? (error.stack ?? '') : '')
    .split('\n')
    .filter(line => /^ {4}at [^"'`]*$/.test(line))
    .slice(0, MOST_FRAMES)
    .map(line => line.trim());
  return { code, errorName, frames };
}

/** Truncates every text to its limit in bytes, at any depth. */
function safe(value: unknown): object {
  return Object.fromEntries(
    Object.entries(value as object).map(([name, member]) => [name, safeValue(member)]),
  );
}

function safeValue(value: unknown): unknown {
  if (typeof value === 'string') return cutBytes(value);
  if (Array.isArray(value)) return value.map(safeValue);
  return typeof value === 'object' && value !== null ? safe(value) : value;
}

function cutBytes(text: string): string {
  if (text.length <= MOST_TEXT_BYTES / 4) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= MOST_TEXT_BYTES) return text;
  let end = MOST_TEXT_BYTES;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end).toString();
}

/** Escapes characters that a terminal or a reader of the log would act on. */
function ascii(json: string): string {
  return json.replace(
    /[\u007f-\uffff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
