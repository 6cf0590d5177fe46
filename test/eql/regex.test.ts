import { describe, expect, it } from 'vitest';
import { compileQuery } from '../../functions/alert/eql/compile/compile.ts';
import { foldAscii } from '../../functions/alert/eql/match/case-folding.ts';
import { compileRegex } from '../../functions/alert/eql/match/regex/regex.ts';
import { literalsOfRegex } from '../../functions/alert/eql/match/regex/regex-literals.ts';
import { EqlError } from '../../functions/alert/eql/syntax/error.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import { drawFrom } from '../eql-oracle/draw.ts';
import { drawRegex } from '../eql-oracle/random-regex.ts';
import { random, scale, seed } from '../scale.ts';

const lucene = (pattern: string, isInsensitive = false) =>
  compileRegex(pattern, { dialect: 'lucene', isInsensitive }).matches;

describe('a regular expression of Lucene', () => {
  const rows: readonly (readonly [pattern: string, value: string, due: boolean])[] = [
    ['oo', 'foo', false],
    ['.*oo', 'foo', true],
    ['a.c', 'a\nc', true],
    ['a.c', 'a😀c', true],
    ['^a$', 'a', false],
    ['^a$', '^a$', true],
    ['[^/]+/.*?(how|read).*', 'bucket/how to.txt', true],
    ['[^/]+/.*?(how|read).*', 'a/b', false],
    ['C:\\\\Program Files( \\(x86\\))?\\\\X\\\\.*', 'C:\\Program Files (x86)\\X\\y', true],
    ['\\.[a-z0-9_\\-][a-z0-9_\\-\\.]{1,254}', '.a-b.c', true],
    ['.*[0-9]{1,3}(\\.[0-9]{1,3}){3}.*', 'ping 10.1.2.3 -n', true],
    ['.*[0-9]{1,3}(\\.[0-9]{1,3}){3}.*', 'ping 10.1.2 -n', false],
    ['net1\\s+\\w{4,15}', 'net1 \tlocalgroup', true],
    ['\\s', '\u00a0', false],
    ['\\s', '\f', false],
    ['[\\d\\-]+', '12-3', true],
    ['[]a]+', ']a]', true],
    ['a"b*"c', 'ab*c', true],
    ['a"b*"c', 'abbc', false],
    ['a()b', 'ab', true],
    ['', '', true],
    ['', 'a', false],
    ['a{0}b', 'b', true],
    ['(a*)*b', 'aaab', true],
    ['(a|b)*c+?', 'abc', true],
    ['\\1', '1', true],
    [']}', ']}', true],
  ];
  it.each(rows)('%s on %j: %s', (pattern, value, due) => {
    expect(lucene(pattern)(value)).toBe(due);
  });

  it('folds characters and leaves ranges, as Elasticsearch does', () => {
    expect(lucene('foo[ab][c-d]', true)('FOOAd')).toBe(true);
    expect(lucene('foo[ab][c-d]', true)('fooaD')).toBe(false);
    expect(lucene('[^a]', true)('A')).toBe(false);
    expect(lucene('[a-z]+', true)('A')).toBe(false);
  });

  const refused: readonly (readonly [pattern: string, word: string])[] = [
    ['~a', 'complement'],
    ['a&b', 'intersection'],
    ['<1-5>', 'interval'],
    ['a#', '#'],
    ['@', '@'],
    ['(?:a)', '(?'],
    ['(a', '('],
    ['a)', ')'],
    ['[a', '['],
    ['[a-]', '\\-'],
    ['[b-a]', 'range'],
    ['*a', '\\*'],
    ['a|', 'alternative'],
    ['a{x}', '{'],
    ['a{3,1}', 'repeat'],
    ['a{2000}', '1000'],
    ['\\n', '\\n'],
    ['a\\', 'backslash'],
    ['"a', '"'],
    ['(a{1000}){1000}', 'large'],
    ['((((){1000}){1000}){1000}){1000}', 'large'],
    [`${'('.repeat(200)}a${')'.repeat(200)}`, 'nested'],
  ];
  it.each(refused)('%s is refused by name', (pattern, word) => {
    let error: unknown;
    const text = `any where f regex """${pattern}"""`;
    try {
      compileQuery(
        pattern.includes('"') ? `any where f regex "${pattern.replace(/["\\]/g, '\\$&')}"` : text,
        { readField },
      );
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(EqlError);
    expect((error as EqlError).message).toContain(word);
    expect(text.slice((error as EqlError).span.start)).toMatch(/^"/);
  });

  it.each([
    ['.*(amsiutils|"AMSI.x").*', ['amsiutils', 'amsi.x']],
    ['a{2}bcd(e|f)?[gG]h+', ['bcd']],
    ['.*(abcd|ef*).*', ['abcd', 'e']],
    ['a?(b|()c?)[^c]', null],
  ])('%s has %j in every match', (pattern, due) => {
    expect(literalsOfRegex(pattern, { dialect: 'lucene', isInsensitive: true })).toEqual(due);
  });

  it('agrees with the platform on random expressions, and its literals are in what matches', () => {
    const draw = drawFrom(random(seed()));
    let matched = 0;
    const wanted = scale(100_000);
    for (let done = 0; done < wanted; ) {
      const { written, twin, sample } = drawRegex(draw);
      const isInsensitive = draw.chance(0.3);
      const matches = lucene(written, isInsensitive);
      const platform = new RegExp(`^(?:${twin(isInsensitive)})$`, 'su');
      const literals = literalsOfRegex(written, { dialect: 'lucene', isInsensitive });
      for (let round = 0; round < 5; round++) {
        const value = draw.chance(0.6) ? sample(draw) : draw.text([...'abcAB.-\\"/1 \n', 'é', '😀'], 7);
        const due = platform.test(value);
        if (matches(value) !== due) expect.fail(JSON.stringify({ written, isInsensitive, value, due }));
        if (due && literals?.every(literal => !foldAscii(value).includes(literal)))
          expect.fail(JSON.stringify({ written, isInsensitive, value, literals }));
        if (due) matched++;
        done++;
      }
    }
    expect(matched / wanted).toBeGreaterThan(0.3);
  });

  it.each(['.*a.{20}', '(a|b)*a(a|b){200}', '(.{0,100}x){3}'])(
    'is refused where its automaton has no end: %s',
    pattern => {
      expect(() => lucene(pattern)).toThrow('too large');
    },
  );

  it.each([
    '.*a.{13}',
    '(a|b){900}',
    '.{0,1000}',
    `.*(${Array.from({ length: 300 }, (_, at) => `w${at * 7919}`).join('|')}).*`,
  ])('is made and asked in linear time: %.20s…', pattern =>
    expect(lucene(pattern)('ab'.repeat(500_000))).toBe(pattern.startsWith('.*a.{13}')),
  );
});
