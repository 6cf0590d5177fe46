import { type Failure, failureOf } from './aws-errors.ts';

/** Why a command failed at AWS. */
export type AwsFailureCode =
  | 'NoCredentials'
  | 'NoRegion'
  | 'AwsDenied'
  | 'AwsMissing'
  | 'AwsRefused'
  | 'AwsUnavailable';

/** A request to AWS failed: one line that says what, why, and what to do about it. */
export class AwsFailure extends Error {
  override readonly name = 'AwsFailure';
  readonly code: AwsFailureCode;

  constructor(code: AwsFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** 1: interrupted, and may be continued later; 2: something has to be changed first. */
  get status(): 1 | 2 {
    return this.code === 'AwsUnavailable' ? 1 : 2;
  }
}

const ROWS: readonly {
  readonly code: AwsFailureCode;
  readonly when: (problem: Failure) => boolean;
  readonly advice: (right: string) => string;
}[] = [
  {
    code: 'NoCredentials',
    when: ({ name }) =>
      /^(CredentialsProviderError|TokenProviderError|ExpiredToken|ExpiredTokenException|InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|RequestExpired|AuthFailure)$/.test(
        name,
      ),
    advice: () =>
      'there are no valid AWS credentials; set AWS_PROFILE, sign in with `aws sso login`, or set AWS_ACCESS_KEY_ID and its companions',
  },
  {
    code: 'NoRegion',
    when: ({ message }) => /^Region (is missing|not accepted)/.test(message),
    advice: () => "no valid region is set; set AWS_REGION to the function's region",
  },
  {
    code: 'AwsMissing',
    when: ({ name, status }) =>
      /^(NoSuchBucket|NotFound|NotFoundException|QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue|ResourceNotFoundException)$/.test(
        name,
      ) || status === 404,
    advice: () => 'it does not exist; check the name, the account and AWS_REGION',
  },
  {
    code: 'AwsDenied',
    when: ({ status }) => status === 401 || status === 403,
    advice: right => `access denied; it needs ${right}`,
  },
  {
    code: 'AwsRefused',
    when: ({ status }) => status >= 300 && status < 500 && status !== 408 && status !== 429,
    advice: () => 'AWS rejected the request; check the name and AWS_REGION',
  },
  {
    code: 'AwsUnavailable',
    when: () => true,
    advice: () => 'AWS could not be reached or was too busy; try again',
  },
];

/**
 * Sends a request to AWS. `what` names its object, `right` is the permission that it needs.
 * @throws AwsFailure
 */
export async function asking<Result>(
  what: string,
  right: string,
  ask: () => Promise<Result>,
): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    throw awsFailureOf(what, right, error);
  }
}

export function awsFailureOf(what: string, right: string, error: unknown): unknown {
  if (error instanceof AwsFailure || !isAws(error)) return error;
  const problem = problemOf(error);
  const { code, advice } = ROWS.find(row => row.when(problem))!;
  const source = [problem.name, problem.status].filter(part => part !== 'Error' && part !== 0).join(', ');
  return new AwsFailure(code, `${what}: ${advice(right)}${source && ` (${source})`}`, { cause: error });
}

/** The SDK's own error, inside the one made by delivery. */
function problemOf(error: unknown): Failure {
  const { cause } = error as { readonly cause?: unknown };
  const source = error instanceof Error && error.name === 'DeliveryError' && cause ? cause : error;
  return failureOf(source);
}

/** Errors that our own code raises about a response of AWS. */
const OWN = new Set(['SetError', 'UsageError']);

/** Anything thrown by the SDK or the network; our own defects keep their stack. */
function isAws(error: unknown): boolean {
  return (
    error instanceof Error &&
    !OWN.has(error.name) &&
    !(error instanceof TypeError && !('code' in error)) &&
    !(error instanceof RangeError) &&
    !(error instanceof SyntaxError)
  );
}
