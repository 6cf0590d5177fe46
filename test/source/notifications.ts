import { parseNotification, type SourceSettings } from '../../functions/alert/source/parse-notification.ts';

const SETTINGS: SourceSettings = {
  sourceBuckets: [],
  sourcePrefix: '',
  sourceAccount: null,
  archiveBucket: 'archive',
  canaryBucket: 'canary',
};

type S3Options = { bucket?: string; key?: string; object?: object; record?: object };

/** One record of an S3 notification. */
export function s3({ bucket = 'logs', key = 'a.ndjson', object = {}, record = {} }: S3Options = {}) {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    s3: {
      bucket: { name: bucket },
      object: { key, size: 10, eTag: 'e', versionId: 'v', sequencer: '0A', ...object },
    },
    ...record,
  };
}

export const notification = (...records: object[]) => ({ Records: records });
export const sns = (message: unknown) => ({
  Type: 'Notification',
  TopicArn: 't',
  Message: JSON.stringify(message),
});
export const snsEvent = (message: unknown) => ({
  Records: [{ EventSource: 'aws:sns', Sns: { Type: 'Notification', Message: JSON.stringify(message) } }],
});
export const sqs = (...bodies: unknown[]) => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index}`,
    receiptHandle: `r${index}`,
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:1:queue',
    attributes: { ApproximateReceiveCount: '2' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })),
});
export const bridge = (detail: object = {}, event: object = {}) => ({
  version: '0',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '111122223333',
  detail: {
    bucket: { name: 'logs' },
    object: { key: 'a.ndjson', size: 10, etag: 'e', 'version-id': 'v' },
    ...detail,
  },
  ...event,
});

export const parse = (event: unknown, settings: Partial<SourceSettings> = {}) =>
  parseNotification(event, { ...SETTINGS, ...settings });

/** `bucket/key@version`, `-Code bucket/key` for what is ignored, `!` for a problem; messages apart by a line. */
export function read(event: unknown, settings?: Partial<SourceSettings>): string {
  return parse(event, settings)
    .map(({ refs, ignored, problems }) =>
      [
        ...refs.map(({ bucket, key, versionId }) => `${bucket}/${key}@${versionId}`),
        ...ignored.map(({ code, bucket, key }) => `-${code} ${bucket}/${key}`),
        ...problems.map(({ code }) => `!${code}`),
      ].join(', '),
    )
    .join('\n');
}

/** The objects of the first message. */
export const refsOf = (event: unknown) => parse(event)[0]!.refs;

/** A notification of one object, and how `read` shows it. */
export const PLAIN = notification(s3());
export const ONE = 'logs/a.ndjson@v';
