import {
  type Alert,
  type Detector,
  type EventContext,
  type History,
  type Match,
  type ObjectIdentity,
  RelatedMatches,
  type Verdict,
} from '../detection/index.ts';
import {
  fits,
  isEndgame,
  type LogEvent,
  originOf,
  type ReadLimits,
  type ReadReport,
  readEvents,
  readField,
  sourceOf,
} from '../logs/index.ts';
import type { Exception, Rule } from '../ruleset/index.ts';
import { countUnread, type UnreadRecords } from './unread-records.ts';

export type ScanOptions = {
  readonly detector: Detector;
  readonly limits: ReadLimits;
  /** Decode every record, so that every count is exact. */
  readonly audit: boolean;
  /** The time for the expiry of exceptions; milliseconds UTC. */
  readonly asOfMs: number | null;
  /** Asked at record boundaries; true ends the scan there. */
  readonly stop?: () => boolean;
};

/** Receives the results of a scan as they are found. A returned promise is awaited. */
export type Findings = {
  /** The first record of a distinct alert. Neighbours and counts are complete once the scan has ended. */
  readonly match: (match: Match) => void | Promise<void>;
  readonly excepted?: (match: Match, exception: Exception) => void | Promise<void>;
  /** Every decoded event that a rule may read, before it is evaluated. */
  readonly event?: (event: LogEvent) => void;
};

export type ScanReport = {
  readonly report: ReadReport;
  /** Events for which a rule was true, including excepted ones. */
  readonly matches: number;
  readonly excepted: number;
  /** Excepted matches by exception id. */
  readonly exceptedBy: ReadonlyMap<string, number>;
  /** Matches that are not the first of their alert. */
  readonly repeated: number;
  /** Records for which a query is false only because a value comes from another record, which did not precede them. */
  readonly undecidable: number;
  readonly unread: UnreadRecords;
  /** Documents that no rule matched, since they name an index that is not the rule's; the location of the first. */
  readonly otherIndex: {
    readonly count: number;
    readonly first: { readonly record: number; readonly offset: number } | null;
    readonly rule: Rule | null;
  };
  readonly complete: (match: Match, history: History | null) => Alert;
};

/** Bytes of documents held until the object is read; beyond it large ones are reduced to the relevant fields. */
const HELD_BYTES = 48 * 1024 * 1024;
const LARGE_EVENT = 64 * 1024;

/**
 * Scans one object: bytes become events, every event is evaluated, and matches are passed on.
 * The result depends only on the bytes, `asOfMs` and the detector.
 */
export async function scan(
  bytes: AsyncIterable<Uint8Array>,
  object: ObjectIdentity,
  { detector, limits, audit, asOfMs, stop }: ScanOptions,
  findings: Findings,
): Promise<ScanReport> {
  const related = new RelatedMatches();
  const unread = countUnread(detector);
  const exceptedBy = new Map<string, number>();
  const count = { matches: 0, excepted: 0, repeated: 0, otherIndex: 0, undecidable: 0, heldBytes: 0 };
  let firstOther: { record: number; offset: number } | null = null;
  let otherRule: Rule | null = null;

  const isRepeat = (id: string): boolean => related.repeat(id);
  const onEvent = (event: LogEvent): void | Promise<void> => {
    if (!unread.isRead(event)) return undefined;
    findings.event?.(event);
    const context = eventContextOf(event, object, asOfMs);
    const verdicts = detector.evaluate(event.document, { ...context, isRepeat });
    return verdicts.length === 0 ? undefined : take(verdicts, event);
  };

  const take = async (verdicts: readonly Verdict[], event: LogEvent): Promise<void> => {
    if (verdicts.some(({ kind }) => kind === 'undecidable')) count.undecidable++;
    // What one rule reads is covered, whatever the indices of a rule for other products.
    const isCovered = verdicts.some(
      ({ kind }) => kind === 'match' || kind === 'excepted' || kind === 'repeated',
    );
    let evaluationError: Error | null = null;
    for (const verdict of verdicts) {
      if (verdict.kind === 'evaluation-error') {
        evaluationError = verdict.error;
        continue;
      }
      if (verdict.kind === 'undecidable') continue;
      if (verdict.kind === 'other-index') {
        if (isCovered) continue;
        count.otherIndex++;
        firstOther ??= { record: event.record, offset: event.offset };
        otherRule ??= verdict.rule;
        continue;
      }
      count.matches++;
      if (verdict.kind === 'repeated') {
        count.repeated++;
        continue;
      }
      if (verdict.kind === 'excepted') {
        count.excepted++;
        exceptedBy.set(verdict.exception.id, (exceptedBy.get(verdict.exception.id) ?? 0) + 1);
        await findings.excepted?.(verdict.match, verdict.exception);
        continue;
      }
      related.add(verdict.match);
      count.heldBytes += event.bytes.length;
      const isTooMuch = count.heldBytes > HELD_BYTES && event.bytes.length > LARGE_EVENT;
      await findings.match(isTooMuch ? detector.cut(verdict.match) : verdict.match);
    }
    if (evaluationError) throw evaluationError;
  };

  const report = await readEvents(bytes, {
    onEvent,
    literals: detector.literals,
    audit,
    limits,
    mapping: detector.mapping,
    ...(stop ? { stop } : {}),
  });
  return {
    report,
    matches: count.matches,
    excepted: count.excepted,
    exceptedBy,
    repeated: count.repeated,
    undecidable: count.undecidable,
    unread: unread.counts(),
    otherIndex: { count: count.otherIndex, first: firstOther, rule: otherRule },
    complete: (match, history) => related.complete(match, history),
  };
}

/** The results of all rules for one event of an object. */
export function evaluateEvent(
  detector: Detector,
  event: LogEvent,
  object: ObjectIdentity,
  asOfMs: number | null,
): readonly Verdict[] {
  return detector.evaluate(event.document, eventContextOf(event, object, asOfMs));
}

/** What is known of an event besides its document. */
export function eventContextOf(event: LogEvent, object: ObjectIdentity, asOfMs: number | null): EventContext {
  return {
    evidence: () => ({ ...object, record: event.record, offset: event.offset, sha256: sha256(event.bytes) }),
    origin: patterns => fits(patterns, originOf(event.document, event.index)),
    raw: event.source === null ? null : { written: event.written, undecided: undecidedOf(event) },
    source: () => {
      const { index, dataStream } = originOf(event.document, event.index);
      const product = event.source ?? sourceOf(event.document, event.index);
      return { product, index: index ?? dataStream, inferred: event.inferred };
    },
    isEndgame: isEndgame(event.document, event.index),
    asOfMs,
  };
}

const PROCESS_FIELDS = ['process.name', 'process.executable'];
const PROCESS_NAME = readField('process.name');
const REGISTRY_PATH = readField('registry.path');
const NONE: readonly string[] = [];

/** Registry events of FDR name their process by a number; without its record in the object the writer is unknown. */
function undecidedOf({ source, document }: LogEvent): readonly string[] {
  const isOpen =
    source === 'crowdstrike' && REGISTRY_PATH(document).length > 0 && PROCESS_NAME(document).length === 0;
  return isOpen ? PROCESS_FIELDS : NONE;
}

/** Hex SHA-256. */
export function sha256(data: string | Uint8Array): string {
  // Loaded for the first match: loading takes as long as reading a small log.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(data).digest('hex');
}
