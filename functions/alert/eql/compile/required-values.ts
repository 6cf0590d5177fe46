import { foldAscii } from '../match/case-folding.ts';
import { functionNamed } from '../match/functions.ts';
import { literalsOfRegex } from '../match/regex/regex-literals.ts';
import { hasWildcard, literalsOf, piecesOf, readEscapedPattern } from '../match/wildcard/wildcard-pattern.ts';
import type { RequiredValue } from '../query.ts';
import { type Expression, fieldsOf } from '../syntax/ast.ts';
import { constantOf } from './constant.ts';
import type { CaseFolding } from './field-test.ts';
import { hasOnlyItsText } from './required-literals.ts';

/** Alternatives of which one must be true, and how few events they leave. */
type Required = { readonly values: readonly RequiredValue[]; readonly worth: number };

/** The shortest piece of a pattern that is worth while. */
type How = { readonly caseFolding: CaseFolding; readonly shortest: number };

/** An index finds a text by four of its units. */
const SHORTEST_PIECE = 4;

/**
 * Tests of single values of which at least one is true for every document that meets the condition, ASCII
 * case-insensitive; `null`: none is known. The converse does not hold: a document that passes one need not match.
 */
export function requiredValues(
  condition: Expression,
  caseFolding: CaseFolding,
): readonly RequiredValue[] | null {
  return ofNode(condition, { caseFolding, shortest: SHORTEST_PIECE })?.values ?? null;
}

/** The same for each term of a conjunction. */
export function requiredOfEach(
  condition: Expression,
  caseFolding: CaseFolding,
): readonly (readonly RequiredValue[])[] {
  const terms = condition.kind === 'and' ? condition.terms : [condition];
  return terms.flatMap(term => {
    const required = ofNode(term, { caseFolding, shortest: 1 });
    return required ? [required.values] : [];
  });
}

function ofNode(node: Expression, how: How): Required | null {
  switch (node.kind) {
    case 'and':
      return node.terms
        .map(term => ofNode(term, how))
        .reduce((one, other) => (one && (!other || one.worth >= other.worth) ? one : other), null);
    case 'or':
      return all(node.terms.map(term => ofNode(term, how)));
    case 'compare': {
      const [field, other] = node.left.kind === 'field' ? [node.left, node.right] : [node.right, node.left];
      if (node.operator !== '==' || field.kind !== 'field') return null;
      return equalTo(field.path, [constantOf(other)], false);
    }
    case 'in':
      if (node.isNegated || node.value.kind !== 'field') return null;
      if (node.isInsensitive && how.caseFolding === 'unicode') return null;
      return equalTo(node.value.path, node.list.map(constantOf), node.isInsensitive);
    case 'match': {
      const { operator, value, constants } = node;
      const isSensitive = operator === 'like' || operator === 'regex';
      if (value.kind !== 'field' || (!isSensitive && how.caseFolding === 'unicode')) return null;
      const required = operator.startsWith('regex') ? expression : like;
      return all(constants.map(constant => required(value.path, String(constant.value), isSensitive, how)));
    }
    case 'call': {
      const [field, constant] = node.args;
      if (field?.kind !== 'field' || !constant || fieldsOf(constant).length > 0) return null;
      const text = constantOf(constant);
      if (typeof text !== 'string' || (node.isInsensitive && how.caseFolding === 'unicode')) return null;
      switch (functionNamed(node.name)?.name) {
        case 'startsWith':
          return holding(field.path, [text], how);
        case 'endsWith':
          return holding(field.path, literalsOf(readEscapedPattern(`*${text}`)), how);
        case 'stringContains':
          return holding(field.path, literalsOf(readEscapedPattern(`*${text}*`)), how);
        default:
          return null;
      }
    }
    default:
      return null;
  }
}

function equalTo(field: string, constants: readonly unknown[], isByText: boolean): Required | null {
  const given = constants.filter(constant => constant !== null);
  return all(
    given.map(constant =>
      typeof constant === 'string' && (isByText || hasOnlyItsText(constant)) ? being(field, constant) : null,
    ),
  );
}

function like(field: string, pattern: string, _: boolean, how: How): Required | null {
  return hasWildcard(pattern) ? holding(field, piecesOf(pattern), how) : being(field, pattern);
}

function expression(field: string, pattern: string, isSensitive: boolean, how: How): Required | null {
  const texts = literalsOfRegex(pattern, { dialect: 'lucene', isInsensitive: !isSensitive });
  return texts && all(texts.map(text => holding(field, [text], how)));
}

function being(field: string, text: string): Required {
  return { values: [{ field, is: foldAscii(text) }], worth: rarityOf(field) + text.length / 100 };
}

function holding(field: string, pieces: readonly string[], { shortest }: How): Required | null {
  const holds = pieces.filter(piece => piece.length >= shortest).map(piece => foldAscii(piece));
  if (holds.length === 0) return null;
  const length = Math.max(...holds.map(piece => piece.length));
  return { values: [{ field, holds }], worth: rarityOf(field) / 2 + length / 100 };
}

/** How much a value of this field selects: very many events have the same of these, and many of those. */
function rarityOf(field: string): number {
  if (/^event\.(?:action|code)$|^network\./.test(field)) return 20;
  return /^(?:event\.|host\.os\.|agent\.type$|data_stream\.|user\.|process\.(?:code_signature|Ext)\.)/.test(
    field,
  )
    ? 0
    : 100;
}

function all(found: readonly (Required | null)[]): Required | null {
  if (found.length === 0 || found.includes(null)) return null;
  const known = found.filter(required => required !== null);
  const worth = Math.min(...known.map(required => required.worth));
  return { values: known.flatMap(({ values }) => values), worth: worth - Math.log2(known.length) };
}
