import { describe, expect, it } from 'vitest';
import { makeEventPorts } from '../../functions/alert/lambda/environment.ts';
import { readSettings, SettingsError } from '../../functions/alert/lambda/settings.ts';

const topic = 'arn:aws:sns:eu-central-1:123456789012:alerts';

const RULE = 'persistence-via-wmi-stdregprov';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems;
  }
}

describe('settings', () => {
  it('have a safe default each, but the topic', () => {
    const settings = readSettings({ ALERT_TOPIC_ARN: topic, PATH: '/bin' });
    expect(settings).toMatchObject({
      locale: 'en',
      publishRate: 4,
      alertsPerHour: 200,
      repeats: 'quiet',
      repeatMinutes: 60,
      archiveBucket: null,
      rules: null,
    });
    expect(settings.warnings.join()).toContain('publish-only');
  });

  const rows: readonly (readonly [name: string, value: string, complaint: RegExp])[] = [
    ['LOCALE', 'de', /LOCALE is "de"; expected one of en, zh-CN, both/],
    ['ALERT_TOPIC_ARN', 'alerts', /ARN of a standard SNS topic/],
    ['ALERT_TOPIC_ARN', `${topic}.fifo`, /standard SNS topic/],
    ['ARCHIVE_BUCKET', 'Big_Bucket', /name of an S3 bucket/],
    ['SOURCE_BUCKETS', 'good-one,BAD', /name of an S3 bucket/],
    ['PUBLISH_RATE', '0', /0.1 to 1000/],
    ['PUBLISH_RATE', '4/s', /0.1 to 1000/],
    ['DEDUP_SCOPE', 'Event', /event, object/],
    ['RULES', '../x', /folders in rules/],
    ['LOG_LEVEL', 'verbose', /debug, info/],
    ['REGISTRY_ALERT_REPEATS', 'loud', /quiet, tell/],
    ['REGISTRY_ALERT_KIBANA_URL', 'http://kibana', /https URL/],
    ['REGISTRY_ALERT_TIME_ZONE', 'Beijing', /IANA time zone/],
    ['REGISTRY_ALERT_MAX_DEPTH', '-1', /whole number/],
    ['REGISTRY_ALERT_ALERT_PER_HOUR', '5', /not a setting.*did you mean REGISTRY_ALERT_ALERTS_PER_HOUR/],
  ];
  it.each(rows)('%s=%s is refused', (name, value, complaint) => {
    const problems = problemsOf({ ALERT_TOPIC_ARN: topic, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(complaint);
  });

  it('are all refused at once', () => {
    expect(problemsOf({ LOCALE: 'de', DEDUP_SCOPE: 'x', REGISTRY_ALERT_X: '1' })).toHaveLength(4);
  });

  it('refuse an archive that is also read from', () => {
    expect(
      problemsOf({ ALERT_TOPIC_ARN: topic, ARCHIVE_BUCKET: 'one', SOURCE_BUCKETS: 'two,one' })[0],
    ).toMatch(/trigger it again/);
    expect(
      problemsOf({ ALERT_TOPIC_ARN: topic, ARCHIVE_BUCKET: 'one', REGISTRY_ALERT_CANARY_BUCKET: 'one' }),
    ).toHaveLength(1);
  });

  it('name a rule once, and warn where a source bucket is the one of canaries', () => {
    const given = { RULES: 'a_c, b,a_c', SOURCE_BUCKETS: 'logs,can', REGISTRY_ALERT_CANARY_BUCKET: 'can' };
    const { rules, warnings } = readSettings({ ALERT_TOPIC_ARN: topic, ARCHIVE_BUCKET: 'archive', ...given });
    expect([rules, warnings]).toEqual([['a_c', 'b'], [expect.stringContaining('its objects are canaries')]]);
  });

  it.each([
    ['one-that-is-not', [/LOCALE is "de"/, /no rule one-that-is-not/]],
    [`${RULE}, ${RULE}`, [/LOCALE is "de"/]],
  ])('are refused together with the rules that they name: %s', (RULES, texts) => {
    const clients = { s3: () => null!, sns: () => null!, sqs: () => null! };
    expect(() => makeEventPorts({ ALERT_TOPIC_ARN: topic, LOCALE: 'de', RULES }, clients)).toThrow(
      expect.objectContaining({ problems: texts.map(text => expect.stringMatching(text)) }),
    );
  });

  it('warn above the pace that is safe for e-mail', () => {
    expect(readSettings({ ALERT_TOPIC_ARN: topic, PUBLISH_RATE: '5' }).warnings.join()).toContain('suspends');
  });
});
