import { describe, expect, it } from 'vitest';
import { type Plain, safeJson, safeJsonWithin } from '../../functions/alert/notification/format/safe-json.ts';
import { ARCHIVED_LENGTH, renderDocument } from '../../functions/alert/notification/index.ts';
import { alertOf, OPTIONS, RUN_KEY, USER_SID, writeEvent } from './fixture.ts';

const KB480 = 480 * 1024;
const jsonDocument = (text: string, most?: number): string => {
  const event = writeEvent({ key: `${USER_SID}\\${RUN_KEY}`, value: 'Updater', strings: [text] });
  return renderDocument(alertOf(event), { ...OPTIONS, locale: 'both' }, most);
};

describe('an archived document', () => {
  it.each([
    ['480 KB of ampersands', '&'.repeat(KB480), ['event', 'values']],
    ['7 MB of ampersands', '&'.repeat(7 * 1024 ** 2), ['event', 'values']],
    ['480 KB of U+202E', '\u202e'.repeat(KB480), ['event', 'values']],
    ['a script of 1.5 MB, in the event once', 'a'.repeat(1.5 * 1024 ** 2), ['values']],
    ['a script of 480 KB', 'a'.repeat(KB480), []],
  ])('is bounded, and says what is cut: %s', (_, text, cut) => {
    const document = jsonDocument(text, ARCHIVED_LENGTH);
    expect(document.length).toBeLessThanOrEqual(ARCHIVED_LENGTH);
    const parsed = JSON.parse(document) as Record<string, unknown>;
    expect(parsed).toMatchObject({ cut, truncated: cut.length > 0 });
    expect(parsed['event'] === null).toBe(cut.includes('event'));
  });

  it('is whole on the command line', () => {
    expect(JSON.parse(jsonDocument('&'.repeat(KB480)))).toMatchObject({ cut: [], truncated: false });
  });
});

describe('JSON of ours', () => {
  it('is escaped character by character as before, in one pass', () => {
    const slow = (text: string): string =>
      JSON.stringify(text).replace(/[\u007f-\u009f<>&\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, character =>
        [...character.split('')]
          .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          .join(''),
      );
    for (let first = 0; first < 0x110000; first += 97)
      for (const text of [String.fromCodePoint(first), `a${String.fromCodePoint(first)}<b`])
        expect(safeJson(text)).toBe(slow(text));
    for (const text of ['\ud800', 'a\udc00&', '\u{e0001}\u{10ffff}&\u{1f600}', ''])
      expect(safeJson(text)).toBe(slow(text));
  });

  it('is null where it is longer than allowed, before it is written', () => {
    const value = { text: 'x\u200b', list: [1, 2n ** 60n, null, { a: true }], none: undefined };
    const whole = safeJson(value);
    expect(whole).toBe('{"text":"x\\u200b","list":[1,1152921504606846976,null,{"a":true}]}');
    for (let most = 0; most < whole.length + 3; most++)
      expect(safeJsonWithin(value, most)).toBe(most < whole.length ? null : whole);
    const isWritten = { toJSON: () => expect.fail('it is written') } as unknown as Plain;
    for (const long of [{ ['k'.repeat(50)]: 1 }, ['v'.repeat(50)], Array(50).fill(1)])
      expect(safeJsonWithin([long, isWritten], 50)).toBeNull();
  });
});
