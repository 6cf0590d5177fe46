import { Double, LONG_MAX, LONG_MIN, type NumberValue } from '../syntax/value.ts';
import { NoValue } from './arithmetic.ts';

/** Longer digits are not a number for Elasticsearch; reading a megabyte of them would take minutes. */
const LONGEST_INTEGER = 40;
const LONGEST_DECIMAL = 400;
const NO_NUMBER = new NoValue('the text is not a number');

/** The number that a text spells in decimal, exactly; `null`: it is not a number. */
export function readDecimal(text: string): number | bigint | null {
  if (text.length > LONGEST_DECIMAL) return null;
  if (text.length <= LONGEST_INTEGER && /^[+-]?\d+$/.test(text)) {
    const small = Number(text);
    return Number.isSafeInteger(small) ? small : BigInt(text.replace(/^\+/, ''));
  }
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : null;
}

/** EQL's `number`: a `long`, or else a `double`; anything else has no value. */
export function readNumber(text: string, base: number | null): NumberValue {
  const isHexadecimal = text.startsWith('0x') && (base === null || base === 16);
  const radix = isHexadecimal ? 16 : (base ?? 10);
  const long = readLong(isHexadecimal ? text.slice(2) : text, radix);
  if (long !== null) return long;
  const decimal = radix === 10 ? readDecimal(text.trim()) : null;
  if (decimal === null) throw NO_NUMBER;
  return new Double(Number(decimal));
}

function readLong(text: string, radix: number): bigint | null {
  const digits = text.replace(/^[+-]/, '');
  if (radix < 2 || radix > 36 || digits === '' || digits.length > 70) return null;
  let value = 0n;
  for (const digit of digits) {
    const worth = /^[0-9a-z]$/i.test(digit) ? Number.parseInt(digit, 36) : radix;
    if (worth >= radix) return null;
    value = value * BigInt(radix) + BigInt(worth);
  }
  if (text.startsWith('-')) value = -value;
  return value >= LONG_MIN && value <= LONG_MAX ? value : null;
}

/** A `double` as Java writes it: `2.0`, `1.0E10`. */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (exponent < -3 || exponent >= 7) return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}
