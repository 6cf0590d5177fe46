import { describe, expect, it } from 'vitest';
import { PLAIN, parse, refsOf, sns, sqs } from './notifications.ts';

describe('the mark of a backfill', () => {
  const QUEUE = 'arn:aws:sqs:eu-west-1:1:registry-alert-backfill';
  const QUIET = { backfill: '20261101T060000Z-ab12', notify: false };
  const marked = (mark: unknown) => ({ ...PLAIN, 'registry-alert': mark });
  const fromQueue = (eventSourceARN: string, ...bodies: unknown[]) => {
    const Records = sqs(...bodies).Records.map(record => ({ ...record, eventSourceARN }));
    return parse({ Records });
  };
  const rows: [name: string, body: unknown, queueArn?: string, run?: string][] = [
    ['counts from its queue', marked(QUIET), QUEUE, QUIET.backfill],
    [
      'counts from a queue of that name alone',
      marked(QUIET),
      'arn:aws:sqs:eu-west-1:1:backfill',
      QUIET.backfill,
    ],
    ['of the live queue is ignored', marked(QUIET), QUEUE.replace('backfill', 'notifications')],
    ['of the live queue of a stack "backfill"', marked(QUIET), 'arn:aws:sqs:r:1:backfill-notifications'],
    ['of a queue that only sounds like it', marked(QUIET), 'arn:aws:sqs:r:1:notbackfill'],
    ['without a queue', marked(QUIET), ''],
    ['that is deeper is ignored', sns(marked(QUIET))],
    ['that wants to notify', marked({ ...QUIET, notify: true })],
    ['that only seems false', marked({ ...QUIET, notify: 0 })],
    ['that does not say', marked({ backfill: 'run' })],
    ['without a run', marked({ notify: false })],
    ['with a path for a run', marked({ ...QUIET, backfill: '../alerts' })],
    ['with a line end behind the run', marked({ ...QUIET, backfill: 'run\n' })],
    ['with a run of 65', marked({ ...QUIET, backfill: 'r'.repeat(65) })],
    ['with a run that is no text', marked({ ...QUIET, backfill: 7 })],
    ['that is a list', marked([QUIET])],
    ['that is null', marked(null)],
    ['absent', PLAIN],
  ];
  it.each(rows)('%s', (_, body, queueArn = QUEUE, run) => {
    const [message] = fromQueue(queueArn, body);
    expect(message?.problems).toEqual([]);
    expect(message?.refs.map(({ backfill }) => backfill)).toEqual([run ?? null]);
  });

  it('of an invocation without a queue is ignored', () => {
    expect(refsOf(marked(QUIET))[0]?.backfill).toBeNull();
  });

  it('of one message does not reach the next', () => {
    const messages = fromQueue(QUEUE, marked(QUIET), PLAIN);
    expect(messages.map(({ refs }) => refs[0]?.backfill)).toEqual([QUIET.backfill, null]);
  });
});
