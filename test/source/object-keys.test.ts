import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHARACTER } from '../characters.ts';
import { scale, seed } from '../scale.ts';
import { bridge, notification, read, refsOf, s3 } from './notifications.ts';

// H… in a name is a row of the table of hostile inputs (test/hostile-table.test.ts).

describe('a key', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['space, plus and accent (H58)', 'host+a%2Bb%C3%A9.gz', 'host a+bé.gz'],
    ['percent (H58)', 'a%25b', 'a%b'],
    ['emoji (H58)', '%F0%9F%94%A5', '🔥'],
    ['twice encoded: once decoded', 'a%2520b', 'a%20b'],
    ['malformed code (H59)', 'a+b%zz', 'a+b%zz'],
    ['overlong UTF-8 (H59)', '%C0%AF', '%C0%AF'],
    ['parent folders (H60)', '../../x', '../../x'],
    ['slashes (H60)', '/a//b/', '/a//b/'],
    ['line breaks (H60)', 'a%0D%0Ab', 'a\r\nb'],
    ['markup (H60)', '%3Cscript%3E', '<script>'],
    ['terminal codes (H60)', '%1B%5B2J', '\u001b[2J'],
  ];
  it.each(rows)('%s', (_, encoded, key) => {
    expect(refsOf(notification(s3({ key: encoded }))).map(ref => ref.key)).toEqual([key]);
  });

  it('of EventBridge is not encoded', () => {
    expect(read(bridge({ object: { key: 'a+b%20c', size: 1, etag: 'e' } }))).toBe('logs/a+b%20c@null');
  });

  it('with malformed codes says so, since no object may be there', () => {
    const refs = refsOf(notification(s3({ key: '%zz' }), s3()));
    expect(refs.map(ref => ref.isKeyRaw)).toEqual([true, false]);
  });

  it('of 1,024 bytes and of any other text comes back as S3 encodes it', () => {
    const encode = (key: string) => encodeURIComponent(key).replaceAll('%20', '+');
    fc.assert(
      fc.property(
        fc.string({ unit: CHARACTER, minLength: 1, maxLength: 1024 }),
        key => refsOf(notification(s3({ key: encode(key) })))[0]?.key === key,
      ),
      { seed: seed(), numRuns: scale(100_000) },
    );
  });
});
