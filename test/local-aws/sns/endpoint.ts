import { AwsError } from '../error.ts';
import type { Reply } from '../reply.ts';
import { type Endpoint, type Operation, type Request, textOfBody } from '../server.ts';
import { writeXml, type XmlValue } from '../xml.ts';
import type { Deliveries } from './deliver.ts';
import { publicationOf } from './form.ts';
import type { Subscription, Topic, Topics } from './topics.ts';
import { type Publication, validate } from './validate.ts';

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';
const PAGE = 100;

/** SNS by its query protocol. */
export class SnsEndpoint implements Endpoint {
  readonly service = 'sns';
  readonly #topics: Topics;
  readonly #deliveries: Deliveries;

  constructor(topics: Topics, deliveries: Deliveries) {
    this.#topics = topics;
    this.#deliveries = deliveries;
  }

  async route(request: Request): Promise<Operation> {
    const form = new URLSearchParams(await textOfBody(request));
    const name = form.get('Action') ?? '';
    const topicArn = form.get('TopicArn') ?? form.get('TargetArn') ?? undefined;
    return {
      name,
      target: topicArn === undefined ? {} : { topicArn },
      run: () => reply(name, this.#run(name, form)),
    };
  }

  refusal(error: AwsError, requestId: string): Reply {
    const Type = error.status < 500 ? 'Sender' : 'Receiver';
    const content = { Error: { Type, Code: error.code, Message: error.message }, RequestId: requestId };
    return {
      status: error.status,
      headers: { 'content-type': 'text/xml', ...error.details },
      body: writeXml('ErrorResponse', content, NAMESPACE),
    };
  }

  /** Validates and delivers one message; the id is SNS's own. */
  publish(topic: Topic, publication: Publication): string {
    const variants = validate(publication);
    const messageId = crypto.randomUUID();
    this.#deliveries.deliver(topic, publication, variants, messageId);
    return messageId;
  }

  #run(action: string, form: URLSearchParams): XmlValue {
    const arn = form.get('TopicArn') ?? form.get('TargetArn') ?? undefined;
    switch (action) {
      case 'Publish':
        return { MessageId: this.publish(this.#topics.of(arn), publicationOf(form)) };
      case 'GetTopicAttributes':
        return { Attributes: entries(this.#topicAttributes(this.#topics.of(arn))) };
      case 'ListSubscriptionsByTopic':
        return page(this.#topics.of(arn).subscriptions, form.get('NextToken'));
    }
    throw new AwsError(400, 'InvalidAction', `the local AWS does not know ${action}`);
  }

  #topicAttributes(topic: Topic): Record<string, string> {
    const count = (state: Subscription['state']) =>
      String(topic.subscriptions.filter(one => one.state === state).length);
    return {
      TopicArn: topic.arn,
      Owner: topic.arn.split(':')[4]!,
      DisplayName: '',
      SubscriptionsConfirmed: count('confirmed'),
      SubscriptionsPending: count('pending'),
      SubscriptionsDeleted: '0',
      ...topic.attributes,
    };
  }
}

function page(all: readonly Subscription[], token: string | null): XmlValue {
  const start = Number(token ?? 0);
  return {
    Subscriptions: {
      member: all.slice(start, start + PAGE).map(one => ({
        SubscriptionArn: one.state === 'confirmed' ? one.arn : 'PendingConfirmation',
        Owner: one.topicArn.split(':')[4]!,
        Protocol: one.protocol,
        Endpoint: one.endpoint,
        TopicArn: one.topicArn,
      })),
    },
    NextToken: start + PAGE < all.length ? String(start + PAGE) : undefined,
  };
}

function entries(map: Readonly<Record<string, string>>): XmlValue {
  return { entry: Object.entries(map).map(([key, value]) => ({ key, value })) };
}

function reply(action: string, result: XmlValue): Reply {
  const content = {
    [`${action}Result`]: result,
    ResponseMetadata: { RequestId: crypto.randomUUID() },
  };
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: writeXml(`${action}Response`, content, NAMESPACE),
  };
}
