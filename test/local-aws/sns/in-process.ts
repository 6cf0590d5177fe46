import { CHAT_ENDPOINT } from './chat.ts';
import type { Deliveries } from './deliver.ts';
import type { SnsEndpoint } from './endpoint.ts';
import type { Protocol, Subscription, Topic, Topics } from './topics.ts';

export type SubscribeOptions = {
  /** `false`: the subscription waits for its confirmation, as a mail address does. */
  readonly isConfirmed?: boolean;
  /** `FilterPolicy`, `RawMessageDelivery`, … */
  readonly attributes?: Readonly<Record<string, string>>;
};

/** SNS from within the test's process: no HTTP, no faults, no entry among the calls. */
export class LocalSns {
  readonly #topics: Topics;
  readonly #deliveries: Deliveries;
  readonly #endpoint: SnsEndpoint;

  constructor(topics: Topics, deliveries: Deliveries, endpoint: SnsEndpoint) {
    this.#topics = topics;
    this.#deliveries = deliveries;
    this.#endpoint = endpoint;
  }

  createTopic(name: string, attributes: Readonly<Record<string, string>> = {}): Topic {
    return this.#topics.create(name, attributes);
  }

  topic(arn: string): Topic {
    return this.#topics.of(arn);
  }

  deleteTopic(arn: string): void {
    this.#topics.all.delete(arn);
  }

  subscribe(
    topicArn: string,
    protocol: Protocol,
    endpoint: string,
    options: SubscribeOptions = {},
  ): Subscription {
    const topic = this.#topics.of(topicArn);
    const subscription = this.#topics.subscribe(topic, protocol, endpoint, options.attributes);
    if (options.isConfirmed ?? true) subscription.state = 'confirmed';
    else this.#deliveries.askToConfirm(topic, subscription);
    return subscription;
  }

  /** Subscribes a chat channel as Amazon Q Developer does. */
  subscribeChat(topicArn: string): Subscription {
    return this.subscribe(topicArn, 'https', CHAT_ENDPOINT);
  }

  publish(topicArn: string, parts: { readonly message: string; readonly subject?: string }): string {
    return this.#endpoint.publish(this.#topics.of(topicArn), {
      message: parts.message,
      subject: parts.subject,
      structure: undefined,
      attributes: new Map(),
    });
  }
}
