import type { JsonObject, Scalar } from '../document.ts';
import type { Clause, Explanation } from '../query.ts';
import { type Expression, fieldsOf } from '../syntax/ast.ts';
import type { Span } from '../syntax/span.ts';
import { fieldTest } from './field-test.ts';
import { compileFilter, type FilterOptions } from './filter.ts';

type CompiledClause = (document: JsonObject) => Clause;

/** Compiles the explanation of a query: each condition joined by `and` at the top, the category first. */
export function compileExplanation(
  source: string,
  category: { readonly field: string; readonly value: string; readonly span: Span } | null,
  condition: Expression,
  options: FilterOptions,
): (document: JsonObject) => Explanation {
  const clauses = conjunctsOf(condition).map(node => compileClause(source, node, options));
  if (category) {
    const { field: path, value, span } = category;
    const field: Expression = { kind: 'field', path, isOptional: false, span };
    const constant: Expression = { kind: 'constant', value, span };
    clauses.unshift(
      compileClause(source, { kind: 'compare', operator: '==', left: field, right: constant, span }, options),
    );
  }
  return document => {
    const evaluated = clauses.map(clause => clause(document));
    const failing = evaluated.findIndex(({ result }) => result !== 'true');
    return {
      matches: failing < 0,
      clauses: evaluated,
      decidedBy: failing < 0 ? evaluated.length - 1 : failing,
    };
  };
}

/** The terms joined by `and`, with parentheses removed. */
export function conjunctsOf(node: Expression): readonly Expression[] {
  return node.kind === 'and' ? node.terms.flatMap(conjunctsOf) : [node];
}

function compileClause(source: string, node: Expression, options: FilterOptions): CompiledClause {
  const holds = compileFilter(node, options);
  const fields = fieldsOf(node);
  const readers = fields.map(path => options.readField(path));
  const test = fieldTest(node, options);
  const [field] = fields;
  const known = { span: node.span, source: source.slice(node.span.start, node.span.end) };
  return document => {
    const values = readers.flatMap(read => read(document));
    const isMissing = fields.length > 0 && values.length === 0;
    const hit = (value: Scalar) =>
      (test?.matching(value) ?? []).map(index => ({
        position: index + 1,
        constant: test!.constants[index]!,
        value,
      }));
    return {
      ...known,
      result: holds(document) ? 'true' : isMissing ? 'missing' : 'false',
      ...(field !== undefined && fields.length === 1 ? { field } : {}),
      values,
      matched: values.flatMap(hit),
    };
  };
}
