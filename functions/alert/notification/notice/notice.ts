import type { Assessment, ObjectIdentity } from '../../detection/index.ts';
import type { Exception, Localized, Location, Rule } from '../../ruleset/index.ts';

/** An object of the archive that contains the rest. */
export type ArchiveLocation = { readonly bucket: string; readonly key: string };

/** The part of a rule that a notice shows; every `Rule` is one. */
export type NoticeRule = Pick<Rule, 'id' | 'name' | 'severity' | 'riskScore' | 'folder'>;

/** The part of an exception that a notice shows; every `Exception` is one. */
type NoticeException = Pick<Exception, 'id' | 'owner' | 'reason' | 'expires'>;

/** Alerts that belong together. `host` and `requester` are text from events. */
export type NoticeGroup = {
  readonly host: string | null;
  readonly location:
    | (Pick<Location, 'number'> & { readonly text: Localized<{ readonly what: string }> })
    | null;
  readonly requester: string | null;
  readonly count: number;
  /** Of the most suspicious of them; `null`: unknown. */
  readonly assessment: Pick<Assessment, 'level' | 'score'> | null;
  /** Id of that alert, if each of them is in the archive. */
  readonly alertId?: string;
};

/** A short summary of what was held at one time. */
export type HeldSummary = {
  readonly alerts: number;
  /** In the order of `inOrder`, the first ones. */
  readonly groups: readonly NoticeGroup[];
  readonly moreGroups: number;
  /** Digests and notices by kind. */
  readonly notices: readonly { readonly kind: NoticeKind; readonly count: number }[];
};

/** Skipped records that contain a rule's literal: too long, too deep, too wide or not JSON. */
export type SuspiciousRecords = {
  readonly count: number;
  /** The first of them; `code` of `logs/skips.ts`. */
  readonly records: readonly {
    readonly code: string;
    readonly record: number;
    readonly offset: number;
  }[];
};

/** Published besides alerts. Plain data: `renderNotice` words it. `id` is hex and names its receipt. */
export type Notice = { readonly id: string } & NoticeBody;

export type NoticeKind = NoticeBody['kind'];

