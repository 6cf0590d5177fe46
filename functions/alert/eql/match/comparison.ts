import type { Scalar } from '../document.ts';
import type { Comparison } from '../syntax/ast.ts';
import { isNumber, plain, type Value } from '../syntax/value.ts';
import { type Moment, readMoment } from './date.ts';
import { isWithin, readAddress, readBlock } from './ip.ts';
import { readDecimal } from './number-text.ts';
import { byCodePoint } from './order.ts';

/** A test of one value of a field. */
export type Test = (value: Scalar) => boolean;

export type Ordering = Exclude<Comparison, '==' | '!='>;

/**
 * Equality of a field's value with a constant. No mapping says what the field is, so the constant's type decides as the
 * likeliest mapping would: a number in a text equals that number, a day holds its moments, a block its addresses.
 * With `isExact` (exceptions) nothing is more than its text.
 */
export function equalTo(constant: Value, isExact = false): Test {
  if (constant === null) return () => false;
  if (isExact) {
    const text = String(isNumber(constant) ? plain(constant) : constant);
    return value => String(value) === text;
  }
  if (typeof constant === 'boolean') return value => value === constant || value === String(constant);
  if (isNumber(constant)) return equalToNumber(plain(constant));
  const number = readDecimal(constant);
  if (number !== null) {
    return value => value === constant || isSameNumber(beyondText(value), number);
  }
  const moment = readMoment(constant);
  if (moment) return value => value === constant || isDuring(value, moment);
  const block = readBlock(constant);
  if (block) {
    return value => {
      if (value === constant) return true;
      const address = typeof value === 'string' ? readAddress(value) : null;
      return address !== null && isWithin(address, block);
    };
  }
  return value => value === constant || (typeof value === 'boolean' && String(value) === constant);
}

/** `<`, `<=`, `>` or `>=` of a field's value and a constant. */
export function inOrder(operator: Ordering, constant: Value): Test {
  if (constant === null) return () => false;
  const holds = signTest(operator);
  if (typeof constant === 'boolean') {
    return value => {
      const flag = typeof value === 'string' ? FLAGS.get(value) : value;
      return typeof flag === 'boolean' && holds(Number(flag) - Number(constant));
    };
  }
  if (isNumber(constant)) {
    const bound = plain(constant);
    return value => {
      const number = asNumber(value);
      return number !== null && holds(order(number, bound));
    };
  }
  return inOrderOfText(operator, constant);
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

function inOrderOfText(operator: Ordering, constant: string): Test {
  const holds = signTest(operator);
  const moment = readMoment(constant);
  const number = readDecimal(constant);
  // `<` a day ends before it begins, `<=` a day with its last moment.
  const bound = operator === '<' || operator === '>=' ? moment?.first : moment?.last;
  return value => {
    if (bound !== undefined) {
      const time = asNumber(value);
      if (time !== null) return holds(order(time, bound));
    }
    const given = number === null ? null : beyondText(value);
    if (given !== null) return holds(order(given, number!));
    return typeof value === 'string' && holds(byCodePoint(value, constant));
  };
}

/** Turns the sign of an order into the verdict of an operator. */
export function signTest(operator: Ordering): (sign: number) => boolean {
  switch (operator) {
    case '<':
      return sign => sign < 0;
    case '<=':
      return sign => sign <= 0;
    case '>':
      return sign => sign > 0;
    case '>=':
      return sign => sign >= 0;
    default:
      return operator satisfies never;
  }
}

/** JavaScript compares a `bigint` with a `number` exactly. */
export function order(left: number | bigint, right: number | bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The operator that holds when the sides are exchanged. */
export function mirrored(operator: Comparison): Comparison {
  const swapped: Partial<Record<Comparison, Comparison>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
  return swapped[operator] ?? operator;
}

function equalToNumber(number: number | bigint): Test {
  return value => {
    const other = asNumber(value);
    return other !== null && isSameNumber(other, number);
  };
}

function isSameNumber(left: number | bigint | null, right: number | bigint): boolean {
  if (left === null) return false;
  return typeof left === typeof right ? left === right : order(left, right) === 0;
}

function isNumeric(value: Scalar): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** What a text of digits is compared with as a number: a number, or the milliseconds of a date; other texts are texts. */
function beyondText(value: Scalar): number | bigint | null {
  if (isNumeric(value)) return value;
  return typeof value === 'string' ? (readMoment(value)?.first ?? null) : null;
}

/** A value that a number is compared with: a text may spell one, or a date its milliseconds. */
function asNumber(value: Scalar): number | bigint | null {
  if (isNumeric(value)) return value;
  if (typeof value !== 'string') return null;
  return readDecimal(value) ?? readMoment(value)?.first ?? null;
}

function isDuring(value: Scalar, { first, last }: Moment): boolean {
  const time = asNumber(value);
  return time !== null && time >= first && time <= last;
}
