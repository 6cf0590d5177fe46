import { readFileSync } from 'node:fs';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { deploy, type Effects } from '../../infra/deploy.ts';
import type { Cloud, StackEvent, StackView } from '../../infra/deployment/cloud.ts';
import { enableNotifications } from '../../infra/enable-notifications.ts';
import { localAws } from '../afterwards.ts';
import type { Fault } from '../local-aws/index.ts';
import { synthesize } from './synthesize.ts';

const template = synthesize();
const OUTPUTS = {
  AlertTopicArn: 'arn:aws:sns:eu-west-1:111122223333:alerts',
  SourceBucket: 'logs',
  RoleArn: 'arn:aws:iam::111122223333:role/alert',
  AuditRoleArn: 'arn:aws:iam::111122223333:role/audit',
};
const MADE: StackView = { status: 'UPDATE_COMPLETE', description: 'registry-alert: x', outputs: OUTPUTS };
const stackIn = (status: string, description = MADE.description) => ({
  stack: async () => ({ ...MADE, status, description }),
});
const refusing = (name: string, status: number) => async () => {
  throw Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
};

const failing = (message: string) => () => {
  throw new Error(message);
};

/** Effects and answers of the cloud that differ from those of a deployment that succeeds. */
type Changes = Partial<Omit<Effects, 'cloud'> & Cloud>;

/** Runs a deployment of which nothing leaves this process; edges/deploy.test.ts runs all of it. */
async function run(args: readonly string[], files: Map<string, string>, changes: Changes = {}) {
  const said: string[] = [];
  const did: string[] = [];
  let isMade = false;
  const status = await deploy(args, {
    package: () => template,
    osls: async line => {
      did.push(`osls ${line.join(' ')}`);
      isMade = true;
      return 0;
    },
    cloud: () => ({
      identity: async () => ({ account: '111122223333', arn: 'arn:aws:iam::111122223333:user/deployer' }),
      bucketRegion: async () => 'eu-west-1',
      stack: async () => (isMade ? MADE : null),
      resources: async () => [],
      events: async () => [],
      ...changes,
    }),
    read: path => files.get(path) ?? null,
    write: (path, text) => void files.set(path, text),
    confirm: async () => true,
    say: text => void said.push(text),
    environment: { AWS_REGION: 'eu-west-1' },
    ...changes,
  });
  return { status, said: said.join(''), did };
}

