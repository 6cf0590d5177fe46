import { Double, INT_MAX, INT_MIN, LONG_MAX, LONG_MIN, type NumberValue, plain } from '../syntax/value.ts';

/** A computation that Java refuses: overflow, division of an integer by zero, text that is not a number. */
export class NoValue extends Error {}

// Created once: two fields may need a million, and each new error would walk the stack.
const DIVIDED_BY_ZERO = new NoValue('division of an integer by zero');
const BEYOND_INT = new NoValue('the result does not fit into an int');
const BEYOND_LONG = new NoValue('the result does not fit into a long');

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

/** Java arithmetic: `int` stays `int`, `long` wins over `int`, `double` over both; integers truncate and never wrap. */
export function calculate(operator: ArithmeticOperator, left: NumberValue, right: NumberValue): NumberValue {
  if (left instanceof Double || right instanceof Double) {
    return new Double(onNumbers(operator, Number(plain(left)), Number(plain(right))));
  }
  if (right === 0 || right === 0n) {
    if (operator === '/' || operator === '%') throw DIVIDED_BY_ZERO;
  }
  if (typeof left === 'number' && typeof right === 'number') {
    const result = Math.trunc(onNumbers(operator, left, right));
    // Products of two `int` below 2^62 are rounded only where they overflow anyhow.
    if (result < INT_MIN || result > INT_MAX) throw BEYOND_INT;
    return result === 0 ? 0 : result;
  }
  return onLongs(operator, BigInt(left), BigInt(right));
}

/** The negated number. */
export function negate(value: NumberValue): NumberValue {
  if (value instanceof Double) return new Double(-value.value);
  // 9223372036854775808 is an unsigned long; with its sign it is the smallest long.
  if (typeof value === 'bigint') return value <= 2n ** 63n ? narrow(-value) : refuseOverflow();
  return value === INT_MIN ? refuseOverflow() : value === 0 ? 0 : -value;
}

function narrow(value: bigint): NumberValue {
  return value > LONG_MAX ? refuseOverflow() : value === -2147483648n ? INT_MIN : value;
}

function refuseOverflow(): never {
  throw BEYOND_LONG;
}

function onNumbers(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    default:
      return operator satisfies never;
  }
}

function onLongs(operator: ArithmeticOperator, left: bigint, right: bigint): bigint {
  const result = exactly(operator, left, right);
  const isUnsigned = left > LONG_MAX || right > LONG_MAX;
  if (isUnsigned ? result < 0n || result >= 2n ** 64n : result < LONG_MIN || result > LONG_MAX) {
    throw BEYOND_LONG;
  }
  return result;
}

function exactly(operator: ArithmeticOperator, left: bigint, right: bigint): bigint {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    default:
      return operator satisfies never;
  }
}
