import {
  asciiVariants,
  bothCases,
  CLASSES,
  complement,
  JAVA_LINE_ENDS,
  JAVA_SPACE,
  LAST_POINT,
  type Ranges,
} from './code-points.ts';
import { refuse } from './error.ts';

export type RegexNode =
  | { readonly kind: 'set'; readonly ranges: Ranges }
  | { readonly kind: 'sequence' | 'choice'; readonly nodes: readonly RegexNode[] }
  | {
      readonly kind: 'repeat';
      readonly node: RegexNode;
      readonly least: number;
      readonly most: number | null;
    };

/** Lucene's dialect for fields; Java's, where a script tests a computed text: its dot stops at line breaks. */
export type RegexOptions = {
  readonly dialect: 'lucene' | 'java';
  readonly isInsensitive: boolean;
  /** The code points that differ from one by case alone, itself included; of ASCII, unless it says otherwise. */
  readonly variants?: (point: number) => readonly number[];
};

const DEEPEST = 100;
const MOST_REPEATS = 1000;

/** Operators of Lucene that this engine does not run; where they are meant as characters, a backslash says so. */
const REFUSED: Readonly<Record<string, string>> = {
  '~': 'complement (~)',
  '&': 'intersection (&)',
  '<': 'numeric intervals (<1-5>)',
  '#': 'the empty language (#)',
  '@': 'any string (@)',
};

/** Reads a regular expression; refuses what is malformed and what is not supported. */
export function parseRegex(pattern: string, options: RegexOptions): RegexNode {
  return new Parser([...pattern], options).whole();
}

class Parser {
  readonly #points: readonly string[];
  readonly #options: RegexOptions;
  readonly #isJava: boolean;
  #at = 0;
  #depth = 0;

  constructor(points: readonly string[], options: RegexOptions) {
    this.#points = points;
    this.#options = options;
    this.#isJava = options.dialect === 'java';
  }

