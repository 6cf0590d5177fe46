import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { notAllowed } from '../aws-calls.ts';
import { recordJourney } from './journey.ts';
import { type Access, permissionsOf, placeOf, shown } from './permissions.ts';
import { synthesize } from './synthesize.ts';

/** What the role may do and no call of ours asks for, each with its reason. */
const WITHOUT_A_CALL: readonly Access[] = (
  [
    ['s3:GetObject', 'canary', 'an event may come without the version'],
    ['s3:AbortMultipartUpload', 'archive/excepted', 'only beyond 8 MiB of compressed lines'],
    ['s3:AbortMultipartUpload', 'archive/overflow', 'likewise; archive.test.ts does it'],
    ['s3:GetObject', 'published rules', 'published-rules.test.ts does it'],
    ['s3:ListBucket', 'source', 'S3 looks at it to say 404 in place of 403'],
    ['s3:ListBucket', 'canary', 'likewise'],
    ['s3:ListBucket', 'published rules', 'likewise, so that the set before is taken'],
    ['sqs:ReceiveMessage', 'queues', "Lambda takes messages with the function's role"],
    ['sqs:DeleteMessage', 'queues', 'Lambda deletes what is done'],
    [
      'sqs:SendMessage',
      'dead letters',
      'only when a second reading ran out of time; dead-letter.test.ts does it',
    ],
    ['sqs:SendMessage', 'queues', 'only a batch of FDR is split into messages; fdr-batch.test.ts does it'],
    ['sqs:GetQueueAttributes', 'queues', 'Lambda looks at the queue'],
    ['kms:Decrypt', 'key', 'S3, SQS, SNS and Lambda use the key for us'],
    ['kms:GenerateDataKey', 'key', 'likewise, for what is written and published'],
    ['kms:Decrypt', 'source key', 'S3 uses the key of the source for us'],
    ['logs:CreateLogStream', 'logs', 'Lambda writes the log'],
    ['logs:PutLogEvents', 'logs', 'Lambda writes the log'],
  ] as const
).map(([action, on]) => ({ action, on }));

/** Calls without a permission, and permissions without a call. */
function differences(asked: readonly Access[], allowed: readonly Access[]): string[] {
  const [calling, permitted] = [new Set(shown(asked)), new Set(shown(allowed))];
  const known = new Set(shown(WITHOUT_A_CALL));
  return [
    ...[...calling].filter(one => !permitted.has(one)).map(one => `not allowed: ${one}`),
    ...[...permitted].filter(one => !calling.has(one) && !known.has(one)).map(one => `not needed: ${one}`),
    ...[...known].filter(one => !permitted.has(one)).map(one => `gone: ${one}`),
  ];
}

const template = synthesize();
const permissions = permissionsOf(template);

describe('the role', async () => {
  const asked = await recordJourney();
  const calls = asked.map(({ action, resource }) => ({ action, on: placeOf(resource) }));

  it('allows what the bundle calls on its journey and nothing else', () => {
    expect(differences(calls, permissions)).toEqual([]);
  });

  it.each(shown(permissions).map((name, at) => [name, at] as const))('is short without %s', (name, at) => {
    const less = permissions.filter((_, index) => index !== at);
    if (shown(less).includes(name)) return;
    expect(differences(calls, less)).toHaveLength(1);
  });

  it('does not cover a further call of any test', () => {
    const call = (action: string, resource: string, caller = 'function') => ({ action, resource, caller });
    const [bucket, topic] = ['arn:aws:s3:::archive', 'arn:aws:sns:eu-west-1:111122223333'];
    const asked = [
      call('s3:PutObject', `${bucket}/alerts/*`),
      call('s3:DeleteObject', `${bucket}/alerts/*`),
      call('s3:DeleteObject', `${bucket}/seen/*`, 'test'),
      call('s3:PutObject', `${bucket}/elsewhere/*`),
      call('sns:Publish', `${topic}:alerts`),
      call('sns:Publish', `${topic}:strange`),
    ];
    expect(notAllowed(asked)).toEqual([
      's3:DeleteObject on archive/alerts',
      's3:PutObject on archive/elsewhere',
      `sns:Publish on ${topic}:strange`,
    ]);
  });

  it('does not cover a further call', () => {
    const more = [...calls, { action: 's3:DeleteObject', on: 'archive/alerts' }];
    expect(differences(more, permissions)).toEqual(['not allowed: s3:DeleteObject on archive/alerts']);
  });
});

it('the role of the daily audit lists, looks up and sends the function a message; it writes nothing but its log', () => {
  expect(shown(permissionsOf(template, 'AuditRole'))).toEqual([
    // Two of the three that watch.test.ts sees it call.
    's3:ListBucketVersions on source',
    's3:GetObject on archive/scanned',
    // S3 looks at it to say 404 in place of 403.
    's3:ListBucket on archive',
    'kms:Decrypt on key',
    // The third.
    'sqs:SendMessage on queues',
    'kms:GenerateDataKey on key',
    'logs:CreateLogStream on logs',
    'logs:PutLogEvents on logs',
  ]);
});

it('docs/deploy.md gives the roles of another account what they need of the bucket, and nothing more', () => {
  const page = readFileSync('docs/deploy.md', 'utf8').split('## A bucket in another account')[1]!;
  const statements = JSON.parse(`[${/```json\n([\s\S]*?)```/.exec(page)![1]}]`) as readonly Statement[];
  const shownTo = (role: string) =>
    statements
      .filter(({ Condition }) =>
        [Condition.ArnLike['aws:PrincipalArn']].flat().some(arn => arn.includes(role)),
      )
      .flatMap(({ Action }) => Action);
  const needed = (role: string) =>
    permissionsOf(synthesize(), role)
      .filter(({ on }) => on.startsWith('source') && on !== 'source key')
      .map(({ action }) => action);
  const all = new Set([...shownTo('AlertRole'), ...shownTo('AuditRole')]);
  for (const role of ['AlertRole', 'AuditRole'])
    expect(needed(role).filter(action => !shownTo(role).includes(action))).toEqual([]);
  expect(all).toEqual(new Set([...needed('AlertRole'), ...needed('AuditRole')]));
});

type Statement = {
  readonly Action: readonly string[];
  readonly Condition: { readonly ArnLike: { readonly 'aws:PrincipalArn': string | readonly string[] } };
};
