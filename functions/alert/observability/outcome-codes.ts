/**
 * What becomes of an object or a message.
 * `retry`: not acknowledged, it may heal by itself. `config`: not acknowledged, somebody has to change something.
 * `quarantine`: a durable record, one notice, acknowledged. `skip-record`: counted, the object is read on.
 * `ignore`: not for us, acknowledged.
 */
export type OutcomeClass = 'retry' | 'config' | 'quarantine' | 'skip-record' | 'ignore';

type Outcome<Class extends OutcomeClass> = { readonly class: Class; readonly means: string };

const retry = (means: string): Outcome<'retry'> => ({ class: 'retry', means });
const config = (means: string): Outcome<'config'> => ({ class: 'config', means });
const quarantine = (means: string): Outcome<'quarantine'> => ({ class: 'quarantine', means });
const ignore = (means: string): Outcome<'ignore'> => ({ class: 'ignore', means });

/** Every outcome of an object or message; what its content can end in is the table of `logs/damage.ts`. */
export const OUTCOMES = {
  BadEvent: retry('The message holds something that is no notification of a new S3 object.'),
  BadKey: retry('No object has the key of the notification, whose percent codes are malformed.'),
  S3Unavailable: retry('S3 could not be reached, or the connection broke more often than is tried.'),
  S3Throttled: retry('S3 asked for fewer requests until the attempts were used up.'),
  S3Stalled: retry('S3 went silent in the middle of the object more often than is tried.'),
  S3TooSlow: retry('The object came more slowly than the least throughput allows.'),
  BodyMismatch: retry('The bytes that arrived are not those of the object, by length or by checksum.'),
  ObjectChanged: retry('The object was overwritten while it was read.'),
  CredentialsExpired: retry('The credentials of this environment have run out; the next one gets new ones.'),
  ClockSkewed: retry('AWS refused the time of the signature, even after the SDK corrected the clock.'),
  ArchiveUnavailable: retry('The archive could not be written or read for the moment.'),
  ArchiveDamaged: retry('An entry of the archive is not what was written there; it counts as absent.'),
  ReceiptFailed: retry('A message was published and its receipt could not be written: it may come twice.'),
  SnsThrottled: retry('SNS asked for fewer messages until the attempts were used up.'),
  SnsUnavailable: retry('SNS could not be reached, or its answers were lost.'),
  DeadlineGuard: retry('The time of this execution ran out before everything was read or told.'),
  Unexpected: retry('An error that no code foresees: a defect of this function.'),
  AccessDenied: config(
    'The role may not read the object (without s3:ListBucket a missing object looks the same).',
  ),
  KmsDenied: config('The role may not decrypt the object, or its key is disabled.'),
  BucketMissing: config('The bucket of the notification does not exist.'),
  WrongRegion: config('The bucket lies in another region than the function is set to.'),
  ReadRefused: config(
    'S3 refuses this way of reading: SSE-C, requester pays, or a request it holds invalid.',
  ),
  ArchiveDenied: config('The role may not write to or read from the archive.'),
  ArchiveMissing: config('The archive bucket does not exist.'),
  TopicMissing: config('The topic does not exist.'),
  TopicDenied: config('The role may not publish to the topic.'),
  TopicKmsDenied: config('The role may not use the key of the topic, or the key is disabled.'),
  PublishRefused: config('SNS refuses the message even in its smallest form.'),
  CanaryFailed: config('The canary was read and did not give the one match that it holds.'),
  ConfigError: config('The settings of the function are wrong; nothing was read.'),
  RulesUnavailable: config('No published set of rules can be used; nothing was read.'),
  RuleRefused: config('A rule of the function is wrong; nothing was read.'),
  ObjectMissing: quarantine('The object was deleted before it could be read.'),
  ObjectOverwritten: quarantine(
    'The bytes of the notification were overwritten; the present ones were read instead.',
  ),
  ObjectArchived: quarantine('The object lies in an archive storage class and has to be restored first.'),
  IncompleteScan: retry('The object is too large to be read in one execution.'),
  TestEvent: ignore('S3 says that the notification is set up.'),
  FolderMarker: ignore('An empty object whose key ends in a slash.'),
  UnexpectedSource: ignore('A bucket or account that is not among the sources.'),
  OtherPrefix: ignore('A key outside the prefix that is read.'),
  RecursionGuard: ignore('An object of the archive itself.'),
  AlreadyScanned: ignore('The ledger shows that this object was finished with the same rules.'),
} as const satisfies Record<string, Outcome<OutcomeClass>>;

export type OutcomeCode = keyof typeof OUTCOMES;

/** Codes of what is not for us. */
export type IgnoreCode = {
  [Code in OutcomeCode]: (typeof OUTCOMES)[Code]['class'] extends 'ignore' ? Code : never;
}[OutcomeCode];

/** An operation that failed; `code` says what that means for the object or message at hand. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly code: OutcomeCode;

  constructor(code: OutcomeCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get class(): OutcomeClass {
    return OUTCOMES[this.code].class;
  }
}

/** The code of any thrown value; what nobody foresaw is tried again. */
export function codeOf(error: unknown): OutcomeCode {
  return error instanceof DeliveryError ? error.code : 'Unexpected';
}
