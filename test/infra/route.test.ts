import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { canaryLog } from '../../functions/alert/cli/deployment/canary-event.ts';
import { resolveTemplate, type Template } from '../../infra/deployment/template.ts';
import { type LocalAws, startLocalAws } from '../local-aws/index.ts';
import type { Poller } from '../local-aws/poller.ts';
import { type LocalFunction, startFunction } from '../runtime/function.ts';
import { at, type Properties, texts } from './checklist/reading.ts';
import { BY_TOPIC, EVERYTHING, synthesize } from './synthesize.ts';

const template = synthesize();
const [match] = readFileSync('rules/persistence-via-wmi-stdregprov/match.ndjson', 'utf8').split('\n');
const nameOf = (arn: string): string => arn.split(':').at(-1)!;

/** What the template describes, made in the stand-in: buckets, queues with their policies, rules, topics, function. */
class Deployed {
  readonly directory = mkdtempSync(join(tmpdir(), 'route-'));
  readonly of: Template;
  aws!: LocalAws;
  local!: LocalFunction;
  pollers: Poller[] = [];

  constructor(values: Readonly<Record<string, string>>) {
    // With the rules of the package: nobody has published any here.
    this.of = resolveTemplate(
      template,
      { ...values, RulesUri: '' },
      {
        region: 'eu-west-1',
        account: '111122223333',
        stack: 'registry-alert',
      },
    );
  }

  properties(id: string): Properties {
    return this.of.Resources[id]?.Properties ?? {};
  }

  async start(): Promise<this> {
    this.aws = await startLocalAws({ directory: this.directory });
    const { aws } = this;
    const environment = at(this.properties('AlertLambdaFunction'), 'Environment.Variables') as Record<
      string,
      string
    >;
    for (const bucket of [
      'acme-endpoint-logs',
      environment['ARCHIVE_BUCKET']!,
      environment['REGISTRY_ALERT_CANARY_BUCKET']!,
    ])
      aws.s3.createBucket(bucket, { versioning: true });
    const arnOf = (id: string): string => `arn:aws:sqs:eu-west-1:111122223333:registry-alert-${id}`;
    const policy = at(this.properties('NotificationQueuePolicy'), 'PolicyDocument');
    const mapping = this.properties('NotificationMapping');
    const queue = aws.createQueue(nameOf(arnOf('NotificationQueue')), {
      VisibilityTimeout: String(this.properties('NotificationQueue')['VisibilityTimeout']),
      Policy: JSON.stringify(policy),
    });
    expect(mapping['EventSourceArn']).toBe(queue.arn);
    for (const id of ['AlertTopic', 'OperationsTopic', 'RecordsTopic'])
      expect(aws.sns.createTopic(`registry-alert-${id}`).arn).toBe(
        environment[
          { AlertTopic: 'ALERT_TOPIC_ARN', OperationsTopic: 'OPERATIONS_TOPIC_ARN' }[id] ??
            'REGISTRY_ALERT_RECORDS_TOPIC_ARN'
        ],
      );
    for (const id of ['AlertTopic', 'OperationsTopic'])
      aws.sns.subscribe(
        `arn:aws:sns:eu-west-1:111122223333:registry-alert-${id}`,
        'email',
        `${id}@example.com`,
      );
    for (const [id, { Type, Properties = {} }] of Object.entries(this.of.Resources)) {
      if (Type !== 'AWS::Events::Rule') continue;
      const targetArn = String(at(Properties, 'Targets.0.Arn'));
      const arn = `arn:aws:events:eu-west-1:111122223333:rule/registry-alert-${id}`;
      aws.bus.putRule({ pattern: Properties['EventPattern'], targetArn, arn });
    }
    const settings = Object.entries(environment).filter(([, value]) => value !== '');
    this.local = await startFunction({
      bundle: 'dist/handler.mjs',
      env: { ...aws.env(), ...Object.fromEntries(settings.map(([name, value]) => [name, String(value)])) },
    });
    this.pollers.push(
      aws
        .poller({
          queue,
          invoke: event => this.local.call(event),
          batchSize: Number(mapping['BatchSize']),
          reportsBatchItemFailures: texts(mapping['FunctionResponseTypes']).includes(
            'ReportBatchItemFailures',
          ),
        })
        .start(),
    );
    return this;
  }

