import { createHash } from 'node:crypto';
import { AwsError } from '../error.ts';
import { invalid } from './attributes.ts';
import type { Queue, QueuedMessage } from './queue.ts';

/** The members of every request that the local AWS knows. */
export type Input = {
  readonly QueueUrl?: string;
  readonly AttributeNames?: readonly string[];
  readonly MessageBody?: string;
  readonly VisibilityTimeout?: number;
  readonly ReceiptHandle?: string;
  readonly Entries?: readonly (Input & { readonly Id: string })[];
};

export function send(queue: Queue, input: Input) {
  const body = input.MessageBody ?? '';
  if (body === '')
    throw new AwsError(400, 'MissingParameter', 'The request must contain the parameter MessageBody.');
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(body)) {
    throw new AwsError(
      400,
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  }
  const most = queue.attributes.maximumBytes;
  if (Buffer.byteLength(body) > most) {
    throw invalid(`One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`);
  }
  return { MessageId: queue.send(body).id, MD5OfMessageBody: md5(body) };
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

export function systemAttributesOf(message: QueuedMessage): Record<string, string> {
  return {
    SenderId: 'AIDALOCALAWS',
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? ''),
    ...(message.deadLetterSource === undefined ? {} : { DeadLetterQueueSourceArn: message.deadLetterSource }),
  };
}

function messageOf(queue: Queue, input: Input): QueuedMessage | null {
  const message = queue.find(input.ReceiptHandle ?? '');
  if (message !== undefined) return message;
  throw new AwsError(
    404,
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${input.ReceiptHandle}" is not valid.`,
  );
}

export function changeVisibility(queue: Queue, input: Input): object {
  const seconds = input.VisibilityTimeout ?? -1;
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 43_200) {
    throw invalid(
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.`,
    );
  }
  const message = messageOf(queue, input);
  if (!message || !queue.isInFlight(message)) {
    throw new AwsError(
      400,
      'MessageNotInflight',
      `Value ${input.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  }
  queue.show(message, seconds);
  return {};
}

export function batch(input: Input, one: (entry: Input) => object): object {
  const entries = input.Entries ?? [];
  if (entries.length === 0)
    throw new AwsError(400, 'EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > 10) {
    throw new AwsError(
      400,
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw new AwsError(
      400,
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    );
  }
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...one(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}
