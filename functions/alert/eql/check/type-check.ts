import { constantOf, foldConstant } from '../compile/constant.ts';
import { NoValue } from '../match/arithmetic.ts';
import { type Call, type Compare, type Expression, fieldsOf, type In, type Match } from '../syntax/ast.ts';
import { type EqlErrorCode, type Fault, FaultFound } from '../syntax/error.ts';
import type { Span } from '../syntax/span.ts';
import { checkCall } from './check-call.ts';
import { dateFault, divisionFault } from './check-fields.ts';
import { checkList } from './check-list.ts';
import { checkMatch } from './check-match.ts';
import type { Checker } from './checker.ts';
import { negationIn } from './negation.ts';
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
    checkList(node, this);
    return this.#folds(node, before, 'boolean');
  }

  #match(node: Match): StaticType {
    const before = this.faults.length;
    checkMatch(node, this);
    return this.#folds(node, before, 'boolean');
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

function isField(node: Expression): boolean {
  return fieldsOf(node).length > 0;
}
