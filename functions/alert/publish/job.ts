import type { Archive, Continued, LedgerEntry, Receipts, Sha256 } from '../archive/index.ts';
import type { Alert, Grouping, Incident, ObjectIdentity } from '../detection/index.ts';
import type { Message, Notice } from '../notification/index.ts';
import type { Metric } from '../observability/index.ts';
import { DeliveryError } from '../observability/index.ts';
import type { Publish } from './topic.ts';

/** All results of reading one object. */
export type ScanResult = {
  readonly object: ObjectIdentity;
  readonly isCanary: boolean;
  /** `incomplete`: the execution ran out of time; the alerts found are published, the object is not done. */
  readonly outcome: LedgerEntry['outcome'] | 'incomplete';
  readonly code: string | null;
  /** What is published, one message each, in order; neighbours and counts complete, `history` null. */
  readonly incidents: readonly Incident[];
  /** Digests, damage and so on; each is recorded before it is published. */
  readonly notices: readonly Notice[];
  readonly rulesetDigest: string;
  readonly counts: LedgerEntry['counts'];
  readonly exceptedBy: LedgerEntry['exceptedBy'];
  readonly unwatched?: LedgerEntry['unwatched'];
  /** How often the message has been received, from 1. */
  readonly attempt: number;
  /** The backfill run that holds everything for one digest; `null`: alerts are published as they come. */
  readonly backfill: string | null;
};

export type DeliverPorts = {
  /** `null`: publish-only mode. */
  readonly archive: Archive | null;
  readonly publish: Publish;
  readonly topics: {
    readonly alerts: string;
    readonly operations: string | null;
    readonly records: string | null;
  };
  /** One alert by itself, for machines. */
  /** For programs: the document alone. */
  readonly renderRecord: (alert: Alert) => Message;
  /** `continues`: the message of an earlier object that this one continues. */
  readonly renderIncident: (incident: Incident, continues: Continued | null) => Message;
  readonly renderNotice: (notice: Notice) => Message;
  /** The HTML page of one alert, and of an incident of several. */
  readonly renderReport: (alert: Alert) => string;
  readonly renderIncidentReport: (incident: Incident) => string;
  /** The whole alert as JSON, for the archive. */
  readonly renderDocument: (alert: Alert) => string;
  readonly perHour: number;
  readonly repeats: 'quiet' | 'tell';
  /** A repeat is sent again when the last message about it is older than this. */
  readonly repeatMinutes: number;
  /** `off`: equal writes of one object are repeats of the first as well. */
  readonly grouping: Grouping;
  readonly sha256: Sha256;
  /**
   * Milliseconds UTC: for the hours of the limit, times in receipts, the age of the last message about a repeat, and
   * the lateness of a canary; nothing else depends on it.
   */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Until the platform ends the execution. */
  readonly remainingMs: () => number;
  readonly count: (metric: Metric, by: number) => void;
  /** What failed without stopping anything. */
  readonly warn: (error: unknown) => void;
};

export type Delivered = {
  published: number;
  /** Published before, according to the receipt. */
  known: number;
  repeats: number;
  held: number;
  notices: number;
};

/** Nothing is started with less time than this: enough for one Publish with its retries and its receipt. */
export const LEAST_MS = 15_000;

/** Recording ends this long before publishing, so that what is recorded can still be sent. */
export const RECORD_MS = LEAST_MS + 5_000;

/**
 * Reading stops with this much left of five minutes, so that a hundred alerts at four a second can still be published.
 */
const SCAN_RESERVE_MS = 45_000;

/** The time reserved for publishing, given the time at the start: less if that is short. */
export function scanReserveMs(totalMs: number): number {
  return Math.max(LEAST_MS, Math.min(SCAN_RESERVE_MS, totalMs / 2));
}

/** One delivery in progress. */
export type Job = {
  readonly result: ScanResult;
  readonly ports: DeliverPorts;
  readonly objectId: string;
  readonly receipts: Receipts | null;
  readonly delivered: Delivered;
};

/** The page of an alert and its part in the page of its incident, in two languages: measured at 100 ms. */
const PAGES_MS = 200;

/**
 * Starts nothing that could not be finished. Returns how many alerts of an incident there is time for, at least one;
 * the others are left to the next attempt, as an incident of their own. @throws DeliveryError `DeadlineGuard`
 */
export function guardDeadline(job: Job): number {
  const spareMs = job.ports.remainingMs() - LEAST_MS;
  if (spareMs < 0) throw outOfTime(job, 'published');
  return 1 + Math.floor(spareMs / PAGES_MS);
}

export function outOfTime({ result: { object } }: Job, doing: 'recorded' | 'published'): DeliveryError {
  return new DeliveryError(
    'DeadlineGuard',
    `s3://${object.bucket}/${object.key}: deadline reached while its alerts were ${doing}`,
  );
}
