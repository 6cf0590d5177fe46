import { describe, expect, it, vi } from 'vitest';
import { TooManyCombinations } from '../../functions/alert/eql/compile/combinations.ts';
import { compileQuery } from '../../functions/alert/eql/compile/compile.ts';
import type { JsonObject } from '../../functions/alert/eql/document.ts';
import { calculate, NoValue } from '../../functions/alert/eql/match/arithmetic.ts';
import { readNumber } from '../../functions/alert/eql/match/number-text.ts';
import { finderOf, lastIndexOf } from '../../functions/alert/eql/match/text-search.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import { drawFrom } from '../eql-oracle/draw.ts';
import { random, scale, seed } from '../scale.ts';

const a = (count: number): string => 'a'.repeat(count);

/** Nothing is timed: the texts are so long that what is not linear takes many minutes, which the test's own limit ends. */
const matches = (condition: string, document: JsonObject): boolean =>
  compileQuery(`any where ${condition}`, { readField }).matches(document);

describe('a text of the document that is sought in another', () => {
  const needle = `${a(200_000)}b${a(50_000)}`;
  const rows: readonly (readonly [condition: string, f: string, g: string, due: boolean])[] = [
    ['stringContains(f, g)', a(2_000_000), needle, false],
    ['stringContains(f, g)', a(2_000_000) + needle, needle, true],
    ['indexOf(f, g) == null', a(2_000_000), needle, true],
    ['indexOf(f, g) == 2000000', a(2_000_000) + needle, needle, true],
    ['between(f, g, "c") == ""', a(2_000_000), needle, true],
    ['between(f, "a", g) == ""', a(2_000_000), needle, true],
    ['between(f, "a", g, true) == ""', a(2_000_000), `${a(500_000)}b`, true],
    ['length(between(f, "a", g, true)) == 199999', `${a(400_000)}b${a(200_000)}`, `${a(200_000)}b`, true],
  ];
  it.each(rows)('%s is found or not, in linear time', (condition, f, g, due) => {
    expect(matches(condition, { f, g })).toBe(due);
  });

  it('is found where the platform finds it', () => {
    const draw = drawFrom(random(seed()));
    for (let round = 0; round < scale(3_000); round++) {
      const [value, piece] = [draw.text(['a', 'b'], 900), draw.text(['a', 'b'], 8)];
      const at = draw.below(value.length + 2);
      const long = value.slice(at, at + draw.below(600));
      for (const needle of [long, `${long}a`, `${piece}b`]) {
        const places = [finderOf(needle)(value, at), finderOf(needle)(value, 0), lastIndexOf(value, needle)];
        const due = [value.indexOf(needle, at), value.indexOf(needle), value.lastIndexOf(needle)];
        if (needle !== '') expect(places).toEqual(due);
      }
    }
  });
});

it('a value is folded once for a list of in~, however long the list', () => {
  const list = Array.from({ length: 2000 }, (_, at) => `"c${at}"`).join();
  const fold = vi.spyOn(String.prototype, 'toLowerCase');
  try {
    const found = matches(`string(f) in~ (${list}, "${a(1000)}")`, { f: [a(5000), 'A'.repeat(1000)] });
    expect(found).toBe(true);
    const folded = fold.mock.contexts.filter(text => String(text).length === 5000);
    expect(folded.length).toBe(1);
  } finally {
    fold.mockRestore();
  }
});

it.each([
  ['two long beginnings that differ in the middle', `f : ("b${a(120_000)}*", "b${a(60_000)}c${a(60_000)}*")`],
  [
    'constants two hundred calls deep',
    `${'concat('.repeat(200)}${Array(30_000).fill('"a"').join()}${')'.repeat(200)} == "x"`,
  ],
])('a query with %s is compiled', (_, condition) => {
  // A query may be no longer, so that processor time is looked at, which does not grow where the machine is busy.
  const before = process.cpuUsage();
  expect(matches(condition, { f: 'x' })).toBe(false);
  expect(process.cpuUsage(before).user).toBeLessThan(3_000_000);
});

describe('a function over several fields', () => {
  const words = (count: number, of: string, last: string) => [
    ...Array.from({ length: count }, (_, at) => of + at),
    last,
  ];
  const ask = (condition: string, document: JsonObject) => () =>
    compileQuery(`any where ${condition}`, { readField }).matches(document);

  it('tries a thousand values of each to the end', () => {
    const document = { f: words(999, 'x', 'evil'), g: words(999, 'y', 'evil') };
    expect(ask('stringContains(f, g)', document)()).toBe(true);
  });

  it('tries equal values once', () => {
    const document = {
      f: [...Array<string>(3000).fill('x'), 'evil'],
      g: [...Array<string>(3000).fill('y'), 'evil'],
    };
    expect(ask('stringContains(f, g)', document)()).toBe(true);
  });

  it('tries every value of one field', () => {
    const document = { f: words(1_200_000, '', 'evil'), g: 'evil' };
    expect(ask('stringContains(f, g)', document)()).toBe(true);
  });

  it.each([
    ['two fields of many values', words(1001, 'x', 'evil'), words(1000, 'y', 'evil')],
    ['a long value and many', a(2_000_000), words(500, 'y', 'z')],
  ])('says that it does not know: %s', (_, f, g) => {
    expect(ask('stringContains(f, g)', { f, g })).toThrow(TooManyCombinations);
    expect(ask('not stringContains(f, g)', { f, g })).toThrow(TooManyCombinations);
  });

  it('is asked last, where nothing else answers', () => {
    const document = { f: words(1001, 'x', 'evil'), g: words(1000, 'y', 'evil'), h: 'evil' };
    for (const [condition, due] of [
      ['stringContains(f, g) or h regex "ev.*"', true],
      ['concat(f, g) == "x" or h : "e*"', true],
      ['length(concat(f, g)) < 0 and h : "x*"', false],
      ['not stringContains(f, g) and length(h) == 3', false],
    ] as const)
      expect([condition, ask(condition, document)()]).toEqual([condition, due]);
  });

  it('may have as many arguments as a query holds', () => {
    const condition = `concat(${Array(50_000).fill('f').join()}) == "x"`;
    expect(ask(condition, { f: 'x' })()).toBe(false);
  });
});

describe('a computation without a value', () => {
  const rows: readonly (readonly [what: string, compute: () => unknown])[] = [
    ['a division by zero', () => calculate('/', 1, 0)],
    ['an int too large', () => calculate('+', 2 ** 31 - 1, 1)],
    ['a long too large', () => calculate('*', 2n ** 62n, 2n)],
    ['a text that is no number', () => readNumber('x', null)],
  ];
  it.each(rows)('%s walks no stack: its error is made once', (_, compute) => {
    const [first, second] = [thrownBy(compute), thrownBy(compute)];
    expect(first).toBeInstanceOf(NoValue);
    expect(second).toBe(first);
  });
});

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
