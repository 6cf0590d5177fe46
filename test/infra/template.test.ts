import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { describe, expect, it } from 'vitest';
import { ruleFolders } from '../../functions/alert/pipeline/load-rules.ts';
import { zipOf } from '../../infra/archive-file.ts';
import { resolveTemplate, SOMEWHERE } from '../../infra/deployment/template.ts';
import { valueProblems } from '../../infra/deployment/value-problems.ts';
import { CONTENTS } from '../../infra/package.ts';
import { all, at, everyStatement, texts } from './checklist/reading.ts';
import { BY_TOPIC, EVERYTHING, FOREIGN, LITTLE, synthesize, synthesizeAgain } from './synthesize.ts';

const template = synthesize();

describe('package', () => {
  it('gives the same template and the same zip again, each below a megabyte', () => {
    const timeless = (of: unknown): string => JSON.stringify(of).replaceAll(/\d{13}-[0-9TZ:.-]+/g, 'TIME');
    expect(timeless(synthesizeAgain())).toBe(timeless(template));
    const before = process.umask(0o077);
    const strict = zipOf('dist', ...CONTENTS);
    process.umask(0);
    const loose = zipOf('dist', ...CONTENTS);
    process.umask(before);
    expect(Buffer.compare(strict, loose)).toBe(0);
    expect(strict.length).toBeLessThan(1_000_000);
    expect(JSON.stringify(template).length).toBeLessThan(1_000_000);
  });

  it.each([
    ['cn-north-1', 'logs.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'logs.us-gov-west-1.amazonaws.com'],
  ])('follows the partition of %s', (region, logs) => {
    const { Resources } = resolveTemplate(template, LITTLE, { ...SOMEWHERE, region });
    const text = JSON.stringify(Resources);
    expect(text).not.toContain('arn:aws:');
    expect(at(Resources['Key'], 'Properties.KeyPolicy.Statement.3.Principal.Service')).toBe(logs);
    // Without the suffix of the partition, by the KMS developer guide.
    expect(text).toContain(`"s3.${region}.amazonaws.com"`);
  });

  it('takes neither region nor account of the machine into the template', () => {
    expect(JSON.stringify(template)).not.toMatch(/eu-central-1|us-east-1|\b\d{12}\b|arn:aws:/);
  });
});

describe('parameters', () => {
  it('are described, and take a pattern, a list or a range', () => {
    const open = Object.entries(template.Parameters ?? {}).filter(
      ([, { Description, AllowedPattern, AllowedValues, MinValue, MaxValue }]) =>
        !Description ||
        !(AllowedPattern || AllowedValues || (MinValue !== undefined && MaxValue !== undefined)),
    );
    expect(open.map(([name]) => name)).toEqual([]);
  });

  it('have an effect, each, and so has every condition', () => {
    const { Parameters = {}, Conditions = {}, Resources, Outputs } = template;
    const made = JSON.stringify([Resources, Outputs]);
    const all = made + JSON.stringify(Conditions);
    const without = [
      ...Object.keys(Parameters).filter(
        name => !all.includes(`"Ref":"${name}"`) && !all.includes(`\${${name}}`),
      ),
      ...Object.keys(Conditions).filter(
        name => !all.includes(`"Condition":"${name}"`) && !made.includes(`"Fn::If":["${name}"`),
      ),
    ];
    expect(without).toEqual([]);
  });

  const rows: readonly (readonly [Readonly<Record<string, string>>, readonly RegExp[]])[] = [
    [LITTLE, []],
    [EVERYTHING, []],
    [FOREIGN, []],
    [BY_TOPIC, []],
    [{}, [/^SourceBucketName is missing/]],
    [{ ...LITTLE, Locale: 'de' }, [/^Locale is "de"; one of en, zh-CN, both/]],
    [{ ...LITTLE, Bucket: 'x' }, [/^Bucket is not a parameter/]],
    [{ ...LITTLE, Local: 'en' }, [/^Local is not a parameter; did you mean Locale/]],
    [{ ...LITTLE, ReservedConcurrency: '2' }, [/^ReservedConcurrency is "2"/]],
    [{ ...LITTLE, AlertEmails: 'a@b.example,' }, [/^AlertEmails is/]],
    [{ ...LITTLE, SourcePrefix: 'a*' }, [/^SourcePrefix is/]],
    [{ ...LITTLE, RetentionDays: '1' }, [/^RetentionDays is "1"; a number from 30 to 3650/]],
    [{ SourceBucketName: 'one,two,three,four,five' }, []],
    [{ SourceBucketName: 'one,two,three,four,five,six' }, [/^SourceBucketName is/]],
    [{ ...LITTLE, Rules: 'no-such-rule' }, [/^Rules names no-such-rule; there are .*\bpersistence-/]],
    [{ ...LITTLE, Rules: 'persistence_run_key' }, [/^Rules names persistence_run_key; there are/]],
    [{ ...LITTLE, SlackChannelId: 'C1' }, [/^SlackChannelId and .* need SlackWorkspaceId$/]],
    [{ ...LITTLE, SlackWorkspaceId: 'T1' }, [/^SlackWorkspaceId needs SlackChannelId/]],
    [{ ...LITTLE, OperationsTeamsChannelId: 'x' }, [/need TeamsTenantId and TeamsTeamId$/]],
    [{ ...LITTLE, TeamsTeamId: EVERYTHING.TeamsTeamId }, [/^TeamsTenantId and TeamsTeamId need/]],
    [{ ...LITTLE, MonthlyBudget: '5' }, [/^MonthlyBudget needs OperationsEmail$/]],
    [{ ...LITTLE, SubnetIds: 'subnet-0123abcd' }, [/^SubnetIds and SecurityGroupIds need each other$/]],
    [{ ...LITTLE, TestAlertSchedule: 'cron(nonsense)' }, [/^TestAlertSchedule is "cron\(nonsense\)"/]],
    [{ ...LITTLE, TestAlertSchedule: 'cron(0 25 ? * MON *)' }, [/"25" is no hours, which is 0 to 23$/]],
    [{ ...LITTLE, TestAlertSchedule: 'cron(0 9 * * MON *)' }, [/either the day of month or .* must be \?$/]],
    [{ ...LITTLE, TestAlertSchedule: 'cron(0/15 9-17 ? JAN,MAR MON-FRI 2026)' }, []],
    [{ ...LITTLE, TestAlertSchedule: 'cron(0 9 LW * ? *)' }, []],
    [{ ...LITTLE, TestAlertSchedule: 'rate(0 days)' }, [/^TestAlertSchedule is/]],
    [{ ...LITTLE, TestAlertSchedule: 'rate(7 days)' }, []],
    [{ ...LITTLE, 'tag:team': 'soc', 'tag:cost centre': '4711' }, []],
    [{ ...LITTLE, 'tag:aws:team': 'soc' }, [/^tag:aws:team is "soc"; letters/]],
    [
      { ...LITTLE, SourceKeyArn: EVERYTHING.SourceKeyArn.replace('eu', 'us') },
      [/^SourceKeyArn is in us-west-1/],
    ],
  ];
  const problemsIn = (values: Readonly<Record<string, string>>, region = 'eu-west-1'): string[] =>
    valueProblems(template, values, { region, folders: ruleFolders('rules') });
  it('are refused with more rules than a template has room for', () => {
    const alarms = Array.from({ length: 800 }, (_, at) => [`A${at}`, { Type: 'AWS::CloudWatch::Alarm' }]);
    const Resources = { ...template.Resources, ...Object.fromEntries(alarms) };
    const problems = valueProblems({ ...template, Resources }, LITTLE, { region: 'eu-west-1', folders: [] });
    expect(problems).toEqual([
      expect.stringMatching(/^the template has \d+ resources, .* at least 2\d\d rules/),
    ]);
  });

  it.each(rows)('of %j: %s', (values, expected) => {
    const problems = problemsIn(values);
    expect(problems).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(problems[index]).toMatch(pattern);
  });

  const elsewhere: readonly (readonly [string, Readonly<Record<string, string>>, readonly RegExp[]])[] = [
    ['cn-north-1', LITTLE, []],
    ['cn-north-1', { ...LITTLE, SlackWorkspaceId: 'T1', SlackChannelId: 'C1' }, [/^SlackChannelId cannot/]],
    ['us-gov-west-1', { ...LITTLE, OperationsEmail: 'a@b.example', MonthlyBudget: '5' }, [/no AWS Budgets$/]],
    ['cn-north-1', { ...LITTLE, SourceKeyArn: EVERYTHING.SourceKeyArn }, [/cn-north-1 is in aws-cn$/]],
  ];
  it.each(elsewhere)('in %s of %j: %s', (region, values, expected) => {
    const problems = problemsIn(values, region);
    expect(problems).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(problems[index]).toMatch(pattern);
  });

  it('of five buckets are read by rule, roles and queue, each below the prefix', () => {
    const five = ['one', 'two', 'three', 'four', 'five'];
    const { Resources } = resolveTemplate(template, { SourceBucketName: five.join(','), SourcePrefix: 'p/' });
    expect(at(Resources['NewObjectRule'], 'Properties.EventPattern.detail.bucket.name')).toEqual(five);
    const role = 'Properties.Policies.0.PolicyDocument.Statement';
    expect(at(Resources['AlertRole'], `${role}.0.Resource`)).toEqual(
      five.map(name => `arn:aws:s3:::${name}/p/*`),
    );
    const buckets = five.map(name => `arn:aws:s3:::${name}`);
    expect(at(Resources['AlertRole'], `${role}.2.Resource`)).toEqual(expect.arrayContaining(buckets));
    expect(at(Resources['AuditRole'], `${role}.0.Resource`)).toEqual(buckets);
    const policy = 'Properties.PolicyDocument.Statement.0.Condition.ArnLike';
    const senders = at(Resources['NotificationQueuePolicy'], policy) as Record<string, unknown>;
    expect(senders['aws:SourceArn']).toEqual(buckets);
  });

  it('make metrics of a second stack that are not those of the first', () => {
    const of = (stack: string): unknown[] => {
      const { Resources } = resolveTemplate(template, LITTLE, { ...SOMEWHERE, stack });
      return [
        at(
          Resources['AlertLambdaFunction'],
          'Properties.Environment.Variables.REGISTRY_ALERT_METRIC_NAMESPACE',
        ),
        at(Resources['ConfigErrorAlarm'], 'Properties.Namespace'),
        JSON.parse(String(at(Resources['Dashboard'], 'Properties.DashboardBody'))).widgets[0].properties
          .metrics[0][0],
      ];
    };
    expect([new Set(of('registry-alert')), new Set(of('second'))]).toEqual([
      new Set(['RegistryAlert']),
      new Set(['RegistryAlert/second']),
    ]);
  });

  it('of five addresses make five subscriptions, and of none none', () => {
    const emails = (values: Readonly<Record<string, string>>): unknown[] =>
      all({ template: resolveTemplate(template, values), raw: template }, 'AWS::SNS::Subscription')
        .filter(({ id }) => id.startsWith('AlertEmail'))
        .map(({ of }) => of['Endpoint']);
    const five = [1, 2, 3, 4, 5].map(at => `a${at}@b.example`);
    expect(emails({ ...LITTLE, AlertEmails: five.join(',') })).toEqual(five);
    expect(emails(LITTLE)).toEqual([]);
  });

  it('without an archive leave nothing of it', () => {
    const { Resources } = resolveTemplate(template, { ...LITTLE, Archive: 'no' });
    expect(Object.keys(Resources).filter(id => id.startsWith('Archive'))).toEqual([]);
    expect(at(Resources['AlertLambdaFunction'], 'Properties.Environment.Variables.ARCHIVE_BUCKET')).toBe('');
  });
});

describe('a bucket of another account', () => {
  const deployed = { template: resolveTemplate(template, FOREIGN), raw: template };

  it('is asked for by every statement that names its services, and by every call', () => {
    const ofBucket = everyStatement(deployed).filter(({ statement }) =>
      texts(at(statement.Principal, 'Service')).includes('s3.amazonaws.com'),
    );
    expect(ofBucket.map(({ id }) => id)).toEqual(['Key', 'NotificationQueuePolicy']);
    for (const { statement } of ofBucket)
      expect(statement.Condition?.['StringEquals']?.['aws:SourceAccount']).toBe('444455556666');
    expect(
      at(deployed.template.Resources['AlertLambdaFunction'], 'Properties.Environment.Variables'),
    ).toMatchObject({ REGISTRY_ALERT_SOURCE_ACCOUNT: '444455556666' });
  });

  it('may hand its events to our bus, and those alone', () => {
    expect(deployed.template.Resources['ForeignEvents']?.Properties?.['Statement']).toMatchObject({
      Principal: { AWS: 'arn:aws:iam::444455556666:root' },
      Condition: { StringEquals: { 'events:source': 'aws.s3' } },
    });
    expect(resolveTemplate(template, EVERYTHING).Resources['ForeignEvents']).toBeUndefined();
  });
});

describe('types and properties', () => {
  it('are those of the specification', () => {
    const spec = loadAwsServiceSpecSync();
    const wrong = Object.entries(template.Resources).flatMap(([id, { Type, Properties = {} }]) => {
      const known = spec.lookup('resource', 'cloudFormationType', 'equals', Type);
      if (known.length !== 1) return [`${id}: there is no ${Type}`];
      const { properties } = known.only();
      return [
        ...Object.keys(Properties)
          .filter(name => !Object.hasOwn(properties, name))
          .map(name => `${id}: ${Type} has no ${name}`),
        ...Object.entries(properties)
          .filter(([name, { required }]) => required === true && !Object.hasOwn(Properties, name))
          .map(([name]) => `${id}: ${Type} needs ${name}`),
      ];
    });
    expect(wrong).toEqual([]);
  });
});