export type NoticeBody =
  /** More alerts in one object than are published individually. */
  | {
      readonly kind: 'digest';
      readonly object: ObjectIdentity;
      readonly rule: NoticeRule;
      /** Distinct alerts of the object, how many of them were published, and in how many incidents. */
      readonly total: number;
      readonly told: number;
      readonly incidents: number;
      /** The first groups in the order of `inOrder`, and how many groups are not listed. */
      readonly groups: readonly NoticeGroup[];
      readonly moreGroups: number;
      /** Numbers of the first and the last record that matched. */
      readonly firstRecord: number;
      readonly lastRecord: number;
      /** Where all of them are; `null` in publish-only mode: then `records` names those not published. */
      readonly rest: ArchiveLocation | null;
      /** Runs of record numbers not published individually, inclusive; empty with an archive. */
      readonly records: readonly { readonly from: number; readonly to: number }[];
    }
  /** The hourly limit of individual messages is reached; further alerts are held in the archive. */
  | {
      readonly kind: 'held';
      /** Start of the hour, ISO 8601 UTC. */
      readonly hour: string;
      /** Individual messages allowed per hour. */
      readonly limit: number;
      /** Held so far; `null`: not counted. */
      readonly held: number | null;
      /** Key prefix in the archive of the alerts of the hour. */
      readonly place: ArchiveLocation;
      /** The alert that was held first, so that the notice shows at least one; text from an event. */
      readonly first: NoticeGroup | null;
    }
  /** What was held in a past hour. */
  | ({
      readonly kind: 'held-digest';
      /** Start of the hour, ISO 8601 UTC. */
      readonly hour: string;
      /** Logs of which something was held. */
      readonly logs: number;
      /** Of these only the number of alerts is known: there are more than are read. */
      readonly unread: number;
      /** There were further logs, not counted. */
      readonly isCut: boolean;
      readonly place: ArchiveLocation;
    } & HeldSummary)
  /** A backfill whose alerts are not sent individually found its first one. */
  | {
      readonly kind: 'backfill';
      /** Its name: letters, digits and dashes. */
      readonly run: string;
      /** Key prefix in the archive below which everything that it finds is listed. */
      readonly place: ArchiveLocation;
      /** The alert that was found first; `null`: only a notice. Text from an event. */
      readonly first: NoticeGroup | null;
    }
  /** An object that is damaged or in an unsupported format. */
  | {
      readonly kind: 'quarantine';
      readonly object: ObjectIdentity;
      /** Of `logs/damage.ts` or `observability/outcome-codes.ts`. */
      readonly code: string;
      /** Our own English sentence about this object: format, byte, what to change at the exporter. */
      readonly detail: string;
      /** Counted up to the damage. */
      readonly records: number;
      readonly decompressedBytes: number;
      readonly alerts: number;
      /** In the same notice, since one is sent for a damaged object; `null`: none. */
      readonly suspicious: SuspiciousRecords | null;
      /** The record of it in the archive; `null` in publish-only mode. */
      readonly place: ArchiveLocation | null;
    }
  | ({ readonly kind: 'suspicious-record'; readonly object: ObjectIdentity } & SuspiciousRecords)
  /** Documents that would have matched, but name an index that is not the rule's. */
  | {
      readonly kind: 'other-index';
      readonly object: ObjectIdentity;
      readonly rule: NoticeRule & Pick<Rule, 'indices'>;
      readonly count: number;
      readonly first: { readonly record: number; readonly offset: number };
    }
  /** More than half of an object is of unknown shape. Once a day for each first part of keys. */
  | {
      readonly kind: 'unknown-shape';
      readonly object: ObjectIdentity;
      readonly unknown: number;
      readonly records: number;
      /** Some first keys of the records: text of the log. */
      readonly keys: readonly string[];
    }
  /** Another product's records, which no running rule reads. Once a day for each product. */
  | {
      readonly kind: 'unread-source';
      readonly object: ObjectIdentity;
      readonly product: string;
      /** The index that Elastic gives such records. */
      readonly index: string;
      /** Count in this object. */
      readonly count: number;
      /** Folders of rules that would read them. */
      readonly readers: readonly string[];
    }
  /** The object was gone before it could be read. */
  | {
      readonly kind: 'object-missing';
      readonly object: ObjectIdentity;
      readonly place: ArchiveLocation | null;
    }
  /** The bytes of the notification were overwritten; the current ones were read instead. */
  | {
      readonly kind: 'object-overwritten';
      readonly object: ObjectIdentity;
      /** ETag that the notification named, and that of the bytes that were read. */
      readonly expectedEtag: string | null;
      readonly foundEtag: string | null;
      readonly alerts: number;
      readonly place: ArchiveLocation | null;
    }
  /** The object is in an archive storage class and has to be restored before it can be read. */
  | {
      readonly kind: 'object-archived';
      readonly object: ObjectIdentity;
      readonly storageClass: string | null;
      readonly place: ArchiveLocation | null;
    }
  /** The object is too large for one execution. */
  | {
      readonly kind: 'incomplete-scan';
      readonly object: ObjectIdentity;
      readonly records: number;
      readonly decompressedBytes: number;
      readonly alerts: number;
      readonly place: ArchiveLocation | null;
    }
  /** An exception has expired; what it accepted alerts again. One identity for each exception. */
  | {
      readonly kind: 'expired-exception';
      readonly rule: NoticeRule;
      readonly exception: NoticeException;
    }
  /** The function runs another published set of rules. To the operations topic. */
  | {
      readonly kind: 'rules-changed';
      /** Digests of the sets. */
      readonly from: string;
      readonly to: string;
      readonly added: readonly NoticeRule[];
      readonly removed: readonly NoticeRule[];
      readonly changed: readonly NoticeRule[];
      /** Ids of indicators that are new, removed or changed. */
      readonly indicators: readonly string[];
      /** Those that are new, or accept something else or for longer. */
      readonly exceptions: readonly {
        readonly rule: NoticeRule;
        readonly exception: NoticeException;
      }[];
    }
  /** The known match that arrives on a schedule. To the operations topic. */
  | {
      readonly kind: 'canary';
      readonly object: ObjectIdentity;
      /** The time it was scheduled for, ISO 8601 UTC. */
      readonly scheduled: string | null;
      /** From that time to its upload; `null`: unknown. */
      readonly lateMs: number | null;
      /** Alerts from its object; exactly one is correct. */
      readonly alerts: number;
    }
  /** A marked test of subscription, mail gateway and reader. To the alert topic. */
  | {
      readonly kind: 'test';
      /** `schedule`: sent every week; `selftest`: started by someone. */
      readonly cause: 'schedule' | 'selftest';
      readonly at: string | null;
    };
