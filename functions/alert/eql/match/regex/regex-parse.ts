import { complement, JAVA_LINE_ENDS, LAST_POINT, type Ranges } from './code-points.ts';
import { type RegexOptions, RegexReader, wrong } from './regex-reader.ts';
import { readSet, withCase } from './regex-set.ts';

export type RegexNode =
  | { readonly kind: 'set'; readonly ranges: Ranges }
  | { readonly kind: 'sequence' | 'choice'; readonly nodes: readonly RegexNode[] }
  | {
      readonly kind: 'repeat';
      readonly node: RegexNode;
      readonly least: number;
      readonly most: number | null;
    };

const DEEPEST = 100;
const MOST_REPEATS = 1000;

/** Operators of Lucene that this engine does not support; to use them as characters, escape them with a backslash. */
const REFUSED: Readonly<Record<string, string>> = {
  '~': 'complement (~)',
  '&': 'intersection (&)',
  '<': 'numeric intervals (<1-5>)',
  '#': 'the empty language (#)',
  '@': 'any string (@)',
};

/** Reads a regular expression; refuses malformed and unsupported ones. */
export function parseRegex(pattern: string, options: RegexOptions): RegexNode {
  const reader = new RegexReader(pattern, options);
  if (reader.peek() === undefined) return { kind: 'sequence', nodes: [] };
  const node = readChoice(reader, 1);
  if (reader.peek() !== undefined) wrong('unmatched ); write \\) for the character');
  return node;
}

function readChoice(reader: RegexReader, depth: number): RegexNode {
  if (depth > DEEPEST) wrong(`groups are nested more than ${DEEPEST} levels deep`);
  const nodes = [readSequence(reader, depth)];
  while (reader.take('|')) nodes.push(readSequence(reader, depth));
  return nodes.length === 1 ? nodes[0]! : { kind: 'choice', nodes };
}

function readSequence(reader: RegexReader, depth: number): RegexNode {
  const nodes: RegexNode[] = [];
  const start = reader.at;
  // The whole text has to match: anchors at the ends of a script's expression add nothing.
  const mayAnchor = reader.isJava && depth === 1;
  if (mayAnchor) reader.take('^');
  while (!isEnd(reader) && !(mayAnchor && takeLastAnchor(reader))) nodes.push(readRepeat(reader, depth));
  if (reader.at === start) wrong('an alternative is empty; use ? for something optional');
  return nodes.length === 1 ? nodes[0]! : { kind: 'sequence', nodes };
}

function isEnd(reader: RegexReader): boolean {
  const point = reader.peek();
  return point === undefined || point === '|' || point === ')';
}

function takeLastAnchor(reader: RegexReader): boolean {
  const after = reader.peek(1);
  return (after === undefined || after === '|') && reader.take('$');
}

function readRepeat(reader: RegexReader, depth: number): RegexNode {
  let node = readSimple(reader, depth);
  for (let count = 0; ; count++) {
    if (count > DEEPEST) wrong('too many nested repeats');
    if (reader.peek() === '+' && count > 0 && reader.isJava)
      wrong('possessive repeats (a*+) are not supported');
    if (reader.take('?')) node = { kind: 'repeat', node, least: 0, most: 1 };
    else if (reader.take('*')) node = { kind: 'repeat', node, least: 0, most: null };
    else if (reader.take('+')) node = { kind: 'repeat', node, least: 1, most: null };
    else if (reader.take('{')) node = readCount(reader, node);
    else return node;
  }
}

function readCount(reader: RegexReader, node: RegexNode): RegexNode {
  const least =
    readInteger(reader) ?? wrong('{ takes a number: a{2}, a{2,}, a{2,4}; write \\{ for the character');
  const most = reader.take(',') ? readInteger(reader) : least;
  if (!reader.take('}')) wrong('a } is due');
  if (most !== null && most < least) wrong('the maximum of the repeat is below its minimum');
  return { kind: 'repeat', node, least, most };
}

function readInteger(reader: RegexReader): number | null {
  let digits = '';
  while (/^\d$/.test(reader.peek() ?? '')) digits += reader.next();
  if (Number(digits) > MOST_REPEATS) wrong(`at most ${MOST_REPEATS} repeats`);
  return digits === '' ? null : Number(digits);
}

function readSimple(reader: RegexReader, depth: number): RegexNode {
  const point = reader.peek()!;
  if (point === '[') return { kind: 'set', ranges: readSet(reader) };
  if (point === '\\') {
    const ranges = reader.takeClass() ?? withCase(reader.takeEscaped(), reader.options);
    return { kind: 'set', ranges };
  }
  if ('*+?{'.includes(point)) wrong(`nothing before ${point}; write \\${point} for the character`);
  const refused = Object.hasOwn(REFUSED, point) ? REFUSED[point] : undefined;
  if (refused) {
    wrong(`${refused} is an operator of Lucene that is not supported; write \\${point} for the character`);
  }
  if (reader.isJava && '^$'.includes(point)) {
    wrong(`an anchor is allowed only at an end of the expression; write \\${point} for the character`);
  }
  reader.next();
  if (point === '.')
    return { kind: 'set', ranges: reader.isJava ? complement(JAVA_LINE_ENDS) : [[0, LAST_POINT]] };
  if (point === '(') return readGroup(reader, depth);
  if (point === '"' && !reader.isJava) return readQuoted(reader);
  return { kind: 'set', ranges: withCase(point.codePointAt(0)!, reader.options) };
}

function readGroup(reader: RegexReader, depth: number): RegexNode {
  if (reader.peek() === '?') wrong('groups with (?…) are not supported; use a plain ( )');
  if (reader.take(')')) return { kind: 'sequence', nodes: [] };
  const node = readChoice(reader, depth + 1);
  if (!reader.take(')')) wrong('a ( is never closed');
  return node;
}

/** Between quotes Lucene takes every character literally. */
function readQuoted(reader: RegexReader): RegexNode {
  const nodes: RegexNode[] = [];
  while (!reader.take('"')) {
    if (reader.peek() === undefined) wrong('a " is never closed; write \\" for the character');
    nodes.push({ kind: 'set', ranges: withCase(reader.next().codePointAt(0)!, reader.options) });
  }
  return { kind: 'sequence', nodes };
}
