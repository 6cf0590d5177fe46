/**
 * The outcome of an object or a message.
 * `retry`: not acknowledged, may succeed later. `config`: not acknowledged, someone has to change something.
 * `quarantine`: a durable record, one notice, acknowledged. `skip-record`: counted, reading continues.
 * `ignore`: not for this function, acknowledged.
 */
export type OutcomeClass = 'retry' | 'config' | 'quarantine' | 'skip-record' | 'ignore';

type Outcome<Class extends OutcomeClass> = { readonly class: Class; readonly means: string };

const retry = (means: string): Outcome<'retry'> => ({ class: 'retry', means });
const config = (means: string): Outcome<'config'> => ({ class: 'config', means });
const quarantine = (means: string): Outcome<'quarantine'> => ({ class: 'quarantine', means });
const ignore = (means: string): Outcome<'ignore'> => ({ class: 'ignore', means });

/** Every outcome of an object or message; outcomes of its content are in `logs/damage.ts`. */
export const OUTCOMES = {
  BadEvent: retry('The message contains something that is not a notification of a new S3 object.'),
  BadKey: retry(
    'The percent-encoding of the key in the notification is malformed, so no object has that key.',
  ),
  S3Unavailable: retry('S3 could not be reached, or the connection broke at every attempt.'),
  S3Throttled: retry('S3 throttled every attempt.'),
  S3Stalled: retry('S3 stopped sending in the middle of the object at every attempt.'),
  S3TooSlow: retry('The object arrived more slowly than the minimum throughput.'),
  BodyMismatch: retry('The bytes that arrived are not those of the object, by length or by checksum.'),
  ObjectChanged: retry('The object was overwritten while it was read.'),
  CredentialsExpired: retry("This environment's credentials have expired; the next one gets new ones."),
  ClockSkewed: retry('AWS refused the time of the signature, even after the SDK corrected the clock.'),
  ArchiveUnavailable: retry('The archive could temporarily not be written or read.'),
  ArchiveDamaged: retry('An entry of the archive is not valid; it counts as absent.'),
  ReceiptFailed: retry('A message was published but its receipt could not be written: it may arrive twice.'),
  SnsThrottled: retry('SNS throttled every attempt.'),
  SnsUnavailable: retry('SNS could not be reached, or its responses were lost.'),
  DeadlineGuard: retry('This execution ran out of time before everything was read or published.'),
  Unexpected: retry('An error without a code of its own: a defect of this function.'),
  AccessDenied: config(
    'The role may not read the object (without s3:ListBucket a missing object looks the same).',
  ),
  KmsDenied: config('The role may not decrypt the object, or its key is disabled.'),
  BucketMissing: config('The bucket of the notification does not exist.'),
  WrongRegion: config("The bucket is not in the function's region."),
  ReadRefused: config(
    'S3 refuses this kind of read: SSE-C, requester pays, or a request it considers invalid.',
  ),
  ArchiveDenied: config('The role may not write to or read from the archive.'),
  ArchiveMissing: config('The archive bucket does not exist.'),
  TopicMissing: config('The topic does not exist.'),
  TopicDenied: config('The role may not publish to the topic.'),
  TopicKmsDenied: config("The role may not use the topic's key, or the key is disabled."),
  PublishRefused: config('SNS refuses the message even in its smallest form.'),
  CanaryFailed: config('The canary was read but did not produce its one match.'),
  ConfigError: config("The function's settings are wrong; nothing was read."),
  RulesUnavailable: config('No published set of rules can be used; nothing was read.'),
  RuleRefused: config("One of the function's rules is invalid; nothing was read."),
  ObjectMissing: quarantine('The object was deleted before it could be read.'),
  ObjectOverwritten: quarantine(
    'The bytes of the notification were overwritten; the current ones were read instead.',
  ),
  ObjectArchived: quarantine('The object is in an archive storage class and has to be restored first.'),
  IncompleteScan: retry('The object is too large to be read in one execution.'),
  TestEvent: ignore('S3 confirms that the notification is set up.'),
  FolderMarker: ignore('An empty object whose key ends in a slash.'),
  UnexpectedSource: ignore('A bucket or account that is not a source.'),
  OtherPrefix: ignore('A key outside the prefix that is read.'),
  RecursionGuard: ignore('An object of the archive itself.'),
  AlreadyScanned: ignore('The ledger shows that this object was finished with the same rules.'),
} as const satisfies Record<string, Outcome<OutcomeClass>>;

export type OutcomeCode = keyof typeof OUTCOMES;

/** Codes of what is not for this function. */
export type IgnoreCode = {
  [Code in OutcomeCode]: (typeof OUTCOMES)[Code]['class'] extends 'ignore' ? Code : never;
}[OutcomeCode];

/** An operation that failed; `code` says what that means for the object or message. */
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

/** The code of any thrown value; unforeseen errors are retried. */
export function codeOf(error: unknown): OutcomeCode {
  return error instanceof DeliveryError ? error.code : 'Unexpected';
}
