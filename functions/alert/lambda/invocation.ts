import type { Context, SQSBatchResponse } from 'aws-lambda';
import type { SendBody } from '../aws/sqs-send-body.ts';
import type { SendAll } from '../aws/sqs-split.ts';
import { type ChangeVisibility, secondsUntilRetry } from '../aws/sqs-visibility.ts';
import type { Telemetry } from '../observability/index.ts';
import { codeOf, OUTCOMES } from '../observability/index.ts';
import { type ObjectOutcome, type ObjectPorts, processObject } from '../pipeline/index.ts';
import type { PublishHeldDigest } from '../publish/index.ts';
import {
  isBackfillQueue,
  type MessageRefs,
  notificationOf,
  parseNotification,
  type SourceSettings,
} from '../source/index.ts';

/** What one environment keeps; everything else is created for each invocation. */
export type EventPorts = {
  readonly sources: SourceSettings;
  readonly telemetry: Telemetry;
  readonly changeVisibility: ChangeVisibility;
  /**
   * Puts a message unchanged into the dead-letter queue; `null`: an object too large is retried as often as the queue
   * allows.
   */
  readonly giveUp: SendBody | null;
  readonly sendAll: SendAll;
  /** Sends the digests of past hours, after the objects of an invocation are done. */
  readonly publishHeldDigest: PublishHeldDigest;
  /** The ports of one invocation, given its remaining time. @throws DeliveryError `RulesUnavailable` */
  readonly objectPorts: (remainingMs: () => number) => Promise<ObjectPorts>;
};

/** The response to a direct invocation. */
export type Summary = { readonly objects: readonly ObjectOutcome[]; readonly ignored: number };

/**
 * One invocation: every object that it names, each independently. A queue gets the list of failed messages;
 * anything else gets a summary, or an error when something failed, so that the platform retries.
 */
export async function handleEvent(
  event: unknown,
  context: Context,
  ports: EventPorts,
): Promise<SQSBatchResponse | Summary> {
  try {
    const messages = parseNotification(event, ports.sources);
    const objectPorts = await portsFor(messages, context, ports);
    const failures: { readonly message: MessageRefs; readonly error: unknown }[] = [];
    const objects: ObjectOutcome[] = [];
    for (const message of messages) {
      countIgnored(message, ports.telemetry, context.awsRequestId);
      if (await isSplit(message, ports)) continue;
      const { done, errors } = await handleMessage(message, objectPorts, ports, context.awsRequestId);
      objects.push(...done);
      if (errors[0] !== undefined && !(await isGivenUp(message, errors, ports)))
        failures.push({ message, error: errors[0] });
    }
    for (const { message, error } of failures) await retrySoon(message, error, ports);
    await publishHeld(objectPorts, ports);
    const ignored = messages.reduce((sum, message) => sum + message.ignored.length, 0);
    if (messages.some(({ message }) => message !== null)) {
      return {
        batchItemFailures: failures.map(({ message }) => ({ itemIdentifier: message.message?.id ?? '' })),
      };
    }
    if (failures[0] !== undefined) throw failures[0].error;
    return { objects, ignored };
  } finally {
    ports.telemetry.flush();
  }
}

/** Without usable rules every message fails, and those with a temporary failure return soon. @throws DeliveryError */
async function portsFor(
  messages: readonly MessageRefs[],
  context: Context,
  ports: EventPorts,
): Promise<ObjectPorts> {
  try {
    return await ports.objectPorts(() => context.getRemainingTimeInMillis());
  } catch (error) {
    countFailure(ports.telemetry, error);
    ports.telemetry.count('NotDone', messages.length);
    ports.telemetry.error('error', 'function.failed', error, { requestId: context.awsRequestId });
    for (const message of messages) await retrySoon(message, error, ports);
    throw error;
  }
}

/** A digest that fails is not a message's failure: the next execution retries it. */
async function publishHeld(
  objectPorts: ObjectPorts,
  { publishHeldDigest, telemetry }: EventPorts,
): Promise<void> {
  try {
    if (await publishHeldDigest(objectPorts.deliver)) telemetry.log('info', 'digest.published', {});
  } catch (error) {
    countFailure(telemetry, error);
    telemetry.error('error', 'digest.failed', error);
  }
}

function countIgnored({ message, ignored }: MessageRefs, telemetry: Telemetry, requestId: string): void {
  const about = { requestId, messageId: message?.id ?? null, attempt: message?.receiveCount ?? 1 };
  for (const { code, bucket, key } of ignored) {
    telemetry.count('EventsIgnored', 1);
    if (code === 'UnexpectedSource' || code === 'RecursionGuard') telemetry.count(code, 1);
    telemetry.log('debug', 'event.ignored', { ...about, code, object: { bucket, key } });
  }
}

