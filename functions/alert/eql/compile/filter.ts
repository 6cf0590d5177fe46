import type { JsonObject, ReadField, Scalar } from '../document.ts';
import { NoValue } from '../match/arithmetic.ts';
import { type Compare, type Expression, fieldsOf } from '../syntax/ast.ts';
import { someCombination } from './combinations.ts';
import { constantOf } from './constant.ts';
import { fieldTest, type TestOptions } from './field-test.ts';
import { compileScript, type Slots } from './script.ts';

/** A condition on a document: true or false, never in between. */
export type Filter = (document: JsonObject) => boolean;

export type FilterOptions = TestOptions & { readonly readField: ReadField };

/**
 * Compiles a condition as Elasticsearch translates it into a query: two-valued over the document. `and`, `or` and `not`
 * combine results; a test of a field is true if one of its values passes; a computation is a script of its own.
 */
export function compileFilter(node: Expression, options: FilterOptions): Filter {
  const constant = node.kind === 'field' ? undefined : constantOf(node);
  if (constant !== undefined) return constant === true ? () => true : () => false;
  switch (node.kind) {
    case 'and': {
      const terms = cheapestFirst(node.terms).map(term => compileFilter(term, options));
      return document => {
        for (const term of terms) if (!term(document)) return false;
        return true;
      };
    }
    case 'or': {
      const terms = cheapestFirst(node.terms).map(term => compileFilter(term, options));
      return document => {
        for (const term of terms) if (term(document)) return true;
        return false;
      };
    }
    case 'not':
      return negated(compileFilter(node.operand, options));
    case 'compare': {
      const rewritten = rewrite(node, options);
      if (rewritten) return rewritten;
      break;
    }
    default:
  }
  const test = fieldTest(node, options);
  if (!test) return compileScriptFilter(node, options);
  const read = options.readField(test.path);
  const some = someValue(read, test.test);
  return test.isNegated ? negated(some) : some;
}

function negated(filter: Filter): Filter {
  return document => !filter(document);
}

function someValue(
  read: (document: JsonObject) => readonly Scalar[],
  test: (value: Scalar) => boolean,
): Filter {
  return document => {
    for (const value of read(document)) if (test(value)) return true;
    return false;
  };
}

/** Comparisons with `null` ask whether there is a value; those of a condition with true or false are the condition. */
function rewrite(node: Compare, options: FilterOptions): Filter | null {
  const { left, right, operator } = node;
  if (operator !== '==' && operator !== '!=') return null;
  const isNegated = operator === '!=';
  const [subject, constant] =
    constantOf(right) === undefined ? [right, constantOf(left)] : [left, constantOf(right)];
  if (subject.kind === 'field') {
    if (constant !== null) return null;
    const read = options.readField(subject.path);
    return isNegated ? document => read(document).length > 0 : document => read(document).length === 0;
  }
  if (typeof constant === 'boolean') {
    const filter = compileFilter(subject, options);
    return isNegated === constant ? negated(filter) : filter;
  }
  return isNegated ? negated(compileScriptFilter({ ...node, operator: '==' }, options)) : null;
}

/** A script is true if it is for some value in each of its slots; a field without values is `null` once. */
function compileScriptFilter(node: Expression, options: FilterOptions): Filter {
  if (node.kind === 'in' && node.isNegated) {
    return negated(compileScriptFilter({ ...node, isNegated: false }, options));
  }
  const { paths, evaluate } = compileScript(node);
  const readers = paths.map(path => options.readField(path));
  const holds = (slots: Slots): boolean => {
    try {
      return evaluate(slots) === true;
    } catch (error) {
      // Where Elasticsearch would fail the whole search, one event does not match.
      if (error instanceof NoValue) return false;
      throw error;
    }
  };
  return document => {
    const values = readers.map(read => read(document));
    return someCombination(values, holds);
  };
}

/**
 * The order of `and` and of `or` affects only the time: tests of whole values come before patterns, and a script that
 * may have too many combinations of values is evaluated only if the rest leaves the answer open.
 */
function cheapestFirst(terms: readonly Expression[]): readonly Expression[] {
  return terms.toSorted((one, other) => costOf(one) - costOf(other));
}

function costOf(node: Expression): number {
  if (node.kind === 'and' || node.kind === 'or') {
    return node.terms.reduce((sum, term) => sum + costOf(term), 1);
  }
  if (node.kind === 'not') return costOf(node.operand);
  return costOfOne(node) + (fieldsOf(node).length > 1 ? 1_000 : 0);
}

function costOfOne(node: Expression): number {
  switch (node.kind) {
    case 'constant':
    case 'field':
    case 'compare':
      return 1;
    case 'in':
      return 2;
    case 'match':
      return (node.operator.startsWith('regex') ? 8 : 3) + Math.min(node.constants.length, 50) / 10;
    case 'call':
      return 6;
    default:
      return 10;
  }
}
