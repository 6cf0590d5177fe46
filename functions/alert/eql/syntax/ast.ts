import type { Span } from './span.ts';
import type { Value } from './value.ts';

export type Constant = { readonly kind: 'constant'; readonly value: Value; readonly span: Span };

export type FieldNode = {
  readonly kind: 'field';
  readonly path: string;
  /** Written with `?`: it may be unknown. */
  readonly isOptional: boolean;
  readonly span: Span;
};

export type Call = {
  readonly kind: 'call';
  /** As written, without `~`. */
  readonly name: string;
  readonly isInsensitive: boolean;
  readonly nameSpan: Span;
  readonly args: readonly Expression[];
  readonly span: Span;
};

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type PatternOperator = ':' | 'like' | 'like~' | 'regex' | 'regex~';

export type Compare = {
  readonly kind: 'compare';
  readonly operator: Comparison;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
};

export type In = {
  readonly kind: 'in';
  readonly isInsensitive: boolean;
  readonly isNegated: boolean;
  readonly value: Expression;
  readonly list: readonly Expression[];
  readonly span: Span;
};

export type Match = {
  readonly kind: 'match';
  readonly operator: PatternOperator;
  readonly value: Expression;
  readonly constants: readonly Constant[];
  readonly span: Span;
};

/** `a and b and c` is one node: a thousand terms must not be a thousand levels. */
export type Junction = {
  readonly kind: 'and' | 'or';
  readonly terms: readonly Expression[];
  readonly span: Span;
};

type Arithmetic = {
  readonly kind: 'arithmetic';
  readonly operator: '+' | '-' | '*' | '/' | '%';
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
};

export type Expression =
  | Constant
  | FieldNode
  | Call
  | Compare
  | In
  | Match
  | Junction
  | Arithmetic
  | { readonly kind: 'not'; readonly operand: Expression; readonly span: Span }
  | {
      readonly kind: 'sign';
      readonly operator: '+' | '-';
      readonly operand: Expression;
      readonly span: Span;
    };

export type PipeNode = {
  readonly name: string;
  readonly args: readonly Expression[];
  readonly span: Span;
};

export type EventQuery = {
  /** `null`: `any`. */
  readonly category: string | null;
  readonly categorySpan: Span;
  readonly condition: Expression;
  readonly pipes: readonly PipeNode[];
};

/** The operands of a node, in the order of the text. */
export function operandsOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'constant':
    case 'field':
      return [];
    case 'call':
      return node.args;
    case 'compare':
    case 'arithmetic':
      return [node.left, node.right];
    case 'in':
      return [node.value, ...node.list];
    case 'match':
      return [node.value];
    case 'and':
    case 'or':
      return node.terms;
    case 'not':
    case 'sign':
      return [node.operand];
    default:
      return node satisfies never;
  }
}

const NONE: readonly string[] = [];
/** Used for every node and its parents. */
const fieldsBelow = new WeakMap<Expression, readonly string[]>();

/** The distinct fields below a node, in the order of the text. */
export function fieldsOf(node: Expression): readonly string[] {
  if (node.kind === 'constant') return NONE;
  if (node.kind === 'field') return [node.path];
  const known = fieldsBelow.get(node);
  if (known) return known;
  const paths = new Set<string>();
  for (const operand of operandsOf(node)) for (const path of fieldsOf(operand)) paths.add(path);
  const fields = paths.size === 0 ? NONE : [...paths];
  fieldsBelow.set(node, fields);
  return fields;
}
