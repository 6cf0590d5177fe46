import type { Clock } from '../clock.ts';
import { AwsError } from '../error.ts';
import type { Reply } from '../reply.ts';
import { type Door, type Operation, type Request, textOfBody } from '../server.ts';
import { type AttributeTexts, invalid, readAttributes, writeAttributes } from './attributes.ts';
import { batch, changeVisibility, type Input, receive, remove, send } from './operations.ts';
import { DEFAULT_ATTRIBUTES, Queue } from './queue.ts';

export type SqsParts = {
  readonly clock: Clock;
  readonly place: { readonly region: string; readonly account: string };
  readonly endpoint: () => string;
};

/** SQS by its JSON protocol. */
export class SqsDoor implements Door {
  readonly service = 'sqs';
  readonly queues = new Map<string, Queue>();
  readonly #parts: SqsParts;

  constructor(parts: SqsParts) {
    this.#parts = parts;
  }

  async route(request: Request): Promise<Operation> {
    const name = request.headers['x-amz-target']!.toString().replace('AmazonSQS.', '');
    const input = parse(await textOfBody(request));
    const queueName = input.QueueName ?? input.QueueUrl?.split('/').at(-1);
    return {
      name,
      target: queueName === undefined ? {} : { queueName },
      run: async () => json(200, (await this.#run(name, input, request.gone)) ?? {}),
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
    if (known) {
      if (JSON.stringify(readAttributes(texts, known.attributes)) === JSON.stringify(known.attributes))
        return known;
      throw new AwsError(
        400,
        'QueueNameExists',
        'A queue already exists with the same name and a different value for an attribute.',
      );
    }
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

  async #run(operation: string, input: Input, gone: AbortSignal): Promise<unknown> {
    if (operation === 'CreateQueue')
      return { QueueUrl: this.urlOf(this.create(input.QueueName!, input.Attributes).name) };
    if (operation === 'ListQueues') {
      const names = [...this.queues.keys()].filter(name => name.startsWith(input.QueueNamePrefix ?? ''));
      return names.length > 0 ? { QueueUrls: names.map(name => this.urlOf(name)) } : {};
    }
    if (operation === 'StartMessageMoveTask') return this.#move(input);
    const queue = this.#queueOf(input);
    switch (operation) {
      case 'GetQueueUrl':
        return { QueueUrl: this.urlOf(queue.name) };
      case 'DeleteQueue':
        return void this.queues.delete(queue.name);
      case 'PurgeQueue':
        return queue.purge();
      case 'GetQueueAttributes':
        return { Attributes: writeAttributes(queue, input.AttributeNames ?? []) };
      case 'SetQueueAttributes':
        queue.attributes = readAttributes(input.Attributes ?? {}, queue.attributes);
        return {};
      case 'SendMessage':
        return send(queue, input);
      case 'SendMessageBatch':
        return batch(input, entry => send(queue, entry));
      case 'ReceiveMessage':
        return receive(queue, input, gone);
      case 'DeleteMessage':
        return remove(queue, input);
      case 'DeleteMessageBatch':
        return batch(input, entry => remove(queue, entry));
      case 'ChangeMessageVisibility':
        return changeVisibility(queue, input);
      case 'ChangeMessageVisibilityBatch':
        return batch(input, entry => changeVisibility(queue, entry));
    }
    throw new AwsError(400, 'InvalidAction', `the stand-in does not know ${operation}`);
  }

  #queueOf(input: Input): Queue {
    const queue = this.queues.get(input.QueueName ?? input.QueueUrl?.split('/').at(-1) ?? '');
    if (queue) return queue;
    throw new AwsError(400, 'QueueDoesNotExist', 'The specified queue does not exist.');
  }

  #move(input: Input): unknown {
    const source = this.byArn(input.SourceArn ?? '');
    if (!source) {
      throw new AwsError(
        404,
        'ResourceNotFoundException',
        "The resource that you specified for the SourceArn parameter doesn't exist.",
      );
    }
    for (const message of [...source.messages]) {
      const target = this.byArn(input.DestinationArn ?? message.deadLetterSource ?? '');
      if (!target) continue;
      source.delete(message);
      target.adopt(message, undefined);
    }
    return { TaskHandle: crypto.randomUUID() };
  }
}

/** The codes that the older protocol used and that the header `x-amzn-query-error` still carries. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
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