  whole(): RegexNode {
    if (this.#points.length === 0) return { kind: 'sequence', nodes: [] };
    const node = this.#choice();
    if (this.#at < this.#points.length) wrong('a ) closes nothing; the character is written \\)');
    return node;
  }

  #peek(): string | undefined {
    return this.#points[this.#at];
  }

  #take(point: string): boolean {
    if (this.#peek() !== point) return false;
    this.#at++;
    return true;
  }

  #choice(): RegexNode {
    if (++this.#depth > DEEPEST) wrong(`groups are nested more than ${DEEPEST} levels deep`);
    const nodes = [this.#sequence()];
    while (this.#take('|')) nodes.push(this.#sequence());
    this.#depth--;
    return nodes.length === 1 ? nodes[0]! : { kind: 'choice', nodes };
  }

  #isEnd(): boolean {
    const point = this.#peek();
    return point === undefined || point === '|' || point === ')';
  }

  #sequence(): RegexNode {
    const nodes: RegexNode[] = [];
    const start = this.#at;
    // The whole text has to match: anchors at the ends of a script's expression say nothing new.
    if (this.#isJava && this.#depth === 1) this.#take('^');
    while (!this.#isEnd() && !this.#takeLastAnchor()) nodes.push(this.#repeat());
    if (this.#at === start) wrong('an alternative is empty; what may be missing takes a ?');
    return nodes.length === 1 ? nodes[0]! : { kind: 'sequence', nodes };
  }

  #takeLastAnchor(): boolean {
    if (!this.#isJava || this.#depth > 1 || this.#peek() !== '$') return false;
    const after = this.#points[this.#at + 1];
    return (after === undefined || after === '|') && this.#take('$');
  }

  #repeat(): RegexNode {
    let node = this.#simple();
    for (let count = 0; ; count++) {
      if (count > DEEPEST) wrong('too many repeats of one another');
      if (this.#peek() === '+' && count > 0 && this.#isJava)
        wrong('possessive repeats (a*+) are not supported');
      if (this.#take('?')) node = { kind: 'repeat', node, least: 0, most: 1 };
      else if (this.#take('*')) node = { kind: 'repeat', node, least: 0, most: null };
      else if (this.#take('+')) node = { kind: 'repeat', node, least: 1, most: null };
      else if (this.#take('{')) node = this.#counted(node);
      else return node;
    }
  }

  #counted(node: RegexNode): RegexNode {
    const least =
      this.#integer() ?? wrong('{ takes a number: a{2}, a{2,}, a{2,4}; the character is written \\{');
    const most = this.#take(',') ? this.#integer() : least;
    if (!this.#take('}')) wrong('a } is due');
    if (most !== null && most < least) wrong('the repeat ends below its beginning');
    return { kind: 'repeat', node, least, most };
  }

  #integer(): number | null {
    let digits = '';
    while (/^\d$/.test(this.#peek() ?? '')) digits += this.#points[this.#at++]!;
    if (Number(digits) > MOST_REPEATS) wrong(`at most ${MOST_REPEATS} repeats`);
    return digits === '' ? null : Number(digits);
  }

  #simple(): RegexNode {
    const point = this.#peek()!;
    if (point === '[') return this.#set();
    if (point === '\\') return this.#escape();
    if ('*+?{'.includes(point)) wrong(`nothing stands before ${point}; the character is written \\${point}`);
    const refused = Object.hasOwn(REFUSED, point) ? REFUSED[point] : undefined;
    if (refused)
      wrong(`${refused} is an operator of Lucene that is not supported; the character is written \\${point}`);
    if (this.#isJava && '^$'.includes(point)) wrong(`${point} inside; the character is written \\${point}`);
    this.#at++;
    if (point === '.')
      return { kind: 'set', ranges: this.#isJava ? complement(JAVA_LINE_ENDS) : [[0, LAST_POINT]] };
    if (point === '(') return this.#group();
    if (point === '"' && !this.#isJava) return this.#quoted();
    return this.#character(point.codePointAt(0)!);
  }

  #group(): RegexNode {
    if (this.#peek() === '?') wrong('groups with (?…) are not supported; a plain ( ) groups');
    if (this.#take(')')) return { kind: 'sequence', nodes: [] };
    const node = this.#choice();
    if (!this.#take(')')) wrong('a ( is never closed');
    return node;
  }

  /** Between quotes Lucene takes every character as it stands. */
  #quoted(): RegexNode {
    const nodes: RegexNode[] = [];
    while (!this.#take('"')) {
      if (this.#peek() === undefined) wrong('a " is never closed; the character is written \\"');
      nodes.push(this.#character(this.#points[this.#at++]!.codePointAt(0)!));
    }
    return { kind: 'sequence', nodes };
  }

  #escape(): RegexNode {
    const ranges = this.#classHere();
    return ranges ? { kind: 'set', ranges } : this.#character(this.#escaped());
  }

  /** `\d`, `\w`, `\s` and their opposites. */
  #classHere(): Ranges | null {
    const letter = this.#points[this.#at + 1] ?? '';
    if (this.#peek() !== '\\' || !/^[dDwWsS]$/.test(letter)) return null;
    this.#at += 2;
    const name = letter.toLowerCase();
    const ranges = this.#isJava && name === 's' ? JAVA_SPACE : CLASSES[name]!;
    return letter === name ? ranges : complement(ranges);
  }

  #escaped(): number {
    const point =
      this.#points[this.#at + 1] ?? wrong('a backslash ends the expression; the character is written \\\\');
    if (/^[A-Za-z0-9]$/.test(point) && (this.#isJava || point > '9')) {
      wrong(`\\${point} is no class of characters; there are \\d \\w \\s \\D \\W \\S`);
    }
    this.#at += 2;
    return point.codePointAt(0)!;
  }

  #set(): RegexNode {
    this.#at++;
    const isNegated = this.#take('^');
    const ranges: (readonly [number, number])[] = [];
    do ranges.push(...(this.#classHere() ?? this.#member()));
    while (this.#peek() !== undefined && this.#peek() !== ']');
    if (!this.#take(']')) wrong('a [ is never closed');
    return { kind: 'set', ranges: isNegated ? complement(ranges) : ranges };
  }

  #member(): Ranges {
    const first = this.#setPoint();
    if (!this.#take('-')) return this.#withCase(first);
    const next = this.#peek();
    if (next === undefined || next === ']') wrong('a - at the end of a set is written \\-');
    const last = this.#setPoint();
    if (last < first) wrong('the range ends before it begins');
    // Elasticsearch leaves ranges as they are, whatever the case; Java folds them.
    return this.#isJava && this.#options.isInsensitive ? bothCases(first, last) : [[first, last]];
  }

  #setPoint(): number {
    const point = this.#peek() ?? wrong('a [ is never closed');
    if (point === '\\') return this.#escaped();
    if (this.#isJava && '[]&^'.includes(point)) wrong(`in a set ${point} is written \\${point}`);
    this.#at++;
    return point.codePointAt(0)!;
  }

  #character(point: number): RegexNode {
    return { kind: 'set', ranges: this.#withCase(point) };
  }

  #withCase(point: number): Ranges {
    if (!this.#options.isInsensitive) return [[point, point]];
    const variants = this.#options.variants ?? asciiVariants;
    return variants(point).map(variant => [variant, variant] as const);
  }
}

/** The checker knows where the expression stands. */
function wrong(message: string): never {
  return refuse('Regex', { start: 0, end: 0 }, message);
}
