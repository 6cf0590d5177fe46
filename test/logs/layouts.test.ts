import { describe, expect, it } from 'vitest';
import { random, scale, seed } from '../scale.ts';
import { layoutOf } from './layouts.ts';
import { read } from './reading.ts';

describe('a log in any layout', () => {
  it('gives the documents that were written, whatever framing, compression and chunks', async () => {
    const first = seed();
    for (let run = 0; run < scale(100_000); run++) {
      const layout = layoutOf(random(first + run));
      const what = `SEED=${first} run ${run}: ${layout.name}`;
      const { events, report } = await read(layout.chunks, {
        literals: run % 3 === 0 ? ['wmiprvse.exe'] : null,
      });
      const seen = events.map(({ document }) => withoutOriginal(document));
      expect(seen, what).toEqual(layout.documents);
      expect(report, what).toMatchObject({
        outcome: 'complete',
        code: null,
        bytes: layout.bytes.length,
        records: layout.documents.length,
        events: layout.documents.length,
        invalidUtf8: 0,
      });
    }
  }, 3_600_000);
});

/** What Logstash adds to a document that it keeps the text of. */
function withoutOriginal(document: Readonly<Record<string, unknown>>): unknown {
  const { '@version': version, ...rest } = document;
  if (version === undefined) return document;
  const { original: _, ...event } = rest['event'] as Readonly<Record<string, unknown>>;
  return { ...rest, event };
}
