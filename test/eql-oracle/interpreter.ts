import type { JsonObject, JsonValue, Scalar } from '../../functions/alert/eql/document.ts';
import type { Expression, FieldNode } from '../../functions/alert/eql/syntax/ast.ts';
import { fieldsBelow } from './fields-below.ts';
import { number, toText } from './java-values.ts';
import { evaluate, type Slots } from './script-interpreter.ts';
import { simplify } from './simplify.ts';
import { satisfies, TURNED } from './slow-comparison.ts';
import { type Folding, isSame, slowEscapedWildcard, slowWildcard } from './slow-wildcard.ts';

/**
 * A second interpreter of EQL, written from its description and not from the engine: it walks the tree for every
 * document, tries everything, and is as slow as it looks. Of the engine it has the tree alone.
 */
export function slowMatches(
  condition: Expression,
  document: JsonObject,
  folding: 'ascii' | 'unicode',
): boolean {
  const values = (field: FieldNode) =>
    leaves(document)
      .filter(([path]) => path === field.path)
      .map(([, leaf]) => leaf);
  return holds(simplify(condition), { values, folding });
}

type World = {
  readonly values: (field: FieldNode) => readonly Scalar[];
  readonly folding: 'ascii' | 'unicode';
};

function holds(node: Expression, world: World): boolean {
  switch (node.kind) {
    case 'constant':
      return node.value === true;
    case 'and':
      return node.terms.every(term => holds(term, world));
    case 'or':
      return node.terms.some(term => holds(term, world));
    case 'not':
      return !holds(node.operand, world);
    case 'field':
      return world.values(node).some(value => satisfies(value, '==', true));
    case 'compare':
      return compareHolds(node, world);
    case 'in': {
      if (node.isNegated) return !holds({ ...node, isNegated: false }, world);
      const subject = subjectOf(node.value, world);
      if (!subject) return someAssignment(node, world);
      const list = node.list.map(item => evaluate(item, new Map())).filter(item => item !== null);
      return subject.values.some(value =>
        list.some(item =>
          node.isInsensitive
            ? isSameText(String(value), String(item), world.folding)
            : satisfies(value, '==', item, subject.path),
        ),
      );
    }
    case 'match': {
      const { value, operator, constants } = node;
      const subject = subjectOf(value, world);
      if (!subject) return someAssignment(node, world);
      return subject.values.some(leaf =>
        constants.some(({ value: text }) => textMatches(String(leaf), operator, String(text), world.folding)),
      );
    }
    case 'call': {
      const [first, second, ...others] = node.args;
      const text = second && fieldsBelow(second).length === 0 ? evaluate(second, new Map()) : undefined;
      const name = node.name.toLowerCase();
      const subject = first && subjectOf(first, world);
      if (subject && typeof text === 'string' && others.length === 0) {
        const folding = node.isInsensitive ? world.folding : 'exact';
        const pattern =
          name === 'startswith'
            ? null
            : name === 'endswith'
              ? `*${text}`
              : name === 'stringcontains'
                ? `*${text}*`
                : undefined;
        if (pattern !== undefined) {
          const leaf = subject.values.map(String);
          if (pattern !== null) return leaf.some(value => slowEscapedWildcard(pattern, value, folding));
          const length = [...text].length;
          return leaf.some(value => isSameText([...value].slice(0, length).join(''), text, folding));
        }
      }
      return someAssignment(node, world);
    }
    default:
      throw new Error(`${node.kind} is no condition`);
  }
}

function compareHolds(node: Extract<Expression, { kind: 'compare' }>, world: World): boolean {
  const { left, right, operator } = node;
  if (operator === '!=') return !compareHolds({ ...node, operator: '==' }, world);
  const isTurned = left.kind === 'constant';
  const [subject, other] = isTurned ? [right, left] : [left, right];
  const constant = other.kind === 'constant' ? evaluate(other, new Map()) : undefined;
  if (operator === '==' && constant === null) {
    return subject.kind === 'field' ? world.values(subject).length === 0 : someAssignment(node, world);
  }
  const read = constant === undefined ? null : subjectOf(subject, world);
  if (read && (subject.kind === 'field' || typeof constant === 'string')) {
    const turned = isTurned ? TURNED[operator] : operator;
    return read.values.some(value => satisfies(value, turned, constant!, read.path));
  }
  if (operator === '==' && typeof constant === 'boolean') return holds(subject, world) === constant;
  return someAssignment(node, world);
}

/** A field, or `string` of one, which is the field itself as texts. */
function subjectOf(
  node: Expression,
  world: World,
): { readonly values: readonly Scalar[]; readonly path: string } | null {
  if (node.kind === 'field') return { values: world.values(node), path: node.path };
  if (node.kind !== 'call' || node.name.toLowerCase() !== 'string') return null;
  const inner = subjectOf(node.args[0]!, world);
  const text = (value: Scalar) =>
    typeof value === 'number' || typeof value === 'bigint'
      ? toText(inner?.path === 'event.risk_score' ? { type: 'double', n: Number(value) } : number(value))
      : String(value);
  return inner && { values: inner.values.map(text), path: '' };
}

function isSameText(one: string, other: string, folding: Folding): boolean {
  const [left, right] = [[...one], [...other]];
  return left.length === right.length && left.every((point, at) => isSame(point, right[at]!, folding));
}

function textMatches(value: string, operator: string, text: string, folding: 'ascii' | 'unicode'): boolean {
  if (operator === 'regex~' && folding === 'ascii') {
    const lower = (one: string) => one.replace(/[A-Z]/g, letter => letter.toLowerCase());
    return new RegExp(`^(?:${lower(text)})$`, 'su').test(lower(value));
  }
  if (operator === 'regex' || operator === 'regex~')
    return new RegExp(`^(?:${text})$`, operator === 'regex' ? 'su' : 'siu').test(value);
  return slowWildcard(text, value, operator === 'like' ? 'exact' : folding);
}

/** A script: true for some choice of one value for each place where a field occurs. */
function someAssignment(node: Expression, world: World): boolean {
  const places = fieldsBelow(node);
  const choose = (at: number, slots: Slots): boolean => {
    const place = places[at];
    if (!place) {
      try {
        return evaluate(node, slots) === true;
      } catch (error) {
        if (error instanceof RangeError) return false;
        throw error;
      }
    }
    const values = world.values(place);
    const choices: readonly (Scalar | null)[] = values.length === 0 ? [null] : values;
    return choices.some(value => choose(at + 1, new Map([...slots, [place, value]])));
  };
  return choose(0, new Map());
}

/** Every leaf of a document with its dotted path. */
function leaves(value: JsonValue, path = ''): readonly (readonly [string, Scalar])[] {
  if (value === null) return [];
  if (Array.isArray(value)) return value.flatMap(element => leaves(element as JsonValue, path));
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([key, member]) =>
      leaves(member, path === '' ? key : `${path}.${key}`),
    );
  }
  return [[path, value as Scalar]];
}
