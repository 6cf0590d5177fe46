import type { Clause, JsonObject } from '../eql/index.ts';
import type { Location, Owner, Rule } from '../ruleset/index.ts';
import type { Assessment } from './assessment.ts';
import type { CommandFacts, Payload } from './payload/index.ts';

/**
 * One version of an object of logs, as named by S3 when it was opened. Its text comes from whoever wrote the object.
 */
export type ObjectIdentity = {
  /** `null` on the command line, where `key` is the name of a file. */
  readonly bucket: string | null;
  readonly key: string;
  readonly versionId: string | null;
  readonly etag: string | null;
  /** When the object was written to S3, ISO 8601 UTC. */
  readonly lastModified: string | null;
};

/** Where the record of an alert is, so that anyone who may read it can fetch it again. */
export type Evidence = ObjectIdentity & {
  /** Number of the record in the object, from 1. */
  readonly record: number;
  /** Byte offset of the record in the decompressed object. */
  readonly offset: number;
  /** SHA-256 (hex) of the bytes of the record. */
  readonly sha256: string;
};

/** The product that wrote an event, as far as the document says. */
export type Product =
  | 'elastic-defend'
  | 'endgame'
  | 'sysmon'
  | 'windows-security'
  | 'windows-event'
  | 'defender-xdr'
  | 'crowdstrike'
  | 'sentinelone'
  | 'other';

/** A value of the event that no product wrote there: another spelling, or looked up in another record. */
export type InferredValue = {
  readonly field: string;
  readonly value: string;
  readonly from: 'spelling' | 'system' | 'process-record';
};

/** Where an event came from before it was exported. */
export type EventSource = {
  readonly product: Product;
  /** The index or data stream that it is in at Elastic; `null`: the document names none. */
  readonly index: string | null;
  /** Empty for a document in Elastic's form. Never part of the alert's id or of the hash of what was written. */
  readonly inferred: readonly InferredValue[];
};

/** The process that asked WMI to write. */
export type Requester = {
  /** `absent`: not named in the event, possibly on another machine. `broker`: may act for a caller elsewhere. */
  readonly kind: 'named' | 'broker' | 'absent';
  readonly name: string | null;
  readonly executable: string | null;
  readonly pid: string | null;
  readonly entityId: string | null;
};

/** Facts that follow from the event alone. Texts are as in the event: attacker-written. */
export type Facts = EventFacts & CommandFacts;

export type EventFacts = {
  readonly timestamp: string | null;
  readonly timestampMs: number | null;
  readonly hostName: string | null;
  readonly hostId: string | null;
  readonly agentId: string | null;
  readonly agentVersion: string | null;
  /** `host.ip`, the first ones. */
  readonly hostIps: readonly string[];
  /** The operating system with its version, in the agent's words. */
  readonly os: string | null;
  /** The account of the event: that of the process that wrote. */
  readonly user: { readonly id: string | null; readonly name: string | null; readonly domain: string | null };
  readonly registry: {
    /** `registry.path` that matched. */
    readonly path: string;
    /** `HKLM`, `HKEY_USERS`, `\REGISTRY\MACHINE`, `\REGISTRY\USER`, or the first element of the path. */
    readonly hive: string;
    readonly root: 'machine' | 'user' | 'other';
    /** Key below the hive (for a user hive: with the owner element), without the value name. */
    readonly key: string;
    /** Name of the value; empty: the key's default value. */
    readonly value: string;
    /** False when key and value had to be cut from the path, which a value name with a backslash makes ambiguous. */
    readonly certain: boolean;
    /** `REG_SZ` …; `null`: not in the event. */
    readonly type: string | null;
    readonly data: readonly string[];
  };
  readonly owner: Owner;
  /** For a service location: the name of the service. */
  readonly service: string | null;
  readonly requester: Requester;
  /** The process of the event; for writes through WMI, WmiPrvSE itself. */
  readonly writer: {
    readonly name: string | null;
    readonly executable: string | null;
    readonly pid: string | null;
    readonly entityId: string | null;
  };
  /** What else the event says about that process. */
  readonly process: {
    readonly commandLine: string | null;
    /** The agent's result for its file's signature. */
    readonly signature: 'trusted' | 'untrusted' | 'unsigned' | null;
    readonly signer: string | null;
    /** Name of the process that started it. */
    readonly parent: string | null;
  };
};

/** The delay of the upload. Milliseconds; `null`: unknown. */
export type Lag = {
  readonly uploadMs: number | null;
  /** The rule's own schedule would have missed it. */
  readonly exceedsLookBack: boolean;
};

/** Other matches of the same rule, host and requester in the same object. */
export type Neighbours = {
  readonly count: number;
  readonly sample: readonly { readonly path: string; readonly value: string }[];
};

/** What the archive knows; `null` members: unknown. */
export type History = {
  /** Other hosts on which the same value name and data were seen. */
  readonly otherHosts: readonly string[] | null;
  readonly otherHostsMore: boolean;
  /** Alerts of this host within 48 hours. */
  readonly hostAlerts: number | null;
};

/** Shown when the same write is reported again because the last message about it is old. */
export type Repeated = {
  /** When the first one was published, milliseconds UTC. */
  readonly sinceMs: number;
  /** Repeats since then, at least; including this one. */
  readonly count: number;
  /** Other values that the message covers but does not show. */
  readonly others: number;
};

export type Alert = {
  /** Hex SHA-256, the same for the same event whatever exported it. */
  readonly id: string;
  /** Hex SHA-256 over every value of `registry.path` and `registry.data`, whole even where the facts are cut. */
  readonly writtenHash: string;
  readonly rule: Rule;
  /** The event document, whole unless `eventCut`. */
  readonly event: JsonObject;
  readonly source: EventSource;
  /**
   * True when the document was too large to hold: `event` then has only the fields that the rule and the facts read.
   */
  readonly eventCut: boolean;
  readonly evidence: Evidence;
  /** The conditions that were true. */
  readonly why: readonly Clause[];
  /** The location that counts, and every location whose pattern matched. Empty for a rule without locations. */
  readonly location: Location | null;
  readonly locations: readonly Location[];
  /** Whether the event's key and value are exactly where Windows is known to read that location. */
  readonly isDocumented: boolean;
  readonly facts: Facts;
  /** What Windows will run because of the value. */
  readonly payload: Payload;
  /** How suspicious it looks, and by which indicators. */
  readonly assessment: Assessment;
  readonly lag: Lag;
  /** `null`: not counted, since alerts were passed on before the object was read to its end. */
  readonly neighbours: Neighbours | null;
  /** How many records of the object were this same event. */
  readonly occurrences: number;
  /** The field taken for `host.os.type` in an Endgame document without it. */
  readonly osTypeFrom: string | null;
  readonly history: History | null;
  /** Not the first of its kind on that day: the message is short. */
  readonly repeated?: Repeated;
};

/** A match before the object is read to its end: an alert without neighbours, counts and history. */
export type Match = Omit<Alert, 'neighbours' | 'occurrences' | 'history' | 'repeated'>;
