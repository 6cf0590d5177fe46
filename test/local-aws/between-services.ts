import type { EventBus } from './event-bus.ts';
import { isAllowed, type Sender } from './policy.ts';
import type { Mailboxes } from './s3/events.ts';
import type { LocalSns } from './sns/in-process.ts';
import type { Topics } from './sns/topics.ts';
import type { SnsAttribute } from './sns/validate.ts';
import type { SqsEndpoint } from './sqs/endpoint.ts';

/** Puts a message of another service into a queue; `null`, or why it is refused. */
export function sendToQueue(
  sqs: SqsEndpoint,
  arn: string,
  body: string,
  sender: Sender,
  attributes: ReadonlyMap<string, SnsAttribute> = new Map(),
): string | null {
  const queue = sqs.byArn(arn);
  if (!queue) return 'the queue does not exist';
  if (attributes.size > 10) return 'more than 10 attributes cannot be delivered raw';
  const { policy } = queue.attributes;
  if (!permits(policy, sender, 'sqs:SendMessage', arn))
    return `the policy of ${arn} does not let ${sender.service} send`;
  const entries = [...attributes].map(([name, one]) => [
    name,
    { DataType: one.type, StringValue: one.value },
  ]);
  queue.send(body, Object.fromEntries(entries));
  return null;
}

/** A queue or topic without a policy takes everything here, so that a test need not write one; AWS would refuse. */
function permits(policy: string | null | undefined, sender: Sender, action: string, arn: string): boolean {
  return typeof policy === 'string' ? isAllowed(policy, sender, action, arn) : true;
}

type Services = {
  readonly sqs: SqsEndpoint;
  readonly sns: LocalSns;
  readonly topics: Topics;
  readonly bus: EventBus;
};

/** Where S3 brings its notifications. */
export function mailboxesOf({ sqs, sns, topics, bus }: Services): Mailboxes {
  const senderOf = (bucket: { readonly name: string; readonly owner: string }): Sender => ({
    service: 's3.amazonaws.com',
    sourceArn: `arn:aws:s3:::${bucket.name}`,
    sourceAccount: bucket.owner,
  });
  return {
    send({ kind, arn }, body, bucket) {
      if (kind === 'Queue') sendToQueue(sqs, arn, body, senderOf(bucket));
      else if (topics.all.has(arn)) sns.publish(arn, { message: body, subject: 'Amazon S3 Notification' });
    },
    putEvent: event => bus.putEvent(event),
    accepts(arn, bucket) {
      const queue = sqs.byArn(arn);
      if (queue) return permits(queue.attributes.policy, senderOf(bucket), 'sqs:SendMessage', arn);
      const topic = topics.all.get(arn);
      return topic !== undefined && permits(topic.attributes['Policy'], senderOf(bucket), 'sns:Publish', arn);
    },
  };
}
