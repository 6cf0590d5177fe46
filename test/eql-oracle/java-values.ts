/** A number with the type that Java would give it. */
export type Num = { readonly type: 'int' | 'long' | 'double'; readonly n: number | bigint };
export type V = null | boolean | string | Num;

export function isNumber(value: V): value is Num {
  return typeof value === 'object' && value !== null;
}

/** A number of a document: whole ones are `long`. */
export function number(n: number | bigint): Num {
  if (typeof n === 'bigint') return { type: 'long', n };
  return Number.isInteger(n) && Math.abs(n) <= 2 ** 53
    ? { type: 'long', n: BigInt(n) }
    : { type: 'double', n };
}

const RANGES = { int: 32, long: 64 } as const;

/** Throws `RangeError` where Java throws: overflow, and division by a whole zero. */
export function calculate(operator: string, one: Num, other: Num): Num {
  if (one.type === 'double' || other.type === 'double') {
    const [a, b] = [Number(one.n), Number(other.n)];
    const results: Record<string, number> = { '+': a + b, '-': a - b, '*': a * b, '/': a / b, '%': a % b };
    return { type: 'double', n: results[operator]! };
  }
  const type = one.type === 'long' || other.type === 'long' ? 'long' : 'int';
  const [a, b] = [BigInt(one.n), BigInt(other.n)];
  // BigInt throws a RangeError of its own for a division by zero, and truncates as Java does.
  const result =
    operator === '+'
      ? a + b
      : operator === '-'
        ? a - b
        : operator === '*'
          ? a * b
          : operator === '/'
            ? a / b
            : a % b;
  if (BigInt.asIntN(RANGES[type], result) !== result) throw new RangeError('overflow');
  return { type, n: result };
}

/** As Java writes it. */
export function toText(value: V): string {
  if (!isNumber(value)) return String(value);
  if (value.type !== 'double') return String(value.n);
  const n = Number(value.n);
  if (!Number.isFinite(n)) return String(n);
  if (n !== 0 && (Math.abs(n) < 0.001 || Math.abs(n) >= 1e7)) {
    const [mantissa = '', exponent = ''] = n.toExponential().split('e');
    return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
  }
  return Object.is(n, -0) ? '-0.0' : Number.isInteger(n) ? n.toFixed(1) : String(n);
}

export function toNumber(value: V): Num | null {
  if (value === null || typeof value === 'boolean') return null;
  if (typeof value !== 'string') return value;
  if (/^-?\d+$/.test(value)) return number(BigInt(value));
  return /^-?\d+\.\d+(E\d+)?$/.test(value) ? { type: 'double', n: Number(value) } : null;
}

/** Java's comparison without case: the lower case of the upper case of each code point, where they are one. */
export function javaFold(text: string): string {
  return [...text].map(point => single(single(point, point.toUpperCase()), undefined)).join('');
}

function single(point: string, changed: string | undefined): string {
  if (changed !== undefined) return [...changed].length === 1 ? changed : point;
  if (point === '\u0130') return 'i';
  const lower = point.toLowerCase();
  return [...lower].length === 1 ? lower : point;
}
