import type { Constant, Expression } from './ast.ts';
import { refuse } from './error.ts';
import type { Reader } from './token-reader.ts';
import { Double, integerValue, type Value } from './value.ts';

/** Reads the contents of parentheses; the parser of whole expressions, which calls this one. */
type ParseInner = (reader: Reader) => Expression;

/** Reads a constant, a call, a field or an expression in parentheses. */
export function parsePrimary(reader: Reader, parseInner: ParseInner): Expression {
  const { kind, text, span } = reader.peek;
  const constant = constantHere(reader);
  if (constant) return constant;
  if (kind === 'tilde-name' || (kind === 'name' && isOpening(reader))) return readCall(reader, parseInner);
  if (kind === 'name' || kind === 'quoted-name') return readField(reader);
  if (kind === 'symbol' && text === '?') return readField(reader);
  if (kind === 'symbol' && text === '(') {
    reader.next();
    const inner = parseInner(reader);
    if (!reader.takeSymbol(')')) reader.unexpected('the parenthesis is not closed');
    return { ...inner, span: { start: span.start, end: reader.lastEnd } };
  }
  if (kind === 'symbol' && text === '[') {
    refuse('Unsupported', span, 'queries inside a query are not supported by Elasticsearch');
  }
  if (kind === 'symbol' && text === '!') refuse('Syntax', span, 'write `not` for negation');
  if (kind === 'keyword' && text !== 'not') {
    return reader.unexpected(`${text} is a reserved word; write a field of that name in backquotes`);
  }
  return reader.unexpected(
    kind === 'keyword' ? 'a value is expected; put parentheses around (not …)' : undefined,
  );
}

/** Reads the constant after `:`, `like` or `regex`, which take nothing else. */
export function readConstant(reader: Reader, operator: string): Constant {
  return (
    constantHere(reader) ??
    reader.unexpected(`${operator} takes constant strings: ${operator} "a" or ${operator} ("a", "b")`)
  );
}

function constantHere(reader: Reader): Constant | null {
  const { kind, text, span } = reader.peek;
  const value = kind === 'keyword' ? wordValue(text) : kind === 'string' ? text : numberValue(kind, text);
  if (value === undefined) return null;
  reader.next();
  return { kind: 'constant', value, span };
}

function wordValue(text: string): Value | undefined {
  return text === 'true' ? true : text === 'false' ? false : text === 'null' ? null : undefined;
}

function numberValue(kind: string, text: string): Value | undefined {
  if (kind !== 'number') return undefined;
  return /^\d+$/.test(text) ? integerValue(BigInt(text)) : new Double(Number(text));
}

function isOpening(reader: Reader): boolean {
  const { kind, text } = reader.peekSecond;
  return kind === 'symbol' && text === '(';
}

function readCall(reader: Reader, parseInner: ParseInner): Expression {
  const name = reader.next();
  if (!reader.takeSymbol('('))
    reader.unexpected('~ ends the name of a function, whose arguments follow in parentheses');
  const args: Expression[] = [];
  if (!reader.isSymbol(')')) {
    do args.push(parseInner(reader));
    while (reader.takeSymbol(','));
  }
  if (!reader.takeSymbol(')')) reader.unexpected('the arguments of a function end with )');
  return {
    kind: 'call',
    name: name.text,
    isInsensitive: name.kind === 'tilde-name',
    nameSpan: name.span,
    args,
    span: { start: name.span.start, end: reader.lastEnd },
  };
}

function readField(reader: Reader): Expression {
  const { start } = reader.peek.span;
  const isOptional = reader.takeSymbol('?');
  const names: string[] = [];
  do {
    const { kind, text } = reader.peek;
    if (kind !== 'name' && kind !== 'quoted-name') {
      reader.unexpected('a field name is expected; write reserved words and other characters in backquotes');
    }
    names.push(text);
    reader.next();
  } while (reader.takeSymbol('.'));
  const { text, span } = reader.peek;
  if (reader.isSymbol('['))
    refuse('Unsupported', span, 'array indexes are not supported; a condition tests every value');
  if (reader.isKeyword('of')) {
    const message = `process relations (${text === 'of' ? `${names.join('.')} of` : text}) are not supported by Elasticsearch`;
    refuse('Unsupported', { start, end: span.end }, message);
  }
  const path = names.join('.');
  reader.checkDepth(path.split('.').length);
  if (path === '') refuse('Syntax', { start, end: reader.lastEnd }, 'a field needs a name');
  return { kind: 'field', path, isOptional, span: { start, end: reader.lastEnd } };
}
