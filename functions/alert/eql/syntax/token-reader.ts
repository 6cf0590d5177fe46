import { MOST_STAND_INS } from '../match/wildcard/value-units.ts';
import { type Fault, refuse, shown } from './error.ts';
import { lex } from './lex.ts';
import type { Token } from './token.ts';

export const LONGEST_QUERY = 262_144;
/** Levels of nesting: parentheses, `not`, signs, operators of one chain of arithmetic. */
const DEEPEST = 250;

/** The tokens of a query with a position; the parser's only state. */
export class Reader {
  readonly faults: readonly Fault[];
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    const { tokens, faults } = lex(text);
    checkPlanes(tokens);
    this.#text = text;
    this.#tokens = tokens;
    this.faults = faults;
  }

  get peek(): Token {
    return this.#tokens[this.#at]!;
  }

  get peekSecond(): Token {
    return this.#tokens[Math.min(this.#at + 1, this.#tokens.length - 1)]!;
  }

  /** Where the last token taken ends. */
  get lastEnd(): number {
    return this.#at === 0 ? 0 : this.#tokens[this.#at - 1]!.span.end;
  }

  next(): Token {
    const token = this.peek;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  isSymbol(text: string): boolean {
    return this.peek.kind === 'symbol' && this.peek.text === text;
  }

  isKeyword(text: string): boolean {
    return this.peek.kind === 'keyword' && this.peek.text === text;
  }

  takeSymbol(text: string): boolean {
    if (!this.isSymbol(text)) return false;
    this.next();
    return true;
  }

  takeKeyword(text: string): boolean {
    if (!this.isKeyword(text)) return false;
    this.next();
    return true;
  }

  /** Runs a reader one level deeper. */
  deeper<Node>(read: () => Node): Node {
    this.checkDepth(++this.#depth);
    const node = read();
    this.#depth--;
    return node;
  }

  checkDepth(depth: number): void {
    if (depth > DEEPEST) refuse('TooLarge', this.peek.span, `nested more than ${DEEPEST} levels deep`);
  }

  /** The text of a token as written, for a message. */
  written(token: Token): string {
    return shown(this.#text.slice(token.span.start, token.span.end));
  }

  /** Refuses the token that is next. */
  unexpected(hint?: string): never {
    const token = this.peek;
    const what = token.kind === 'end' ? 'the text ends here' : `${this.written(token)} is not expected here`;
    return refuse('Syntax', token.span, hint === undefined ? what : `${what}: ${hint}`);
  }
}

/** Wildcards map each code point beyond the first plane to a unit of its own, of which there are this many. */
function checkPlanes(tokens: readonly Token[]): void {
  const named = new Set<string>();
  for (const { text, span } of tokens) {
    if (!/[\ud800-\udbff]/.test(text)) continue;
    for (const point of text.match(/[\ud800-\udbff][\udc00-\udfff]/g) ?? []) named.add(point);
    if (named.size > MOST_STAND_INS) {
      refuse('TooLarge', span, `more than ${MOST_STAND_INS} different characters beyond U+FFFF`);
    }
  }
}
