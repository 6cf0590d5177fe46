import type { Protocol, Subscription } from './topics.ts';
import type { SnsAttribute } from './validate.ts';

/** What became of one message for one subscription. */
export type Delivery = {
  readonly protocol: Protocol;
  readonly topicArn: string;
  readonly subscriptionArn: string;
  readonly endpoint: string;
  readonly messageId: string;
  readonly at: number;
  readonly subject: string | undefined;
  /** What this protocol got, without SNS's own frame or foot. */
  readonly body: string;
  readonly attributes: ReadonlyMap<string, SnsAttribute>;
  readonly outcome: 'delivered' | 'filtered' | 'pending' | 'suspended' | 'refused';
  /** Why it was refused. */
  readonly reason?: string;
  /** The file that was written: `.eml` for a mail, `.json` for a chat message. */
  readonly path?: string;
};

/** A delivery whose outcome is not known yet. */
export type Made = Omit<Delivery, 'outcome' | 'reason' | 'path'>;

/** What SNS puts below every mail. */
export function footOf({ arn, endpoint }: Subscription, region: string): string {
  const link = `${unsubscribeUrl(arn, region)}&Endpoint=${endpoint}`;
  return `\n\n--\nIf you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:\n${link}\n\nPlease do not reply directly to this email.\n`;
}

function unsubscribeUrl(arn: string, region: string): string {
  return `https://sns.${region}.amazonaws.com/unsubscribe.html?SubscriptionArn=${arn}`;
}

/** The JSON around a message, as queues get it. */
export function envelopeOf(made: Made, region: string) {
  const attributes = Object.fromEntries(
    [...made.attributes].map(([name, { type, value }]) => [name, { Type: type, Value: value }]),
  );
  return {
    Type: 'Notification',
    MessageId: made.messageId,
    TopicArn: made.topicArn,
    ...(made.subject === undefined ? {} : { Subject: made.subject }),
    Message: made.body,
    Timestamp: new Date(made.at).toISOString(),
    SignatureVersion: '1',
    Signature: 'EXAMPLE',
    SigningCertURL: `https://sns.${region}.amazonaws.com/SimpleNotificationService-local.pem`,
    UnsubscribeURL: unsubscribeUrl(made.subscriptionArn, region),
    ...(made.attributes.size > 0 ? { MessageAttributes: attributes } : {}),
  };
}
