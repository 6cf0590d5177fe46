/** The entry point of EQL: compiles and evaluates queries. */

export { TooManyCombinations } from './compile/combinations.ts';
export { compileCondition, compileQuery, evaluateConstant } from './compile/compile.ts';
export type { JsonObject, JsonValue, ReadField, ReadFields, Scalar } from './document.ts';
export { endOfGram, GRAM, GramIndex, gramCounts, rarestGram } from './gram-index.ts';
export { lazyQuery } from './lazy-query.ts';
export { readAddress } from './match/ip.ts';
export { timestampMs } from './match/timestamp.ts';
export type { Clause, Condition, ConditionTest, Explanation, Query } from './query.ts';
export { QueryIndex } from './query-index.ts';
export { type Expression, operandsOf } from './syntax/ast.ts';
export { EqlError, type EqlErrorCode } from './syntax/error.ts';
export { locateIn, visible } from './syntax/excerpt.ts';
export { parseQuery } from './syntax/parse.ts';
