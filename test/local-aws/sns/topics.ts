import type { Clock } from '../clock.ts';
import { AwsError } from '../error.ts';
import { CHAT_ENDPOINT } from './chat.ts';
import { setSubscriptionAttribute } from './subscription-attributes.ts';
import { invalid } from './validate.ts';

export type Protocol =
  | 'email'
  | 'email-json'
  | 'http'
  | 'https'
  | 'sqs'
  | 'lambda'
  | 'sms'
  | 'firehose'
  | 'application';

const PROTOCOLS: readonly string[] = [
  'email',
  'email-json',
  'http',
  'https',
  'sqs',
  'lambda',
  'sms',
  'firehose',
  'application',
] satisfies Protocol[];

export type Subscription = {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly token: string;
  state: 'pending' | 'confirmed';
  /** A pending subscription is deleted after two days. */
  pendingSince: number;
  isUnsubscribeAuthenticated: boolean;
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
const CONFIRMED_AT_ONCE: readonly string[] = ['sqs', 'lambda', 'firehose', 'sms', 'application'];
const TOPIC_ATTRIBUTES = [
  'DisplayName',
  'Policy',
  'DeliveryPolicy',
  'KmsMasterKeyId',
  'TracingConfig',
  'SignatureVersion',
  'MaximumMessageSize',
];

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
    if (name === 'MaximumMessageSize' && !(Number(value) >= 1024 && Number(value) <= 1_048_576)) {
      throw invalid('Attributes Reason: MaximumMessageSize must be between 1024 and 1048576');
    }
    topic.attributes[name] = value;
    for (const one of topic.subscriptions) refuseLarge(topic, one.protocol);
  }

  subscribe(
    topic: Topic,
    protocol: string,
    endpoint: string,
    attributes: Readonly<Record<string, string>> = {},
  ): Subscription {
    if (!PROTOCOLS.includes(protocol)) throw invalid(`Protocol Reason: Invalid protocol type: ${protocol}`);
    if (protocol.startsWith('email') && !/^[^@\s]+@[^@\s]+$/.test(endpoint)) throw invalid('Email address');
    if (protocol.startsWith('http') && !endpoint.startsWith(`${protocol}://`)) {
      throw invalid(`Endpoint must match the specified protocol`);
    }
    refuseLarge(topic, protocol as Protocol);
    const known = topic.subscriptions.find(one => one.protocol === protocol && one.endpoint === endpoint);
    if (known) return known;
    const subscription: Subscription = {
      arn: `${topic.arn}:${crypto.randomUUID()}`,
      topicArn: topic.arn,
      protocol: protocol as Protocol,
      endpoint,
      token: crypto.randomUUID().replaceAll('-', ''),
      state: CONFIRMED_AT_ONCE.includes(protocol) || endpoint === CHAT_ENDPOINT ? 'confirmed' : 'pending',
      pendingSince: this.#clock.now(),
      isUnsubscribeAuthenticated: false,
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

  confirm(topicArn: string, token: string, isUnsubscribeAuthenticated: boolean): Subscription {
    const subscription = this.of(topicArn).subscriptions.find(one => one.token === token);
    if (!subscription) throw invalid('Token');
    subscription.state = 'confirmed';
    subscription.isUnsubscribeAuthenticated = isUnsubscribeAuthenticated;
    return subscription;
  }

  unsubscribe(subscription: Subscription): void {
    const { subscriptions } = this.of(subscription.topicArn);
    subscriptions.splice(subscriptions.indexOf(subscription), 1);
  }

  maximumBytes(topic: Topic): number {
    return Number(topic.attributes['MaximumMessageSize'] ?? 262_144);
  }
}

/** A topic for messages above 256 KiB reaches queues, functions and streams only. */
function refuseLarge(topic: Topic, protocol: Protocol): void {
  if (Number(topic.attributes['MaximumMessageSize'] ?? 0) <= 262_144) return;
  if (['sqs', 'lambda', 'firehose'].includes(protocol)) return;
  throw invalid(
    `a topic with MaximumMessageSize above 262144 cannot have a subscription of protocol ${protocol}`,
  );
}
