import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import { endAtStrayErrors, makeEventPorts } from './lambda/environment.ts';
import { handleEvent } from './lambda/invocation.ts';

/**
 * Door 1, the Lambda. Settings, rules and clients become working parts here, once for each environment, or the init
 * fails with everything that is wrong; no decision is made in this file.
 */
const ports = makeEventPorts(process.env, {
  s3: options => new S3Client(options),
  sns: options => new SNSClient(options),
  sqs: async options => new (await import('@aws-sdk/client-sqs')).SQSClient(options),
});
endAtStrayErrors(ports.telemetry, process);

/** Answers a queue with the messages that are not done, and everything else with a summary or an error. */
export const handler = (event: unknown, context: Context) => handleEvent(event, context, ports);
