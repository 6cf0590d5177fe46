import { constantOf, foldConstant } from '../compile/constant.ts';
import { readsOneField } from '../compile/field-test.ts';
import { scriptWildcard } from '../compile/script-wildcard.ts';
import { NoValue } from '../match/arithmetic.ts';
import { checkRegex } from '../match/regex/regex.ts';
import { isTooLong, readPattern, TOO_LONG } from '../match/wildcard/wildcard-pattern.ts';
import {
  type Call,
  type Compare,
  type Expression,
  fieldsOf,
  type In,
  type Match,
  operandsOf,
} from '../syntax/ast.ts';
import { type EqlErrorCode, type Fault, FaultFound } from '../syntax/error.ts';
import type { Span } from '../syntax/span.ts';
import { checkCall } from './check-call.ts';
import { dateFault, divisionFault } from './check-fields.ts';
import type { Checker } from './checker.ts';
import { NOUNS, type StaticType, typeOfValue } from './static-type.ts';

export type FieldKnowledge = {
  readonly knownField?: (path: string) => boolean;
  readonly suggestField?: (path: string) => string | undefined;
  /** What to do about an unknown field to which none is near. */
  readonly fieldAdvice?: string;
};

/** Finds everything that Elasticsearch's verifier and planner refuse, and unknown fields. */
export function checkCondition(condition: Expression, knowledge: FieldKnowledge): readonly Fault[] {
  const checker = new TypeChecker(knowledge);
  checker.expectBoolean(condition, 'the condition');
  return checker.faults;
}

/** The same for an expression of any type. */
export function checkExpression(expression: Expression): readonly Fault[] {
  const checker = new TypeChecker({});
  checker.typeOf(expression);
  return checker.faults;
}

class TypeChecker implements Checker {
  readonly faults: Fault[] = [];
  readonly #knowledge: FieldKnowledge;

  constructor(knowledge: FieldKnowledge) {
    this.#knowledge = knowledge;
  }

  wrong(code: EqlErrorCode, span: Span, message: string): StaticType {
    this.faults.push({ code, span, message });
    return 'wrong';
  }

  expectBoolean(node: Expression, what: string): void {
    const type = this.typeOf(node);
    if (type === 'integer' || type === 'number' || type === 'text') {
      this.wrong('Type', node.span, `${what} has to be true or false; this is ${NOUNS[type]}`);
    }
  }

  typeOf(node: Expression): StaticType {
    switch (node.kind) {
      case 'constant':
        return typeOfValue(node.value);
      case 'field':
        return this.#field(node);
      case 'call':
        return this.#call(node);
      case 'not':
        this.expectBoolean(node.operand, 'what `not` negates');
        return 'boolean';
      case 'and':
      case 'or':
        for (const term of node.terms) this.expectBoolean(term, `what \`${node.kind}\` joins`);
        return 'boolean';
      case 'compare': {
        const before = this.faults.length;
        this.typeOf(node.left);
        this.typeOf(node.right);
        if (this.faults.length === before && isField(node.left) && isField(node.right)) {
          this.wrong(
            'Unsupported',
            node.span,
            'two fields are compared; Elasticsearch compares a field only with a constant',
          );
        }
        if (this.faults.length === before) this.#compare(node);
        return this.#folds(node, before, 'boolean');
      }
      case 'in':
        return this.#in(node);
      case 'match':
        return this.#match(node);
      case 'arithmetic':
        return this.#arithmetic(node, [node.left, node.right]);
      case 'sign':
        return this.#arithmetic(node, [node.operand]);
      default:
        return node satisfies never;
    }
  }

