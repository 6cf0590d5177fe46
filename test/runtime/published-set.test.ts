import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../afterwards.ts';
import { runAt } from '../cli/at-aws.ts';
import { keyOf, smallLog, started } from './product.ts';

const URI = 's3://rule-sets/soc';
const FOLDER = 'persistence-via-wmi-stdregprov';

it('a published set runs in the built function, of which the reader of rules is text until then', async () => {
  const product = await started({ settings: { REGISTRY_ALERT_RULES_URI: URI } });
  const { s3, deliveries } = product.aws;
  s3.createBucket('rule-sets', { versioning: true });
  const rules = temporaryFolder();
  cpSync(join('rules', FOLDER), join(rules, FOLDER), { recursive: true });
  const publish = async (severity: string) => {
    const path = join(rules, FOLDER, 'rule.toml');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^severity = .*/m, `severity = "${severity}"`));
    expect(await runAt(product.aws, ['rules', 'publish', '--rules', rules, URI])).toMatchObject({
      status: 0,
    });
  };
  const alerted = async (host: string) => {
    // An environment reads the newest set when it starts, and then once a minute.
    product.function.kill();
    await s3.put('logs', keyOf(host), smallLog(host));
    const { published, metrics } = await product.settle();
    return { published, metrics, severity: deliveries.at(-1)!.attributes.get('severity')?.value };
  };

  await publish('low');
  expect(await alerted('HOST-A')).toMatchObject({ published: ['HOST-A'], severity: 'low' });
  await publish('critical');
  expect(await alerted('HOST-B')).toMatchObject({ published: ['HOST-B'], severity: 'critical' });
  // The error of a set that cannot be read is of a class on both sides of the text.
  const [newest] = s3.keys('rule-sets', 'soc/sets/');
  for (const key of s3.keys('rule-sets', 'soc/sets/')) await s3.put('rule-sets', key, 'no gzip');
  expect(newest).toBeDefined();
  expect(await alerted('HOST-C')).toMatchObject({
    published: [],
    metrics: { RulesRejected: expect.any(Number) },
  });
});
