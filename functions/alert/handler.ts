import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import { endAtStrayErrors, makeEventPorts } from './lambda/environment.ts';
import { handleEvent } from './lambda/invocation.ts';

/**
 * The entry point of the Lambda. Settings, rules and clients are prepared here, once for each environment, or the init
 * fails with everything that is wrong; this file makes no decisions.
 */
const ports = makeEventPorts(process.env, {
  s3: options => new S3Client(options),
  sns: options => new SNSClient(options),
  sqs: async options => new (await import('./aws/sqs-client.ts')).SQSClient(options),
});
endAtStrayErrors(ports.telemetry, process);

/** Answers a queue with the failed messages, and everything else with a summary or an error. */
export const handler = (event: unknown, context: Context) => handleEvent(event, context, ports);
