import { AwsError } from '../error.ts';
import type { Queue, QueueAttributes } from './queue.ts';

/** Attributes as the API writes them, all values text. */
export type AttributeTexts = Readonly<Record<string, string>>;

const RANGES: Readonly<Record<string, readonly [keyof QueueAttributes, number, number]>> = {
  VisibilityTimeout: ['visibilitySeconds', 0, 43_200],
  MessageRetentionPeriod: ['retentionSeconds', 60, 1_209_600],
  MaximumMessageSize: ['maximumBytes', 1024, 1_048_576],
};

/** Attributes that are kept by the real service and change nothing here. */
const IGNORED = [
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
  'RedriveAllowPolicy',
];

export function readAttributes(texts: AttributeTexts, before: QueueAttributes): QueueAttributes {
  let attributes = before;
  for (const [name, text] of Object.entries(texts)) {
    const range = RANGES[name];
    if (range) {
      const [field, least, most] = range;
      if (!/^\d+$/.test(text) || Number(text) < least || Number(text) > most) {
        throw invalid(`Invalid value for the parameter ${name}.`);
      }
      attributes = { ...attributes, [field]: Number(text) };
    } else if (name === 'RedrivePolicy') attributes = { ...attributes, redrive: readRedrive(text) };
    else if (name === 'Policy') attributes = { ...attributes, policy: text === '' ? null : text };
    else if (!IGNORED.includes(name)) {
      throw new AwsError(400, 'InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
  }
  return attributes;
}

function readRedrive(text: string): QueueAttributes['redrive'] {
  if (text === '') return null;
  try {
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(text);
    const count = Number(maxReceiveCount);
    if (typeof deadLetterTargetArn === 'string' && count >= 1 && count <= 1000) {
      return { queueArn: deadLetterTargetArn, maxReceiveCount: count };
    }
  } catch {}
  throw invalid(`Value ${text} for parameter RedrivePolicy is invalid.`);
}

export function writeAttributes(queue: Queue, wanted: readonly string[]): AttributeTexts {
  const { attributes, counts } = queue;
  const all: Record<string, string> = {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.hidden),
    ApproximateNumberOfMessagesDelayed: '0',
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    SqsManagedSseEnabled: 'true',
  };
  for (const [name, [field]] of Object.entries(RANGES)) all[name] = String(attributes[field]);
  if (attributes.policy !== null) all['Policy'] = attributes.policy;
  if (attributes.redrive) {
    const { queueArn, maxReceiveCount } = attributes.redrive;
    all['RedrivePolicy'] = JSON.stringify({ deadLetterTargetArn: queueArn, maxReceiveCount });
  }
  if (wanted.includes('All')) return all;
  const unknown = wanted.find(
    name => all[name] === undefined && !['Policy', 'RedrivePolicy', ...IGNORED].includes(name),
  );
  if (unknown) throw new AwsError(400, 'InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name)));
}

export function invalid(message: string): AwsError {
  return new AwsError(400, 'InvalidParameterValue', message);
}
