import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileQuery, evaluateConstant } from '../../functions/alert/eql/compile/compile.ts';
import type { JsonObject, JsonValue } from '../../functions/alert/eql/document.ts';
import { FUNCTION_NAMES } from '../../functions/alert/eql/match/functions.ts';
import { parseLoneExpression } from '../../functions/alert/eql/syntax/parse.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import { toJson } from '../../functions/alert/logs/json.ts';
import { slowMatches } from '../eql-oracle/interpreter.ts';

type Row = readonly [condition: string, document: JsonObject, due: boolean];

/** Rows named with their document as text, in which the largest integers are whole. */
function group(name: string, rows: readonly Row[], checkRow: (...row: Row) => void = check): void {
  const named = rows.map(row => [row[0], toJson(row[1]), row[2], row] as const);
  it.each(named)(`${name}: %s on %s: %s`, (_, __, ___, row) => checkRow(...row));
}

function check(
  condition: string,
  document: JsonObject,
  due: boolean,
  caseFolding: 'ascii' | 'unicode' = 'ascii',
) {
  expect(compileQuery(`any where ${condition}`, { readField, caseFolding }).matches(document)).toBe(due);
  expect(slowMatches(parseLoneExpression(condition), document, caseFolding)).toBe(due);
}

group('a missing field', [
  ['f == "x"', {}, false],
  ['f != "x"', {}, true],
  ['f != "x"', { f: [] }, true],
  ['f != "x"', { f: [null] }, true],
  ['f not in ("x", "y")', {}, true],
  ['f not in~ ("x", "y")', { f: null }, true],
  ['not f : "x*"', {}, true],
  ['not (f > 5)', {}, true],
  ['not f', {}, true],
  ['f == null', {}, true],
  ['f == null', { f: [null, []] }, true],
  ['f == null', { f: '' }, false],
  ['f != null', { f: [null, ''] }, true],
  ['?f == null', {}, true],
  ['?f == "x"', {}, false],
  ['f : "*"', {}, false],
  ['f : "*"', { f: '' }, true],
  ['not (length(f) == 1)', {}, true],
  ['length(f) == null', {}, true],
  ['length(f) != null', {}, false],
  ['null == (f > -1)', {}, true],
  ['stringContains(f, "a") == false', {}, true],
  ['cidrMatch(f, "10.0.0.0/8") != true', {}, true],
  ['concat(f, "x") == "x"', {}, false],
]);

group('a field of several values', [
  ['f == "a" and f == "b"', { f: ['a', 'b'] }, true],
  ['f > 1 and f < 2', { f: [0, 5] }, true],
  ['f != "a"', { f: ['a', 'b'] }, false],
  ['not f : "a*"', { f: ['b', 'ab'] }, false],
  ['length(f) > 2', { f: ['a', 'abc'] }, true],
  ['f + f == 3', { f: [1, 2] }, true],
  ['concat(f, g) == "by"', { f: ['a', 'b'], g: ['x', 'y'] }, true],
  ['indexOf(f, "x") != null', { f: ['xa', 'b'] }, false],
  ['o.p == "y"', { o: [{ p: 'x' }, { p: 'y' }] }, true],
  [
    'o.p == "x" and o.q == 2',
    {
      o: [
        { p: 'x', q: 1 },
        { p: 'y', q: 2 },
      ],
    },
    true,
  ],
]);

group('null among conditions', [
  ['(null or null)', {}, false],
  ['not null', {}, false],
  ['null or f == 1', { f: 1 }, true],
  ['null and f == 1', { f: 1 }, false],
  ['not (null and f == 1)', { f: 2 }, false],
  ['not (false and null)', {}, true],
  ['not (null or f == 1)', { f: 2 }, true],
  ['f in (null, 1)', { f: 1 }, true],
  ['f not in (null, 1)', { f: 2 }, true],
  ['f == concat("a", null)', {}, true],
]);

group('values and constants of other types', [
  ['f == 5', { f: '5' }, true],
  ['f == "5"', { f: 5 }, true],
  ['f == 5.0', { f: 5 }, true],
  ['f > 5', { f: '10' }, true],
  ['f == true', { f: 'true' }, true],
  ['f == "true"', { f: true }, true],
  ['f == 1', { f: true }, false],
  ['f : "5*"', { f: 57 }, true],
  ['f == 9007199254740993', { f: 9007199254740993n }, true],
  ['f == 9007199254740993', { f: 9007199254740992 }, false],
  ['f > 9007199254740992', { f: 9007199254740993n }, true],
  ['f == 9007199254740993', { f: '9007199254740993' }, true],
  ['f == 18446744073709551615', { f: 18446744073709551615n }, true],
  ['f < "b"', { f: 'a' }, true],
  ['f > "\uffee"', { f: '😀' }, true],
  ['f > "\uffee"', { f: '\uffef' }, true],
  ['f < "\uffee"', { f: '\ud7ff' }, true],
  ['f >= "1516116808349"', { f: '2018-01-16T15:33:28.349Z' }, true],
  ['host.ip == "10.0.0.0/8"', { 'host.ip': '10.1.2.3' }, true],
  ['f == "10.0.0.0/8"', { f: 'x' }, false],
  ['cidrMatch(f, concat("10.0.0.0", "/8"))', { f: '10.0.0.1' }, true],
  ['string(cidrMatch(f, "10.0.0.0/8")) : "TRUE"', { f: '10.0.0.1' }, true],
]);

