import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { afterwards, localAws, temporaryFolder } from './afterwards.ts';
import { copyFunction } from './built.ts';
import { startFunction } from './runtime/function.ts';
import { attack } from './runtime/product.ts';
import { lineOf } from './runtime/writes.ts';

/** `docs/subscribers.md`, held against what the function publishes. */
const PAGE = readFileSync('docs/subscribers.md', 'utf8');

/** Rows of the table of policies: what is wanted, and the policy. */
const policiesOf = (page: string) =>
  [...page.matchAll(/^\| ([^|]+) \| `(\{.*\})` \|$/gm)].map(
    ([, wanted, policy]) => [wanted!, policy!.replace('"…"', '"no-rule"')] as const,
  );

const directory = temporaryFolder();
const aws = await localAws();
const topic = (name: string): string => aws.sns.createTopic(name).arn;
const topics = { alerts: topic('alerts'), operations: topic('operations'), records: topic('records') };
for (const name of ['logs', 'canaries', 'archive']) aws.s3.createBucket(name, { versioning: true });
aws.sns.subscribe(topics.alerts, 'email', 'analyst@example.com');
aws.sns.subscribe(topics.operations, 'email', 'platform@example.com');
aws.sns.subscribe(topics.records, 'https', 'https://hooks.example.com/in');
const policies = policiesOf(PAGE);
for (const [at, [, FilterPolicy]] of policies.entries()) {
  const { arn } = aws.createQueue(`policy-${at}`);
  aws.sns.subscribe(topics.alerts, 'sqs', arn, { attributes: { FilterPolicy } });
}
const local = await startFunction({
  bundle: copyFunction(directory),
  env: {
    ...aws.env(),
    ALERT_TOPIC_ARN: topics.alerts,
    OPERATIONS_TOPIC_ARN: topics.operations,
    REGISTRY_ALERT_RECORDS_TOPIC_ARN: topics.records,
    REGISTRY_ALERT_CANARY_BUCKET: 'canaries',
    ARCHIVE_BUCKET: 'archive',
  },
});
afterwards(() => local.stop());
const read = async (bucket: string, key: string, body: string | Uint8Array): Promise<void> => {
  await aws.s3.put(bucket, key, body, { isSilent: true });
  await local.call({
    Records: [{ eventSource: 'aws:s3', s3: { bucket: { name: bucket }, object: { key } } }],
  });
};
await read('logs', 'one', attack('HOST-one'));
const program = 'C:\\Windows\\System32\\svchost.exe -k netsvcs';
const write = { host: 'HOST-many', by: 'p', at: Date.UTC(2026, 10, 24), program };
const many = Array.from({ length: 10 }, (_, at) => lineOf({ ...write, service: `s${at}` }));
await read('logs', 'many', many.join(''));
await read('logs', 'damaged.gz', Buffer.from('1f8b0800', 'hex'));
await read('canaries', 'test/2026-11-24T12:00:00Z', attack('HOST-canary'));

const published = (kind: string, by = 'email') =>
  aws.delivered(by as 'email').find(({ attributes }) => attributes.get('kind')?.value === kind)!;

describe('the page on subscribers', () => {
  it('lists the attributes that are sent, and no others', () => {
    const table = /\| attribute \|.*?\n\n/s.exec(PAGE)![0];
    const listed = [...table.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, names]) =>
      [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
    );
    const sent = ['alert', 'notice', 'canary'].flatMap(kind => [...published(kind).attributes.keys()]);
    expect([...new Set(sent)].sort()).toEqual([...listed].sort());
    expect(published('alert').attributes.size).toBeLessThanOrEqual(10);
  });

  it('gives policies that let through what they say', () => {
    const rows: readonly (readonly [wanted: string, kinds: readonly string[]])[] = [
      ['only alerts', ['alert', 'alert']],
      ['alerts that should wake someone', ['alert']],
      ['one rule', []],
      ['incidents of ten alerts and more', ['alert']],
      ['all but the weekly test', ['alert', 'alert', 'quarantine']],
      ['only damage, for those who run the exporter', ['quarantine']],
    ];
    const got = policies.map(([wanted], at) => [
      wanted,
      aws.queue(`policy-${at}`).messages.map(({ body }) => {
        const { MessageAttributes } = JSON.parse(body);
        return MessageAttributes.notice?.Value ?? MessageAttributes.kind.Value;
      }),
    ]);
    expect(got).toEqual(rows);
  });

  it('is right that a web hook on the records topic gets the alert', () => {
    expect(JSON.parse(published('alert', 'https').body)).toMatchObject({
      kind: 'alert',
      id: published('alert').attributes.get('alertId')?.value,
    });
  });
});
