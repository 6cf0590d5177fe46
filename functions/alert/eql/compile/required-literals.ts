import { foldAscii } from '../match/case-folding.ts';
import { readDate } from '../match/date.ts';
import { functionNamed } from '../match/functions.ts';
import { readBlock } from '../match/ip.ts';
import { readDecimal } from '../match/number-text.ts';
import { literalsOf, piecesOf, readEscapedPattern } from '../match/wildcard/wildcard-pattern.ts';
import { type Expression, fieldsOf } from '../syntax/ast.ts';
import { constantOf } from './constant.ts';
import type { CaseFolding } from './field-test.ts';

/** Alternatives of which one must occur, and how selective they are. */
type Literals = { readonly texts: readonly string[]; readonly worth: number };

/** Shorter ones occur everywhere. */
const SHORTEST = 3;
const MOST = 64;

/** The parts of a text required of a field that occur verbatim in a raw record. */
export type RawText = (field: string, text: string) => readonly string[];

/**
 * ASCII-folded texts of which at least one occurs in every document that meets the condition, JSON escapes decoded;
 * `null`: none is known. Of several such sets the one with the longest and fewest texts is taken.
 */
export function requiredLiterals(
  category: { readonly field: string; readonly value: string } | null,
  condition: Expression,
  caseFolding: CaseFolding,
  rawText: RawText = (_, text) => [text],
): readonly string[] | null {
  const how = { caseFolding, rawText };
  const ofCategory = category ? equality(category.field, [category.value], false, how) : null;
  return best([ofCategory, ofNode(condition, how)])?.texts ?? null;
}

type How = { readonly caseFolding: CaseFolding; readonly rawText: RawText };

function ofNode(node: Expression, how: How): Literals | null {
  switch (node.kind) {
    case 'and':
      return best(node.terms.map(term => ofNode(term, how)));
    case 'or':
      return all(node.terms.map(term => ofNode(term, how)));
    case 'compare': {
      const [field, other] = node.left.kind === 'field' ? [node.left, node.right] : [node.right, node.left];
      const constant = constantOf(other);
      if (node.operator !== '==' || field.kind !== 'field' || typeof constant !== 'string') return null;
      return equality(field.path, [constant], false, how);
    }
    case 'in': {
      const constants = node.list.map(constantOf).filter(constant => constant !== null);
      if (node.isNegated || node.value.kind !== 'field') return null;
      if (!constants.every(constant => typeof constant === 'string')) return null;
      return equality(node.value.path, constants, node.isInsensitive, how);
    }
    case 'match': {
      const { operator, value, constants } = node;
      if (value.kind !== 'field' || operator.startsWith('regex')) return null;
      const pieces = constants.map(constant => piecesOf(String(constant.value)));
      return ofPieces(value.path, pieces, operator !== 'like', how);
    }
    case 'call': {
      const [field, constant] = node.args;
      if (field?.kind !== 'field' || !constant || fieldsOf(constant).length > 0) return null;
      const text = constantOf(constant);
      if (typeof text !== 'string') return null;
      switch (functionNamed(node.name)?.name) {
        case 'startsWith':
          return ofPieces(field.path, [[text]], node.isInsensitive, how);
        case 'endsWith':
          return ofPieces(field.path, [literalsOf(readEscapedPattern(`*${text}`))], node.isInsensitive, how);
        case 'stringContains':
          return ofPieces(field.path, [literalsOf(readEscapedPattern(`*${text}*`))], node.isInsensitive, how);
        default:
          return null;
      }
    }
    default:
      return null;
  }
}

function equality(
  path: string,
  constants: readonly string[],
  isInsensitive: boolean,
  how: How,
): Literals | null {
  if (!isInsensitive && !constants.every(hasOnlyItsText)) return null;
  return ofPieces(
    path,
    constants.map(constant => [constant]),
    isInsensitive,
    how,
  );
}

/** Whether only the text itself equals it: a number, a day and a block of addresses may be written differently. */
export function hasOnlyItsText(text: string): boolean {
  return readDecimal(text) === null && !readDate(text) && !readBlock(text);
}

/** From each alternative its best piece; if one has none, nothing is known. */
function ofPieces(
  path: string,
  alternatives: readonly (readonly string[])[],
  isInsensitive: boolean,
  { caseFolding, rawText }: How,
): Literals | null {
  const isUnicode = isInsensitive && caseFolding === 'unicode';
  const common = commonness(path);
  const found: Literals[] = [];
  for (const pieces of alternatives) {
    let longest = '';
    for (const piece of pieces)
      for (const raw of rawText(path, piece))
        for (const part of isUnicode ? raw.split(FOLDED_BEYOND_ASCII) : [raw]) {
          const isLonger = part.length >= SHORTEST && part.length > longest.length;
          if (isLonger && !isOfNumber(foldAscii(part))) longest = foldAscii(part);
        }
    if (longest === '') return null;
    found.push({ texts: [longest], worth: longest.length - common });
  }
  return all(found);
}

/** A number may be written in several ways, and one that is beyond any double is read as `Infinity`. */
function isOfNumber(piece: string): boolean {
  return /^[-+.0-9e]*$/.test(piece) || '-infinity'.includes(piece);
}

/** Under Unicode folding every other character, and k and s (U+212A, U+017F), may be written as another. */
const FOLDED_BEYOND_ASCII = /[ksKS]|[^\0-\x7f]+/;

/** The values of these fields occur in a large part of all events. */
function commonness(path: string): number {
  return /^(?:event\.|host\.os\.|event_type$|agent\.type$|data_stream\.)/.test(path) ? 100 : 0;
}

function best(found: readonly (Literals | null)[]): Literals | null {
  return found.reduce((one, other) => (one && (!other || one.worth >= other.worth) ? one : other), null);
}

function all(found: readonly (Literals | null)[]): Literals | null {
  const texts = new Set<string>();
  let worth = Number.POSITIVE_INFINITY;
  for (const literals of found) {
    if (!literals) return null;
    for (const text of literals.texts) texts.add(text);
    worth = Math.min(worth, literals.worth);
  }
  if (texts.size === 0 || texts.size > MOST) return null;
  // A text contained in another one is enough for both.
  const list = [...texts];
  const isWithin = (text: string, other: string) => other.length < text.length && text.includes(other);
  const distinct = list.filter(text => !list.some(other => isWithin(text, other)));
  return { texts: distinct.sort(), worth: worth - Math.log2(distinct.length) };
}
