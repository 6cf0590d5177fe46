import type { Clock, VirtualClock } from './clock.ts';
import { md5, systemAttributesOf } from './sqs/operations.ts';
import type { Queue, QueuedMessage } from './sqs/queue.ts';

export type PollerOptions = {
  readonly queue: Queue;
  /** Runs the function once; a rejection is a function error. */
  readonly invoke: (event: unknown) => Promise<unknown>;
  readonly clock: Clock;
  readonly region: string;
  readonly batchSize?: number;
  /** How many batches run at once. */
  readonly concurrency?: number;
  /** `false`: the answer is ignored, as without `FunctionResponseTypes`. */
  readonly reportsBatchItemFailures?: boolean;
};

/** One batch and what came of it. */
export type Batch = {
  readonly messageIds: readonly string[];
  readonly failed: readonly string[];
  /** Why every message of the batch counts as failed. */
  readonly problem: string | null;
};

/** Lambda's event source mapping: receives, invokes, deletes what is done. */
export class Poller {
  readonly batches: Batch[] = [];
  readonly #options: PollerOptions;
  readonly #stop = new AbortController();
  readonly #loops: Promise<void>[] = [];

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  /** Polls in the background until stopped. */
  start(): this {
    for (let at = this.#options.concurrency ?? 1; at > 0; at--) this.#loops.push(this.#loop());
    return this;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#loops);
  }

  /** Takes one batch, if one is visible now; how many messages it had. */
  async step(): Promise<number> {
    const messages = this.#options.queue.receive(this.#options.batchSize ?? 1);
    if (messages.length > 0) await this.#run(messages);
    return messages.length;
  }

  /** Steps until the queue is empty, passing the time until hidden messages come back. */
  async drain(clock: VirtualClock): Promise<void> {
    const { queue } = this.#options;
    while (queue.messages.length > 0) {
      if ((await this.step()) > 0 || queue.messages.length === 0) continue;
      clock.advance(Math.max(0, queue.nextVisibleAt - clock.now()));
    }
  }

  /** Resolves when the queue holds nothing, hidden or not: all is done or dead-lettered. */
  async drained(timeoutMs = 60_000): Promise<void> {
    const until = Date.now() + timeoutMs;
    while (this.#options.queue.messages.length > 0) {
      if (Date.now() > until)
        throw new Error(`${this.#options.queue.name} is not empty after ${timeoutMs} ms`);
      await new Promise(resolve => setTimeout(resolve, 10));
    }
  }

  async #loop(): Promise<void> {
    const { queue, batchSize = 1 } = this.#options;
    while (!this.#stop.signal.aborted) {
      const messages = await queue.receiveWithin(20_000, batchSize, this.#stop.signal);
      if (messages.length > 0) await this.#run(messages);
    }
  }

  async #run(messages: readonly QueuedMessage[]): Promise<void> {
    const { queue, invoke, region, reportsBatchItemFailures = true } = this.#options;
    const handles = new Map(messages.map(message => [message.id, message.handle]));
    const messageIds = [...handles.keys()];
    let verdict: { failed: readonly string[]; problem: string | null };
    try {
      const answer = await invoke(eventOf(messages, queue.arn, region));
      verdict = reportsBatchItemFailures ? failuresOf(answer, messageIds) : { failed: [], problem: null };
    } catch (error) {
      verdict = { failed: messageIds, problem: error instanceof Error ? error.message : String(error) };
    }
    this.batches.push({ messageIds, ...verdict });
    for (const [id, handle] of handles) {
      const message = verdict.failed.includes(id) ? null : queue.find(handle);
      if (message) queue.delete(message);
    }
  }
}

/**
 * Which messages a function's answer leaves in the queue. Nothing, `null` or an empty list is full success;
 * an identifier that is missing, empty, or of no message of the batch fails the whole batch.
 */
export function failuresOf(
  answer: unknown,
  ids: readonly string[],
): { failed: readonly string[]; problem: string | null } {
  const wholeBatch = (problem: string) => ({ failed: ids, problem });
  if (answer === undefined || answer === null) return { failed: [], problem: null };
  if (typeof answer !== 'object' || Array.isArray(answer)) return wholeBatch('the answer is not an object');
  const items: unknown = Reflect.get(answer, 'batchItemFailures') ?? [];
  if (!Array.isArray(items)) return wholeBatch('batchItemFailures is not a list');
  const failed: string[] = [];
  for (const item of items) {
    const id: unknown =
      typeof item === 'object' && item !== null ? Reflect.get(item, 'itemIdentifier') : undefined;
    if (typeof id !== 'string' || id === '') return wholeBatch('an item has no itemIdentifier');
    if (!ids.includes(id)) return wholeBatch(`no message of the batch is ${id}`);
    failed.push(id);
  }
  return { failed, problem: null };
}

/** The batch as the function gets it. */
function eventOf(messages: readonly QueuedMessage[], arn: string, region: string): unknown {
  return {
    Records: messages.map(message => ({
      messageId: message.id,
      receiptHandle: message.handle,
      body: message.body,
      attributes: systemAttributesOf(message),
      messageAttributes: Object.fromEntries(
        Object.entries(message.attributes).map(([name, { DataType, StringValue }]) => [
          name,
          { stringValue: StringValue, stringListValues: [], binaryListValues: [], dataType: DataType },
        ]),
      ),
      md5OfBody: md5(message.body),
      eventSource: 'aws:sqs',
      eventSourceARN: arn,
      awsRegion: region,
    })),
  };
}
