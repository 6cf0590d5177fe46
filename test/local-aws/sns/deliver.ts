import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { CHAT_ENDPOINT, chatProblems, NOT_SUPPORTED } from './chat.ts';
import { type Delivery, envelopeOf, footOf, type Made } from './delivery.ts';
import { attributesMatch } from './filter.ts';
import { writeMail } from './mail.ts';
import type { Subscription, Topic } from './topics.ts';
import type { Publication, SnsAttribute, Variants } from './validate.ts';

export type DeliveryParts = {
  readonly clock: Clock;
  readonly region: string;
  readonly directory: string;
  readonly sendToQueue: (
    topicArn: string,
    arn: string,
    body: string,
    attributes: ReadonlyMap<string, SnsAttribute>,
  ) => string | null;
  readonly log: (line: string) => void;
};

const MAILS_PER_SECOND = 10;

/** Brings a message to every subscription of its topic and keeps what came of it. */
export class Deliveries {
  readonly all: Delivery[] = [];
  readonly #parts: DeliveryParts;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  deliver(topic: Topic, publication: Publication, variants: Variants, messageId: string): void {
    for (const subscription of topic.subscriptions) {
      const body = variants.of(subscription.protocol);
      const made: Made = {
        protocol: subscription.protocol,
        topicArn: topic.arn,
        subscriptionArn: subscription.arn,
        endpoint: subscription.endpoint,
        messageId,
        at: this.#parts.clock.now(),
        subject: publication.subject,
        body,
        attributes: publication.attributes,
      };
      this.all.push({ ...made, ...this.#bring(topic, subscription, made) });
    }
  }

  /** The mail that asks for a confirmation. */
  askToConfirm(topic: Topic, subscription: Subscription): string | undefined {
    if (subscription.state === 'confirmed' || !subscription.protocol.startsWith('email')) return undefined;
    const link = `https://sns.${this.#parts.region}.amazonaws.com/confirmation.html?TopicArn=${topic.arn}&Token=${crypto.randomUUID()}&Endpoint=${subscription.endpoint}`;
    return this.#mail(
      topic,
      subscription,
      crypto.randomUUID(),
      'AWS Notification - Subscription Confirmation',
      `You have chosen to subscribe to the topic:\n${topic.arn}\n\nTo confirm this subscription, click or visit the link below:\n${link}`,
    );
  }

  #bring(
    topic: Topic,
    subscription: Subscription,
    made: Made,
  ): Pick<Delivery, 'outcome' | 'reason' | 'path'> {
    if (!passesFilter(subscription, made)) return { outcome: 'filtered' };
    if (subscription.state === 'pending') return { outcome: 'pending' };
    switch (subscription.protocol) {
      case 'email': {
        if (this.#isTooFast(subscription, made.at)) return { outcome: 'suspended' };
        const text = made.body + footOf(subscription, this.#parts.region);
        const subject = made.subject ?? 'AWS Notification Message';
        return { outcome: 'delivered', path: this.#mail(topic, subscription, made.messageId, subject, text) };
      }
      case 'https':
        return subscription.endpoint === CHAT_ENDPOINT ? this.#chat(made) : { outcome: 'delivered' };
      case 'sqs': {
        const isRaw = subscription.attributes['RawMessageDelivery'] === 'true';
        const body = isRaw ? made.body : JSON.stringify(envelopeOf(made, this.#parts.region));
        const reason = this.#parts.sendToQueue(
          topic.arn,
          subscription.endpoint,
          body,
          isRaw ? made.attributes : new Map(),
        );
        return reason === null ? { outcome: 'delivered' } : { outcome: 'refused', reason };
      }
    }
  }

  /** More than ten mails a second switch the subscription off; it must then be confirmed anew. */
  #isTooFast(subscription: Subscription, now: number): boolean {
    subscription.recent = [...subscription.recent.filter(at => at > now - 1000), now];
    if (subscription.recent.length <= MAILS_PER_SECOND) return false;
    subscription.state = 'pending';
    subscription.pendingSince = now;
    this.#parts.log(
      `sns: more than ${MAILS_PER_SECOND} messages a second: subscription ${subscription.arn} is suspended`,
    );
    return true;
  }

  #chat(made: Made): Pick<Delivery, 'outcome' | 'reason' | 'path'> {
    const problems = chatProblems(made.body);
    if (problems.length > 0) {
      this.#parts.log(`chatbot: ${NOT_SUPPORTED}`);
      return { outcome: 'refused', reason: `${NOT_SUPPORTED}: ${problems.join('; ')}` };
    }
    const path = this.#file('chat', made.messageId, 'json');
    writeFileSync(path, `${JSON.stringify(JSON.parse(made.body), null, 2)}\n`);
    return { outcome: 'delivered', path };
  }

  #mail(topic: Topic, subscription: Subscription, id: string, subject: string, text: string): string {
    const path = this.#file('mail', id, 'eml');
    const name = topic.attributes['DisplayName'] ?? 'AWS Notifications';
    writeFileSync(
      path,
      writeMail({
        from: { name, address: 'no-reply@sns.amazonaws.com' },
        to: subscription.endpoint,
        subject,
        text,
        at: this.#parts.clock.now(),
        id,
      }),
    );
    return path;
  }

  #file(folder: string, id: string, suffix: string): string {
    mkdirSync(join(this.#parts.directory, folder), { recursive: true });
    const number = String(this.all.length + 1).padStart(4, '0');
    return join(this.#parts.directory, folder, `${number}-${id.slice(0, 8)}.${suffix}`);
  }
}

function passesFilter(subscription: Subscription, made: Made): boolean {
  const text = subscription.attributes['FilterPolicy'];
  if (text === undefined || text === '') return true;
  return attributesMatch(JSON.parse(text), made.attributes);
}
