import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { describe, expect, it } from 'vitest';
import { zipOf } from '../../infra/archive-file.ts';
import { CONTENTS } from '../../infra/package.ts';
import { parameterProblems, resolveTemplate } from '../../infra/template.ts';
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

  const rows: readonly (readonly [Readonly<Record<string, string>>, readonly RegExp[]])[] = [
    [LITTLE, []],
    [EVERYTHING, []],
    [FOREIGN, []],
    [BY_TOPIC, []],
    [{}, [/^SourceBucketName is missing/]],
    [{ ...LITTLE, Locale: 'de' }, [/^Locale is "de"; one of en, zh-CN, both/]],
    [{ ...LITTLE, Bucket: 'x' }, [/^Bucket is not a parameter/]],
    [{ ...LITTLE, ReservedConcurrency: '2' }, [/^ReservedConcurrency is "2"/]],
    [{ ...LITTLE, AlertEmails: 'a@b.example,' }, [/^AlertEmails is/]],
    [{ ...LITTLE, SourcePrefix: 'a*' }, [/^SourcePrefix is/]],
    [{ ...LITTLE, RetentionDays: '1' }, [/^RetentionDays is "1"; a number from 30 to 3650/]],
  ];
  it.each(rows)('of %j: %s', (values, expected) => {
    const problems = parameterProblems(template, values);
    expect(problems).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(problems[index]).toMatch(pattern);
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

  const { error } = spawnSync('cfn-lint', ['--version']);
  if (error) console.warn('skipped: cfn-lint is not installed');
  it.skipIf(error)('have no error in the eyes of cfn-lint', () => {
    const directory = mkdtempSync(join(tmpdir(), 'lint-'));
    try {
      const path = join(directory, 'template.json');
      writeFileSync(path, JSON.stringify(template));
      const { stdout } = spawnSync('cfn-lint', ['--format', 'json', path], { encoding: 'utf8' });
      const found = JSON.parse(stdout || '[]') as {
        readonly Level: string;
        readonly Message: string;
        readonly Rule: { readonly Id: string };
      }[];
      // Known to CloudFormation and not yet to cfn-lint.
      const errors = found.filter(
        ({ Level, Rule, Message }) =>
          Level === 'Error' && !(Rule.Id === 'E3002' && Message.includes('MaximumMessageSize')),
      );
      expect(errors.map(({ Rule, Message }) => `${Rule.Id} ${Message}`)).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
