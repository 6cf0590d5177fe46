import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveTemplate } from '../../infra/deployment/template.ts';
import { temporaryFolder } from '../afterwards.ts';
import type { Poller } from '../local-aws/poller.ts';
import { type LocalFunction, startFunction } from '../runtime/function.ts';
import { attack } from '../runtime/product.ts';
import { localAccount, motoAccount } from './accounts.ts';
import { Checkout, has } from './checkout.ts';
import { PAGE, shown, TYPED, typedLine } from './deploy-page.ts';

const YES = [{ says: '[y/N]', type: 'y\n' }];
const STACK = 'registry-alert';

/** The page from its first line to the last but for removing: the stack that osls made runs, from the zip that it uploaded. */
describe('docs/deploy.md, typed at a terminal', async () => {
  const directory = temporaryFolder();
  const { aws, cloud, environment, createBucket, stop } = await localAccount(directory);
  const checkout = new Checkout();
  let local: LocalFunction;
  let poller: Poller;
  let exports = '';
  const type = (line: string, answers: Parameters<Checkout['typed']>[1] = []) =>
    checkout.typed(`${exports}\n${line}`, answers, environment);
  /** Without a terminal, as another caller than the deployer, whose calls are held against its policy. */
  const run = (line: string) =>
    checkout.run(`${exports}\n${line.replace('npx registry-alert', 'node functions/alert/cli.ts')}`, {
      ...environment,
      AWS_ACCESS_KEY_ID: 'operator',
    });

  beforeAll(async () => {
    await createBucket('acme-endpoint-logs');
    aws.s3.notify('acme-endpoint-logs', { to: aws.createQueue('other').arn, prefix: 'cloudtrail/' });
  });
  afterAll(async () => {
    await poller?.stop();
    await local?.stop();
    await stop();
    checkout.remove();
  });

  it('deploys after its question', async () => {
    const { status, output } = await type(TYPED, YES);
    for (const line of shown('the stack registry-alert in eu-west-1: created')) expect(output).toMatch(line);
    expect(status).toBe(0);
    exports = (output.match(/^export .*$/gm) ?? []).join('\n');
  });

  it('turns EventBridge on', async () => {
    const dry = await type(typedLine('node infra/enable-notifications.ts acme-endpoint-logs --dry-run'));
    const wet = await type(typedLine('node infra/enable-notifications.ts acme-endpoint-logs'), YES);
    expect([dry.status, wet.status]).toEqual([0, 0]);
    const lines = shown('notifications of acme-endpoint-logs');
    for (const line of lines) expect(wet.output).toMatch(line);
    for (const line of lines.slice(0, -2)) expect(dry.output).toMatch(line);
    expect(dry.output).not.toContain('written');
  });

  it('made a function that reads what is exported', async () => {
    const made = cloud.stackNamed(STACK);
    const { Resources } = resolveTemplate(made.template, made.parameters);
    const { Code, Environment, Handler } = Resources['AlertLambdaFunction']!.Properties as {
      readonly Code: { readonly S3Bucket: string; readonly S3Key: string };
      readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
      readonly Handler: string;
    };
    const bucket = made.resources.get('ServerlessDeploymentBucket')!.name;
    const zip = unzipSync(await aws.s3.read(bucket, Code.S3Key));
    for (const [path, bytes] of Object.entries(zip)) {
      mkdirSync(join(directory, 'code', path, '..'), { recursive: true });
      if (!path.endsWith('/')) writeFileSync(join(directory, 'code', path), bytes);
    }
    local = await startFunction({
      bundle: join(directory, 'code', `${Handler.split('.')[0]}.mjs`),
      env: { ...aws.env(), ...Environment.Variables },
    });
    const queue = aws.queue(`${STACK}-NotificationQueue`);
    poller = aws.poller({ queue, invoke: event => local.call(event) }).start();
    for (const topic of ['ALERT_TOPIC_ARN', 'OPERATIONS_TOPIC_ARN'])
      for (const subscription of aws.sns.topic(Environment.Variables[topic]!).subscriptions)
        subscription.state = 'confirmed';
    await aws.s3.put('acme-endpoint-logs', 'registry/a.ndjson', attack('one'));
    await poller.drained(60_000);
    const mails = aws.delivered('email').filter(({ endpoint }) => endpoint === 'soc@acme.example');
    expect(mails.map(({ attributes }) => attributes.get('kind')?.value)).toEqual(['alert']);
  });

  it('sees that it works', async () => {
    const { status, output } = await run(typedLine('npx registry-alert selftest'));
    for (const line of shown('ok       source')) expect(output).toMatch(line);
    expect(status).toBe(0);
  });

  it('reads what is in the bucket already', async () => {
    const at = Date.parse('2026-11-12T00:00:00Z');
    for (const name of ['b', 'c'])
      await aws.s3.put('acme-endpoint-logs', `registry/${name}`, attack(name), {
        lastModified: at,
        isSilent: true,
      });
    const dry = await run(
      typedLine('npx registry-alert backfill --from 2026-11-01 --to 2026-11-24 --dry-run'),
    );
    const wet = await type(
      typedLine('npx registry-alert backfill --from 2026-11-01').replace(' --dry-run', ''),
      YES,
    );
    expect([dry.status, wet.status]).toEqual([0, 0]);
    const [one, other] = PAGE.split('Then the same line without `--dry-run`');
    for (const line of shown('s3://acme-endpoint-logs/registry/', { of: one!, isCounted: true }))
      expect(dry.output).toMatch(line);
    for (const line of shown('s3://acme-endpoint-logs/registry/', { of: other!, isCounted: true }))
      expect(wet.output).toMatch(line);
    expect(aws.queue(`${STACK}-BackfillQueue`).messages).toHaveLength(2);
  });
});

describe('what docs/deploy.md types with the AWS CLI', async () => {
  const moto = has('aws', '--version') ? await motoAccount() : 'aws is not on PATH';
  if (typeof moto === 'string') {
    process.stderr.write(`${moto}: the lines of docs/deploy.md for the AWS CLI are SKIPPED\n`);
    return void it.skip('is taken', () => {});
  }
  const checkout = new Checkout();
  afterAll(async () => {
    checkout.remove();
    await moto.stop();
  });

  it('is taken: subscriptions confirmed, the mapping of the backfill queue turned on and off', async () => {
    await moto.createBucket('acme-endpoint-logs');
    const deployed = await checkout.run(`${TYPED} --yes`, moto.environment);
    expect(deployed.status, deployed.output).toBe(0);
    const outputs = await moto.outputs(STACK);
    const run = (line: string) =>
      checkout.run(
        line
          .replace('BACKFILL_MAPPING_ID', outputs['BackfillMappingId']!)
          .replace('TOPIC', outputs['AlertTopicArn']!),
        { ...moto.environment, AWS_DEFAULT_REGION: 'eu-west-1', AWS_PAGER: '' },
      );
    const confirmed = await run(typedLine('aws sns confirm-subscription'));
    expect(JSON.parse(confirmed.output)).toEqual({ SubscriptionArn: expect.stringMatching(/^arn:aws:sns:/) });
    const mapping = 'aws lambda update-event-source-mapping --uuid BACKFILL_MAPPING_ID';
    for (const [flag, states] of [
      ['--enabled', /^(Enabl|Updat)/],
      ['--no-enabled', /^Disabl/],
    ] as const) {
      const { status, output } = await run(typedLine(`${mapping} ${flag}`));
      expect([status, JSON.parse(output)]).toEqual([
        0,
        expect.objectContaining({ BatchSize: 1, State: expect.stringMatching(states) }),
      ]);
    }
  });
});
