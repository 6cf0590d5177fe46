import { describe, expect, it } from 'vitest';
import type { Match } from '../../functions/alert/detection/index.ts';
import { DEFAULT_LIMITS } from '../../functions/alert/logs/index.ts';
import { scan, sha256 } from '../../functions/alert/pipeline/scan-log.ts';
import { RULE, runKeyEvent } from '../notification/fixture.ts';
import { detectorOf } from '../ruleset/detector.ts';

describe('a known duplicate', () => {
  it.each(['event', 'object'] as const)('costs an identity check and no more, scope %s', async dedupScope => {
    const count = { hashes: 0, explanations: 0 };
    const counting = (data: string | Uint8Array): string => {
      count.hashes++;
      return sha256(data);
    };
    const explain: typeof RULE.query.explain = document => {
      count.explanations++;
      return RULE.query.explain(document);
    };
    const rule = { ...RULE, query: { ...RULE.query, explain } };
    const detector = detectorOf([rule], { sha256: counting, dedupScope });
    const lines = Array.from({ length: 1_000 }, (_, at) => `${JSON.stringify(runKeyEvent({ noise: at }))}\n`);
    const object = { bucket: 'b', key: 'k', versionId: 'v', etag: null, lastModified: null };
    const options = { detector, limits: DEFAULT_LIMITS, audit: false, asOfMs: null };
    let first: Match | undefined;
    let alerts = 0;
    const bytes = (async function* () {
      yield Buffer.from(lines.join(''));
    })();
    const result = await scan(bytes, object, options, {
      match: match => {
        first = match;
        alerts++;
      },
    });
    expect([alerts, result.matches, result.repeated]).toEqual([1, 1_000, 999]);
    // Of each its identity; of the first also what was written.
    expect(count).toEqual({ hashes: 1_001, explanations: 1 });
    expect(result.complete(first!, null).occurrences).toBe(1_000);
  });
});
