import { DeliveryError, type OutcomeCode } from '../observability/index.ts';

/** The parts of a failed SDK request that decide its code. */
export type Failure = { readonly name: string; readonly status: number; readonly message: string };

type Row = { readonly code: OutcomeCode; readonly when: (failure: Failure) => boolean };

const named =
  (...names: string[]) =>
  ({ name }: Failure) =>
    names.includes(name);
const isThrottled = ({ name, status }: Failure): boolean =>
  /^(SlowDown|Throttling|ThrottlingException|Throttled|ThrottledException|RequestLimitExceeded|TooManyRequestsException|KMSThrottling|KMSThrottlingException|ServiceUnavailable)$/.test(
    name,
  ) ||
  status === 429 ||
  status === 503;
const isCredentials = named(
  'ExpiredToken',
  'ExpiredTokenException',
  'TokenRefreshRequired',
  'RequestExpired',
);
/** Answered with 400, although nothing is wrong with the request. */
const isTransient = named('RequestTimeout', 'IncompleteBody', 'BadDigest', 'XAmzContentChecksumMismatch');
const isClock = named('RequestTimeTooSkewed', 'InvalidSignatureException');
/** S3 reports a denied KMS key as plain AccessDenied whose text names the action; only then is it the key. */
const isKms = ({ name, message }: Failure): boolean =>
  /^(KMS|Kms)/.test(name) || (/AccessDenied/.test(name) && /\bkms:|\bKMS\b/.test(message));

const READ: readonly Row[] = [
  { code: 'CredentialsExpired', when: isCredentials },
  { code: 'ClockSkewed', when: isClock },
  { code: 'S3Throttled', when: isThrottled },
  { code: 'S3Unavailable', when: isTransient },
  { code: 'KmsDenied', when: isKms },
  { code: 'ObjectArchived', when: named('InvalidObjectState') },
  { code: 'BucketMissing', when: named('NoSuchBucket') },
  { code: 'ObjectMissing', when: ({ name, status }) => status === 404 || name === 'MethodNotAllowed' },
  { code: 'WrongRegion', when: ({ status }) => status === 301 || status === 307 },
  { code: 'AccessDenied', when: ({ status }) => status === 401 || status === 403 },
  {
    code: 'ReadRefused',
    when: ({ status }) => status >= 400 && status < 500 && status !== 408 && status !== 416,
  },
  { code: 'S3Unavailable', when: () => true },
];

const ARCHIVE: readonly Row[] = [
  { code: 'CredentialsExpired', when: isCredentials },
  { code: 'ClockSkewed', when: isClock },
  { code: 'ArchiveUnavailable', when: failure => isThrottled(failure) || isTransient(failure) },
  { code: 'ArchiveMissing', when: ({ name, status }) => name === 'NoSuchBucket' || status === 404 },
  {
    code: 'ArchiveDenied',
    when: ({ status }) => status >= 300 && status < 500 && status !== 408 && status !== 409,
  },
  { code: 'ArchiveUnavailable', when: () => true },
];

const PUBLISH: readonly Row[] = [
  { code: 'CredentialsExpired', when: isCredentials },
  { code: 'ClockSkewed', when: isClock },
  { code: 'SnsThrottled', when: isThrottled },
  { code: 'SnsUnavailable', when: isTransient },
  { code: 'TopicKmsDenied', when: isKms },
  { code: 'TopicMissing', when: ({ name, status }) => status === 404 || /^NotFound/.test(name) },
  { code: 'TopicDenied', when: ({ status }) => status === 401 || status === 403 },
  { code: 'PublishRefused', when: ({ status }) => status >= 400 && status < 500 && status !== 408 },
  { code: 'SnsUnavailable', when: () => true },
];

const TABLES = { read: READ, archive: ARCHIVE, publish: PUBLISH };

/** Gives a failed SDK request its code. `what` names the bucket and key, or the topic. */
export function deliveryError(error: unknown, doing: keyof typeof TABLES, what: string): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const failure = failureOf(error);
  const { code } = TABLES[doing].find(row => row.when(failure))!;
  return new DeliveryError(code, `${what}: ${failure.name}${failure.status ? ` (${failure.status})` : ''}`, {
    cause: error,
  });
}

/** HTTP status of a failed request; 0 if there was no response. */
export function statusOf(error: unknown): number {
  return failureOf(error).status;
}

/** What the SDK says of a failed request. */
export function failureOf(error: unknown): Failure {
  const { name, message, $metadata, Code } = (error ?? {}) as {
    readonly name?: unknown;
    readonly message?: unknown;
    readonly Code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return {
    name: String(Code ?? name ?? 'Error').slice(0, 100),
    status: $metadata?.httpStatusCode ?? 0,
    message: String(message ?? ''),
  };
}
