import { calculate, toNumber, toText, type V } from './java-values.ts';
import { isInBlock } from './slow-comparison.ts';

const ARITHMETIC: Record<string, string> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  modulo: '%',
};

/** The functions by their description, in the plainest way. */
export function callSlowly(name: string, args: readonly V[], isInsensitive: boolean): V {
  const [first = null, second = null, third = null, fourth = null] = args;
  const text = (value: V): string => (isInsensitive ? toText(value).toLowerCase() : toText(value));
  const int = (value: V): number => Number(toNumber(value)?.n ?? 0);
  const whole = (n: number): V => ({ type: 'int', n });
  if (name === 'concat') return args.includes(null) ? null : args.map(toText).join('');
  if (first === null) return null;
  if (name === 'length') return whole(toText(first).length);
  if (name === 'string') return toText(first);
  if (name === 'substring') {
    const source = toText(first);
    if (second === null && third !== null) return source;
    const at = (value: V, otherwise: number) => {
      if (value === null) return otherwise;
      const place = int(value) < 0 ? int(value) + source.length : int(value);
      return Math.min(Math.max(place, 0), source.length);
    };
    const [from, to] = [at(second, 0), at(third, source.length)];
    return from >= to ? '' : source.substring(from, to);
  }
  if (name === 'number') {
    const source = toText(first);
    const base = second === null ? (source.startsWith('0x') ? 16 : 10) : int(second);
    const digits = base === 16 && source.startsWith('0x') ? source.slice(2) : source;
    const [, sign = '', figures = ''] = /^([+-]?)([0-9a-f]+)$/i.exec(digits) ?? [];
    const isLong = base === 16 ? figures !== '' : /^\d+$/.test(figures);
    const size = isLong ? BigInt(base === 16 ? `0x${figures}` : figures) : null;
    const long = size !== null && sign === '-' ? -size : size;
    if (long !== null && BigInt.asIntN(64, long) === long) return { type: 'long', n: long };
    if (base === 10 && /^[+-]?\d*\.?\d+(E\d+)?$/.test(digits)) return { type: 'double', n: Number(digits) };
    throw new RangeError('no number');
  }
  if (second === null) return null;
  const operator = ARITHMETIC[name];
  if (operator !== undefined) {
    const [one, other] = [toNumber(first), toNumber(second)];
    return one && other ? calculate(operator, one, other) : null;
  }
  const [source, part] = [text(first), text(second)];
  if (name === 'startswith') return source.slice(0, part.length) === part;
  if (name === 'endswith') return part === '' || source.slice(-part.length) === part;
  if (name === 'stringcontains') return source !== '' && part !== '' && source.split(part).length > 1;
  if (name === 'indexof') {
    const from = Math.max(0, third === null ? 0 : int(third));
    for (let at = from; at <= source.length; at++)
      if (source.substr(at, part.length) === part) return whole(at);
    return part === '' ? whole(source.length) : null;
  }
  if (name === 'between') {
    if (third === null || (args.length > 3 && fourth === null)) return null;
    const right = text(third);
    if (source === '' || part === '' || right === '') return toText(first);
    const start = source.indexOf(part) + part.length;
    const end = fourth === true ? source.lastIndexOf(right) : source.indexOf(right, start);
    return source.includes(part) && end >= start ? toText(first).slice(start, end) : '';
  }
  if (name === 'cidrmatch') {
    return args.slice(1).some(block => isInBlock(toText(first), toText(block)));
  }
  throw new Error(`no such function: ${name}`);
}
