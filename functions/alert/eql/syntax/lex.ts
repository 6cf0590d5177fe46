import { type Fault, FaultFound } from './error.ts';
import type { Span } from './span.ts';
import { isStringStart, readString } from './string-literal.ts';
import type { Token } from './token.ts';

/** Reserved, and lower case only: `AND` is a name. */
const KEYWORDS: ReadonlySet<string> = new Set(
  'and any by false in join like maxspan not null of or regex sample sequence true until where with'.split(
    ' ',
  ),
);
const TILDE_KEYWORDS: ReadonlySet<string> = new Set(['in~', 'like~', 'regex~']);
const PAIRS: ReadonlySet<string> = new Set(['==', '!=', '<=', '>=']);
const SYMBOLS: ReadonlySet<string> = new Set('<>=:+-*/%(),.[]?|!');

const SPACE = /[ \t\r\n]+/y;
const NAME = /[A-Za-z_@][A-Za-z0-9_]*/y;
const QUOTED_NAME = /`((?:[^`]|``)*)`/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;

/**
 * Splits a query into tokens, the last one `end`. If reading can continue after a fault (a string in single quotes), it
 * does, so that the faults of one query are reported together.
 */
export function lex(text: string): { readonly tokens: readonly Token[]; readonly faults: readonly Fault[] } {
  const tokens: Token[] = [];
  const faults: Fault[] = [];
  for (let at = skipBlank(text, 0); at < text.length; at = skipBlank(text, tokens.at(-1)!.span.end)) {
    tokens.push(isStringStart(text, at) ? readString(text, at, faults) : readToken(text, at));
  }
  return {
    tokens: [...tokens, { kind: 'end', text: '', span: { start: text.length, end: text.length } }],
    faults,
  };
}

function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    SPACE.lastIndex = at;
    if (SPACE.test(text)) at = SPACE.lastIndex;
    else if (text.startsWith('//', at)) {
      const lineEnd = text.slice(at).search(/[\r\n]/);
      at = lineEnd < 0 ? text.length : at + lineEnd;
    } else if (text.startsWith('/*', at)) at = endOfComment(text, at);
    else return at;
  }
}

/** Block comments nest. */
function endOfComment(text: string, start: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  let depth = 0;
  for (let found = edge.exec(text); found; found = edge.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  throw fault({ start, end: start + 2 }, 'the comment is never closed; comments nest, each /* needs its */');
}

function readToken(text: string, start: number): Token {
  const first = text[start]!;
  if (first === '`') return readQuotedName(text, start);
  const name = matchAt(NAME, text, start)?.[0];
  if (name !== undefined) return readName(text, name, start);
  const number = matchAt(NUMBER, text, start)?.[0];
  if (number !== undefined) return token('number', number, start);
  const pair = text.slice(start, start + 2);
  if (PAIRS.has(pair)) return token('symbol', pair, start);
  if (SYMBOLS.has(first)) return token('symbol', first, start);
  const point = String.fromCodePoint(text.codePointAt(start)!);
  const hint = HINTS[point] ?? 'this character has no meaning here';
  throw fault({ start, end: start + point.length }, `${hint}: ${describe(point)}`);
}

function readQuotedName(text: string, start: number): Token {
  const found = matchAt(QUOTED_NAME, text, start);
  if (!found) throw fault({ start, end: start + 1 }, 'the name in backquotes is never closed');
  return token('quoted-name', found[1]!.replaceAll('``', '`'), start, found[0].length);
}

function readName(text: string, name: string, start: number): Token {
  if (text[start + name.length] !== '~') return token(KEYWORDS.has(name) ? 'keyword' : 'name', name, start);
  const tilde = `${name}~`;
  if (TILDE_KEYWORDS.has(tilde)) return token('keyword', tilde, start);
  return token('tilde-name', name, start, tilde.length);
}

const HINTS: Readonly<Record<string, string>> = {
  '&': 'join conditions with `and`',
  '~': 'only in~, like~, regex~ and a function take ~, without a space before it; `a : "b"` ignores case',
  '“': 'write strings in plain double quotes',
  '”': 'write strings in plain double quotes',
  '\u00a0': 'a no-break space, which does not separate words',
  '#': 'comments begin with //',
};

function describe(point: string): string {
  return /[\p{C}\p{Z}]/u.test(point)
    ? `U+${point.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
    : point;
}

function token(kind: Token['kind'], text: string, start: number, length = text.length): Token {
  return { kind, text, span: { start, end: start + length } };
}

function fault(span: Span, message: string): FaultFound {
  return new FaultFound([{ code: 'Syntax', span, message }]);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