describe('deploy', () => {
  it('says what docs/deploy.md shows', async () => {
    const page = readFileSync('docs/deploy.md', 'utf8');
    const given = page.match(/\b(SourceBucketName|SourcePrefix|AlertEmails|OperationsEmail)=\S+/g) ?? [];
    const counts = page.match(/^ +\d+ {2}AWS::\w+::\w+$/gm) ?? [];
    const { said } = await run(given.slice(0, 4), new Map());
    expect(counts.length).toBeGreaterThan(1);
    expect(said.split('\n')).toEqual(expect.arrayContaining(counts));
  });

  it('says what the owner of a bucket in another account has to do', async () => {
    const { said } = await run(['SourceBucketName=logs,more', 'SourceAccountId=444455556666'], new Map());
    expect(said).toContain('arn:aws:iam::111122223333:role/alert\n   arn:aws:iam::111122223333:role/audit\n');
    for (const bucket of ['logs', 'more'])
      expect(said).toContain(`enable-notifications.ts ${bucket} --owner 444455556666\n`);
    expect(said).toContain('export REGISTRY_ALERT_SOURCE_ACCOUNT=444455556666\n');
  });

  it('keeps the values of the last time, but for what is changed and what is taken away', async () => {
    const files = new Map([['deployment.json', '{"SourceBucketName":"logs","SourcePrefix":"a/"}']]);
    const { status, did } = await run(['Locale=both', 'SourcePrefix=', 'tag:team=soc'], files);
    expect([status, did]).toEqual([0, ['osls deploy --force --package .serverless']]);
    expect(JSON.parse(files.get('deployment.json')!)).toEqual({
      ...{ SourceBucketName: 'logs', Locale: 'both', 'tag:team': 'soc' },
    });
  });

  const bucket = ['SourceBucketName=logs'];
  type Refusal = readonly [
    when: string,
    args: readonly string[],
    changes: Changes,
    says: RegExp,
    status?: number,
  ];
  const refused: readonly Refusal[] = [
    ['nobody confirms', bucket, { confirm: async () => false }, /nothing was deployed/, 1],
    ['a word is no value', ['logs'], {}, /"logs" is not NAME=VALUE/],
    ['a flag is unknown', ['--force'], {}, /^Unknown option '--force'\n\nnpm run/],
    [
      'the file is damaged',
      bucket,
      { read: () => '["x"]' },
      /deployment.json was not written by this command/,
    ],
    ['it cannot be packaged', bucket, { package: failing('no bundle') }, /^no bundle\n$/, 1],
    [
      'a removal may not look',
      ['--remove'],
      { ...stackIn('CREATE_COMPLETE'), resources: refusing('AccessDenied', 403) },
      /^this deployment: access denied; it needs the deployer's policy/,
    ],
    ['no region is set', bucket, { environment: {} }, /AWS_REGION is not set/],
    ['the region is none', bucket, { environment: { AWS_REGION: 'Ireland' } }, /such as eu-west-1/],
    [
      'a name is too long',
      bucket,
      { environment: { AWS_REGION: 'eu-west-1', STACK_NAME: 'x'.repeat(41) } },
      /STACK_NAME is/,
    ],
    ['another partition', bucket, { environment: { AWS_REGION: 'cn-north-1' } }, /partition aws$/m],
    ['the bucket is elsewhere', bucket, { bucketRegion: async () => 'us-east-1' }, /is in us-east-1/],
    ['it is missing', bucket, { bucketRegion: refusing('NotFound', 404) }, /logs .*does not exist/],
    ['it is another account’s', bucket, { bucketRegion: refusing('Forbidden', 403) }, /set SourceAccountId/],
    ['the stack is another’s', bucket, stackIn('CREATE_COMPLETE', 'a VPC'), /something else \("a VPC"\)/],
    ['it is at work', bucket, stackIn('UPDATE_IN_PROGRESS'), /wait until CloudFormation has finished/],
    ['it was not made', bucket, stackIn('ROLLBACK_COMPLETE'), /run npm run remove/],
    ['it is stuck', bucket, stackIn('UPDATE_ROLLBACK_FAILED'), /continue-update-rollback --stack-name/],
    ['a removal is of another’s', ['--remove'], stackIn('CREATE_COMPLETE', 'a VPC'), /something else/],
  ];
  it.each(refused.map(row => [row[0], row] as const))(
    'changes nothing when %s',
    async (_, [, args, changes, says, status = 2]) => {
      const files = new Map<string, string>();
      const result = await run(args, files, changes);
      expect(result.said).toMatch(says);
      expect([result.status, result.did, files.size]).toEqual([status, [], 0]);
    },
  );

  it('lists all problems at once', async () => {
    const { said } = await run(['SourceBucketName=logs', 'Locale=de', 'Rules=none'], new Map(), {
      bucketRegion: async () => 'us-east-1',
    });
    expect(said.match(/^ {2}\w+/gm)).toEqual(['  Locale', '  Rules', '  source']);
  });

  const key = { id: 'Key', type: 'AWS::KMS::Key', name: '0a1b' };
  const failed: StackEvent = {
    id: 'ArchiveBucket',
    type: 'AWS::S3::Bucket',
    status: 'CREATE_FAILED',
    reason: 'no',
  };
  const cancelled = { ...failed, id: 'Key', reason: 'Resource creation cancelled' };
  const ends: readonly (readonly [string, number | null, Partial<Cloud>, readonly RegExp[]])[] = [
    ['before there is a stack', 1, {}, [/^not done$/m, /there is no stack registry-alert, and nothing/]],
    [
      'with a resource',
      1,
      {
        ...stackIn('UPDATE_ROLLBACK_COMPLETE'),
        events: async () => [cancelled, failed],
        resources: async () => [key],
      },
      [
        /^ArchiveBucket \(AWS::S3::Bucket\) failed first: no$/m,
        /Key 0a1b remain; the key costs a dollar/,
        /run this again/,
      ],
    ],
    [
      'by Ctrl-C',
      null,
      stackIn('UPDATE_IN_PROGRESS'),
      [/^interrupted; /m, /wait until CloudFormation has finished/],
    ],
    ['and cannot be asked', 1, { stack: refusing('Timeout', 0) }, [/is unknown/]],
  ];
  it.each(ends)('says what remains when osls ends %s', async (_, end, after, says) => {
    let isOver = false;
    const cloud = Object.fromEntries(
      Object.entries(after).map(([name, ask]) => [
        name,
        async () => (isOver ? (ask as () => unknown)() : name === 'stack' ? null : []),
      ]),
    );
    const osls = async () => {
      isOver = true;
      return end;
    };
    const { status, said } = await run(['SourceBucketName=logs'], new Map(), { osls, ...cloud });
    expect(status).toBe(1);
    for (const pattern of says) expect(said).toMatch(pattern);
  });
});

