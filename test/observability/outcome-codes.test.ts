import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { queueUrlOf, secondsUntilRetry } from '../../functions/alert/aws/sqs-visibility.ts';
import { METRICS } from '../../functions/alert/observability/metrics.ts';
import { codeOf, DeliveryError, OUTCOMES } from '../../functions/alert/observability/outcome-codes.ts';

const SOURCES = readdirSync('functions/alert', { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts') && path !== 'observability/outcome-codes.ts')
  .map(path => readFileSync(`functions/alert/${path}`, 'utf8'));

describe('codes', () => {
  it.each(Object.entries({ ...OUTCOMES, ...METRICS }))('%s has one sentence', (name, { means }) => {
    expect(name).toMatch(/^[A-Z][A-Za-z0-9]{2,40}$/);
    expect(means).toMatch(/^[A-Z].{10,140}\.$/);
  });

  it.each(Object.keys(OUTCOMES))('%s is emitted somewhere', code => {
    expect(SOURCES.some(text => text.includes(`'${code}'`))).toBe(true);
  });

  it('come with every error', () => {
    expect(new DeliveryError('AccessDenied', 'x').class).toBe('config');
    expect(codeOf(new TypeError('x'))).toBe('Unexpected');
  });
});

describe('a message that may heal', () => {
  const seconds = (code: keyof typeof OUTCOMES) =>
    [1, 2, 3, 4, 5, 9].map(count => secondsUntilRetry(new DeliveryError(code, ''), count));

  it('comes again soon, then later', () =>
    expect(seconds('S3Throttled')).toEqual([20, 60, 180, 540, 900, 900]));
  it('of an unknown error too', () => expect(secondsUntilRetry(new Error(''), 1)).toBe(20));
  it('waits for the queue where somebody has to act', () => expect(seconds('AccessDenied')[0]).toBeNull());
  it('waits for the queue where nothing will heal it', () => expect(seconds('BadEvent')[0]).toBeNull());
});

it.each([
  ['arn:aws:sqs:eu-west-1:111122223333:q', 'https://sqs.eu-west-1.amazonaws.com/111122223333/q'],
  ['arn:aws-cn:sqs:cn-north-1:111122223333:q', 'https://sqs.cn-north-1.amazonaws.com.cn/111122223333/q'],
])('the address of %s', (arn, url) => expect(queueUrlOf(arn)).toBe(url));
