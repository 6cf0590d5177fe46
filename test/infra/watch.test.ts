import { expect, it } from 'vitest';
import { afterwards, deployed } from '../afterwards.ts';
import { built } from '../built.ts';
import { startFunction } from '../runtime/function.ts';
import { readEmbedded } from './alarm-model.ts';

it('the daily audit names what was never published, as lines and as a metric, and has what was held sent', {
  timeout: 60_000,
}, async () => {
  const product = await deployed();
  const recent = Date.now() - 2 * 3_600_000;
  const { aws, logs, archive } = product;
  for (let at = 0; at < 10; at++)
    await product.upload(`registry/${at}.ndjson`, `{"n":${at}}\n`, {
      isSilent: at === 3 || at === 7,
      lastModified: recent + at,
    });
  await product.settled();
  // As objects write it that were read with published rules; the newest says which of them run.
  const entries = aws.s3.keys(archive, 'scanned/');
  for (const [at, key] of entries.entries()) {
    const entry = JSON.parse(String(await aws.s3.read(archive, key))) as {
      readonly object: { readonly key: string };
    };
    const isNewest = entry.object.key === 'registry/9.ndjson';
    const unwatched = { ...(isNewest ? {} : { gone: 0 }), quiet: 0, busy: at === 0 ? 1 : 0 };
    await aws.s3.put(archive, key, JSON.stringify({ ...entry, unwatched }));
  }
  const audit = await startFunction({
    bundle: built('watch'),
    env: {
      ...aws.env('audit'),
      SOURCE_BUCKETS: logs,
      ARCHIVE_BUCKET: archive,
      SOURCE_PREFIX: 'registry/',
      REGISTRY_ALERT_QUEUE_URL: aws.queueUrl('notifications'),
    },
  });
  afterwards(() => audit.stop());
  expect((await audit.invoke({})).result).toEqual({ missing: 2 });
  const notes = audit.logs.map(line => (JSON.parse(line) as { readonly note?: string }).note ?? '');
  expect(notes.filter(note => note.startsWith('missing ')).map(note => note.slice(9).split(' ')[0])).toEqual([
    's3://endpoint-logs/registry/3.ndjson',
    's3://endpoint-logs/registry/7.ndjson',
  ]);
  expect(notes).toContain('no event of the last day contains a literal of the rule quiet');
  expect(notes.join()).not.toMatch(/rule (gone|busy)/);
  const values = readEmbedded(audit.logs).map(({ metric, value }) => [metric, value]);
  expect(values).toEqual([
    ['RulesSilent', 1],
    ['AuditRuns', 1],
    ['ObjectsUnscanned', 2],
  ]);
  const asked = aws.permissions().filter(({ caller }) => caller === 'audit');
  expect(new Set(asked.map(({ action }) => action))).toEqual(
    new Set(['s3:ListBucketVersions', 's3:GetObject', 'sqs:SendMessage']),
  );
});
