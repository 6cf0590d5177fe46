import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployed, temporaryFolder } from '../afterwards.ts';
import { type Deployment, deploy } from '../deployment.ts';
import { MATCH } from '../ruleset/rule-folder.ts';
import { CANARY } from '../runtime/checked-logs.ts';

const EXPORTS = '../shared/data/exports';

const kinds = (deployment: Deployment): string[] =>
  deployment.aws
    .delivered('email')
    .filter(({ topicArn }) => topicArn.endsWith(':alerts'))
    .map(({ attributes }) => attributes.get('kind')?.value ?? '?');

describe('the function', () => {
  it('turns an uploaded log into one message with three bodies, a receipt and an entry in the ledger', async () => {
    const deployment = await deployed();
    await deployment.upload('registry/host a+bé.ndjson.gz', gzipSync(MATCH.slice(0, 2).join('\n')));
    await deployment.settled();
    expect(kinds(deployment)).toEqual(['alert', 'alert']);
    expect(deployment.aws.delivered('https')).toHaveLength(2);
    expect(deployment.deadLetters()).toBe(0);
    const folders = deployment.aws.s3.keys(deployment.archive).map(key => key.split('/')[0]);
    expect(new Set(folders)).toEqual(new Set(['alerts', 'receipts', 'reports', 'scanned', 'seen', 'told']));
  });

  it('publishes nothing again for a notification that comes again', async () => {
    const deployment = await deployed();
    const body = MATCH[0]!;
    await deployment.upload('a.ndjson', body);
    await deployment.upload('b.ndjson', body);
    await deployment.settled();
    expect(kinds(deployment)).toEqual(['alert']);
  });

  it('delivers what stood before the damage, with one notice, and is done', async () => {
    const deployment = await deployed();
    const whole = gzipSync(MATCH.slice(0, 3).join('\n'));
    await deployment.upload('cut.gz', whole.subarray(0, -9));
    await deployment.settled();
    expect(kinds(deployment).sort()).toEqual(['alert', 'alert', 'alert', 'notice']);
    expect(deployment.aws.s3.keys(deployment.archive, 'quarantine/')).toHaveLength(1);
    expect(deployment.deadLetters()).toBe(0);
  });

  it('leaves a malformed notification to the dead letters and does the others', async () => {
    const deployment = await deployed({ maxReceiveCount: 2, visibilitySeconds: 1 });
    deployment.aws.queue('notifications').send('{"Records":[{}]}');
    await deployment.upload('good.ndjson', MATCH[0]!);
    await deployment.settled();
    expect(kinds(deployment)).toEqual(['alert']);
    expect(deployment.deadLetters()).toBe(1);
  });

  it('refuses to start with settings that are wrong, and says all of it', async () => {
    const { function: local } = await deployed({ settings: { LOCALE: 'de', REGISTRY_ALERT_X: '1' } });
    const { error } = await local.invoke({});
    expect(error?.errorMessage).toMatch(/LOCALE is "de".*REGISTRY_ALERT_X is not a setting/s);
  });

  it('answers every shape of an event', async () => {
    const deployment = await deployed();
    const key = 'registry/2026/11/24/host a+bé.ndjson.gz';
    await deployment.upload(key, gzipSync(MATCH[0]!), { isSilent: true });
    const { etag, versionId } = deployment.aws.s3.find('endpoint-logs', key)!;
    const sample = (name: string): unknown =>
      JSON.parse(
        readFileSync(`events/${name}.json`, 'utf8')
          .replaceAll('acme-endpoint-logs', 'endpoint-logs')
          .replaceAll('3HL4kqtJlcpXroDTDmJ', versionId)
          .replaceAll('d41d8cd98f00b204e9800998ecf8427e', etag),
      );
    for (const name of ['s3-in-sqs', 's3-in-sns-in-sqs', 'eventbridge-in-sqs']) {
      const { result } = await deployment.function.invoke(sample(name));
      expect([name, result], deployment.function.logs.at(-2)).toEqual([name, { batchItemFailures: [] }]);
    }
    for (const name of ['s3', 's3-in-sns', 'eventbridge']) {
      const { result } = await deployment.function.invoke(sample(name));
      expect([name, result]).toEqual([
        name,
        expect.objectContaining({ ignored: 0, objects: [expect.anything()] }),
      ]);
    }
    expect((await deployment.function.invoke({ anything: 'else' })).error?.errorMessage).toMatch(
      /cannot be read/,
    );
    expect(kinds(deployment)).toEqual(['alert']);
  });

  it('writes only lines of JSON, and no text of an event', async () => {
    const deployment = await deployed();
    await deployment.upload(
      'a.ndjson',
      `${MATCH[0]!.replace(/"strings":\["[^"]*/, `"strings":["${CANARY}`).replace(/"name":"[A-Z][^"]*"/, `"name":"${CANARY}"`)}\n{"broken ${CANARY}\n`,
    );
    await deployment.settled();
    expect(kinds(deployment)).toEqual(['alert']);
    const logs = deployment.function.logs;
    expect(logs.length).toBeGreaterThan(2);
    for (const line of logs) expect(() => JSON.parse(line), line).not.toThrow();
    expect(logs.join('\n')).not.toContain(CANARY);
  });
});

type Row = { file: string; s3_key: string; content_encoding: string | null; expected_matches: number | null };

describe.skipIf(!existsSync(EXPORTS))(
  "other people's exports through the function (skipped where they are not)",
  () => {
    const directory = temporaryFolder();
    const rows = existsSync(EXPORTS)
      ? (JSON.parse(readFileSync(`${EXPORTS}/manifest.json`, 'utf8')) as Row[])
      : [];
    let deployment: Deployment;
    beforeAll(async () => {
      deployment = await deploy({ directory });
    });
    afterAll(() => deployment.stop());

    it.each(rows)('$file', async ({ file, s3_key, content_encoding, expected_matches }) => {
      const before = deployment.function.logs.length;
      const key = `${file}/${s3_key}`;
      await deployment.upload(
        key,
        readFileSync(`${EXPORTS}/${file}`),
        content_encoding === null ? {} : { contentEncoding: content_encoding },
      );
      await deployment.settled();
      const lines = deployment.function.logs
        .slice(before)
        .map(line => JSON.parse(line) as { event?: string; outcome?: string; counts?: { matches: number } });
      const summary = lines.find(({ event }) => event === 'scan.finished');
      if (expected_matches === null) expect(summary).toMatchObject({ outcome: 'quarantined' });
      else expect(summary?.counts?.matches).toBe(expected_matches);
    });

    it('and the one event in all of them is one alert', () => {
      expect(kinds(deployment).filter(kind => kind === 'alert')).toHaveLength(1);
      expect(deployment.deadLetters()).toBe(0);
    });
  },
);
