import type { Scalar } from '../../functions/alert/eql/document.ts';
import { type Num, number, type V } from './java-values.ts';

/** The operator that holds when the sides are exchanged. */
export const TURNED = { '==': '==', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** One value of a field against a constant, typed as the constant is. */
export function satisfies(value: Scalar, operator: keyof typeof TURNED, constant: V): boolean {
  if (constant === null) return false;
  if (typeof constant === 'string') {
    // A number beyond any double is written `Infinity` and is not that word.
    if (operator === '==')
      return String(value) === constant && (typeof value !== 'number' || Number.isFinite(value));
    if (typeof value === 'string')
      return signOf(order([...value].map(pointOf), [...constant].map(pointOf)), operator);
    if (typeof value === 'boolean' || !isNumeral(constant)) return false;
    return signOf(orderOfNumbers(number(value), number(Number(constant))), operator);
  }
  if (typeof constant === 'boolean') {
    const flag = value === 'true' ? true : value === 'false' ? false : value;
    return typeof flag === 'boolean' && signOf(Number(flag) - Number(constant), operator);
  }
  if (typeof value === 'boolean') return false;
  if (typeof value === 'string' && !isNumeral(value)) return false;
  const given = typeof value === 'string' ? number(Number(value)) : number(value);
  return signOf(orderOfNumbers(given, constant), operator);
}

function isNumeral(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

export function signOf(sign: number, operator: keyof typeof TURNED): boolean {
  if (operator === '==') return sign === 0;
  return operator.startsWith('<')
    ? sign < 0 || (operator === '<=' && sign === 0)
    : sign > 0 || (operator === '>=' && sign === 0);
}

export function orderOfNumbers(one: Num, other: Num): number {
  return one.n < other.n ? -1 : one.n > other.n ? 1 : 0;
}

function pointOf(text: string): number {
  return text.codePointAt(0)!;
}

export function order(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((point, index) => point !== other[index]);
  if (at < 0) return one.length - other.length;
  return at >= other.length ? 1 : one[at]! - other[at]!;
}
