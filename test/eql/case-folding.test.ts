import { describe, expect, it } from 'vitest';
import {
  foldAscii,
  foldJava,
  foldUnicode,
  simpleFold,
} from '../../functions/alert/eql/match/case-folding.ts';
import { caseVariants } from '../../functions/alert/eql/match/case-variants.ts';

const isSurrogate = (point: number) => point >= 0xd800 && point <= 0xdfff;
const PLANES = Array.from({ length: 0x20000 }, (_, point) => point).filter(point => !isSurrogate(point));

describe('folding', () => {
  const rows: readonly (readonly [text: string, ascii: string, unicode: string, java: string])[] = [
    ['ABC', 'abc', 'abc', 'abc'],
    ['É\u212aK\u017f', 'É\u212ak\u017f', 'ékks', 'ékks'],
    ['\u0130\u0131I', '\u0130\u0131i', '\u0130\u0131i', 'iii'],
    ['ẞß', 'ẞß', 'ßß', 'ßß'],
    ['ΣΑΣ', 'ΣΑΣ', 'σασ', 'σασ'],
    ['𐐀A', '𐐀a', '𐐨a', '𐐨a'],
    ['\ud83dA', '\ud83da', '\ud83da', '\ud83da'],
    ['é', 'é', 'é', 'é'],
  ];
  it.each(rows)('%s is %s in ASCII, %s in Unicode, %s in Java', (text, ascii, unicode, java) => {
    expect([foldAscii(text), foldUnicode(text), foldJava(text)]).toEqual([ascii, unicode, java]);
  });

  it('joins in Unicode what the platform calls one but for case, and nothing else', () => {
    const isOne = (one: number, other: number) =>
      new RegExp(`^\\u{${one.toString(16)}}$`, 'iu').test(String.fromCodePoint(other));
    const joined = PLANES.filter(point => simpleFold(point) !== point);
    expect(joined.filter(point => !isOne(point, simpleFold(point)))).toEqual([]);
    const related = PLANES.flatMap(point => {
      const text = String.fromCodePoint(point);
      return [text.toUpperCase(), text.toLowerCase(), text.toUpperCase().toLowerCase()]
        .filter(other => other !== text && [...other].length === 1)
        .map(other => [point, other.codePointAt(0)!] as const);
    });
    const wrong = related.filter(
      ([one, other]) => isOne(one, other) !== (simpleFold(one) === simpleFold(other)),
    );
    expect(wrong).toEqual([]);
  });

  it('folds every character of a text as it folds it alone', () => {
    const text = PLANES.map(point => String.fromCodePoint(point)).join('');
    expect(foldUnicode(text)).toBe(PLANES.map(point => String.fromCodePoint(simpleFold(point))).join(''));
  });

  it('keeps the length in code points, whatever the text', () => {
    const text = String.fromCodePoint(...PLANES.slice(0, 5000), ...PLANES.slice(0x10400, 0x10500));
    for (const fold of [foldAscii, foldUnicode, foldJava])
      expect([...fold(text)]).toHaveLength([...text].length);
  });

  it('knows the variants of a character', () => {
    expect(caseVariants(0x6b).toSorted()).toEqual([0x4b, 0x6b, 0x212a].toSorted());
    expect(caseVariants(0x130)).toEqual([0x130]);
    expect(caseVariants(0x31)).toEqual([0x31]);
  });

  it('of long texts is that of their parts', () => {
    const part = 'AbÉ\u0130😀𐐀';
    for (const fold of [foldAscii, foldUnicode, foldJava]) {
      expect(fold(part.repeat(3000))).toBe(fold(part).repeat(3000));
    }
  });
});
