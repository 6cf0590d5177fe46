import { describe, expect, it } from 'vitest';
import { foldAscii, foldNothing, foldUnicode } from '../../functions/alert/eql/match/case-folding.ts';
import { compilePatterns } from '../../functions/alert/eql/match/wildcard/wildcard.ts';
import { drawFrom } from '../eql-oracle/draw.ts';
import { type Folding, slowWildcard } from '../eql-oracle/slow-wildcard.ts';
import { random, scale, seed } from '../scale.ts';

const FOLDS = { exact: foldNothing, ascii: foldAscii, unicode: foldUnicode };

function compile(patterns: readonly string[], folding: Folding) {
  return compilePatterns(patterns, FOLDS[folding]);
}

describe('a wildcard', () => {
  const rows: readonly (readonly [pattern: string, value: string, folding: Folding, due: boolean])[] = [
    ['*', '', 'exact', true],
    ['', '', 'exact', true],
    ['', 'a', 'exact', false],
    ['?', '', 'exact', false],
    ['a*', 'a', 'exact', true],
    ['a*a', 'a', 'exact', false],
    ['a*a', 'aa', 'exact', true],
    ['*a*b*', 'xaxbx', 'exact', true],
    ['*b*a*', 'xaxbx', 'exact', false],
    ['*ab*ab', 'xabab', 'exact', true],
    ['*ab*ab', 'xab', 'exact', false],
    ['a*\\b', 'a\\c\\b', 'exact', true],
    ['a*b', 'a\r\n\u2028b', 'exact', true],
    ['*a*b*', 'a\nb\r', 'exact', true],
    ['a?b', 'a\nb', 'exact', true],
    ['a?b', 'a😀b', 'exact', true],
    ['a??b', 'a😀b', 'exact', false],
    ['?', '\ud83d', 'exact', true],
    ['??', '\ud83d\ud83d', 'exact', true],
    ['*😀?', 'x😀😁', 'exact', true],
    ['*😀?', 'x😁😀', 'exact', false],
    ['100%_*?', '100%_x', 'exact', true],
    ['a\\*', 'a*', 'exact', false],
    ['HKLM\\*', 'hklm\\x', 'ascii', true],
    ['HKLM\\*', 'hklm\\x', 'exact', false],
    ['é*', 'É', 'ascii', false],
    ['é*', 'É', 'unicode', true],
    ['k', '\u212a', 'ascii', false],
    ['k', '\u212a', 'unicode', true],
    ['\u0130*', 'i̇', 'ascii', false],
    ['\u0130*', 'i', 'unicode', false],
    ['*\u0130', 'x\u0130', 'ascii', true],
    ['ß', 'SS', 'unicode', false],
    ['?', 'ß', 'unicode', true],
    ['𐐀*', '𐐨x', 'unicode', true],
    ['*?*?*', 'ab', 'exact', true],
    ['*?*?*', 'a', 'exact', false],
    ['*a?c*e?g*', 'abcdefgh', 'exact', true],
    [`*${'a?'.repeat(40)}b`, `x${'ac'.repeat(40)}b`, 'exact', true],
    [`*${'ab'.repeat(200)}*`, `${'ab'.repeat(199)}aab${'ab'.repeat(200)}`, 'exact', true],
  ];
  it.each(rows)('%j on %j, case %s: %s', (pattern, value, folding, due) => {
    expect(compile([pattern], folding).matches(value)).toBe(due);
    expect(slowWildcard(pattern, value, folding)).toBe(due);
  });

  it('agrees with the obvious matcher on random lists, values and foldings', () => {
    const draw = drawFrom(random(seed()));
    const letters = [
      ...'aAbBkKsSiI\\/.%_\n',
      'é',
      'É',
      '\u212a',
      '\u017f',
      '\u0130',
      '\u0131',
      'ß',
      '😀',
      '𐐀',
      '𐐨',
    ];
    const inValues = [...letters, ...letters, '\ud83d', '\udc00', '*', '?'];
    const few = ['a', 'b', 'A'];
    const wanted = scale(1_000_000);
    for (let done = 0; done < wanted; ) {
      const folding = draw.one(['exact', 'ascii', 'unicode'] as const);
      const alphabet = draw.chance(0.5) ? few : letters;
      const withWildcards = [
        ...alphabet,
        ...alphabet,
        ...Array.from({ length: alphabet.length }, () => draw.one(['*', '?'])),
      ];
      const shared = draw.chance(0.3) ? draw.text(alphabet, 4) : '';
      const patterns = Array.from({ length: 1 + draw.below(5) }, () => shared + draw.text(withWildcards, 9));
      const set = compile(patterns, folding);
      for (let round = 0; round < 8 && done < wanted; round++) {
        const value = (draw.chance(0.5) ? shared : '') + draw.text(alphabet === few ? few : inValues, 14);
        const due = patterns.flatMap((pattern, at) => (slowWildcard(pattern, value, folding) ? [at] : []));
        done += patterns.length;
        if (set.matching(value).join() === due.join() && set.matches(value) === due.length > 0) continue;
        expect.fail(`${JSON.stringify({ patterns, value, folding, due, found: set.matching(value) })}`);
      }
    }
  });

  it('agrees on long segments with ?, where one word of bits is not enough', () => {
    const draw = drawFrom(random(seed() + 1));
    for (let done = scale(20_000); done > 0; done--) {
      // Many pieces are sought bit by bit, few each by itself.
      const isAny = draw.one([0.2, 0.02]);
      const segment = Array.from({ length: 33 + draw.below(60) }, () =>
        draw.chance(isAny) ? '?' : draw.one(['a', 'a', 'a', 'b']),
      ).join('');
      const pattern = `${draw.one(['', 'a'])}*${segment}*${draw.one(['', 'b'])}`;
      const filled = segment.replace(/\?/g, () => draw.one(['a', 'b', '😀']));
      const value = `${draw.text(['a', 'b'], 40)}${draw.chance(0.8) ? filled : filled.slice(1)}${draw.text(['a', 'b'], 10)}`;
      expect([pattern, value, compile([pattern], 'exact').matches(value)]).toEqual([
        pattern,
        value,
        slowWildcard(pattern, value, 'exact'),
      ]);
    }
  });
});
