import { Double, isNumber, type NumberValue, plain, type Value } from '../syntax/value.ts';
import { type ArithmeticOperator, calculate } from './arithmetic.ts';
import { between } from './between.ts';
import { foldNothing } from './case-folding.ts';
import { isWithin, readAddress, readBlock } from './ip.ts';
import { doubleText, readDecimal, readNumber } from './number-text.ts';
import { finderOf } from './text-search.ts';

export type ParameterType = 'text' | 'number' | 'integer' | 'boolean' | 'address' | 'block' | 'any';

/** One of the sixteen functions; the table below lists all of them. */
export type FunctionSpec = {
  readonly name: string;
  readonly parameters: readonly ParameterType[];
  /** How many of them are required. */
  readonly required: number;
  /** The last parameter may be repeated. */
  readonly isVariadic?: true;
  readonly result: 'text' | 'number' | 'integer' | 'boolean';
  /** `name~` ignores case. */
  readonly takesTilde?: true;
  /** An argument without a value gives `null` before the call, unless `seesNull`. */
  readonly call: (args: readonly Value[], isInsensitive: boolean) => Value;
  readonly seesNull?: true;
};

const OPERATORS: Readonly<Record<string, ArithmeticOperator>> = {
  add: '+',
  divide: '/',
  modulo: '%',
  multiply: '*',
  subtract: '-',
};

const FUNCTIONS: readonly FunctionSpec[] = [
  ...arithmetic(),
  {
    name: 'between',
    parameters: ['text', 'text', 'text', 'boolean'],
    required: 3,
    result: 'text',
    takesTilde: true,
    call: ([source, left, right, greedy], isInsensitive) =>
      between(
        text(source),
        text(left),
        text(right),
        greedy === true,
        isInsensitive ? lowerCase : foldNothing,
      ),
  },
  {
    name: 'cidrMatch',
    parameters: ['address', 'block'],
    required: 2,
    isVariadic: true,
    result: 'boolean',
    call: ([address, ...blocks]) => isInBlocks(text(address), blocks.map(text)),
  },
  {
    name: 'concat',
    parameters: ['any'],
    required: 1,
    isVariadic: true,
    result: 'text',
    call: args => args.map(text).join(''),
  },
  {
    name: 'endsWith',
    parameters: ['text', 'text'],
    required: 2,
    result: 'boolean',
    takesTilde: true,
    call: (args, isInsensitive) => {
      const [source, end] = folded(args, isInsensitive);
      return source.endsWith(end);
    },
  },
  {
    name: 'indexOf',
    parameters: ['text', 'text', 'integer'],
    required: 2,
    result: 'integer',
    takesTilde: true,
    seesNull: true,
    call: ([source = null, part = null, start = null], isInsensitive) => {
      if (source === null || part === null) return null;
      const [whole, wanted] = folded([source, part], isInsensitive);
      const from = Math.max(0, Math.trunc(index(start, 0)) || 0);
      const at = finderOf(wanted)(whole, from);
      return at < 0 ? null : at;
    },
  },
  {
    name: 'length',
    parameters: ['text'],
    required: 1,
    result: 'integer',
    call: ([source]) => text(source).length,
  },
  {
    name: 'number',
    parameters: ['text', 'integer'],
    required: 1,
    result: 'number',
    seesNull: true,
    call: ([source = null, base = null]) =>
      source === null ? null : readNumber(text(source), base === null ? null : index(base, 10)),
  },
  {
    name: 'startsWith',
    parameters: ['text', 'text'],
    required: 2,
    result: 'boolean',
    takesTilde: true,
    call: (args, isInsensitive) => {
      const [source, start] = folded(args, isInsensitive);
      return source.startsWith(start);
    },
  },
  { name: 'string', parameters: ['any'], required: 1, result: 'text', call: ([value]) => text(value) },
  {
    name: 'stringContains',
    parameters: ['text', 'text'],
    required: 2,
    result: 'boolean',
    takesTilde: true,
    call: (args, isInsensitive) => {
      const [source, part] = folded(args, isInsensitive);
      return source !== '' && part !== '' && finderOf(part)(source, 0) >= 0;
    },
  },
  {
    name: 'substring',
    parameters: ['text', 'integer', 'integer'],
    required: 2,
    result: 'text',
    seesNull: true,
    call: ([source = null, start = null, end = null]) => {
      // Without a start it returns the text unchanged, whatever the end: `SubstringFunctionProcessor`.
      if (source === null) return null;
      if (start === null) return text(source);
      return text(source).slice(index(start, 0), end === null ? undefined : index(end, 0));
    },
  },
];

const BY_NAME: ReadonlyMap<string, FunctionSpec> = new Map(
  FUNCTIONS.map(spec => [spec.name.toLowerCase(), spec]),
);

/** The function of a name, case-insensitive. */
export function functionNamed(name: string): FunctionSpec | undefined {
  return BY_NAME.get(name.toLowerCase());
}

export const FUNCTION_NAMES: readonly string[] = FUNCTIONS.map(({ name }) => name);

/** Calls a function; for most of them, an argument without a value gives a result without one. */
export function callFunction(spec: FunctionSpec, args: readonly Value[], isInsensitive: boolean): Value {
  if (!spec.seesNull && args.some(arg => arg === null)) return null;
  return spec.call(args, isInsensitive);
}

/** A value as Java writes it. */
export function text(value: Value | undefined): string {
  return value instanceof Double ? doubleText(value.value) : String(value ?? '');
}

/** A number for arithmetic; a field of numbers may contain one as text. */
export function asNumber(value: Value): NumberValue | null {
  if (isNumber(value)) return value;
  const decimal = typeof value === 'string' ? readDecimal(value) : null;
  if (decimal === null) return null;
  if (typeof decimal === 'bigint') return decimal;
  return Number.isSafeInteger(decimal) ? BigInt(decimal) : new Double(decimal);
}

/** The operator that a function is equivalent to. */
export function operatorOf(spec: FunctionSpec | undefined): ArithmeticOperator | undefined {
  return spec && OPERATORS[spec.name];
}

function arithmetic(): FunctionSpec[] {
  return Object.entries(OPERATORS).map(([name, operator]) => ({
    name,
    parameters: ['number', 'number'],
    required: 2,
    result: 'number',
    call: ([left = null, right = null]) => {
      const [one, other] = [asNumber(left), asNumber(right)];
      return one === null || other === null ? null : calculate(operator, one, other);
    },
  }));
}

/** Java's `toLowerCase(Locale.ROOT)`, which these functions use to ignore case, whatever folding the fields have. */
function lowerCase(source: string): string {
  return source.toLowerCase();
}

function folded(
  [one = null, other = null]: readonly Value[],
  isInsensitive: boolean,
): readonly [string, string] {
  return isInsensitive ? [lowerCase(text(one)), lowerCase(text(other))] : [text(one), text(other)];
}

function index(value: Value, otherwise: number): number {
  const number = asNumber(value);
  return number === null ? otherwise : Number(plain(number));
}

function isInBlocks(addressText: string, blocks: readonly string[]): boolean {
  const address = readAddress(addressText);
  return address !== null && blocks.some(block => isWithin(address, readBlock(block)!));
}
