import type { Clock } from '../clock.ts';

type Attributes = Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>;

export type QueuedMessage = {
  readonly id: string;
  readonly body: string;
  readonly attributes: Attributes;
  readonly sentAt: number;
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt: number | undefined;
  /** The handle of the latest receipt: an older one deletes nothing. */
  handle: string;
  deadLetterSource: string | undefined;
};

export type QueueAttributes = {
  readonly visibilitySeconds: number;
  readonly retentionSeconds: number;
  readonly maximumBytes: number;
  readonly redrive: { readonly queueArn: string; readonly maxReceiveCount: number } | null;
  readonly policy: string | null;
};

export const DEFAULT_ATTRIBUTES: QueueAttributes = {
  visibilitySeconds: 30,
  retentionSeconds: 345_600,
  maximumBytes: 1_048_576,
  redrive: null,
  policy: null,
};

/** A standard queue: at least once, the oldest visible message first. */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  attributes: QueueAttributes;
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  readonly #findQueue: (arn: string) => Queue | undefined;
  #messages: QueuedMessage[] = [];

  constructor(
    name: string,
    arn: string,
    attributes: QueueAttributes,
    clock: Clock,
    findQueue: (arn: string) => Queue | undefined,
  ) {
    this.name = name;
    this.arn = arn;
    this.attributes = attributes;
    this.#clock = clock;
    this.createdAt = clock.now();
    this.#findQueue = findQueue;
  }

  send(body: string, attributes: Attributes = {}): QueuedMessage {
    const now = this.#clock.now();
    const message: QueuedMessage = {
      id: crypto.randomUUID(),
      body,
      attributes,
      sentAt: now,
      visibleAt: now,
      receiveCount: 0,
      firstReceivedAt: undefined,
      handle: '',
      deadLetterSource: undefined,
    };
    this.#messages.push(message);
    this.#wake();
    return message;
  }

  /** Hides up to `limit` messages and hands them out; those received too often move to the dead-letter queue. */
  receive(limit: number): readonly QueuedMessage[] {
    const now = this.#clock.now();
    this.#expire(now);
    const received: QueuedMessage[] = [];
    for (const message of [...this.#messages]) {
      if (received.length === limit) break;
      if (message.visibleAt > now) continue;
      const { redrive } = this.attributes;
      if (redrive && message.receiveCount >= redrive.maxReceiveCount) {
        this.#bury(message, redrive.queueArn);
        continue;
      }
      message.receiveCount++;
      message.firstReceivedAt ??= now;
      message.visibleAt = now + 1000 * this.attributes.visibilitySeconds;
      message.handle = `${message.id}#${message.receiveCount}`;
      received.push(message);
    }
    return received;
  }

  /** Waits up to `waitMs` for the first message to become visible. */
  async receiveWithin(waitMs: number, limit: number, signal?: AbortSignal) {
    const until = this.#clock.now() + waitMs;
    for (;;) {
      if (signal?.aborted) return [];
      const received = this.receive(limit);
      const now = this.#clock.now();
      if (received.length > 0 || now >= until) return received;
      const next = Math.min(until, this.nextVisibleAt);
      const stop = new AbortController();
      const abort = () => stop.abort();
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.add(abort);
      await this.#clock.sleep(Math.max(next - now, 1), stop.signal);
      this.#waiting.delete(abort);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** The message of a handle, `null` where the handle is an old one, `undefined` where it is none. */
  find(handle: string): QueuedMessage | null | undefined {
    if (!/^[0-9a-f-]{36}#\d+$/.test(handle)) return undefined;
    return this.#messages.find(message => message.handle === handle) ?? null;
  }

  isInFlight(message: QueuedMessage): boolean {
    return message.receiveCount > 0 && message.visibleAt > this.#clock.now();
  }

  delete(message: QueuedMessage): void {
    this.#messages = this.#messages.filter(one => one !== message);
  }

  show(message: QueuedMessage, inSeconds: number): void {
    message.visibleAt = this.#clock.now() + 1000 * inSeconds;
    this.#wake();
  }

  purge(): void {
    this.#messages = [];
  }

  /** When the next message can be received; infinity where there is none. */
  get nextVisibleAt(): number {
    return this.#messages.reduce(
      (least, { visibleAt }) => Math.min(least, visibleAt),
      Number.POSITIVE_INFINITY,
    );
  }

  /** Everything in the queue, hidden or not, without receiving it. */
  get messages(): readonly QueuedMessage[] {
    this.#expire(this.#clock.now());
    return this.#messages;
  }

  get counts(): { visible: number; hidden: number } {
    const now = this.#clock.now();
    const hidden = this.messages.filter(({ visibleAt }) => visibleAt > now).length;
    return { visible: this.#messages.length - hidden, hidden };
  }

  /** Puts a message of another queue here, with its own identity and age. */
  adopt(message: QueuedMessage, source: string | undefined): void {
    const visibleAt = this.#clock.now();
    this.#messages.push({ ...message, visibleAt, handle: '', receiveCount: 0, deadLetterSource: source });
    this.#wake();
  }

  #bury(message: QueuedMessage, arn: string): void {
    const grave = this.#findQueue(arn);
    if (!grave) return;
    this.delete(message);
    grave.adopt(message, this.arn);
  }

  #expire(now: number): void {
    const oldest = now - 1000 * this.attributes.retentionSeconds;
    if (this.#messages.some(({ sentAt }) => sentAt < oldest)) {
      this.#messages = this.#messages.filter(({ sentAt }) => sentAt >= oldest);
    }
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}