group(
  'dates and addresses that the second interpreter does not know',
  [
    ['f > 1516116808349', { f: '2018-01-16T15:33:28.350Z' }, true],
    ['f < "2017-08-30T20:47:32Z"', { f: 1504126051000 }, true],
    ['f == "1970-01-01T00:00:00.005Z"', { f: '5' }, true],
    ['f == "2017-08-30"', { f: '2017-08-30T23:59:59.999Z' }, true],
    ['f > "2017-08-30"', { f: '2017-08-30T23:59:59.999Z' }, false],
    ['f <= "2017-08-30"', { f: '2017-08-30T23:59:59.999Z' }, true],
    ['f == "2017-08-30T12:00:00+02:00"', { f: '2017-08-30T10:00:00.000Z' }, true],
    ['cidrMatch(f, "2001:db8::/32")', { f: '2001:DB8:1::5' }, true],
    ['cidrMatch(f, "::1", "fe80::/10")', { f: 'fe81::1' }, true],
    ['cidrMatch(f, "10.0.0.0/8")', { f: '::ffff:10.0.0.1' }, true],
    ['cidrMatch(f, "10.0.0.0/8")', { f: '010.0.0.1' }, false],
    ['host.ip == "::1"', { 'host.ip': '0:0:0:0:0:0:0:1' }, true],
  ],
  (condition, document, due) =>
    expect(compileQuery(`any where ${condition}`, { readField }).matches(document)).toBe(due),
);

describe('case', () => {
  const rows: readonly (readonly [condition: string, value: string, ascii: boolean, unicode: boolean])[] = [
    ['f : "k"', '\u212a', false, true],
    ['f : "\u0130*"', 'i\u0307x', false, false],
    ['f : "*\u0130"', 'x\u0130', true, true],
    ['f : "é"', 'É', false, true],
    ['f in~ ("é")', 'É', false, true],
    ['f like~ "é*"', 'Éx', false, true],
    ['startsWith~(f, "é")', 'Éx', false, true],
    ['endsWith~(f, "é")', 'xÉ', false, true],
    ['stringContains~(f, "é")', 'xÉx', false, true],
    ['f regex~ "é"', 'É', false, true],
    ['f like "k"', 'K', false, false],
    ['f == "k"', 'K', false, false],
    // In scripts it is Java's, whatever the fields have.
    ['concat(f) : "é"', 'É', true, true],
    ['concat(f) : "i"', '\u0130', true, true],
    ['concat(f) : "é*"', 'É', false, false],
    ['indexOf~(f, "É") == 1', 'xé', true, true],
    // An escaped letter of the wildcard that these two become keeps its case.
    ['stringContains~(f, "a\\\\B")', 'xABx', true, true],
    ['stringContains~(f, "a\\\\b")', 'xABx', false, false],
  ];
  it.each(rows)('%s on %j: ascii %s, unicode %s', (condition, value, ascii, unicode) => {
    check(condition, { f: value }, ascii, 'ascii');
    check(condition, { f: value }, unicode, 'unicode');
  });
});

group('patterns', [
  ['f : "a*b"', { f: 'a\nb' }, true],
  ['f like "a?b"', { f: 'a\nb' }, true],
  ['concat(f) : "a*b"', { f: 'a\nb' }, false],
  ['concat(f) : "*"', { f: 'a\nb' }, true],
  ['concat(f) like "a?b"', { f: 'a😀b' }, true],
  ['f regex "a.b"', { f: 'a\nb' }, true],
  ['concat(f) regex "a.b"', { f: 'a\nb' }, false],
  ['concat(f) regex "^a.*b$"', { f: 'axb' }, true],
  ['f : "C:\\\\Windows\\\\*"', { f: 'c:\\windows\\x\\y' }, true],
  ['stringContains(f, "a*c")', { f: 'xabcx' }, true],
  ['stringContains(f, "\\\\*")', { f: 'a*b' }, true],
  ['stringContains(f, "\\\\*")', { f: 'ab' }, false],
  ['stringContains(f, "dir\\\\")', { f: 'x\\dir\\y' }, false],
  ['stringContains(f, "dir\\\\")', { f: 'xdir*' }, true],
  ['endsWith(f, "?")', { f: 'a' }, true],
  ['endsWith(f, "\\\\")', { f: 'a\\' }, true],
  ['startsWith(f, "a*")', { f: 'ab' }, false],
  ['startsWith(f, "a*")', { f: 'a*b' }, true],
  ['stringContains(f, "")', { f: 'a' }, true],
  ['stringContains("abc", f)', { f: 'b' }, true],
  ['endsWith("abc", f)', { f: '?' }, false],
  ['f : "a"', { f: `${'a'.repeat(2000)}` }, false],
  ['f : "a*"', { f: `${'a'.repeat(2000)}` }, true],
]);

