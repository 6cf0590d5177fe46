import { describe, expect, it } from 'vitest';
import { Problems, pointAt, RuleError } from '../../functions/alert/ruleset/problem.ts';
import { readRule } from '../../functions/alert/ruleset/rule/rule.ts';
import { offsetInside, readToml, type TomlValue } from '../../functions/alert/ruleset/toml/toml.ts';
import { random, scale, seed } from '../scale.ts';
import { deps, filesOf, WMI_RULE } from './rule-folder.ts';

function read(text: string) {
  const problems = new Problems();
  const source = { file: 'x.toml', text };
  return { source, table: readToml(source, problems), problems: problems.found };
}

/** Plain values, for comparison. */
function plain(value: TomlValue): unknown {
  if (value.kind === 'array') return value.value.map(plain);
  if (value.kind !== 'table') return value.value;
  return Object.fromEntries([...value.value].map(([key, member]) => [key, plain(member.value)]));
}

describe('values', () => {
  it.each([
    ['a = 1', { a: 1 }],
    ['a.b = 1\na.c = 2', { a: { b: 1, c: 2 } }],
    ['[a]\nb = true\n[a.c]\nd = "x"', { a: { b: true, c: { d: 'x' } } }],
    ['[[a]]\nb = 1\n[a.c]\nd = 1\n[[a]]\n[a.c]\nd = 2', { a: [{ b: 1, c: { d: 1 } }, { c: { d: 2 } }] }],
    ['[[a]]\n[[a.b]]\nc = 1\n[[a.b]]\nc = 2', { a: [{ b: [{ c: 1 }, { c: 2 }] }] }],
    ['a = { b = [1, { c = "x" }] }', { a: { b: [1, { c: 'x' }] } }],
    ['a = 2026-11-24\nb = 2026-11-24T02:48:10Z', { a: '2026-11-24', b: '2026-11-24T02:48:10Z' }],
    ["a = '''\nx\\y\n'''", { a: 'x\\y\n' }],
    ['"a b"."c" = 1.5', { 'a b': { c: 1.5 } }],
  ])('%j', (text, value) => {
    expect(plain(read(text).table!)).toEqual(value);
  });

  it('of special names are plain', () => {
    const { table } = read('__proto__ = 1\nconstructor = 2');
    expect([...table!.value.keys()]).toEqual(['__proto__', 'constructor']);
  });

  it.each(['a = ', 'a = 1\na = 2', '[a]\n[a]', 'a = "\u0001"', '[[[', 'a = 01', `a = ${'['.repeat(50_000)}`])(
    'refused: %j',
    text => {
      const { table, problems } = read(text);
      expect(table).toBeNull();
      expect(problems.map(problem => problem.code)).toEqual(['TomlSyntax']);
    },
  );
});

describe('places', () => {
  it.each([
    ["q = '''\nab\ncd\n'''", 3, 3, 1],
    ["q = '''ab'''", 1, 1, 9],
    ['q = "ab"', 1, 1, 7],
    ['q = """\nab\ncd"""', 3, 3, 1],
    ["q = '''\r\nab\r\ncd'''", 3, 3, 1],
    // With escapes the value is shorter than what is written, so the string as a whole is pointed at.
    ['q = "a\\tb"', 2, 1, 5],
  ])('of a letter inside %j', (text, offset, line, column) => {
    const { source, table } = read(text);
    const value = table!.value.get('q')!.value as TomlValue & { kind: 'string' };
    expect(pointAt(source.text, offsetInside(source, value, offset))).toMatchObject({ line, column });
  });

  it('are counted in characters, and carets are below them', () => {
    expect(pointAt('注册表 x', 4)).toEqual({ line: 1, column: 5, excerpt: '  注册表 x\n         ^' });
    expect(pointAt('a\n\u{1f600}x', 4)).toMatchObject({ line: 2, column: 2 });
  });

  it('of a long line are shown alone', () => {
    const { excerpt } = pointAt(`${'x'.repeat(10_000)}!${'y'.repeat(10_000)}`, 10_000);
    const [line, caret] = excerpt.split('\n');
    expect(line!.length).toBeLessThan(120);
    expect(line![caret!.indexOf('^')]).toBe('!');
  });
});

it('changed files are a rule or a RuleError, and nothing else', () => {
  const files = filesOf(WMI_RULE);
  const names = ['rule.toml', 'locations.toml', 'exceptions.toml', 'guide.en.md'];
  const pieces = [
    '"',
    "'",
    "'''",
    '[',
    ']',
    '[[',
    '{',
    '}}',
    '{{',
    '\n',
    '=',
    '#',
    '`',
    '<!--',
    '\\',
    '\u0000',
    '- ',
  ];
  const next = random(seed());
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)]!;
  for (let round = 0; round < scale(2_000); round++) {
    const name = pick(names);
    let text = files.get(name)!;
    for (let change = 0; change <= next() * 3; change++) {
      const at = Math.floor(next() * text.length);
      text = text.slice(0, at) + pick(pieces) + text.slice(at + Math.floor(next() * 4));
    }
    try {
      readRule('wmi', new Map(files).set(name, text), deps);
    } catch (error) {
      expect(error).toBeInstanceOf(RuleError);
      expect((error as RuleError).problems.length).toBeGreaterThan(0);
    }
  }
}, 600_000);