  /** A constant expression must have a value. */
  #folds(node: Expression, faultsBefore: number, type: StaticType): StaticType {
    if (this.faults.length > faultsBefore || fieldsOf(node).length > 0) return type;
    try {
      foldConstant(node);
      return type;
    } catch (error) {
      if (!(error instanceof NoValue)) throw error;
      return this.wrong('Value', node.span, error.message);
    }
  }

  #field({ path, isOptional, span }: Extract<Expression, { kind: 'field' }>): StaticType {
    const { knownField, suggestField, fieldAdvice } = this.#knowledge;
    if (isOptional || !knownField || knownField(path)) return 'field';
    const nearest = suggestField?.(path);
    const advice =
      nearest === undefined
        ? (fieldAdvice ?? 'a rule may declare its own fields; ?field may be missing')
        : `did you mean ${nearest}?`;
    return this.wrong('UnknownField', span, `no such field: ${path}; ${advice}`);
  }

  /** Where Elasticsearch's answer is an accident of its translation, the query is refused. */
  #compare({ operator, left, right, span }: Compare): void {
    if (fieldsOf(left).length + fieldsOf(right).length === 0) return;
    const values = [constantOf(left), constantOf(right)];
    const isEquality = operator === '==' || operator === '!=';
    if (!isEquality && values.includes(null)) {
      this.wrong('Unsupported', span, 'null has no order; to test whether there is a value, use == null');
    }
    this.#date(left, right, !isEquality);
    this.#date(right, left, !isEquality);
    if (values.some(value => typeof value === 'boolean') && isEquality) return;
    this.refuseNegation(left);
    this.refuseNegation(right);
  }

  #division(node: Expression): void {
    const fault = divisionFault(node);
    if (fault !== null) this.wrong('Unsupported', node.span, fault);
  }

  #date(field: Expression, constant: Expression, isOrder: boolean): void {
    const fault = dateFault(field, constant, isOrder);
    if (fault !== null) this.wrong('Value', constant.span, fault);
  }

  /** Elasticsearch moves every `not` within a script to the front of the whole (`Scripts.docValuesRewrite`). */
  refuseNegation(node: Expression): void {
    const negation = negationIn(node);
    if (negation) {
      this.wrong(
        'Unsupported',
        negation.span,
        'a negation inside a computation, which Elasticsearch would apply to the whole; write the condition without it',
      );
    }
  }

  #call(node: Call): StaticType {
    const before = this.faults.length;
    const type = checkCall(node, this);
    if (this.faults.length === before) {
      for (const arg of node.args) this.refuseNegation(arg);
      this.#division(node);
    }
    return this.#folds(node, before, type);
  }

  #in(node: In): StaticType {
    const before = this.faults.length;
    this.typeOf(node.value);
    let first: string | undefined;
    for (const item of node.list) {
      const type = this.typeOf(item);
      if (type === 'wrong') continue;
      if (fieldsOf(item).length > 0) {
        this.wrong(
          'Unsupported',
          item.span,
          'a list contains constants; Elasticsearch does not compare two fields',
        );
        continue;
      }
      if (node.isInsensitive && type !== 'text' && type !== 'null') {
        this.wrong('Type', item.span, `in~ compares texts; this is ${NOUNS[type]}`);
      }
      const family = type === 'integer' ? 'number' : type;
      if (family === 'null') continue;
      first ??= family;
      if (family !== first) {
        this.wrong('Type', item.span, `a list contains constants of one type; this is ${NOUNS[type]}`);
      }
    }
    if (this.faults.length === before) for (const item of node.list) this.#date(node.value, item, false);
    this.refuseNegation(node.value);
    if (first === undefined && this.faults.length === before && fieldsOf(node.value).length > 0) {
      this.wrong(
        'Unsupported',
        node.span,
        'a list of only null; to test whether there is a value, use == null',
      );
    }
    return this.#folds(node, before, 'boolean');
  }

  #match(node: Match): StaticType {
    const before = this.faults.length;
    const type = this.typeOf(node.value);
    const { operator } = node;
    if (type === 'boolean' || type === 'integer' || type === 'number') {
      this.wrong(
        'Type',
        node.value.span,
        `${operator} needs text; this is ${NOUNS[type]}; compare it with ==`,
      );
    }
    this.refuseNegation(node.value);
    if (operator.startsWith('regex') && node.constants.length > 1) {
      const empty = node.constants.find(({ value }) => value === '');
      if (empty) this.wrong('Regex', empty.span, 'an empty expression in a list; test it with == ""');
    }
    for (const { value, span } of node.constants) {
      if (typeof value === 'string') this.#pattern(node, value, span);
      else
        this.wrong('Type', span, `${operator} takes strings; compare ${NOUNS[typeOfValue(value)]} with ==`);
    }
    return this.#folds(node, before, 'boolean');
  }

  #pattern({ operator, value }: Match, pattern: string, span: Span): void {
    const isField = readsOneField(value);
    const isInsensitive = operator !== 'like' && operator !== 'regex';
    if (operator === 'regex' || operator === 'regex~') {
      const dialect = isField ? 'lucene' : 'java';
      this.compiles(span, () => checkRegex(pattern, { dialect, isInsensitive }));
    } else if (!isField) this.compiles(span, () => scriptWildcard(pattern, isInsensitive));
    else if (isTooLong(pattern, readPattern)) this.wrong('TooLarge', span, TOO_LONG);
  }

  /** Reports a fault in a piece of text whose own compiler does not know its position. */
  compiles(span: Span, work: () => unknown): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof FaultFound)) throw error;
      const [{ code, message }] = error.faults;
      this.wrong(code, span, message);
    }
  }

  #arithmetic(node: Expression, operands: readonly Expression[]): StaticType {
    const before = this.faults.length;
    const types = operands.map(operand => {
      const type = this.typeOf(operand);
      if (type === 'boolean' || type === 'text') {
        this.wrong('Type', operand.span, `a number is expected; this is ${NOUNS[type]}`);
      }
      return type;
    });
    if (this.faults.length === before) this.#division(node);
    return this.#folds(node, before, types.every(type => type === 'integer') ? 'integer' : 'number');
  }
}

function negationIn(node: Expression): Expression | undefined {
  if (fieldsOf(node).length === 0) return undefined;
  if (node.kind === 'not' || (node.kind === 'in' && node.isNegated)) return node;
  if (node.kind === 'compare' && node.operator === '!=' && !isNullTest(node)) return node;
  for (const operand of operandsOf(node)) {
    const found = negationIn(operand);
    if (found) return found;
  }
  return undefined;
}

function isNullTest({ left, right }: Compare): boolean {
  return [left, right].some(side => side.kind === 'constant' && side.value === null);
}

function isField(node: Expression): boolean {
  return fieldsOf(node).length > 0;
}
