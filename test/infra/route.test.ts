import { describe, expect, it } from 'vitest';
import { canaryLog } from '../../functions/alert/cli/deployment/canary-event.ts';
import { resolveTemplate } from '../../infra/deployment/template.ts';
import { afterwards, localAws } from '../afterwards.ts';
import { built } from '../built.ts';
import { MATCH } from '../ruleset/rule-folder.ts';
import { startFunction } from '../runtime/function.ts';
import { at, type Properties, texts } from './checklist/reading.ts';
import { BY_TOPIC, EVERYTHING, synthesize } from './synthesize.ts';

const template = synthesize();
const nameOf = (arn: string): string => arn.split(':').at(-1)!;

const arnOf = (id: string): string => `arn:aws:sqs:eu-west-1:111122223333:registry-alert-${id}`;

/** What the template describes, created in the local AWS: buckets, queues with their policies, rules, topics, function. */
async function deployedTemplate() {
  // With the rules of the package: nobody has published any here.
  const target = { region: 'eu-west-1', account: '111122223333', stack: 'registry-alert' };
  const { Resources } = resolveTemplate(template, { ...EVERYTHING, RulesUri: '' }, target);
  const properties = (id: string): Properties => Resources[id]?.Properties ?? {};
  const aws = await localAws();
  const environment = at(properties('AlertLambdaFunction'), 'Environment.Variables') as Record<
    string,
    string
  >;
  const { ARCHIVE_BUCKET, REGISTRY_ALERT_CANARY_BUCKET } = environment;
  for (const bucket of ['acme-endpoint-logs', ARCHIVE_BUCKET!, REGISTRY_ALERT_CANARY_BUCKET!])
    aws.s3.createBucket(bucket, { versioning: true });
  const mapping = properties('NotificationMapping');
  const queue = aws.createQueue(nameOf(arnOf('NotificationQueue')), {
    VisibilityTimeout: String(properties('NotificationQueue')['VisibilityTimeout']),
    Policy: JSON.stringify(at(properties('NotificationQueuePolicy'), 'PolicyDocument')),
  });
  expect(mapping['EventSourceArn']).toBe(queue.arn);
  for (const [id, setting] of Object.entries(TOPICS)) {
    const { arn } = aws.sns.createTopic(`registry-alert-${id}`);
    expect(arn).toBe(environment[setting]);
    if (id !== 'RecordsTopic') aws.sns.subscribe(arn, 'email', `${id}@example.com`);
  }
  for (const [id, { Type, Properties = {} }] of Object.entries(Resources)) {
    if (Type !== 'AWS::Events::Rule') continue;
    const targetArn = String(at(Properties, 'Targets.0.Arn'));
    const arn = `arn:aws:events:eu-west-1:111122223333:rule/registry-alert-${id}`;
    aws.bus.putRule({ pattern: Properties['EventPattern'], targetArn, arn });
  }
  const settings = Object.entries(environment).filter(([, value]) => value !== '');
  const env = { ...aws.env(), ...Object.fromEntries(settings.map(([name, value]) => [name, String(value)])) };
  const local = await startFunction({ bundle: built('handler'), env });
  afterwards(() => local.stop());
  const reportsBatchItemFailures = texts(mapping['FunctionResponseTypes']).includes(
    'ReportBatchItemFailures',
  );
  const batchSize = Number(mapping['BatchSize']);
  const invoke = (event: unknown) => local.call(event);
  const poller = aws.poller({ queue, invoke, batchSize, reportsBatchItemFailures }).start();
  afterwards(() => poller.stop());
  const mails = (topic: string): (string | undefined)[] =>
    aws
      .delivered('email')
      .filter(({ topicArn }) => topicArn.endsWith(topic))
      .map(({ attributes }) => attributes.get('kind')?.value);
  return { aws, local, poller, properties, mails };
}

const TOPICS = {
  AlertTopic: 'ALERT_TOPIC_ARN',
  OperationsTopic: 'OPERATIONS_TOPIC_ARN',
  RecordsTopic: 'REGISTRY_ALERT_RECORDS_TOPIC_ARN',
};

describe('the template, created in the local AWS', { timeout: 120_000 }, () => {
  it.each([
    ['by its EventBridge rule', { eventBridge: true }],
    ['of which the bucket notifies the queue itself', { to: arnOf('NotificationQueue') }],
  ])('scans an upload in the prefix %s, and none outside', async (_, by) => {
    const { aws, local, poller, mails } = await deployedTemplate();
    aws.s3.notify('acme-endpoint-logs', by);
    for (const folder of ['registry', 'elsewhere'])
      await aws.s3.put('acme-endpoint-logs', `${folder}/a.ndjson`, MATCH[0]!);
    await poller.drained();
    const scanned = local.logs
      .map(
        line => JSON.parse(line) as { readonly event?: string; readonly object?: { readonly key: string } },
      )
      .filter(({ event }) => event === 'scan.finished')
      .map(({ object }) => object!.key);
    expect(scanned).toEqual(['registry/a.ndjson']);
    expect(mails('AlertTopic')).toEqual(['alert']);
  });

  it('takes no notification of another bucket', async () => {
    const { aws } = await deployedTemplate();
    aws.s3.createBucket('stranger', { versioning: true });
    expect(() => aws.s3.notify('stranger', { to: arnOf('NotificationQueue') })).toThrow();
  });

  const canaries: readonly (readonly [id: string, alerts: readonly string[]])[] = [
    ['CanarySchedule', []],
    ['TestAlert', ['notice']],
  ];
  it.each(canaries)(
    'reports the canary that %s writes to operations, and %j to people',
    async (id, alerts) => {
      const { aws, poller, properties, mails } = await deployedTemplate();
      const input = String(at(properties(id), 'Target.Input'));
      const { Bucket, Key, Body } = JSON.parse(
        input.replaceAll('<aws.scheduler.scheduled-time>', '2026-11-24T12:00:00Z'),
      ) as { readonly Bucket: string; readonly Key: string; readonly Body: string };
      aws.s3.notify(Bucket, { eventBridge: true });
      await aws.s3.put(Bucket, Key, Body);
      await poller.drained();
      expect(mails('OperationsTopic')).toEqual(['canary']);
      expect(mails('AlertTopic')).toEqual(alerts);
      expect(JSON.parse(Body).registry.data.strings).toEqual(JSON.parse(canaryLog(0)).registry.data.strings);
    },
  );

  it('has no rule where a topic notifies of new objects', () => {
    const { Resources } = resolveTemplate(template, BY_TOPIC);
    expect(Resources['NewObjectRule']).toBeUndefined();
    expect(Resources['SourceTopicSubscription']?.Properties).toMatchObject({ Protocol: 'sqs' });
  });
});
