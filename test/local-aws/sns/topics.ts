import type { Clock } from '../clock.ts';
import { AwsError } from '../error.ts';
import { CHAT_ENDPOINT } from './chat.ts';
import { setSubscriptionAttribute } from './subscription-attributes.ts';
import { invalid } from './validate.ts';

/** Those that the product and its subscribers use. */
export type Protocol = 'email' | 'https' | 'sqs';

const PROTOCOLS: readonly string[] = ['email', 'https', 'sqs'] satisfies Protocol[];

export type Subscription = {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  state: 'pending' | 'confirmed';
  /** A pending subscription is deleted after two days. */
  pendingSince: number;
  attributes: Record<string, string>;
  /** Times of the mails of the last second, for the limit of ten. */
  recent: number[];
};

export type Topic = {
  readonly arn: string;
  attributes: Record<string, string>;
  readonly subscriptions: Subscription[];
};

const PENDING_MS = 48 * 3_600_000;
const TOPIC_ATTRIBUTES = ['DisplayName', 'Policy', 'KmsMasterKeyId'];

/** Topics and who is subscribed to them. */
export class Topics {
  readonly all = new Map<string, Topic>();
  readonly #clock: Clock;
  readonly #place: { readonly region: string; readonly account: string };

  constructor(clock: Clock, place: { readonly region: string; readonly account: string }) {
    this.#clock = clock;
    this.#place = place;
  }

  create(name: string, attributes: Readonly<Record<string, string>> = {}): Topic {
    if (!/^[\w-]{1,256}$/.test(name)) throw invalid('Topic Name');
    const arn = `arn:aws:sns:${this.#place.region}:${this.#place.account}:${name}`;
    const topic = this.all.get(arn) ?? { arn, attributes: {}, subscriptions: [] };
    for (const [key, value] of Object.entries(attributes)) this.setAttribute(topic, key, value);
    this.all.set(arn, topic);
    return topic;
  }

  of(arn: string | undefined): Topic {
    if (arn === undefined) throw invalid('TopicArn or TargetArn Reason: no value for required parameter');
    if (arn.split(':').length < 6) {
      throw invalid(`TopicArn Reason: An ARN must have at least 6 elements, not ${arn.split(':').length}`);
    }
    const topic = this.all.get(arn);
    if (!topic) throw new AwsError(404, 'NotFound', 'Topic does not exist');
    const oldest = this.#clock.now() - PENDING_MS;
    const left = topic.subscriptions.filter(one => one.state === 'confirmed' || one.pendingSince > oldest);
    topic.subscriptions.splice(0, Infinity, ...left);
    return topic;
  }

  setAttribute(topic: Topic, name: string, value: string): void {
    if (!TOPIC_ATTRIBUTES.includes(name)) throw invalid(`Attributes Reason: Unknown attribute ${name}`);
    topic.attributes[name] = value;
  }

  subscribe(
    topic: Topic,
    protocol: string,
    endpoint: string,
    attributes: Readonly<Record<string, string>> = {},
  ): Subscription {
    if (!PROTOCOLS.includes(protocol)) throw invalid(`Protocol Reason: Invalid protocol type: ${protocol}`);
    if (protocol === 'email' && !/^[^@\s]+@[^@\s]+$/.test(endpoint)) throw invalid('Email address');
    if (protocol === 'https' && !endpoint.startsWith('https://'))
      throw invalid('Endpoint must match the specified protocol');
    const known = topic.subscriptions.find(one => one.protocol === protocol && one.endpoint === endpoint);
    if (known) return known;
    const subscription: Subscription = {
      arn: `${topic.arn}:${crypto.randomUUID()}`,
      topicArn: topic.arn,
      protocol: protocol as Protocol,
      endpoint,
      state: protocol === 'sqs' || endpoint === CHAT_ENDPOINT ? 'confirmed' : 'pending',
      pendingSince: this.#clock.now(),
      attributes: {},
      recent: [],
    };
    for (const [name, value] of Object.entries(attributes))
      setSubscriptionAttribute(subscription, name, value);
    topic.subscriptions.push(subscription);
    return subscription;
  }

  subscription(arn: string): Subscription {
    for (const topic of this.all.values()) {
      const found = this.of(topic.arn).subscriptions.find(one => one.arn === arn);
      if (found) return found;
    }
    throw new AwsError(404, 'NotFound', 'Subscription does not exist');
  }
}
