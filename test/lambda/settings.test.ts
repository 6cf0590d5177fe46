import { describe, expect, it } from 'vitest';
import { readSettings } from '../../functions/alert/lambda/settings.ts';
import { MATCH } from '../ruleset/rule-folder.ts';
import { LOGS, notificationOf, preparedAws, type Settings, startFunction } from './invoke.ts';
import { ROWS } from './setting-rows.ts';

describe('through the function, a setting changes what it says', () => {
  it.each(ROWS.map(row => [row[0], row] as const))(
    '%s',
    async (setting, [, value, see, without, with_, beside = {}]) => {
      const given = { ...beside, [setting]: value };
      expect(await see(startFunction(await preparedAws(), beside)), 'without').toEqual(without);
      expect(await see(startFunction(await preparedAws(), given)), 'with').toEqual(with_);
    },
  );

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
    expect(ROWS.map(([setting]) => setting).sort()).toEqual([...read].sort());
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
    const aws = await preparedAws();
    await startFunction(aws).send('a', MATCH[0]!);
    const skipped = [startFunction(aws), startFunction(aws, settings)].map(async fn => {
      await fn.invoke(notificationOf(aws, LOGS, 'a'));
      return fn.sum('ObjectsSkipped');
    });
    expect(await Promise.all(skipped)).toEqual([1, null]);
  });
});
