import type { Message } from '../notification/index.ts';
import { DeliveryError } from '../observability/index.ts';
import { excerptOf, minimalOf } from './fallback-message.ts';

/** What one attempt sends; `message` is the JSON object of bodies by protocol. */
export type PublishRequest = {
  readonly topicArn: string;
  readonly subject: string;
  readonly message: string;
  readonly attributes: Message['attributes'];
};

/** One attempt of one Publish, without a retry of its own. Returns the SNS message id. @throws DeliveryError */
export type SendPublish = (request: PublishRequest) => Promise<string | null>;

/** Waits for the next turn; every attempt to reach people takes one. */
export type Pace = () => Promise<void>;

export type TopicPorts = {
  readonly send: SendPublish;
  readonly pace: Pace;
  readonly sleep: (ms: number) => Promise<void>;
  /** In [0, 1); spreads the retries of several environments after a refusal. */
  readonly random: () => number;
  readonly count: (metric: 'SnsThrottled' | 'PublishAmbiguous' | 'AlertDegraded') => void;
};

type PublishOptions = {
  /** To people: paced, with a form for mail and one for chat. Machines get only the document, unpaced. */
  readonly isPaced: boolean;
  /** Where the full message is, for the forms that are cut. */
  readonly pointer: string | null;
};

/** Publishes one message, in a smaller form rather than not at all. @throws DeliveryError */
export type Publish = (topicArn: string, message: Message, options: PublishOptions) => Promise<string | null>;

const ATTEMPTS = 5;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

/** Publishes with pacing, retries and smaller forms. */
export function makePublish(ports: TopicPorts): Publish {
  return async (topicArn, message, options) => {
    const forms = [
      () => message,
      () => excerptOf(message, options.pointer),
      () => minimalOf(message, options.pointer),
    ];
    for (const [at, form] of forms.entries()) {
      try {
        return await sendPatiently(ports, requestOf(topicArn, form(), options), options);
      } catch (error) {
        if (!(error instanceof DeliveryError) || error.code !== 'PublishRefused' || at === forms.length - 1)
          throw error;
        if (at === 0) ports.count('AlertDegraded');
      }
    }
    return null;
  };
}

/**
 * One turn at a time, `rate` a second. Create it once for an environment and keep it across invocations: it remembers
 * only when the last message was sent. A millisecond more than the share, so that no closed second holds one too many.
 */
export function makePace(rate: number, now: () => number, sleep: (ms: number) => Promise<void>): Pace {
  const gapMs = Math.ceil(1000 / rate) + 1;
  let next = Number.NEGATIVE_INFINITY;
  return async () => {
    const turn = Math.max(now(), next);
    next = turn + gapMs;
    for (let wait = turn - now(); wait > 0; wait = turn - now()) await sleep(wait);
  };
}

async function sendPatiently(
  { send, pace, sleep, random, count }: TopicPorts,
  request: PublishRequest,
  { isPaced }: PublishOptions,
): Promise<string | null> {
  for (let attempt = 1; ; attempt++) {
    if (isPaced) await pace();
    try {
      return await send(request);
    } catch (error) {
      const code = error instanceof DeliveryError ? error.code : null;
      if (code !== 'SnsThrottled' && code !== 'SnsUnavailable') throw error;
      count(code === 'SnsThrottled' ? 'SnsThrottled' : 'PublishAmbiguous');
      if (attempt === ATTEMPTS) throw error;
      const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
      await sleep(most / 2 + (random() * most) / 2);
    }
  }
}

/** A webhook on the records topic must get the document, and every https subscriber gets `https` if there is one. */
function requestOf(topicArn: string, message: Message, { isPaced }: PublishOptions): PublishRequest {
  const { subject, email, https, default: document, attributes } = message;
  const bodies = isPaced ? { default: document, email, https } : { default: document };
  return { topicArn, subject, message: JSON.stringify(bodies), attributes };
}
