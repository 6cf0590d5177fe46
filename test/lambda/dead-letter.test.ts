import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MATCH } from '../ruleset/rule-folder.ts';
import { LOGS, type LocalFunction, notificationOf, preparedAws, startFunction } from './invoke.ts';

/** A match, then more empty members than there is time for: below a kilobyte. */
const BOMB = zstdCompressSync(
  Buffer.concat([gzipSync(MATCH[0]!), ...Array<Buffer>(2_000).fill(gzipSync(''))]),
);
/** What a queue does with a message until it is done, or given up after five attempts. */
async function drained(
  fn: LocalFunction,
  message: object,
  queue?: string,
): Promise<{ attempts: number; seconds: number }> {
  let milliseconds = 0;
  for (let attempt = 1; attempt <= 5; attempt++) {
    let left = 300_000;
    // Each question costs half a second, so that nothing reaches the end of the object.
    const remainingMs = () => {
      left -= left > 45_000 ? 500 : 1;
      return left;
    };
    const options = { attempt, remainingMs, ...(queue ? { queue } : {}) };
    const failed = await fn.invoke(message, options);
    milliseconds += 300_000 - left;
    if (failed.length === 0) return { attempts: attempt, seconds: milliseconds / 1_000 };
  }
  return { attempts: 5, seconds: milliseconds / 1_000 };
}

describe('an object that no execution can read', () => {
  it.each([
    { queue: 'notifications', attempts: 2, dead: 1 },
    { queue: 'registry-alert-backfill', attempts: 5, dead: 0 },
    { queue: 'notifications', isGone: true, attempts: 5, dead: 0 },
    { queue: 'notifications', files: 2, attempts: 5, dead: 0 },
  ])(
    'from $queue costs $attempts executions',
    async ({ queue, isGone = false, files = 1, attempts, dead }) => {
      const aws = await preparedAws();
      const letters = aws.createQueue('dead-letters');
      const url = aws.queueUrl('dead-letters').replace(/dead-letters$/, isGone ? 'gone' : 'dead-letters');
      const fn = startFunction(aws, { REGISTRY_ALERT_DEAD_LETTER_QUEUE_URL: url });
      await aws.s3.put(LOGS, 'bomb', BOMB, { isSilent: true });
      await aws.s3.put(LOGS, 'other', MATCH[1]!, { isSilent: true });
      const records = ['bomb', 'other'].slice(0, files).flatMap(key => {
        const { Records } = notificationOf(aws, LOGS, key) as { readonly Records: readonly object[] };
        return Records;
      });
      const cost = await drained(
        fn,
        { Records: records },
        `arn:aws:sqs:${aws.region}:${aws.account}:${queue}`,
      );
      expect(cost.attempts).toBe(attempts);
      // Seconds of the live lane, which has two, for each kilobyte uploaded.
      expect(cost.seconds / Math.ceil(BOMB.length / 1_024)).toBeLessThan(attempts * 270);
      expect(letters.messages.map(({ body }) => JSON.parse(body))).toEqual(
        Array(dead).fill(notificationOf(aws, LOGS, 'bomb')),
      );
      expect(fn.published('alerts').toSorted()).toEqual([...Array(files).fill('alert'), 'incomplete-scan']);
      expect([fn.sum('IncompleteScan'), fn.lines('message.given-up').length]).toEqual([attempts - 1, dead]);
    },
  );
});
