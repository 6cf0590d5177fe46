import type { Call } from './calls.ts';

/** One thing that a caller may not do. */
export type Denial = {
  /** As in a policy: `s3:ListBucket`, `sns:*`. */
  readonly action: string;
  /** An ARN, with `*` at its end if it is a beginning; every resource if absent. */
  readonly resource?: string;
  /** An access key; every caller if absent. */
  readonly caller?: string;
};

/** Everything is allowed that is not denied here. */
export class Rights {
  #denials: Denial[] = [];

  deny(denial: Denial): void {
    this.#denials.push(denial);
  }

  allowAll(): void {
    this.#denials = [];
  }

  isDenied(action: string, resource: string, caller: string): boolean {
    return this.#denials.some(
      denial =>
        covers(denial.action, action) &&
        covers(denial.resource ?? '*', resource) &&
        (denial.caller ?? caller) === caller,
    );
  }
}

function covers(pattern: string, value: string): boolean {
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern;
}

type Arns = { readonly region: string; readonly account: string };

export type Permission = { readonly action: string; readonly resource: string; readonly caller: string };

/** The permissions that calls needed, each once; of a key only its first folder is kept. */
export function permissionsOf(calls: readonly Call[], arns: Arns): readonly Permission[] {
  const found = new Map<string, Permission>();
  for (const call of calls) {
    const { action, resource } = permissionOf(call, arns);
    const folder = /^(arn:aws:s3:::[^/]+\/)([^/]*\/)?/.exec(resource);
    const permission = {
      action,
      resource: folder ? `${folder[1]}${folder[2] ?? ''}*` : resource,
      caller: call.caller,
    };
    found.set(JSON.stringify(permission), permission);
  }
  return [...found.values()];
}

/** The permission that IAM asks for this call, and the resource it is asked on. */
export function permissionOf(call: Call, { region, account }: Arns): Omit<Permission, 'caller'> {
  if (call.service === 'sns')
    return {
      action: `sns:${call.operation}`,
      resource: call.topicArn ?? '*',
    };
  if (call.service === 'sqs') {
    return {
      action: `sqs:${SQS_PERMISSIONS[call.operation] ?? call.operation}`,
      resource: `arn:aws:sqs:${region}:${account}:${call.queueName ?? '*'}`,
    };
  }
  const operation = call.versionId === undefined ? call.operation : `${call.operation}@version`;
  const bucket = `arn:aws:s3:::${call.bucket ?? '*'}`;
  return {
    action: `s3:${S3_PERMISSIONS[operation] ?? call.operation}`,
    resource: call.key === undefined ? bucket : `${bucket}/${call.key}`,
  };
}

const SQS_PERMISSIONS: Readonly<Record<string, string>> = {
  SendMessageBatch: 'SendMessage',
};

const S3_PERMISSIONS: Readonly<Record<string, string>> = {
  HeadObject: 'GetObject',
  'HeadObject@version': 'GetObjectVersion',
  'GetObject@version': 'GetObjectVersion',
  'DeleteObject@version': 'DeleteObjectVersion',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  ListObjectsV2: 'ListBucket',
  HeadBucket: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  DeleteObjects: 'DeleteObject',
  GetBucketNotificationConfiguration: 'GetBucketNotification',
  PutBucketNotificationConfiguration: 'PutBucketNotification',
};
