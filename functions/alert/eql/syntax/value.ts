/** A Java `double`; a class of its own, since 2 and 2.0 differ in EQL: 7 / 2 is 3, 7 / 2.0 is 3.5. */
export class Double {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A value inside a script or a constant: `number` is a Java `int`, `bigint` a `long` or an unsigned one. */
export type Value = null | boolean | string | number | bigint | Double;

export type NumberValue = number | bigint | Double;

export const LONG_MIN = -(2n ** 63n);
export const LONG_MAX = 2n ** 63n - 1n;
export const INT_MIN = -(2 ** 31);
export const INT_MAX = 2 ** 31 - 1;

export function isNumber(value: Value): value is NumberValue {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Double;
}

/** An integer as the smallest Java type that can represent it; beyond unsigned long it is a double. */
export function integerValue(integer: bigint): NumberValue {
  if (integer >= BigInt(INT_MIN) && integer <= BigInt(INT_MAX)) return Number(integer);
  return integer >= LONG_MIN && integer < 2n ** 64n ? integer : new Double(Number(integer));
}

/** The number itself; JavaScript compares `bigint` and `number` exactly. */
export function plain(value: NumberValue): number | bigint {
  return value instanceof Double ? value.value : value;
}
