import { describe, expect, it } from 'vitest';
import { readSettings } from '../../functions/alert/lambda/settings.ts';
import { MATCH } from './events.ts';
import { LOGS, notificationOf, type Settings, startFunction, withAws } from './invoke.ts';
import { ROWS } from './setting-rows.ts';

describe('through the function, a setting changes what it says', () => {
  it.each(ROWS)('$setting', async ({ setting, value, beside = {}, see, ...seen }) => {
    expect(await withAws(aws => see(startFunction(aws, beside))), 'without').toEqual(seen.without);
    expect(await withAws(aws => see(startFunction(aws, { ...beside, [setting]: value }))), 'with').toEqual(
      seen.with,
    );
  });

  it('and every one that is read has a row', () => {
    const read = new Set<string>();
    const environment = { ALERT_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:alerts' } as Record<
      string,
      string
    >;
    readSettings(
      new Proxy(environment, {
        get: (target, name) => {
          // The runtime's own, in every function: no setting.
          if (name !== 'AWS_REGION') read.add(String(name));
          return target[String(name)];
        },
      }),
    );
    expect(ROWS.map(({ setting }) => setting).sort()).toEqual([...read].sort());
  });
});

describe('what can change a match', () => {
  const rows: readonly Settings[] = [
    { DEDUP_SCOPE: 'object' },
    { REGISTRY_ALERT_NORMALIZE: 'elastic' },
    { REGISTRY_ALERT_ENDGAME_OS_TYPE: 'off' },
    { REGISTRY_ALERT_MAX_KEYS: '5000' },
    { RULES: 'persistence-via-wmi-stdregprov,persistence-via-wmi-stdregprov-neighbours' },
  ];
  it.each(rows)('%j has an object read again that was finished before', async settings => {
    await withAws(async aws => {
      await startFunction(aws).send('a', MATCH[0]!);
      const skipped = [startFunction(aws), startFunction(aws, settings)].map(async fn => {
        await fn.invoke(notificationOf(aws, LOGS, 'a'));
        return fn.sum('ObjectsSkipped');
      });
      expect(await Promise.all(skipped)).toEqual([1, null]);
    });
  });
});
