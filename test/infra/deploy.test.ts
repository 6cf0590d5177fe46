import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deploy, type Effects } from '../../infra/deploy.ts';
import { enableNotifications } from '../../infra/enable-notifications.ts';
import { type LocalAws, startLocalAws } from '../local-aws/index.ts';
import { synthesize } from './synthesize.ts';

const template = JSON.stringify(synthesize());
const OUTPUTS = {
  AlertTopicArn: 'arn:aws:sns:eu-west-1:111122223333:alerts',
  SourceBucket: 'logs',
  RoleArn: 'arn:aws:iam::111122223333:role/alert',
  AuditRoleArn: 'arn:aws:iam::111122223333:role/audit',
};

/** Runs a deployment of which nothing leaves this process. */
async function run(args: readonly string[], files: Map<string, string>, options: Partial<Effects> = {}) {
  const said: string[] = [];
  const did: string[] = [];
  const status = await deploy(args, {
    package: () => void did.push('package'),
    osls: line => void did.push(`osls ${line.join(' ')}`),
    read: path =>
      path.endsWith('update-stack.json')
        ? template
        : path.endsWith('outputs.json')
          ? JSON.stringify(OUTPUTS)
          : (files.get(path) ?? null),
    write: (path, text) => void files.set(path, text),
    confirm: async () => true,
    say: text => void said.push(text),
    environment: { AWS_REGION: 'eu-west-1' },
    ...options,
  });
  return { status, said: said.join(''), did };
}

describe('deploy', () => {
  it('says what it will create, asks, deploys, keeps the values and says what is next', async () => {
    const files = new Map<string, string>();
    const { status, said, did } = await run(['SourceBucketName=logs', 'AlertEmails=a@b.example'], files);
    expect([status, did]).toEqual([0, ['package', 'osls deploy --force']]);
    expect(JSON.parse(files.get('deployment.json')!)).toEqual({
      SourceBucketName: 'logs',
      AlertEmails: 'a@b.example',
    });
    expect(said).toMatch(/ {3}2 {2}AWS::Lambda::Function\n/);
    expect(said).toContain(`export ALERT_TOPIC_ARN=${OUTPUTS.AlertTopicArn}\n`);
    expect(said).toMatch(/enable-notifications\.ts logs\n.*--authenticate-on-unsubscribe true.*selftest/s);
  });

  it('says what docs/deploy.md shows', async () => {
    const page = readFileSync('docs/deploy.md', 'utf8');
    const given = page.match(/\b(SourceBucketName|SourcePrefix|AlertEmails|OperationsEmail)=\S+/g) ?? [];
    const counts = page.match(/^ +\d+ {2}AWS::\w+::\w+$/gm) ?? [];
    const { said } = await run(given.slice(0, 4), new Map());
    expect(counts.length).toBeGreaterThan(1);
    expect(said.split('\n')).toEqual(expect.arrayContaining(counts));
  });

  it('says what the owner of a bucket in another account has to do', async () => {
    const { said } = await run(['SourceBucketName=logs', 'SourceAccountId=444455556666'], new Map());
    expect(said).toContain('arn:aws:iam::111122223333:role/alert\n   arn:aws:iam::111122223333:role/audit\n');
    expect(said).toContain('enable-notifications.ts logs --owner 444455556666\n');
    expect(said).toContain('export REGISTRY_ALERT_SOURCE_ACCOUNT=444455556666\n');
  });

  it('is safe to repeat: the values of the last time hold, but for what is changed', async () => {
    const files = new Map([['deployment.json', '{"SourceBucketName":"logs"}']]);
    expect((await run(['Locale=both'], files)).status).toBe(0);
    expect(JSON.parse(files.get('deployment.json')!)).toEqual({ SourceBucketName: 'logs', Locale: 'both' });
  });

  const refused: readonly (readonly [string, readonly string[], Partial<Effects>, number, RegExp])[] = [
    ['nobody confirms', ['SourceBucketName=logs'], { confirm: async () => false }, 1, /nothing was deployed/],
    ['the bucket is missing', [], {}, 2, /SourceBucketName is missing/],
    ['a value is wrong', ['SourceBucketName=logs', 'Locale=de'], {}, 2, /Locale is "de"/],
    ['the name is unknown', ['Bucket=logs'], {}, 2, /Bucket is not a parameter/],
    ['a word is no value', ['logs'], {}, 2, /"logs" is not NAME=VALUE/],
    ['a flag is unknown', ['--force'], {}, 2, /Unknown option/],
    ['no region is set', ['SourceBucketName=logs'], { environment: {} }, 2, /AWS_REGION is not set/],
  ];
  it.each(refused)('deploys nothing when %s', async (_, args, options, status, says) => {
    const files = new Map<string, string>();
    const result = await run(args, files, options);
    expect(result.status).toBe(status);
    expect(result.said).toMatch(says);
    expect(result.did.filter(step => step.startsWith('osls'))).toEqual([]);
    expect(files.size).toBe(0);
  });

  it.each([['SourceBucketName=logs'], ['--remove']])('says that CloudFormation failed at %s', async arg => {
    const osls = () => {
      throw new Error('osls ended with 1');
    };
    const { status, said } = await run([arg], new Map(), { osls });
    expect([status, said.split('\n').at(-2)]).toEqual([1, expect.stringContaining('osls ended with 1')]);
  });

  it('removes the stack and says that the archive is kept', async () => {
    const { status, said, did } = await run(['--remove'], new Map());
    expect([status, did]).toEqual([0, ['osls remove']]);
    expect(said).toMatch(/Kept: the archive bucket/);
  });
});

describe('EventBridge', () => {
  const directory = mkdtempSync(join(tmpdir(), 'enable-'));
  let aws: LocalAws;
  beforeAll(async () => {
    aws = await startLocalAws({ directory });
  });
  afterAll(async () => {
    await aws.stop();
    rmSync(directory, { recursive: true });
  });

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
    const shown = `    s3:ObjectCreated:* Prefix "a/" to ${queue.arn}\n  + every event to EventBridge\n`;
    const puts = () => aws.calls.of('PutBucketNotificationConfiguration').length;

    expect(await enable('logs', '--dry-run')).toMatchObject({
      status: 0,
      said: expect.stringMatching(/EventBridge\n$/),
    });
    expect(await enable('logs')).toMatchObject({ status: 1, said: expect.stringContaining('not confirmed') });
    expect(puts()).toBe(0);

    const { status, said } = await enable('logs', '--yes');
    expect([status, puts()]).toEqual([0, 1]);
    expect(said.toLowerCase()).toContain(shown.toLowerCase());
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
});