  mails(topic: string): (string | undefined)[] {
    return this.aws
      .delivered('email')
      .filter(({ topicArn }) => topicArn.endsWith(topic))
      .map(({ attributes }) => attributes.get('kind')?.value);
  }

  async stop(): Promise<void> {
    await Promise.all(this.pollers.map(poller => poller.stop()));
    await this.local.stop();
    await this.aws.stop();
    rmSync(this.directory, { recursive: true });
  }
}

let deployed: Deployed | undefined;
afterEach(async () => {
  await deployed?.stop();
  deployed = undefined;
});

const scanned = ({ local }: Deployed): string[] =>
  local.logs
    .map(line => JSON.parse(line) as { readonly event?: string; readonly object?: { readonly key: string } })
    .filter(({ event }) => event === 'scan.finished')
    .map(({ object }) => object!.key);

describe('the template, made in the stand-in', { timeout: 120_000 }, () => {
  it('scans an upload in the prefix by its EventBridge rule, and none outside', async () => {
    deployed = await new Deployed(EVERYTHING).start();
    deployed.aws.s3.notify('acme-endpoint-logs', { eventBridge: true });
    await deployed.aws.s3.put('acme-endpoint-logs', 'registry/a.ndjson', match!);
    await deployed.aws.s3.put('acme-endpoint-logs', 'elsewhere/a.ndjson', match!);
    await deployed.pollers[0]!.drained();
    expect(scanned(deployed)).toEqual(['registry/a.ndjson']);
    expect(deployed.mails('AlertTopic')).toEqual(['alert']);
  });

  it('scans an upload of which the bucket tells the queue itself', async () => {
    deployed = await new Deployed(EVERYTHING).start();
    deployed.aws.s3.notify('acme-endpoint-logs', {
      to: 'arn:aws:sqs:eu-west-1:111122223333:registry-alert-NotificationQueue',
    });
    await deployed.aws.s3.put('acme-endpoint-logs', 'registry/a.ndjson', match!);
    await deployed.aws.s3.put('acme-endpoint-logs', 'elsewhere/a.ndjson', match!);
    await deployed.pollers[0]!.drained();
    expect(scanned(deployed)).toEqual(['registry/a.ndjson']);
  });

  it('takes no notification of another bucket', async () => {
    deployed = await new Deployed(EVERYTHING).start();
    const { aws } = deployed;
    aws.s3.createBucket('stranger', { versioning: true });
    expect(() => {
      aws.s3.notify('stranger', {
        to: 'arn:aws:sqs:eu-west-1:111122223333:registry-alert-NotificationQueue',
      });
    }).toThrow();
  });

  const canaries: readonly (readonly [id: string, alerts: readonly string[]])[] = [
    ['CanarySchedule', []],
    ['TestAlert', ['notice']],
  ];
  it.each(canaries)('tells operations of the canary that %s writes, and people %j', async (id, alerts) => {
    deployed = await new Deployed(EVERYTHING).start();
    const input = String(at(deployed.properties(id), 'Target.Input'));
    const { Bucket, Key, Body } = JSON.parse(
      input.replaceAll('<aws.scheduler.scheduled-time>', '2026-11-24T12:00:00Z'),
    ) as { readonly Bucket: string; readonly Key: string; readonly Body: string };
    deployed.aws.s3.notify(Bucket, { eventBridge: true });
    await deployed.aws.s3.put(Bucket, Key, Body);
    await deployed.pollers[0]!.drained();
    expect(deployed.mails('OperationsTopic')).toEqual(['canary']);
    expect(deployed.mails('AlertTopic')).toEqual(alerts);
    expect(JSON.parse(Body).registry.data.strings).toEqual(JSON.parse(canaryLog(0)).registry.data.strings);
  });

  it('has no rule where a topic tells of new objects', () => {
    const { Resources } = resolveTemplate(template, BY_TOPIC);
    expect(Resources['NewObjectRule']).toBeUndefined();
    expect(Resources['SourceTopicSubscription']?.Properties).toMatchObject({ Protocol: 'sqs' });
  });
});