/** Every record of a message, even if some fail. */
async function handleMessage(
  { message, refs, problems }: MessageRefs,
  objectPorts: ObjectPorts,
  ports: EventPorts,
  requestId: string,
): Promise<{ readonly done: ObjectOutcome[]; readonly errors: unknown[] }> {
  const { telemetry } = ports;
  const attempt = message?.receiveCount ?? 1;
  const about = { requestId, messageId: message?.id ?? null, attempt };
  const done: ObjectOutcome[] = [];
  const errors: unknown[] = [...problems];
  for (const problem of problems) {
    telemetry.count('BadEvent', 1);
    telemetry.error('error', 'event.refused', problem, about);
  }
  const isQuiet = refs.some(({ backfill }) => backfill !== null) && (await isInQueue(message, ports));
  for (const ref of refs) {
    try {
      const backfill = isQuiet ? ref.backfill : null;
      done.push(await processObject({ ...ref, backfill }, attempt, objectPorts));
    } catch (error) {
      errors.push(error);
      const { bucket, key, versionId } = ref;
      countFailure(telemetry, error);
      telemetry.error('error', 'scan.failed', error, { ...about, object: { bucket, key, versionId } });
    }
  }
  if (errors.length > 0) telemetry.count('NotDone', 1);
  return { done, errors };
}

/**
 * Whether the files of an FDR batch were sent to the queue as separate messages, so that a bad one does not affect
 * the others. If that is refused, they are read here, one after the other.
 */
async function isSplit(
  { message, refs, problems, isBatch }: MessageRefs,
  { sendAll, telemetry }: EventPorts,
): Promise<boolean> {
  if (!isBatch || message === null || refs.length < 2 || problems.length > 0) return false;
  const about = { messageId: message.id, attempt: message.receiveCount };
  try {
    await sendAll(message.queueArn, refs.map(notificationOf));
    telemetry.log('info', 'message.split', { ...about, counts: { files: refs.length } });
    return true;
  } catch (cause) {
    telemetry.error('warn', 'message.not-split', cause, about);
    return false;
  }
}

function countFailure({ count }: Telemetry, error: unknown): void {
  const code = codeOf(error);
  if (OUTCOMES[code].class === 'config') count('ConfigError', 1);
  if (code === 'DeadlineGuard' || code === 'Unexpected') count(code, 1);
}

/**
 * Whether the queue knows the receipt handle of a message that claims to be from the backfill queue: otherwise anyone
 * who may invoke the function could claim so and have an alert held. For as long as the queue hides a message anyway.
 */
async function isInQueue(message: MessageRefs['message'], ports: EventPorts): Promise<boolean> {
  if (message === null) return false;
  try {
    await ports.changeVisibility(message, QUEUE_SECONDS);
    return true;
  } catch (cause) {
    ports.telemetry.error('warn', 'backfill.unconfirmed', cause, { messageId: message.id });
    return false;
  }
}

/** `VisibilityTimeout` of infra/queues.yml. */
const QUEUE_SECONDS = 1_800;

/**
 * Whether a message of the live queue was put into the dead-letter queue, because no execution can read its object: 1 KB
 * blocked the queue for five times 255 seconds. There it is kept, so it may be acknowledged. If a message names several
 * objects, one may have run out of the time that another took, so such a message is retried.
 */
async function isGivenUp(
  { message, refs }: MessageRefs,
  errors: readonly unknown[],
  { giveUp, telemetry }: EventPorts,
): Promise<boolean> {
  if (giveUp === null || message === null || isBackfillQueue(message.queueArn)) return false;
  if (refs.length !== 1 || !errors.every(error => codeOf(error) === 'IncompleteScan')) return false;
  const about = { messageId: message.id, attempt: message.receiveCount };
  try {
    await giveUp(message);
    telemetry.log('error', 'message.given-up', { ...about, code: 'IncompleteScan' });
    return true;
  } catch (cause) {
    telemetry.error('error', 'message.not-given-up', cause, about);
    return false;
  }
}

/** A message with a temporary failure returns soon, not only after the queue's half hour. */
async function retrySoon({ message }: MessageRefs, error: unknown, ports: EventPorts): Promise<void> {
  if (message === null) return;
  const seconds = secondsUntilRetry(error, message.receiveCount);
  if (seconds === null) return;
  try {
    await ports.changeVisibility(message, seconds);
  } catch (cause) {
    ports.telemetry.error('warn', 'visibility.failed', cause, { messageId: message.id });
  }
}