/** As the SDK has it without credentials and without a region. */
async function nobody(): Promise<never> {
  throw Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' });
}
async function nowhere(): Promise<never> {
  throw new Error('Region is missing');
}

describe('EventBridge', async () => {
  const aws = await localAws();

  async function enable(bucket: string, ...flags: readonly string[]) {
    const said: string[] = [];
    const s3 = new S3Client(aws.client('owner'));
    const status = await enableNotifications([bucket, ...flags], {
      s3,
      confirm: async () => false,
      say: text => void said.push(text),
    });
    return { status, said: said.join('') };
  }

  it('is added to what the bucket has, after the difference was shown', async () => {
    const queue = aws.createQueue('other');
    aws.s3.createBucket('logs');
    aws.s3.notify('logs', { to: queue.arn, prefix: 'a/' });
    const shown = `    s3:ObjectCreated:* prefix "a/" to ${queue.arn}\n  + every event to EventBridge\n`;
    const puts = () => aws.calls.of('PutBucketNotificationConfiguration').length;

    expect(await enable('logs', '--dry-run')).toMatchObject({
      status: 0,
      said: expect.stringMatching(/EventBridge\n$/),
    });
    expect(await enable('logs')).toMatchObject({ status: 1, said: expect.stringContaining('not confirmed') });
    expect(puts()).toBe(0);

    const { status, said } = await enable('logs', '--yes');
    expect([status, puts()]).toEqual([0, 1]);
    expect(said).toContain(shown);
    const seen: unknown[] = [];
    aws.bus.putRule({ pattern: { source: ['aws.s3'] }, targetArn: aws.createQueue('bus').arn });
    await aws.s3.put('logs', 'a/1', 'x');
    seen.push(aws.queue('bus').messages.length, aws.queue('other').messages.length > 0);
    expect(seen).toEqual([1, true]);
    expect(await enable('logs', '--yes')).toMatchObject({
      status: 0,
      said: expect.stringContaining('already'),
    });
  });

  it('wants one bucket', async () => {
    expect((await enable('logs', 'more')).status).toBe(2);
  });

  const status = { op: 'GetBucketNotificationConfiguration', nth: 'every', kind: 'status' } as const;
  const rows: readonly (readonly [string, Fault | null, S3ClientConfig, number, RegExp])[] = [
    ['missing', null, {}, 2, /^notifications of missing: it does not exist.*\(NoSuchBucket, 404\)\n$/],
    [
      'foreign',
      { ...status, status: 403, code: 'AccessDenied' },
      {},
      2,
      /: access denied; it needs s3:GetBucketN/,
    ],
    ['away', { ...status, status: 301, code: 'PermanentRedirect' }, {}, 2, /check the name and AWS_REGION/],
    ['busy', { ...status, status: 503, code: 'SlowDown' }, { maxAttempts: 1 }, 1, /too busy; try again/],
    ['nobody', null, { credentials: nobody }, 2, /there are no valid AWS credentials/],
    ['nowhere', null, { region: nowhere }, 2, /no valid region is set; set AWS_REGION/],
  ];
  it.each(rows)(
    'of a bucket that is %s is refused in a line',
    async (bucket, fault, options, status, says) => {
      if (bucket !== 'missing') aws.s3.createBucket(bucket);
      if (fault) aws.faults.add(fault);
      const said: string[] = [];
      const s3 = new S3Client({ ...aws.client('owner'), ...options });
      const say = (text: string) => void said.push(text);
      expect(await enableNotifications([bucket], { s3, confirm: async () => true, say })).toBe(status);
      expect(said.join('')).toMatch(says);
      aws.faults.clear();
    },
  );
});
