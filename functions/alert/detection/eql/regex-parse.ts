import { FaultFound } from './error.ts';

/** Code points, as pairs of first and last. */
export type Ranges = readonly (readonly [number, number])[];

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
  /** The code points that differ from one by case alone, itself included. */
  readonly variants?: (point: number) => readonly number[];
};

const LAST = 0x10ffff;
const DEEPEST = 100;
const MOST_REPEATS = 1000;

const CLASSES: Readonly<Record<string, Ranges>> = {
  d: [[0x30, 0x39]],
  s: [
    [0x09, 0x0a],
    [0x0d, 0x0d],
    [0x20, 0x20],
  ],
  w: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
};
const JAVA_LINE_ENDS: Ranges = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x85, 0x85],
  [0x2028, 0x2029],
];

/** Operators of Lucene that this engine does not run; where they are meant as characters, a backslash says so. */
const REFUSED: Readonly<Record<string, string>> = {
  '~': 'complement (~)',
  '&': 'intersection (&)',
  '<': 'numeric intervals (<1-5>)',
  '#': 'the empty language (#)',
  '@': 'any string (@)',
};

/** Reads a regular expression; throws `FaultFound` for what is malformed or not supported. */
export function parseRegex(pattern: string, options: RegexOptions): RegexNode {
  return new Parser([...pattern], options).whole();
}

class Parser {
  readonly #points: readonly string[];
  readonly #options: RegexOptions;
  #at = 0;
  #depth = 0;

  constructor(points: readonly string[], options: RegexOptions) {
    this.#points = points;
    this.#options = options;
  }

