import type { Scalar } from '../document.ts';
import { order } from '../match/comparison.ts';
import { byCodePoint } from '../match/order.ts';
import { Double, isNumber, LONG_MAX, LONG_MIN, plain, type Value } from '../syntax/value.ts';

/** A value of a field as a script sees it: every integer of a document is a `long`. */
export function fieldValue(value: Scalar | null): Value {
  if (typeof value === 'number') return isWhole(value) ? BigInt(value) : new Double(value);
  if (typeof value === 'bigint')
    return value >= LONG_MIN && value <= LONG_MAX ? value : new Double(Number(value));
  return value;
}

/** Negation of three-valued logic. */
export function not(value: Value): Value {
  return value === null ? null : value !== true;
}

/**
 * What terms that are known before any document make of their junction; `undefined`: it depends. False settles `and`,
 * true `or`. As Elasticsearch's optimizer sees it, a known `null` settles `and` too, and leaves `or`.
 */
export function settleJunction(kind: 'and' | 'or', known: readonly (Value | undefined)[]): Value | undefined {
  const settles = kind === 'or';
  if (known.includes(settles)) return settles;
  if (kind === 'and' && known.includes(null)) return null;
  if (known.includes(undefined)) return undefined;
  return known.includes(null) ? null : !settles;
}

/** `==` of two computed values; without one of them there is no answer. */
export function equality(left: Value, right: Value): Value {
  if (left === null || right === null) return null;
  return isNumber(left) && isNumber(right) ? order(plain(left), plain(right)) === 0 : left === right;
}

/** The sign of their order; `null`: they have none. */
export function orderOf(left: Value, right: Value): number | null {
  if (isNumber(left) && isNumber(right)) return order(plain(left), plain(right));
  if (typeof left === 'string' && typeof right === 'string') return byCodePoint(left, right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  return null;
}

/** Up to 2^53 a `number` of a document is exact; what is larger and whole comes as `bigint`. */
function isWhole(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= 2 ** 53;
}
