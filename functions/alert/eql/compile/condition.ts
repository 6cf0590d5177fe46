import type { JsonObject, ReadField } from '../document.ts';
import { hasWildcard } from '../match/wildcard/wildcard-pattern.ts';
import type { Condition, ConditionTest } from '../query.ts';
import { type Expression, fieldsOf } from '../syntax/ast.ts';
import { type Fault, FaultFound } from '../syntax/error.ts';
import { conjunctsOf } from './explanation.ts';
import { type CaseFolding, fieldTest } from './field-test.ts';
import { strictWildcard } from './strict-wildcard.ts';

type Options = { readonly readField: ReadField; readonly caseFolding?: CaseFolding };

/**
 * Compiles an exception: field tests joined by `and`, each of which has to be true for every value of its field, of
 * which there has to be at least one. Anything that could accept more than it says is refused.
 */
export function compileAcceptance(source: string, expression: Expression, options: Options): Condition {
  const faults: Fault[] = [];
  const compiled = conjunctsOf(expression).flatMap(node => compileTest(node, options, faults) ?? []);
  const [first, ...others] = faults;
  if (first) throw new FaultFound([first, ...others]);
  return {
    source,
    fields: [...new Set(fieldsOf(expression))].sort(),
    tests: compiled.map(({ test }) => test),
    accepts: document => compiled.every(({ accepts }) => accepts(document)),
  };
}

type CompiledTest = { readonly test: ConditionTest; readonly accepts: (document: JsonObject) => boolean };

function compileTest(node: Expression, options: Options, faults: Fault[]): CompiledTest | null {
  const refuse = (message: string) => {
    faults.push({ code: 'Unsupported', span: node.span, message });
    return null;
  };
  switch (node.kind) {
    case 'or':
      return refuse(
        'an exception joins its tests only by `and`; write a list, field : ("a", "b"), or two exceptions',
      );
    case 'not':
      return refuse('an exception says what is accepted, never what is not: no `not`');
    case 'compare':
      if (node.operator === '!=')
        return refuse('an exception says what is accepted, never what is not: no !=');
      break;
    case 'in':
      if (node.isNegated) return refuse('an exception says what is accepted, never what is not: no `not in`');
      break;
    case 'match':
      if (node.operator.startsWith('regex')) {
        return refuse(
          'an exception cannot use a regular expression; a list or a wildcard shows what it covers',
        );
      }
      break;
    case 'call':
      return refuse('an exception cannot call a function; field : "a*" tests for a prefix');
    default:
  }
  const caseFolding = options.caseFolding ?? 'ascii';
  const found = fieldTest(node, { caseFolding, isExact: true });
  if (!found || found.constants.length === 0) {
    return refuse(
      'an exception tests a field against constants: field == "a", field in ("a", "b"), field : "a*"',
    );
  }
  const { path, constants } = found;
  const read = options.readField(path);
  const isPattern = node.kind === 'match' && constants.some(constant => hasWildcard(String(constant)));
  const passes = isPattern
    ? strictWildcard(constants.map(String), node.operator !== 'like', caseFolding)
    : found.test;
  const operator =
    node.kind === 'match' || node.kind === 'compare'
      ? node.operator
      : node.kind === 'in'
        ? node.isInsensitive
          ? 'in~'
          : 'in'
        : '==';
  const isOrder = operator.startsWith('<') || operator.startsWith('>');
  return {
    test: { field: path, operator, constants, exact: !isPattern && !isOrder, span: node.span },
    accepts: document => {
      const values = read(document);
      return values.length > 0 && values.every(passes);
    },
  };
}
