import type { Scalar } from '../document.ts';
import { order } from '../match/comparison.ts';
import { byUnit } from '../match/order.ts';
import {
  Double,
  isNumber,
  LONG_MAX,
  LONG_MIN,
  type NumberValue,
  plain,
  type Value,
} from '../syntax/value.ts';

/** A value of a field as a script sees it: an integer is a `long`, unless the field is known to contain a `double`. */
export function fieldValue(value: Scalar | null, isDouble: boolean): Value {
  if (isDouble && (typeof value === 'number' || typeof value === 'bigint')) return new Double(Number(value));
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
 * The value of a junction, given the terms that are known without a document; `undefined`: it depends. False settles
 * `and`, true `or`. For Elasticsearch's optimizer, a known `null` settles `and` too, and drops out of `or`.
 */
export function settleJunction(kind: 'and' | 'or', known: readonly (Value | undefined)[]): Value | undefined {
  const settles = kind === 'or';
  if (known.includes(settles)) return settles;
  if (kind === 'and' && known.includes(null)) return null;
  if (known.includes(undefined)) return undefined;
  return known.includes(null) ? null : !settles;
}

/** `==` of two computed values; if one is missing there is no answer. */
export function equality(left: Value, right: Value): Value {
  if (left === null || right === null) return null;
  return isNumber(left) && isNumber(right) ? orderOfNumbers(left, right) === 0 : left === right;
}

/** The sign of their order; `null`: they have none. */
export function orderOf(left: Value, right: Value): number | null {
  if (isNumber(left) && isNumber(right)) return orderOfNumbers(left, right);
  if (typeof left === 'string' && typeof right === 'string') return byUnit(left, right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  return null;
}

/** Java's `Double.compare` if one is a `double`: -0.0 is less than 0, and NaN more than anything but itself. */
function orderOfNumbers(left: NumberValue, right: NumberValue): number {
  if (!(left instanceof Double || right instanceof Double)) return order(left, right);
  const [one, other] = [Number(plain(left)), Number(plain(right))];
  if (one === 0 && other === 0) return Number(Object.is(other, -0)) - Number(Object.is(one, -0));
  if (Number.isNaN(one) || Number.isNaN(other))
    return Number(Number.isNaN(one)) - Number(Number.isNaN(other));
  return order(one, other);
}

/** Up to 2^53 a `number` of a document is exact; larger integers are `bigint`. */
function isWhole(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= 2 ** 53;
}
