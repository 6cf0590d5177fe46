import { refuse } from '../../syntax/error.ts';
import { CLASSES, complement, JAVA_SPACE, type Ranges } from './code-points.ts';

/** Lucene's dialect for fields; Java's, when a script tests a computed text: its dot stops at line breaks. */
export type RegexOptions = {
  readonly dialect: 'lucene' | 'java';
  readonly isInsensitive: boolean;
  /** The code points that differ from one only by case, itself included; ASCII by default. */
  readonly variants?: (point: number) => readonly number[];
};

/** The code points of an expression with a position, and what both parts of the parser read. */
export class RegexReader {
  readonly options: RegexOptions;
  readonly isJava: boolean;
  readonly #points: readonly string[];
  #at = 0;

  constructor(pattern: string, options: RegexOptions) {
    this.options = options;
    this.isJava = options.dialect === 'java';
    this.#points = [...pattern];
  }

  get at(): number {
    return this.#at;
  }

  peek(ahead = 0): string | undefined {
    return this.#points[this.#at + ahead];
  }

  next(): string {
    return this.#points[this.#at++]!;
  }

  take(point: string): boolean {
    if (this.peek() !== point) return false;
    this.#at++;
    return true;
  }

  /** `\d`, `\w`, `\s` and their opposites, if one is next. */
  takeClass(): Ranges | null {
    const letter = this.peek(1) ?? '';
    if (this.peek() !== '\\' || !/^[dDwWsS]$/.test(letter)) return null;
    this.#at += 2;
    const name = letter.toLowerCase();
    const ranges = this.isJava && name === 's' ? JAVA_SPACE : CLASSES[name]!;
    return letter === name ? ranges : complement(ranges);
  }

  /** The character after a backslash. */
  takeEscaped(): number {
    const point = this.peek(1) ?? wrong('a backslash ends the expression; write \\\\ for the character');
    if (/^[A-Za-z]$/.test(point) || (this.isJava && /^[0-9]$/.test(point))) {
      wrong(`\\${point} is not a character class; supported are \\d \\w \\s \\D \\W \\S`);
    }
    this.#at += 2;
    return point.codePointAt(0)!;
  }
}

/** The checker knows the position of the expression. */
export function wrong(message: string): never {
  return refuse('Regex', { start: 0, end: 0 }, message);
}
