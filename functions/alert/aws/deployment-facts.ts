import {
  GetBucketNotificationConfigurationCommand,
  HeadBucketCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

type Owned = { readonly bucket: string; readonly owner: string | null };

const ownedBy = ({ bucket, owner }: Owned) => ({
  Bucket: bucket,
  ...(owner === null ? {} : { ExpectedBucketOwner: owner }),
});

/** The region of a bucket that can be reached; `null`: S3 did not say. */
export async function bucketRegion(client: S3Client, bucket: Owned): Promise<string | null> {
  return (await client.send(new HeadBucketCommand(ownedBy(bucket)))).BucketRegion ?? null;
}

/** Where a bucket sends notifications of new objects. */
export type BucketNotifications = {
  readonly isEventBridgeOn: boolean;
  readonly targets: readonly { readonly arn: string; readonly prefix: string; readonly suffix: string }[];
};

export async function notificationsOf(client: S3Client, bucket: Owned): Promise<BucketNotifications> {
  const answer = await client.send(new GetBucketNotificationConfigurationCommand(ownedBy(bucket)));
  const all = [
    ...(answer.QueueConfigurations ?? []).map(one => ({ ...one, arn: one.QueueArn })),
    ...(answer.TopicConfigurations ?? []).map(one => ({ ...one, arn: one.TopicArn })),
    ...(answer.LambdaFunctionConfigurations ?? []).map(one => ({ ...one, arn: one.LambdaFunctionArn })),
  ];
  return {
    isEventBridgeOn: answer.EventBridgeConfiguration !== undefined,
    targets: all
      .filter(({ Events }) => Events?.some(event => event.startsWith('s3:ObjectCreated:')))
      .map(({ arn = '', Filter }) => {
        const rule = (name: string): string =>
          Filter?.Key?.FilterRules?.find(({ Name }) => Name?.toLowerCase() === name)?.Value ?? '';
        return { arn, prefix: rule('prefix'), suffix: rule('suffix') };
      }),
  };
}

/** @throws when the topic does not exist or access is denied. */
export async function topicExists(client: SNSClient, topicArn: string): Promise<void> {
  await client.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
}

export type TopicSubscription = {
  readonly protocol: string;
  readonly endpoint: string;
  /** `pending`: awaiting confirmation. `gone`: removed recently. */
  readonly state: 'confirmed' | 'pending' | 'gone';
};

export async function subscriptionsOf(
  client: SNSClient,
  topicArn: string,
): Promise<readonly TopicSubscription[]> {
  const found: TopicSubscription[] = [];
  for (let token: string | undefined; ; ) {
    const { Subscriptions = [], NextToken } = await client.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, NextToken: token }),
    );
    for (const { Protocol = '', Endpoint = '', SubscriptionArn } of Subscriptions)
      found.push({
        protocol: Protocol,
        endpoint: Endpoint,
        state:
          SubscriptionArn === 'PendingConfirmation'
            ? 'pending'
            : SubscriptionArn?.startsWith('arn:')
              ? 'confirmed'
              : 'gone',
      });
    if (NextToken === undefined) return found;
    token = NextToken;
  }
}

export type QueueFacts = {
  readonly arn: string;
  readonly waiting: number;
  readonly hidden: number;
  readonly deadLetterArn: string | null;
};

export async function queueFacts(client: SQSClient, queueUrl: string): Promise<QueueFacts> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: [
        'QueueArn',
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'RedrivePolicy',
      ],
    }),
  );
  const redrive = JSON.parse(Attributes['RedrivePolicy'] ?? '{}') as {
    readonly deadLetterTargetArn?: string;
  };
  return {
    arn: Attributes['QueueArn'] ?? '',
    waiting: Number(Attributes['ApproximateNumberOfMessages'] ?? 0),
    hidden: Number(Attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0),
    deadLetterArn: redrive.deadLetterTargetArn ?? null,
  };
}

/** Writes one object, replacing any existing one; returns what identifies it in the ledger. */
export async function putObject(
  client: S3Client,
  bucket: string,
  key: string,
  body: string,
): Promise<{ readonly versionId: string | null; readonly etag: string | null }> {
  const { VersionId, ETag } = await client.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentLength: Buffer.byteLength(body) }),
  );
  return { versionId: VersionId ?? null, etag: ETag ?? null };
}
