import type { ReadReport } from '../../logs/index.ts';
import { isMostlyUnknown, type ScanReport } from '../../pipeline/index.ts';

/** What `--report` says about one object; counts are named as in the command line's contract. */
export type ObjectReport = {
  readonly name: string;
  readonly outcome: 'complete' | 'quarantined' | 'unreadable';
  readonly code: string | null;
  /** What is damaged or unsupported, and what to change; empty if nothing is. */
  readonly detail: string;
  readonly bytes: number;
  readonly decompressedBytes: number;
  readonly records: number;
  readonly decoded: number;
  readonly events: number;
  readonly matches: number;
  readonly excepted: number;
  readonly alerts: number;
  readonly skipped: Readonly<Record<string, number>>;
  /**
   * Counts that are not damage: none changes the exit status, unless more than half of the records are of unknown
   * shape.
   */
  readonly counted: {
    /** Records that are neither known events nor known envelopes. */
    readonly UnknownShape: number;
    /** Records that cannot be decided without another record, which does not precede them in the object. */
    readonly Undecidable: number;
    /** Known records that no running rule evaluates: of another category, or FDR's inventory. */
    readonly KnownUnread: number;
  };
  /** Records from sources that no running rule reads. */
  readonly unreadSources: Readonly<Record<string, { readonly index: string; readonly count: number }>>;
  /** Some first keys of records of unknown shape: text of the log. */
  readonly unknownKeys: readonly string[];
  /** Excepted matches by exception id. */
  readonly exceptedBy: Readonly<Record<string, number>>;
  readonly otherIndex: number;
  readonly suspicious: ReadReport['suspicious'];
  readonly positions: ReadReport['positions'];
};

/** The report of an object that was read, completely or up to its damage. */
export function objectReport(name: string, result: ScanReport, alerts: number): ObjectReport {
  const { report } = result;
  return {
    name,
    outcome: report.outcome === 'complete' ? 'complete' : 'quarantined',
    code: report.code,
    detail: report.detail,
    bytes: report.bytes,
    decompressedBytes: report.decompressedBytes,
    records: report.records,
    decoded: report.decoded,
    events: report.events,
    matches: result.matches,
    excepted: result.excepted,
    alerts,
    skipped: report.skipped,
    counted: {
      UnknownShape: report.unknown,
      Undecidable: result.undecidable,
      KnownUnread: result.unread.otherCategory + report.inventory,
    },
    unreadSources: Object.fromEntries(result.unread.sources),
    unknownKeys: report.unknownKeys,
    exceptedBy: Object.fromEntries(result.exceptedBy),
    otherIndex: result.otherIndex.count,
    suspicious: report.suspicious,
    positions: report.positions,
  };
}

/** The report of an object that could not be read: the Lambda would retry it. */
export function unreadableReport(name: string, code: string): ObjectReport {
  const zero = {
    bytes: 0,
    decompressedBytes: 0,
    records: 0,
    decoded: 0,
    events: 0,
    matches: 0,
    excepted: 0,
    alerts: 0,
  };
  return {
    name,
    outcome: 'unreadable',
    code,
    detail: '',
    ...zero,
    skipped: {},
    counted: { UnknownShape: 0, Undecidable: 0, KnownUnread: 0 },
    unreadSources: {},
    unknownKeys: [],
    exceptedBy: {},
    otherIndex: 0,
    suspicious: [],
    positions: [],
  };
}

const COUNTS = [
  'bytes', 'decompressedBytes', 'records', 'decoded', 'events', 'matches', 'excepted', 'alerts', 'otherIndex',
] as const; // biome-ignore format: one look

/** The whole of `--report`: each object, and the totals. */
export function wholeReport(objects: readonly ObjectReport[]): object {
  const totals: Record<string, unknown> = {};
  for (const count of COUNTS) totals[count] = objects.reduce((sum, object) => sum + object[count], 0);
  totals['skipped'] = sumByName(objects.map(object => object.skipped));
  totals['counted'] = sumByName(objects.map(object => object.counted));
  totals['unreadSources'] = sumByName(
    objects.map(({ unreadSources }) =>
      Object.fromEntries(Object.entries(unreadSources).map(([name, { count }]) => [name, count])),
    ),
  );
  totals['exceptedBy'] = sumByName(objects.map(object => object.exceptedBy));
  return { objects, totals };
}

function sumByName(tables: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const table of tables) {
    for (const [name, count] of Object.entries(table)) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return Object.fromEntries(sums);
}

/** Whether everything in the object was read and valid. */
export function isSound(object: ObjectReport): boolean {
  return (
    object.outcome === 'complete' &&
    Object.values(object.skipped).every(count => count === 0) &&
    !isMostlyUnknown(object.counted.UnknownShape, object.records)
  );
}
