import { compileQuery } from '../../functions/alert/eql/compile/compile.ts';
import type { JsonObject } from '../../functions/alert/eql/document.ts';
import { EqlError } from '../../functions/alert/eql/syntax/error.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';

/**
 * Corners in which Elasticsearch's answer follows from how it translates a query, each with the class of Elasticsearch
 * that decides it: answered as there, or refused by name. `docs/eql.md` lists what is deliberately otherwise.
 */
export const ROWS: readonly (readonly [
  source: string,
  condition: string,
  document: JsonObject,
  due: boolean | EqlError['code'],
])[] = [
  // DateFieldMapper: parts of dates are dates in a field of dates; a scan has no now.
  ['DateMathParser', '@timestamp > "now-1d"', { '@timestamp': '2024-05-17T10:00:00Z' }, 'Value'],
  ['DateMathParser', 'event.created >= "2024-05||/M"', { 'event.created': '2024-05-17' }, 'Value'],
  ['DateMathParser', 'my.field < "now"', { 'my.field': 'a' }, 'Value'],
  ['DateFieldMapper', '@timestamp == "yesterday"', {}, 'Value'],
  ['DateFieldMapper', 'event.created == "2024-05"', { 'event.created': '2024-05-17T10:00:00Z' }, true],
  ['DateFieldMapper', 'event.created == "2024-05"', { 'event.created': '2024-06-01' }, false],
  ['DateFieldMapper', 'event.created > "2024-05"', { 'event.created': '2024-05-31T23:59:59.999Z' }, false],
  ['DateFieldMapper', 'event.created >= "2024"', { 'event.created': 1715940000000 }, true],
  ['DateFieldMapper', 'event.created in ("2023", "2024")', { 'event.created': '2024-12-31' }, true],
  ['DateFieldMapper', 'event.created == 2024', { 'event.created': '2024-12-31' }, true],
  // TermQuery on a keyword.
  ['KeywordFieldMapper', 'process.args == "10.0.0.0/8"', { process: { args: '10.1.2.3' } }, false],
  ['KeywordFieldMapper', 's == 1', { s: '0001' }, false],
  ['KeywordFieldMapper', 's == 1', { s: '1' }, true],
  ['NumberFieldMapper', 'pid == 1', { pid: '0001' }, true],
  ['IpFieldMapper', 'host.ip == "10.0.0.0/8"', { 'host.ip': '10.1.2.3' }, true],
  // Arithmetics: nothing but a mapping says whether 3 is 3.0.
  ['Arithmetics', 'd / 2 == 1.5', { d: 3 }, 'Unsupported'],
  ['Arithmetics', 'divide(d + 1, 2) == 1', { d: 1 }, 'Unsupported'],
  ['Arithmetics', 'd / 2.0 == 1.5', { d: 3 }, true],
  ['Arithmetics', 'event.risk_score / 2 == 1.5', { 'event.risk_score': 3 }, true],
  ['Arithmetics', 'pid / 2 == 1', { pid: 3 }, true],
  ['Arithmetics', 'length(s) / 2 == 1', { s: 'abc' }, true],
  // A segment of 625 units with one ?.
  ['WildcardQuery', `s : "*${'ab'.repeat(312)}?*"`, { s: `x${'aB'.repeat(320)}` }, true],
  ['WildcardQuery', `s : "*${'ab'.repeat(312)}?*"`, { s: 'ab'.repeat(312) }, false],
  ['WildcardQuery', `s : "*${'a?b'.repeat(200)}*"`, { s: 'x' }, 'TooLarge'],
  // No FoldNull: an order with null is whatever its translation makes of it.
  ['RangeQueryBuilder', 's > null', { s: 'a' }, 'Unsupported'],
  ['RangeQueryBuilder', 'null <= s', { s: 'a' }, 'Unsupported'],
  ['RangeQueryBuilder', 'not (length(s) > null)', { s: 'a' }, 'Unsupported'],
  ['RangeQueryBuilder', 's > concat("a", null)', { s: 'a' }, 'Unsupported'],
  ['In.fold', 'f not in (null)', { f: 'a' }, 'Unsupported'],
  ['In.fold', 'f not in (null, "b")', { f: 'a' }, true],
  // Every not( of a script is taken out and put before the whole.
  ['Scripts.docValuesRewrite', 'null == (length(s) != 1)', { s: 'abc' }, 'Unsupported'],
  ['Scripts.docValuesRewrite', 'string(not n == 5) == "true"', { n: 5 }, 'Unsupported'],
  ['Scripts.docValuesRewrite', 'concat(n not in (5)) == "true"', { n: 5 }, 'Unsupported'],
  ['Scripts.docValuesRewrite', 'null == (length(s) == 1)', {}, true],
  ['Scripts.docValuesRewrite', '(length(s) != 1) == false', { s: 'a' }, true],
  // StringUtils: functions lower the case, they do not fold it.
  ['StringUtils', 'startsWith~(concat(s), "ſ")', { s: 'S' }, false],
  ['StringUtils', 'endsWith~(concat(s), "µ")', { s: 'μ' }, false],
  ['StringUtils', 'indexOf~(s, "É") == 0', { s: 'é' }, true],
  ['StringUtils', 'concat(s) : "ſ"', { s: 'S' }, true],
  ['SubstringFunctionProcessor', 'substring(s, null, 2) == "hello"', { s: 'hello' }, 'Unsupported'],
  ['SubstringFunctionProcessor', 'substring(s, n, 2) == "hello"', { s: 'hello' }, true],
  ['SubstringFunctionProcessor', 'substring(s, null, null) == "hello"', { s: 'hello' }, true],
  ['SubstringFunctionProcessor', 'substring(s, n) <= "a"', { s: 9 }, true],
  // ReplaceRegexMatch and PruneCast.
  ['ReplaceRegexMatch', 'substring(s, 0) regex ".*"', { s: 'x\ny' }, true],
  ['ReplaceRegexMatch', 'substring(s, 0) regex ".+"', { s: 'x\ny' }, false],
  ['PruneCast', 'string(s) like "a*z"', { s: 'a\nz' }, true],
  ['PruneCast', 'string(n) like "1*3"', { n: 123 }, true],
  ['PruneCast', 'string(n) > "10"', { n: 9 }, true],
  ['PruneCast', 'concat(string(s)) like "a*z"', { s: 'a\nz' }, false],
  ['RegexpQuery', 'f regex ("", "a")', { f: 'a' }, 'Regex'],
  ['RegexpQuery', 'f regex ""', { f: '' }, true],
  // Comparisons: Java's own orders.
  ['Comparisons', 'concat(s) > "～"', { s: '😀' }, false],
  ['Comparisons', 's > "～"', { s: '😀' }, true],
  ['Comparisons', '(s > "～" and s in ("a", null)) == null', { s: '😀' }, false],
  ['Comparisons', '0 * -1.0 == 0', {}, false],
  ['Comparisons', 'n * -1.0 == 0', { n: 0 }, false],
  ['Comparisons', 'n + 0 == 9007199254740992.0', { n: 9007199254740993n }, true],
  ['Comparisons', 'n + 0 == 9007199254740992', { n: 9007199254740993n }, false],
  // SimplifyComparisonsArithmetics.
  ['Simplify…Arithmetics', 'n + 1 > 5', { n: 2n ** 63n - 1n }, true],
  ['Simplify…Arithmetics', '(n - 2) + 3 > 5', { n: 2n ** 63n - 1n }, true],
  ['Simplify…Arithmetics', '5 < add(1, n)', { n: 2n ** 63n - 1n }, true],
  ['Simplify…Arithmetics', 'n * -2 < 4', { n: 2n ** 63n - 1n }, true],
  ['Simplify…Arithmetics', '-n < 5', { n: -(2n ** 63n) }, false],
  ['Simplify…Arithmetics', '1 - n < 5', { n: -(2n ** 63n) }, false],
  ['Simplify…Arithmetics', 'n * 2 == 5', { n: 2n ** 63n - 1n }, false],
  // QueryTranslator writes the null of these into a wildcard; between asks for a boolean.
  ['QueryTranslator', 'stringContains(s, null)', { s: 'annullment' }, 'Type'],
  ['Check.isBoolean', 'between(s, "a", "b", null) == null', { s: 'a' }, 'Type'],
  // Of a field that no document has, whose mapping Elasticsearch would miss: deliberately otherwise.
  ['PruneFilters', 'not ?process.working_directory : "/opt*"', {}, true],
];

/** What the engine answers, or the code with which it refuses. */
export function answer(condition: string, document: JsonObject): boolean | string {
  try {
    return compileQuery(`any where ${condition}`, { readField }).matches(document);
  } catch (error) {
    if (error instanceof EqlError) return error.code;
    throw error;
  }
}
