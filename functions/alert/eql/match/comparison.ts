import type { Scalar } from '../document.ts';
import type { Comparison } from '../syntax/ast.ts';
import { Double, isNumber, type NumberValue, plain, type Value } from '../syntax/value.ts';
import { type Moment, readDate, readMoment } from './date.ts';
import type { FieldKind } from './field-kind.ts';
import { isWithin, readAddress, readBlock } from './ip.ts';
import { doubleText, readDecimal } from './number-text.ts';
import { byCodePoint } from './order.ts';

/** A test of one value of a field. */
export type Test = (value: Scalar) => boolean;

export type Ordering = Exclude<Comparison, '==' | '!='>;

export type ComparisonOptions = {
  /** `text`: the value is compared only as text. */
  readonly kind?: FieldKind | 'text' | undefined;
  /** Exceptions: everything is compared only as text. */
  readonly isExact?: boolean | undefined;
  /** How texts are ordered: by default like the terms of an index. */
  readonly orderOfTexts?: (left: string, right: string) => number;
};

/**
 * Equality of a field's value with a constant. If the field's name does not imply its type, the constant's type
 * decides as the likeliest mapping would: a number also equals text that spells it the way it is written, and a day
 * includes its times. Blocks of addresses and parts of dates apply to fields that are known to contain those.
 */
export function equalTo(constant: Value, { kind, isExact }: ComparisonOptions = {}): Test {
  if (constant === null) return () => false;
  if (isExact || kind === 'text') {
    const plainText = String(isNumber(constant) ? plain(constant) : constant);
    return value => String(value) === plainText;
  }
  if (typeof constant === 'boolean') return value => value === constant || value === String(constant);
  const moment =
    kind === 'date' ? dateOf(constant) : typeof constant === 'string' ? readMoment(constant) : null;
  if (moment) return value => value === constant || isDuring(value, moment, kind);
  if (isNumber(constant)) return equalToNumber(constant, kind);
  const number = readDecimal(constant);
  if (number !== null) {
    return value => value === constant || isSameNumber(beyondText(value), number);
  }
  const block = kind === 'ip' ? readBlock(constant) : null;
  if (block) {
    return value => {
      const address = typeof value === 'string' ? readAddress(value) : null;
      return address !== null && isWithin(address, block);
    };
  }
  return value => value === constant || (typeof value === 'boolean' && String(value) === constant);
}

/** `<`, `<=`, `>` or `>=` between a field's value and a constant. */
export function inOrder(operator: Ordering, constant: Value, options: ComparisonOptions = {}): Test {
  if (constant === null) return () => false;
  const holds = signTest(operator);
  if (typeof constant === 'boolean') {
    return value => {
      const flag = typeof value === 'string' ? FLAGS.get(value) : value;
      return typeof flag === 'boolean' && holds(Number(flag) - Number(constant));
    };
  }
  if (isNumber(constant) && !(options.kind === 'date' && dateOf(constant))) {
    const bound = plain(constant);
    return value => {
      const number = asNumber(value);
      return number !== null && holds(order(number, bound));
    };
  }
  return inOrderOfText(operator, String(isNumber(constant) ? plain(constant) : constant), options);
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

function inOrderOfText(
  operator: Ordering,
  constant: string,
  { kind, orderOfTexts = byCodePoint }: ComparisonOptions,
): Test {
  const holds = signTest(operator);
  if (kind === 'text') return value => typeof value === 'string' && holds(byCodePoint(value, constant));
  const moment = kind === 'date' ? readDate(constant) : readMoment(constant);
  const number = readDecimal(constant);
  // For `<` a day ends before it begins, for `<=` with its last millisecond.
  const bound = operator === '<' || operator === '>=' ? moment?.first : moment?.last;
  return value => {
    if (bound !== undefined) {
      const time = timeOf(value, kind);
      if (time !== null) return holds(order(time, bound));
    }
    const given = number === null ? null : beyondText(value);
    if (given !== null) return holds(order(given, number!));
    return typeof value === 'string' && holds(orderOfTexts(value, constant));
  };
}

/** Elasticsearch first reads a number that is compared with a date as text: four digits are a year. */
function dateOf(constant: Value): Moment | null {
  return constant instanceof Double ? null : readDate(String(constant));
}

/** Turns the sign of an order into the result of an operator. */
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

/** The equivalent operator with the sides exchanged. */
export function mirrored(operator: Comparison): Comparison {
  const swapped: Partial<Record<Comparison, Comparison>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
  return swapped[operator] ?? operator;
}

function equalToNumber(constant: NumberValue, kind: ComparisonOptions['kind']): Test {
  const number = plain(constant);
  const spellings = [String(number), doubleText(Number(number))];
  const isNumeric = kind === 'integer' || kind === 'double' || kind === 'date';
  return value => {
    if (typeof value === 'string' && !isNumeric && readDecimal(value) !== null)
      return spellings.includes(value);
    return isSameNumber(asNumber(value), number);
  };
}

function isSameNumber(left: number | bigint | null, right: number | bigint): boolean {
  if (left === null) return false;
  return typeof left === typeof right ? left === right : order(left, right) === 0;
}

function isNumeric(value: Scalar): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** How text of digits compares as a number: a number, or the milliseconds of a date; other text is text. */
function beyondText(value: Scalar): number | bigint | null {
  if (isNumeric(value)) return value;
  return typeof value === 'string' ? (readMoment(value)?.first ?? null) : null;
}

/** A value compared with a number: text may spell one, or a date its milliseconds. */
function asNumber(value: Scalar): number | bigint | null {
  if (isNumeric(value)) return value;
  if (typeof value !== 'string') return null;
  return readDecimal(value) ?? readMoment(value)?.first ?? null;
}

function isDuring(value: Scalar, { first, last }: Moment, kind: ComparisonOptions['kind']): boolean {
  const time = timeOf(value, kind);
  return time !== null && time >= first && time <= last;
}

/** The milliseconds of a value. */
function timeOf(value: Scalar, kind: ComparisonOptions['kind']): number | bigint | null {
  const date = kind === 'date' && typeof value === 'string' ? readDate(value) : null;
  return date?.first ?? asNumber(value);
}
