import type { Scalar } from '../../functions/alert/eql/document.ts';
import { type Num, number, toText, type V } from './java-values.ts';

/** The operator that holds when the sides are exchanged. */
export const TURNED = { '==': '==', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** What ECS says of the fields that the tests use; of the others nothing is known. */
const KINDS: Readonly<Record<string, 'date' | 'ip' | 'number'>> = {
  '@timestamp': 'date',
  'event.created': 'date',
  'host.ip': 'ip',
  pid: 'number',
  exit_code: 'number',
  'mixed.size': 'number',
  'event.risk_score': 'number',
};

/** One value of a field against a constant, typed as the constant is, or as the field is where that is known. */
export function satisfies(
  value: Scalar,
  operator: keyof typeof TURNED,
  constant: V,
  path = '',
  isInScript = false,
): boolean {
  if (constant === null) return false;
  const kind = KINDS[path];
  if (kind === 'date') {
    const due = dateOf(isNum(constant) ? String(constant.n) : String(constant));
    const given = dateOf(String(value));
    if (due && given) {
      if (operator === '==') return given[0] >= due[0] && given[0] <= due[1];
      const bound = operator === '<' || operator === '>=' ? due[0] : due[1];
      return signOf(given[0] - bound, operator);
    }
  }
  if (kind === 'ip' && typeof constant === 'string' && constant.includes('/') && operator === '==')
    return isInBlock(String(value), constant);
  if (typeof constant === 'string') {
    // A number beyond any double is written `Infinity` and is not that word.
    if (operator === '==')
      return String(value) === constant && (typeof value !== 'number' || Number.isFinite(value));
    // `Comparisons.compare` is Java's `compareTo`, by UTF-16 units; an index orders by code points.
    if (typeof value === 'string' && isInScript)
      return signOf(value < constant ? -1 : value > constant ? 1 : 0, operator);
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
  // A keyword is the text of the number and no other.
  if (typeof value === 'string' && operator === '==' && kind !== 'number')
    return value === String(constant.n) || value === toText(constant);
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

function isNum(value: V): value is Num {
  return typeof value === 'object' && value !== null;
}

/** First and last millisecond: the text is filled up to the shortest and to the longest date that begins with it. */
function dateOf(text: string): readonly [number, number] | null {
  if (/^\d{5,}$/.test(text)) return [Number(text), Number(text)];
  if (!/^\d{4}(-\d\d(-\d\d(T.*)?)?)?$/.test(text)) return null;
  const last = text.length > 7 ? text : `${text}${text.length === 4 ? '-12' : ''}-31`;
  const days = Number(last.slice(5, 7));
  const end =
    text.length > 7
      ? last
      : `${last.slice(0, 8)}${new Date(Date.UTC(Number(last.slice(0, 4)), days, 0)).getUTCDate()}`;
  const [first, final] = [Date.parse(text), Date.parse(end.length === 10 ? `${end}T23:59:59.999Z` : end)];
  return Number.isNaN(first) ? null : [first, final];
}

/** IPv4 alone, bit by bit. */
export function isInBlock(address: string, block: string): boolean {
  const bits = (text: string) =>
    text
      .split('.')
      .map(byte => Number(byte).toString(2).padStart(8, '0'))
      .join('');
  if (!/^(\d{1,3}\.){3}\d{1,3}$/.test(address)) return false;
  const [network = '', prefix] = block.split('/');
  return bits(address).startsWith(bits(network).slice(0, Number(prefix ?? 32)));
}

/** Java's: as doubles where one is, and there -0.0 is below 0. */
export function javaOrder(one: Num, other: Num): number {
  if (one.type !== 'double' && other.type !== 'double') return orderOfNumbers(one, other);
  const [a, b] = [Number(one.n), Number(other.n)];
  const rank = (n: number) => (Number.isNaN(n) ? 2 : n === 0 && 1 / n < 0 ? -1 : 0);
  if (a < b) return -1;
  if (a > b) return 1;
  return rank(a) - rank(b);
}

function orderOfNumbers(one: Num, other: Num): number {
  return one.n < other.n ? -1 : one.n > other.n ? 1 : 0;
}

function pointOf(text: string): number {
  return text.codePointAt(0)!;
}

function order(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((point, index) => point !== other[index]);
  if (at < 0) return one.length - other.length;
  return at >= other.length ? 1 : one[at]! - other[at]!;
}
