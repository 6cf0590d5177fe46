import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { SendPublish } from '../publish/index.ts';
import { deliveryError } from './aws-errors.ts';

/** Options for the SNS client: one attempt, since `topic.ts` counts every attempt in the pace. */
export const SNS_OPTIONS = {
  maxAttempts: 1,
  requestHandler: {
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    throwOnRequestTimeout: true,
    socketTimeout: 0,
  },
} as const;

/** One Publish through the SDK. */
export function publishBy(client: SNSClient): SendPublish {
  return async ({ topicArn, subject, message, attributes }) => {
    const command = new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      Message: message,
      MessageStructure: 'json',
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, { type, value }]) => [
          name,
          { DataType: type, StringValue: value },
        ]),
      ),
    });
    try {
      return (await client.send(command)).MessageId ?? null;
    } catch (error) {
      throw deliveryError(error, 'publish', topicArn);
    }
  };
}
