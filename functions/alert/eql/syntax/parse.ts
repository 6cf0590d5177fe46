import type { EventQuery, Expression, PipeNode } from './ast.ts';
import { type Fault, FaultFound, refuse } from './error.ts';
import { parseExpression } from './parse-expression.ts';
import { LONGEST_QUERY, Reader } from './token-reader.ts';

/** Reads a whole event query: category, `where`, condition, pipes. Throws only `FaultFound`. */
export function parseQuery(text: string): EventQuery {
  return whole(text, reader => {
    const first = reader.peek;
    const category = readCategory(reader);
    if (!reader.takeKeyword('where')) {
      reader.unexpected(
        reader.peek.kind === 'end'
          ? 'an event query is `category where condition`; `where true` matches every event of the category'
          : 'the category is followed by `where`',
      );
    }
    const condition = parseExpression(reader);
    return { category, categorySpan: first.span, condition, pipes: readPipes(reader) };
  });
}

/** Reads an expression that stands alone: the condition of an exception, a constant for `eval`. */
export function parseLoneExpression(text: string): Expression {
  return whole(text, parseExpression);
}

function whole<Node>(text: string, read: (reader: Reader) => Node): Node {
  if (text.length > LONGEST_QUERY) {
    const message = `the text has ${text.length} characters; at most ${LONGEST_QUERY} are read`;
    refuse('TooLarge', { start: LONGEST_QUERY, end: LONGEST_QUERY + 1 }, message);
  }
  const reader = new Reader(text);
  const node = withFaults(reader.faults, () => {
    const read_ = read(reader);
    if (reader.peek.kind !== 'end') reader.unexpected();
    return read_;
  });
  const [first, ...others] = reader.faults;
  if (first) throw new FaultFound([first, ...others]);
  return node;
}

/** A fault of the parser comes after those of the lexer, which continued. */
function withFaults<Node>(faults: readonly Fault[], read: () => Node): Node {
  try {
    return read();
  } catch (error) {
    const [first, ...others] = faults;
    if (!(error instanceof FaultFound) || !first) throw error;
    throw new FaultFound([first, ...others, ...error.faults]);
  }
}

const UNSUPPORTED: Readonly<Record<string, string>> = {
  sequence: 'a sequence relates several events; this is for one event at a time: `category where condition`',
  sample: 'a sample relates several events; this is for one event at a time: `category where condition`',
  join: 'a join relates several events; this is for one event at a time: `category where condition`',
};

function readCategory(reader: Reader): string | null {
  const { kind, text, span } = reader.peek;
  if (kind === 'keyword' && UNSUPPORTED[text] !== undefined) refuse('Unsupported', span, UNSUPPORTED[text]);
  if (reader.takeKeyword('any')) return null;
  if (kind === 'name' || kind === 'string') {
    reader.next();
    return text;
  }
  if (kind === 'quoted-name') {
    return refuse(
      'Syntax',
      span,
      'write a category with other characters in double quotes: "my-category" where …',
    );
  }
  return reader.unexpected('an event query begins with its category: a name, a string or `any`');
}

function readPipes(reader: Reader): readonly PipeNode[] {
  const pipes: PipeNode[] = [];
  for (let bar = reader.peek; reader.takeSymbol('|'); bar = reader.peek) {
    const name = reader.peek;
    if (name.kind !== 'name') reader.unexpected('| is followed by head or tail and a number');
    reader.next();
    const args: Expression[] = [];
    if (!reader.isSymbol('|') && reader.peek.kind !== 'end') {
      do args.push(parseExpression(reader));
      while (reader.takeSymbol(','));
    }
    pipes.push({ name: name.text, args, span: { start: bar.span.start, end: reader.lastEnd } });
  }
  return pipes;
}