  whole(): RegexNode {
    const node = this.#choice();
    if (this.#at < this.#points.length) this.#wrong('a ) closes nothing; the character is written \\)');
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
    if (++this.#depth > DEEPEST) this.#wrong(`groups are nested more than ${DEEPEST} levels deep`);
    const nodes = [this.#sequence()];
    while (this.#take('|')) nodes.push(this.#sequence());
    this.#depth--;
    return nodes.length === 1 ? nodes[0]! : { kind: 'choice', nodes };
  }

  #sequence(): RegexNode {
    const nodes: RegexNode[] = [];
    while (this.#peek() !== undefined && this.#peek() !== '|' && this.#peek() !== ')')
      nodes.push(this.#repeat());
    if (nodes.length === 0 && (this.#peek() === '|' || this.#depth > 1 || this.#points.length > 0)) {
      this.#wrong('an alternative is empty; what may be missing takes a ?');
    }
    return nodes.length === 1 ? nodes[0]! : { kind: 'sequence', nodes };
  }

  #repeat(): RegexNode {
    let node = this.#simple();
    for (let count = 0; ; count++) {
      if (count > DEEPEST) this.#wrong('too many repeats of one another');
      if (this.#peek() === '+' && count > 0 && this.#options.dialect === 'java') {
        this.#wrong('possessive repeats (a*+) are not supported');
      }
      if (this.#take('?')) node = { kind: 'repeat', node, least: 0, most: 1 };
      else if (this.#take('*')) node = { kind: 'repeat', node, least: 0, most: null };
      else if (this.#take('+')) node = { kind: 'repeat', node, least: 1, most: null };
      else if (this.#take('{')) node = this.#counted(node);
      else return node;
    }
  }

  #counted(node: RegexNode): RegexNode {
    const least = this.#integer();
    if (least === null) this.#wrong('{ takes a number: a{2}, a{2,}, a{2,4}; the character is written \\{');
    const most = this.#take(',') ? this.#integer() : least;
    if (!this.#take('}')) this.#wrong('a } is due');
    if (most !== null && most < least) this.#wrong('the repeat ends below its beginning');
    return { kind: 'repeat', node, least, most };
  }

  #integer(): number | null {
    let digits = '';
    while (/^\d$/.test(this.#peek() ?? '')) digits += this.#points[this.#at++]!;
    if (Number(digits) > MOST_REPEATS) this.#wrong(`at most ${MOST_REPEATS} repeats`);
    return digits === '' ? null : Number(digits);
  }

  #simple(): RegexNode {
    const point = this.#peek()!;
    if (point === '[') return this.#set();
    if (point === '\\') return this.#escape();
    if ('*+?{'.includes(point))
      this.#wrong(`nothing stands before ${point}; the character is written \\${point}`);
    if (Object.hasOwn(REFUSED, point)) {
      this.#wrong(
        `${REFUSED[point]} is an operator of Lucene that is not supported; the character is written \\${point}`,
      );
    }
    if (this.#options.dialect === 'java' && '^$'.includes(point)) {
      this.#wrong(`${point} is not needed, the whole text has to match; the character is written \\${point}`);
    }
    this.#at++;
    if (point === '.') return { kind: 'set', ranges: this.#dot() };
    if (point === '(') return this.#group();
    if (point === '"') return this.#quoted();
    return this.#character(point.codePointAt(0)!);
  }

  #dot(): Ranges {
    return this.#options.dialect === 'java' ? complement(JAVA_LINE_ENDS) : [[0, LAST]];
  }

  #group(): RegexNode {
    if (this.#peek() === '?') this.#wrong('groups with (?…) are not supported; a plain ( ) groups');
    if (this.#take(')')) return { kind: 'sequence', nodes: [] };
    const node = this.#choice();
    if (!this.#take(')')) this.#wrong('a ( is never closed');
    return node;
  }

  /** Between quotes Lucene takes every character as it stands. */
  #quoted(): RegexNode {
    if (this.#options.dialect === 'java') return this.#character(0x22);
    const nodes: RegexNode[] = [];
    while (!this.#take('"')) {
      if (this.#peek() === undefined) this.#wrong('a " is never closed; the character is written \\"');
      nodes.push(this.#character(this.#points[this.#at++]!.codePointAt(0)!));
    }
    return { kind: 'sequence', nodes };
  }

  #escape(): RegexNode {
    const ranges = this.#classHere();
    if (ranges) return { kind: 'set', ranges };
    return this.#character(this.#escaped());
  }

  /** `\d`, `\w`, `\s` and their opposites. */
  #classHere(): Ranges | null {
    const letter = this.#points[this.#at + 1] ?? '';
    if (this.#peek() !== '\\' || !/^[dDwWsS]$/.test(letter)) return null;
    this.#at += 2;
    const ranges = CLASSES[letter.toLowerCase()]!;
    return letter === letter.toLowerCase() ? ranges : complement(ranges);
  }

  #escaped(): number {
    const point = this.#points[this.#at + 1];
    if (point === undefined) this.#wrong('a backslash ends the expression; the character is written \\\\');
    if (/^[A-Za-z]$/.test(point))
      this.#wrong(`\\${point} is no class of characters; there are \\d \\w \\s \\D \\W \\S`);
    this.#at += 2;
    return point.codePointAt(0)!;
  }

  #set(): RegexNode {
    this.#at++;
    const isNegated = this.#take('^');
    const ranges: (readonly [number, number])[] = [];
    do {
      const group = this.#classHere();
      if (group) ranges.push(...group);
      else ranges.push(...this.#member());
    } while (this.#peek() !== undefined && this.#peek() !== ']');
    if (!this.#take(']')) this.#wrong('a [ is never closed');
    return { kind: 'set', ranges: isNegated ? complement(ranges) : ranges };
  }

  #member(): Ranges {
    const first = this.#setPoint();
    if (this.#peek() !== '-') return this.#withCase(first);
    this.#at++;
    if (this.#peek() === undefined || this.#peek() === ']')
      this.#wrong('a - at the end of a set is written \\-');
    const last = this.#setPoint();
    if (last < first) this.#wrong('the range ends before it begins');
    // Elasticsearch leaves ranges as they are, whatever the case; Java folds them.
    return this.#options.dialect === 'java' && this.#options.isInsensitive
      ? bothCases(first, last)
      : [[first, last]];
  }

  #setPoint(): number {
    const point = this.#peek();
    if (point === undefined) this.#wrong('a [ is never closed');
    if (point === '\\') return this.#escaped();
    if (this.#options.dialect === 'java' && (point === '[' || point === '&' || point === '^')) {
      this.#wrong(`in a set ${point} is written \\${point}`);
    }
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

  #wrong(message: string): never {
    throw new FaultFound([{ code: 'Regex', message, span: { start: 0, end: 0 } }]);
  }
}

function asciiVariants(point: number): readonly number[] {
  const isLetter = (point >= 0x41 && point <= 0x5a) || (point >= 0x61 && point <= 0x7a);
  return isLetter ? [point, point ^ 0x20] : [point];
}

function bothCases(first: number, last: number): Ranges {
  const shifted = [
    [Math.max(first, 0x41) + 32, Math.min(last, 0x5a) + 32],
    [Math.max(first, 0x61) - 32, Math.min(last, 0x7a) - 32],
  ] as const;
  return [[first, last], ...shifted.filter(([from, to]) => from <= to)];
}

function complement(ranges: Ranges): Ranges {
  const sorted = [...ranges].sort(([one], [other]) => one - other);
  const gaps: (readonly [number, number])[] = [];
  let from = 0;
  for (const [first, last] of sorted) {
    if (first > from) gaps.push([from, first - 1]);
    from = Math.max(from, last + 1);
  }
  if (from <= LAST) gaps.push([from, LAST]);
  return gaps;
}