group('precedence', [
  ['a or b and c', { a: true, c: false }, true],
  ['not a and b', { b: true }, true],
  ['not a == 1 and b', { a: 1, b: true }, false],
  ['not (a and b)', { b: true }, true],
  ['1 + 2 * 3 == 7', {}, true],
  ['-2 * 3 == -6', {}, true],
  ['10 - 3 - 2 == 5', {}, true],
  ['a + 1 > 2 and b', { a: 2, b: true }, true],
  ['a /* x /* y */ == 2 */ == 1 // and false', { a: 1 }, true],
  ['`a b`.c == 1', { 'a b': { c: 1 } }, true],
  ['`a.b` == 1', { a: { b: 1 } }, true],
  ['`a``b` == 1', { 'a`b': 1 }, true],
  ['STARTSWITH(a, "x")', { a: 'xy' }, true],
]);

describe('the category', () => {
  const rows: readonly (readonly [query: string, document: JsonObject, due: boolean])[] = [
    ['process where true', { event: { category: 'process' } }, true],
    ['process where true', { event: { category: ['file', 'process'] } }, true],
    ['process where true', { event: { category: 'Process' } }, false],
    ['process where true', {}, false],
    ['"process" where true', { 'event.category': 'process' }, true],
    ['"""a"b""" where true', { event: { category: 'a"b' } }, true],
    ['process where null', { event: { category: 'process' } }, false],
    ['any where true', {}, true],
  ];
  it.each(rows)('%s on %j: %s', (query, document, due) => {
    expect(compileQuery(query, { readField }).matches(document)).toBe(due);
  });

  it('may be in another field', () => {
    const query = compileQuery('process where true', { readField, categoryField: 'event_type_full' });
    expect(query.matches({ event_type_full: 'process' })).toBe(true);
    expect(query.fields).toEqual(['event_type_full']);
  });
});

describe('a constant', () => {
  const rows: readonly (readonly [expression: string, due: JsonValue])[] = [
    ['7 / 3', 2],
    ['-7 / 3', -2],
    ['-7 % 3', -1],
    ['7 / 2.0', 3.5],
    ['2147483648 - 1', 2147483647n],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
    ['18446744073709551615', 18446744073709551615n],
    ['18446744073709551616', 18446744073709552000],
    ['9007199254740993 == 9007199254740992', false],
    ['1e3', 1000],
    ['.5 + 1.', 1.5],
    ['string(2.0)', '2.0'],
    ['string(10000000.0)', '1.0E7'],
    ['string(0.0001)', '1.0E-4'],
    ['string(123456.75)', '123456.75'],
    ['string(true)', 'true'],
    ['concat("a", 1.50, null)', null],
    ['length("😀")', 2],
    ['substring("hello", -3)', 'llo'],
    ['substring("hello", 3, 1)', ''],
    ['between("abcb", "b", "b")', 'c'],
    ['between("aXbXc", "x", "X")', ''],
    ['between~("aXbXc", "x", "x", true)', 'b'],
    ['between("abc", "c", "b", true)', ''],
    ['indexOf("abc", "c", 5)', null],
    ['indexOf("abc", "b", -9)', 1],
    ['number("0x1F")', 31n],
    ['number("0x1F", 16)', 31n],
    ['number("1e2")', 100],
    ['number("99999999999999999999")', 1e20],
    ['startsWith~("ABC", "ab")', true],
    ['"a" : ("b", "A")', true],
    ['"ab" like "A?"', false],
    ['"ab" regex~ "A."', true],
    ['"\uffee" < "😀"', false],
    ['not (1 < null)', null],
    ['null in (1)', null],
    ['1 in (null, 2)', null],
    ['1 == "1"', false],
    ['1 < "1"', null],
  ];
  it.each(rows.map(([expression, due]) => ({ expression, due, text: toJson(due) })))(
    '$expression is $text',
    ({ expression, due }) => {
      expect(evaluateConstant(expression)).toEqual(due);
    },
  );
});

it('every function is drawn in random queries, which the second interpreter evaluates too', () => {
  const drawn = readFileSync('test/eql-oracle/random-cases.ts', 'utf8');
  expect(FUNCTION_NAMES.filter(name => !new RegExp(`\\b${name}\\b`).test(drawn))).toEqual([]);
});

describe('pipes', () => {
  it('are read from the end of a query', () => {
    const { pipes } = compileQuery('any where true | head 3 | tail 1 + 1', { readField, allowPipes: true });
    expect(pipes).toEqual([
      { name: 'head', count: 3 },
      { name: 'tail', count: 2 },
    ]);
  });
});
