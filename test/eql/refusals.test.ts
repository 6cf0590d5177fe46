import { describe, expect, it } from 'vitest';
import { compileQuery, evaluateConstant } from '../../functions/alert/eql/compile/compile.ts';
import { EqlError, type EqlErrorCode } from '../../functions/alert/eql/syntax/error.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';

function errorOf(work: () => unknown): EqlError {
  try {
    work();
  } catch (error) {
    if (error instanceof EqlError) return error;
    throw error;
  }
  return expect.fail('is accepted');
}

const compile = (text: string) => () => compileQuery(text, { readField });

describe('a refused query', () => {
  const rows: readonly (readonly [query: string, code: EqlErrorCode, at: string, says: string])[] = [
    ['', 'Syntax', '', 'category'],
    ['process', 'Syntax', '', 'where true'],
    ['process where', 'Syntax', '', ''],
    ['`process` where true', 'Syntax', '`process`', 'double quotes'],
    ["'process' where true", 'Syntax', "'process'", 'double quotes'],
    ['process where a = 1', 'Syntax', '=', '=='],
    ['process where a == 1 == true', 'Syntax', '==', 'chained'],
    ['process where a < 1 < 2', 'Syntax', '<', 'and b < c'],
    ['process where a == "x" AND b == 1', 'Syntax', 'AND', ''],
    ['process where a == "x" && b == 1', 'Syntax', '&', '`and`'],
    ['process where !a', 'Syntax', '!', '`not`'],
    ["process where a == 'x'", 'Syntax', "'x'", 'double quotes'],
    ['process where a == ?"x"', 'Syntax', '?"x"', '"""'],
    ['process where a == "x', 'Syntax', '"x', 'never closed'],
    ['process where a == "x\ny"', 'Syntax', '"x', '\\n'],
    ['process where a == """x', 'Syntax', '"""', '"""'],
    ['process where a == "\\x"', 'Syntax', '\\x', '\\\\'],
    ['process where a == "\\u{d800}"', 'Syntax', '\\u{d800}', 'character'],
    ['process where a == "\\u{1}"', 'Syntax', '\\u', '2 to 8'],
    ['process where a == "\ud83d"', 'Syntax', '\ud83d', 'unpaired surrogate'],
    ['process where `a == 1', 'Syntax', '`', 'backquotes'],
    ['process where /* a', 'Syntax', '/*', 'closed'],
    ['process where a in ()', 'Syntax', ')', ''],
    ['process where a in "x"', 'Syntax', '"x"', 'parentheses'],
    ['process where a not : "x"', 'Syntax', 'not', 'not a : "b"'],
    ['process where a : b', 'Syntax', 'b', 'constant'],
    ['process where a : -1', 'Syntax', '-', 'constant'],
    ['process where like == 1', 'Syntax', 'like', 'backquotes'],
    ['process where (a == 1', 'Syntax', '', 'closed'],
    ['process where a == 1)', 'Syntax', ')', ''],
    ['process where a == “x”', 'Syntax', '“', 'double quotes'],
    ['process where in~ (1)', 'Syntax', 'in~', ''],
    ['process where a ~ "x"', 'Syntax', '~', 'in~'],
    ['process where true | explode 3', 'Syntax', '| explode 3', 'use head or tail'],
    ['process where true | count', 'Unsupported', '| count', 'use head or tail'],
    ['process where true | head 3', 'Unsupported', '| head 3', 'cannot have pipes'],
    ['sequence [a where true] [b where true]', 'Unsupported', 'sequence', 'one event'],
    ['sample by host [a where true]', 'Unsupported', 'sample', 'one event'],
    ['join [a where true] [b where true]', 'Unsupported', 'join', 'one event'],
    ['process where child of [process where true]', 'Unsupported', 'child of', 'relations'],
    ['process where a[0] == 1', 'Unsupported', '[', 'every value'],
    ['process where a == b', 'Unsupported', 'a == b', 'two fields'],
    ['process where length(a) > b', 'Unsupported', 'length(a) > b', 'two fields'],
    ['process where a in ("x", b)', 'Unsupported', 'b', 'constants'],
    ['process where wildcard(a, "b*")', 'UnknownFunction', 'wildcard', 'field : ("a*", "b*")'],
    ['process where lenght(a) == 1', 'UnknownFunction', 'lenght', 'length'],
    ['process where length~(a) == 1', 'UnknownFunction', 'length~', 'ignores case'],
    ['process where length() == 1', 'Arity', 'length()', '1 argument, not 0'],
    ['process where concat()', 'Arity', 'concat()', 'or more'],
    ['process where between(a, "b") == "c"', 'Arity', 'between(a, "b")', '3 to 4'],
    ['process where startsWith(1, "a")', 'Type', '1', 'a string'],
    ['process where substring(a, "b") == "c"', 'Type', '"b"', 'an integer'],
    ['process where substring(a, 1.0) == "c"', 'Type', '1.0', 'an integer'],
    ['process where between(a, "b", "c", 1) == "d"', 'Type', '1', 'true or false'],
    ['process where cidrMatch("10.0.0.1", "10.0.0.0/8")', 'Type', '"10.0.0.1"', 'field'],
    ['process where cidrMatch(a, "10.0.0.0/33")', 'Type', '"10.0.0.0/33"', 'blocks'],
    ['process where cidrMatch(a, b)', 'Constant', 'b', 'constant'],
    ['process where a : 4', 'Type', '4', '=='],
    ['process where a : ("x", null)', 'Type', 'null', '=='],
    ['process where a in~ (1)', 'Type', '1', 'in~'],
    ['process where length(a) : "4"', 'Type', 'length(a)', '=='],
    ['process where a in ("x", 1)', 'Type', '1', 'one type'],
    ['process where 1', 'Type', '1', 'true or false'],
    ['any where null', 'Type', 'null', 'true or false'],
    ['any where (null)', 'Type', '(null)', 'true or false'],
    ['process where not "x"', 'Type', '"x"', 'true or false'],
    ['process where a and length(b)', 'Type', 'length(b)', '`and`'],
    ['process where a + "x" == 1', 'Type', '"x"', 'number'],
    ['process where a == 2147483647 + 1', 'Value', '2147483647 + 1', 'int'],
    ['process where a == 9223372036854775807 + 1', 'Value', '9223372036854775807 + 1', 'long'],
    ['process where a == 1 / 0', 'Value', '1 / 0', 'zero'],
    ['process where a == number("x")', 'Value', 'number("x")', 'number'],
    ['process where a regex "x&y"', 'Regex', '"x&y"', 'intersection'],
  ];
  it.each(rows)('%s [%s]', (query, code, at, says) => {
    const error = errorOf(compile(query));
    expect(error.code).toBe(code);
    expect(query.slice(error.span.start, error.span.end)).toBe(at);
    expect(error.message).toContain(says);
  });

  it('points with line, column and caret', () => {
    const error = errorOf(compile('process where\n  a == 1 and\r\n  b = "x"'));
    expect([error.line, error.column, error.excerpt]).toEqual([3, 5, '  b = "x"\n    ^']);
  });

  it('points into a line of thousands of characters, and obeys no control character of it', () => {
    const error = errorOf(compile(`any where a in (${'"\u202ex",'.repeat(500)} ) and b == 1`));
    const [line = '', caret = ''] = error.excerpt.split('\n');
    expect(line.length).toBeLessThanOrEqual(160);
    expect(line[caret.length - 1]).toBe(')');
    expect(line).not.toContain('\u202e');
  });

  it('reports independent errors together, in the order of the text', () => {
    const error = errorOf(compile('any where a == b and lenght(c) == 1 and 1 and d : 5'));
    expect(error.errors.map(({ code }) => code)).toEqual(['Unsupported', 'UnknownFunction', 'Type', 'Type']);
    expect(error.errors[0]).toBe(error);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ code: 'Unsupported', line: 1, column: 11 });
    expect(errorOf(compile("any where a == 'x' and b == 'y'")).errors).toHaveLength(2);
  });

  it('names the nearest known field', () => {
    const knowledge = {
      readField,
      knownField: (path: string) => path === 'process.name',
      suggestField: () => 'process.name',
    };
    const error = errorOf(() => compileQuery('any where proces.name == "a" and ?b.c == 1', knowledge));
    expect(error.errors.map(({ code, message }) => [code, message])).toEqual([
      ['UnknownField', 'no such field: proces.name; did you mean process.name?'],
    ]);
  });

  const bounded: readonly (readonly [what: string, query: string])[] = [
    ['brackets', `any where ${'('.repeat(100_000)}a`],
    ['not', `any where ${'not '.repeat(60_000)}a`],
    ['signs', `any where ${'-'.repeat(200_000)}1 == 1`],
    ['arithmetic', `any where 1${' + 1'.repeat(60_000)} == 1`],
    ['calls', `any where ${'string('.repeat(30_000)}a`],
    ['parts of a name', `any where ?${Array(20_000).fill('a').join('.')} == 1`],
    ['parts of a name in backquotes', `any where \`${Array(20_000).fill('a').join('.')}\` == 1`],
    ['length', `any where a == "${'x'.repeat(300_000)}"`],
    ['comments', `any where ${'/*'.repeat(100_000)}`],
    [
      'characters of two units',
      `any where a : "${Array.from({ length: 3000 }, (_, at) => String.fromCodePoint(0x10000 + at)).join('')}"`,
    ],
    ['a segment with ?', `any where a : "*${'a?'.repeat(300)}*"`],
  ];
  it.each(bounded)('is bounded in %s', (_, query) => {
    expect(['TooLarge', 'Syntax']).toContain(errorOf(compile(query)).code);
  });

  it.each(['process where null', 'any where not null', 'any where null == null'])('is none: %s', query => {
    expect(compile(query)).not.toThrow();
  });

  it('is none for being wide', () => {
    const wide = `any where ${Array.from({ length: 15_000 }, (_, at) => `a == ${at}`).join(' or ')}`;
    expect(compileQuery(wide, { readField }).matches({ a: 14_999 })).toBe(true);
  });

  const constants: readonly (readonly [expression: string, code: EqlErrorCode])[] = [
    ['', 'Syntax'],
    ['a', 'Constant'],
    ['1 + a', 'Constant'],
    ['1 +', 'Syntax'],
    ['1 2', 'Syntax'],
    ['number(true)', 'Type'],
    ['7 % 0', 'Value'],
    ['-9223372036854775809', 'Value'],
  ];
  it.each(constants)('as a constant: %s [%s]', (expression, code) => {
    expect(errorOf(() => evaluateConstant(expression)).code).toBe(code);
  });
});
