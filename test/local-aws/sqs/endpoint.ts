import type { Clock } from '../clock.ts';
import { AwsError } from '../error.ts';
import type { Reply } from '../reply.ts';
import { type Endpoint, type Operation, type Request, textOfBody } from '../server.ts';
import { type AttributeTexts, invalid, readAttributes, writeAttributes } from './attributes.ts';
import { batch, changeVisibility, type Input, send } from './operations.ts';
import { DEFAULT_ATTRIBUTES, Queue } from './queue.ts';

export type SqsParts = {
  readonly clock: Clock;
  readonly place: { readonly region: string; readonly account: string };
  readonly endpoint: () => string;
};

/** SQS by its JSON protocol. */
export class SqsEndpoint implements Endpoint {
  readonly service = 'sqs';
  readonly queues = new Map<string, Queue>();
  readonly #parts: SqsParts;

  constructor(parts: SqsParts) {
    this.#parts = parts;
  }

  async route(request: Request): Promise<Operation> {
    const name = request.headers['x-amz-target']!.toString().replace('AmazonSQS.', '');
    const input = parse(await textOfBody(request));
    const queueName = input.QueueUrl?.split('/').at(-1);
    return {
      name,
      target: queueName === undefined ? {} : { queueName },
      run: () => json(200, this.#run(name, input)),
    };
  }

  refusal(error: AwsError): Reply {
    const query = QUERY_CODES[error.code] ?? error.code;
    const type = error.status < 500 ? 'Sender' : 'Receiver';
    const reply = json(error.status, {
      __type: `com.amazonaws.sqs#${error.code}`,
      message: error.message,
    });
    return {
      ...reply,
      headers: { ...reply.headers, ...error.details, 'x-amzn-query-error': `${query};${type}` },
    };
  }

  create(name: string, texts: AttributeTexts = {}): Queue {
    if (!/^[\w-]{1,80}$/.test(name)) {
      throw invalid('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
    }
    const attributes = readAttributes(texts, DEFAULT_ATTRIBUTES);
    const known = this.queues.get(name);
    if (known) return known;
    const { clock, place } = this.#parts;
    const queue = new Queue(
      name,
      `arn:aws:sqs:${place.region}:${place.account}:${name}`,
      attributes,
      clock,
      arn => this.byArn(arn),
    );
    this.queues.set(name, queue);
    return queue;
  }

  byArn(arn: string): Queue | undefined {
    return [...this.queues.values()].find(queue => queue.arn === arn);
  }

  urlOf(name: string): string {
    return `${this.#parts.endpoint()}/${this.#parts.place.account}/${name}`;
  }

  #run(operation: string, input: Input): unknown {
    const queue = this.#queueOf(input);
    switch (operation) {
      case 'GetQueueAttributes':
        return { Attributes: writeAttributes(queue, input.AttributeNames ?? []) };
      case 'SendMessage':
        return send(queue, input);
      case 'SendMessageBatch':
        return batch(input, entry => send(queue, entry));
      case 'ChangeMessageVisibility':
        return changeVisibility(queue, input);
    }
    throw new AwsError(400, 'InvalidAction', `the local AWS does not know ${operation}`);
  }

  #queueOf(input: Input): Queue {
    const queue = this.queues.get(input.QueueUrl?.split('/').at(-1) ?? '');
    if (queue) return queue;
    throw new AwsError(400, 'QueueDoesNotExist', 'The specified queue does not exist.');
  }
}

/** The codes that the older protocol used and that the header `x-amzn-query-error` still carries. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
};

function parse(text: string): Input {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new AwsError(400, 'SerializationException', 'the body of the request is not JSON');
  }
}

function json(status: number, value: unknown): Reply {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify(value),
  };
}
