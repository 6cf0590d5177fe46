import { constantOf } from '../compile/constant.ts';
import { compileEscapedWildcard, hasEscapedLetter } from '../compile/escaped-wildcard.ts';
import { FUNCTION_NAMES, type FunctionSpec, functionNamed, type ParameterType } from '../match/functions.ts';
import { readBlock } from '../match/ip.ts';
import { asciiVariants } from '../match/regex/code-points.ts';
import { isTooLong, readEscapedPattern, TOO_LONG } from '../match/wildcard/wildcard-pattern.ts';
import { type Call, type Expression, fieldsOf } from '../syntax/ast.ts';
import type { Value } from '../syntax/value.ts';
import type { Checker } from './checker.ts';
import { NOUNS, type StaticType } from './static-type.ts';

/** Checks the name, the number and the types of a call's arguments; returns the type of its result. */
export function checkCall(node: Call, checker: Checker): StaticType {
  const spec = functionNamed(node.name);
  if (!spec) {
    return checker.wrong(
      'UnknownFunction',
      node.nameSpan,
      `no such function: ${node.name}${advice(node.name)}`,
    );
  }
  if (node.isInsensitive && !spec.takesTilde) {
    checker.wrong(
      'UnknownFunction',
      node.nameSpan,
      `${spec.name} has no form that ignores case; write ${spec.name}(`,
    );
  }
  const { length } = node.args;
  const most = spec.isVariadic ? Number.POSITIVE_INFINITY : spec.parameters.length;
  if (length < spec.required || length > most) {
    return checker.wrong('Arity', node.span, `${spec.name} takes ${arity(spec)}, not ${length}`);
  }
  const before = checker.faults.length;
  for (const [index, arg] of node.args.entries()) {
    const parameter = spec.parameters[Math.min(index, spec.parameters.length - 1)]!;
    checkArgument(spec, arg, parameter, checker);
  }
  if (checker.faults.length === before) checkNulls(node, spec, checker);
  const [, second] = node.args;
  if (spec.name === 'endsWith' || spec.name === 'stringContains')
    checkPattern(second!, node.isInsensitive, checker);
  return spec.result;
}

/** Arguments written as null, where Elasticsearch fails or its answer is an accident of translation. */
function checkNulls({ args }: Call, { name }: FunctionSpec, checker: Checker): void {
  const [source, second, third, fourth] = args;
  const isNull = (arg: Expression | undefined) => arg !== undefined && constantOf(arg) === null;
  if (name === 'between' && isNull(fourth)) {
    checker.wrong('Type', fourth!.span, 'between takes true or false here, not null');
  }
  const readsField = args.some(arg => fieldsOf(arg).length > 0);
  if (name === 'substring' && readsField && isNull(second) && third && !isNull(third)) {
    checker.wrong(
      'Unsupported',
      second!.span,
      'substring without a start, whose end Elasticsearch ignores; write 0',
    );
  }
  if (fieldsOf(source!).length === 0) return;
  if (/^(?:startsWith|endsWith|stringContains)$/.test(name) && isNull(second)) {
    checker.wrong('Type', second!.span, `${name} takes a string here, not null`);
  }
}

/** On a field, these two are wildcards. */
function checkPattern(arg: Expression, isInsensitive: boolean, checker: Checker): void {
  if (arg.kind !== 'constant' || typeof arg.value !== 'string') return;
  const pattern = `*${arg.value}*`;
  if (isTooLong(pattern, readEscapedPattern)) checker.wrong('TooLarge', arg.span, TOO_LONG);
  else if (isInsensitive && hasEscapedLetter(pattern)) {
    checker.compiles(arg.span, () => compileEscapedWildcard(pattern, asciiVariants));
  }
}

function checkArgument(
  spec: FunctionSpec,
  arg: Expression,
  parameter: ParameterType,
  checker: Checker,
): void {
  const type = checker.typeOf(arg);
  if (type === 'wrong' || type === 'null') return;
  if (parameter === 'block') checkBlock(spec, arg, checker);
  else if (!accepts(parameter, type, arg))
    checker.wrong('Type', arg.span, `${spec.name} takes ${DUE[parameter]} here, not ${NOUNS[type]}`);
}

const DUE: Readonly<Record<Exclude<ParameterType, 'block'>, string>> = {
  any: 'a value',
  text: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  address: 'a field of IP addresses',
};

function accepts(parameter: Exclude<ParameterType, 'block'>, type: StaticType, arg: Expression): boolean {
  if (parameter === 'any') return true;
  if (parameter === 'address') return arg.kind === 'field';
  if (type === 'field') return true;
  if (parameter === 'number') return type === 'number' || type === 'integer';
  // `1.0` is not an integer, and a computed number may not be one.
  if (parameter === 'integer') return type === 'integer' || (type === 'number' && arg.kind !== 'constant');
  return type === parameter;
}

function checkBlock(spec: FunctionSpec, arg: Expression, checker: Checker): void {
  if (fieldsOf(arg).length > 0) {
    checker.wrong('Constant', arg.span, `${spec.name} takes constant blocks such as "10.0.0.0/8"`);
  } else if (!isBlock(constantOf(arg))) {
    checker.wrong('Type', arg.span, `${spec.name} takes blocks such as "10.0.0.0/8" or "fe80::/10"`);
  }
}

function isBlock(value: Value | undefined): boolean {
  return typeof value === 'string' && readBlock(value) !== null;
}

function arity({ required, parameters, isVariadic }: FunctionSpec): string {
  const most = parameters.length;
  if (isVariadic) return `${required} arguments or more`;
  if (required === most) return most === 1 ? '1 argument' : `${most} arguments`;
  return `${required} to ${most} arguments`;
}

const GONE: Readonly<Record<string, string>> = {
  wildcard: '; write field : ("a*", "b*")',
  match: '; write field regex~ "…"',
  matchlite: '; write field regex~ "…"',
  arraycontains: '; field == "a" is true where any value is',
  arraysearch: '; a condition on a field is true where any value satisfies it',
  safe: '',
};

function advice(name: string): string {
  const lower = name.toLowerCase();
  return Object.hasOwn(GONE, lower) ? GONE[lower]! : `; there are ${FUNCTION_NAMES.join(', ')}`;
}
