import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { canaryLog } from '../../functions/alert/cli/deployment/canary-event.ts';
import { deployed, temporaryFolder } from '../afterwards.ts';
import type { Queue } from '../local-aws/index.ts';
import { DESK, runAt, startCommand } from './at-aws.ts';
import { runCommand } from './run-command.ts';

const directory = temporaryFolder();
const product = await deployed({ settings: { REGISTRY_ALERT_CANARY_BUCKET: 'canaries' } });
let environment: Record<string, string>;
let queue: Queue;
let arns: { readonly alerts: string; readonly operations: string; readonly records: string };

beforeAll(async () => {
  const { aws } = product;
  queue = aws.queue('notifications');
  aws.s3.createBucket('canaries');
  aws.s3.notify('canaries', { to: queue.arn });
  aws.s3.createBucket('mute');
  const arn = (name: string) => `arn:aws:sns:${aws.region}:${aws.account}:${name}`;
  arns = { alerts: arn('alerts'), operations: arn('operations'), records: arn('records') };
  await product.settled();
  environment = {
    SOURCE_BUCKETS: product.logs,
    ARCHIVE_BUCKET: product.archive,
    REGISTRY_ALERT_CANARY_BUCKET: 'canaries',
    ALERT_TOPIC_ARN: arns.alerts,
    OPERATIONS_TOPIC_ARN: arns.operations,
    QUEUE_URL: aws.queueUrl('notifications'),
  };
});
afterEach(() => {
  product.aws.rights.allowAll();
  product.aws.faults.clear();
});

const selftest = (...args: readonly string[]) =>
  runAt(product.aws, ['selftest', '--wait', '20', ...args], { environment });
/** Without end to end, which takes its time. */
const withoutCanary = async (...args: readonly string[]) => {
  const { REGISTRY_ALERT_CANARY_BUCKET: _, ...rest } = environment;
  return runAt(product.aws, ['selftest', ...args], { environment: rest });
};
const failures = (out: string): string[] => out.split('\n').filter(line => line.startsWith('failed'));

describe('selftest', () => {
  it('finds everything well, and one marked test alert reaches the people', async () => {
    const mails = product.aws.delivered('email').length;
    const { status, out, err } = await selftest();
    expect([status, err, failures(out)]).toEqual([0, '', []]);
    expect(out).toMatch(/^ok {7}source endpoint-logs: can be reached$/m);
    expect(out).toMatch(/^ok {7}notification of endpoint-logs: goes to arn:aws:sqs:\S+:notifications$/m);
    expect(out).toMatch(/^ok {7}archive alert-archive: supports conditional writes$/m);
    expect(out).toMatch(
      /^ok {7}subscriptions of the alert topic: 2 subscriptions, all confirmed: email analyst/m,
    );
    expect(out).toMatch(/^ok {7}end to end: one marked test alert was published to \S+:alerts within \d+ s/m);
    expect(out).toMatch(/^skipped {2}records topic: no --records-topic is given$/m);
    const sent = product.aws.delivered('email').slice(mails);
    expect(
      sent.map(({ endpoint, attributes }) => [endpoint, attributes.get('notice')?.value]).sort(),
    ).toEqual([
      ['analyst@example.com', 'test'],
      ['platform@example.com', 'canary'],
    ]);
    expect(product.aws.s3.keys(product.logs)).toEqual([]);
  });

  it('without a canary bucket sends nothing to anybody, and says so', async () => {
    const before = product.aws.deliveries.length;
    const { status, out } = await withoutCanary();
    expect(status).toBe(0);
    expect(out).toMatch(/^skipped {2}end to end: no --canary-bucket is given; nothing was sent/m);
    expect(product.aws.deliveries).toHaveLength(before);
  });

  it('--dry-run says each step and asks AWS nothing', async () => {
    product.aws.calls.clear();
    const { status, out } = await selftest('--dry-run');
    expect(status).toBe(0);
    expect(out.split('\n').filter(line => line !== '' && !line.startsWith('would '))).toEqual([]);
    expect(out).toContain('one marked test alert is published');
    expect(product.aws.calls.all.filter(({ caller }) => caller === DESK)).toEqual([]);
  });

  it('names a canary that does not come, and where to look', async () => {
    const { status, out } = await selftest('--canary-bucket', 'mute', '--wait', '0');
    expect(status).toBe(1);
    expect(failures(out)).toEqual([
      expect.stringMatching(
        /^failed {3}end to end: s3:\/\/mute\/test\/\S+-selftest\.ndjson was not processed within 0 s; check that/,
      ),
    ]);
  });

  it('names a topic that is not the one of the function', async () => {
    const other = product.aws.sns.createTopic('other').arn;
    product.aws.sns.subscribe(other, 'email', 'somebody@example.com');
    const { out } = await selftest('--alert-topic', other);
    expect(failures(out)).toEqual([
      expect.stringMatching(/has no receipt for \S+:other; is that the function's ALERT_TOPIC_ARN\?/),
    ]);
  });
});

describe('selftest fails for', () => {
  /** What is wrong, and the line that must say so. */
  const rows: readonly (readonly [what: string, args: () => readonly string[], says: RegExp])[] = [
    [
      'a source bucket that does not exist',
      () => ['--source-bucket', 'no-such'],
      /source no-such: no-such: it does not exist/,
    ],
    [
      'a bucket that notifies nobody',
      () => ['--source-bucket', 'mute'],
      /notification of mute: new objects are not notified to \S+; turn on EventBridge/,
    ],
    [
      'a notification narrower than the prefix',
      () => {
        product.aws.s3.createBucket('narrow');
        product.aws.s3.notify('narrow', { to: queue.arn, prefix: 'logs/2026/' });
        return ['--source-bucket', 'narrow', '--prefix', 'logs/'];
      },
      /only keys that begin with "logs\/2026\/" are notified, but the function reads "logs\/"/,
    ],
    [
      'a notification to another queue',
      () => {
        product.aws.s3.createBucket('astray');
        product.aws.s3.notify('astray', { to: product.aws.createQueue('another').arn });
        return ['--source-bucket', 'astray'];
      },
      /notification of astray: new objects are not notified to \S+:notifications;/,
    ],
    [
      'an archive that does not exist',
      () => ['--archive-bucket', 'no-such'],
      /archive no-such: .*it does not exist/,
    ],
    [
      'a topic that does not exist',
      () => ['--records-topic', arns.records],
      /^failed {3}records topic: \S+:records: it does not exist/,
    ],
    [
      'a topic without a subscriber',
      () => ['--operations-topic', product.aws.sns.createTopic('empty').arn],
      /subscriptions of the operations topic: no subscription/,
    ],
    [
      'a mail address that is not confirmed',
      () => {
        const { arn } = product.aws.sns.createTopic('waiting');
        product.aws.sns.subscribe(arn, 'email', 'new@example.com', { isConfirmed: false });
        return ['--operations-topic', arn];
      },
      /email new@example\.com awaits confirmation and gets nothing; .*--authenticate-on-unsubscribe true/,
    ],
    [
      'a web hook where it gets the form for chat',
      () => {
        const { arn } = product.aws.sns.createTopic('hooked');
        product.aws.sns.subscribe(arn, 'https', 'https://hooks.example.com/in');
        return ['--alert-topic', arn];
      },
      /https https:\/\/hooks\.example\.com\/in gets the form for chat here; subscribe it to the records topic/,
    ],
    [
      'a queue without a dead-letter queue',
      () => {
        product.aws.createQueue('bare');
        return ['--backfill-queue-url', product.aws.queueUrl('bare')];
      },
      /backfill queue: \S+:bare has no dead-letter queue/,
    ],
    [
      'dead letters',
      () => {
        const dead = product.aws.createQueue('graves');
        dead.send('{}', {});
        product.aws.createQueue('deadly', {
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 3 }),
        });
        return ['--backfill-queue-url', product.aws.queueUrl('deadly')];
      },
      /backfill queue: 1 dead letter: .*aws sqs start-message-move-task --source-arn \S+:graves --destination-arn \S+:deadly$/,
    ],
  ];
  it.each(rows)('%s', async (_, args, says) => {
    const { status, out } = await withoutCanary(...args());
    const found = failures(out).filter(line => !/topic: no subscription/.test(line) || says.test(line));
    expect(
      found.some(line => says.test(line)),
      out,
    ).toBe(true);
    expect(status).toBe(1);
  });

  it('not for a topic for machines of which there are none', async () => {
    const { arn } = product.aws.sns.createTopic('machines');
    const { status, out } = await withoutCanary('--records-topic', arn);
    expect([status, failures(out)]).toEqual([0, []]);
    expect(out).toMatch(
      /^skipped {2}subscriptions of the records topic: no subscription; this topic is for machines/m,
    );
  });

  const denied: readonly (readonly [action: string, needs: string])[] = [
    ['s3:ListBucket', 's3:ListBucket'],
    ['s3:GetBucketNotification', 's3:GetBucketNotification'],
    ['s3:PutObject', 's3:PutObject on selftest/ of the archive'],
    ['sns:GetTopicAttributes', 'sns:GetTopicAttributes'],
    ['sns:ListSubscriptionsByTopic', 'sns:ListSubscriptionsByTopic'],
    ['sqs:GetQueueAttributes', 'sqs:GetQueueAttributes'],
  ];
  it.each(denied)('the right %s, and goes on with the next check', async (action, needs) => {
    product.aws.rights.deny({ action, caller: DESK });
    const { status, out } = await withoutCanary();
    expect(status).toBe(1);
    expect(
      failures(out).every(line => line.includes(`access denied; it needs ${needs}`)),
      out,
    ).toBe(true);
    expect(failures(out).length).toBeGreaterThan(0);
    expect(out).toMatch(/\d+ ok, \d+ failed, \d+ skipped\n$/);
  });

  it('the right to write the canary', async () => {
    product.aws.rights.deny({ action: 's3:PutObject', resource: 'arn:aws:s3:::canaries/*', caller: DESK });
    const { out } = await selftest();
    expect(failures(out)).toEqual([
      expect.stringMatching(/end to end: .*it needs s3:PutObject on the canary bucket/),
    ]);
  });

  it('an archive that writes over what exists', async () => {
    product.aws.faults.add({
      op: 'PutObject',
      nth: 2,
      kind: 'run',
      before: () =>
        product.aws.s3.remove('alert-archive', product.aws.s3.keys('alert-archive', 'selftest/').at(-1)!),
    });
    const { out } = await withoutCanary();
    expect(failures(out)).toEqual([
      expect.stringMatching(/archive alert-archive: overwrites existing objects/),
    ]);
    expect(product.aws.faults.unfired()).toEqual([]);
  });
});

it('EventBridge on the source is taken for a notification, with what it does not show', async () => {
  product.aws.s3.createBucket('bridged');
  product.aws.s3.notify('bridged', { eventBridge: true });
  const { out } = await withoutCanary('--source-bucket', 'bridged');
  expect(out).toMatch(/^ok {7}notification of bridged: EventBridge is on; only the next real object/m);
});

it('without credentials: one line, exit status 2', async () => {
  const env = { ...environment, AWS_REGION: 'eu-west-1', HOME: directory };
  const { status, out, err } = await startCommand(['selftest'], env).ended;
  expect([status, out]).toEqual([2, '']);
  expect(err).toMatch(/^registry-alert: .*set AWS_PROFILE.*\[NoCredentials\]\n$/);
});

it('the canary holds one match and nothing else that counts', async () => {
  const { status, out } = await runCommand(['scan', '--format', 'json', '-'], {
    stdin: Buffer.from(canaryLog(Date.UTC(2026, 10, 24))),
  });
  expect(status).toBe(0);
  expect(out.trim().split('\n')).toHaveLength(1);
});
