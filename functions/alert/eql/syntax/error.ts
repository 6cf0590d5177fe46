import { locateIn } from './excerpt.ts';
import type { Span } from './span.ts';

export type EqlErrorCode =
  /** The text is not EQL. */
  | 'Syntax'
  /** EQL, but not an event query that Elasticsearch runs: sequences, pipes, comparisons of two fields. */
  | 'Unsupported'
  | 'UnknownField'
  | 'UnknownFunction'
  | 'Arity'
  | 'Type'
  /** A field where a constant is expected. */
  | 'Constant'
  /** A constant expression that has no value: overflow, division by zero, text that is not a number. */
  | 'Value'
  | 'Regex'
  /** Too long, too deep or too many states. */
  | 'TooLarge';

/** A fault, before it is known in which text. */
export type Fault = { readonly code: EqlErrorCode; readonly message: string; readonly span: Span };

/**
 * A refused query; the message says what to write instead, if known.
 *
 * @example
 * const { code, column } = thrownBy(() => compileQuery('process where pid = 1', { readField }));
 * [code, column]; // ['Syntax', 19]
 */
export class EqlError extends Error {
  override readonly name = 'EqlError';
  readonly code: EqlErrorCode;
  readonly span: Span;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** The offending line and a caret below the position. */
  readonly excerpt: string;
  /** Not a field: an error that contains itself could not be written as JSON. */
  readonly #others: readonly EqlError[];

  constructor(text: string, faults: readonly [Fault, ...Fault[]]) {
    const [first, ...others] = faults;
    super(first.message);
    this.code = first.code;
    this.span = first.span;
    const place = locateIn(text, first.span);
    this.line = place.line;
    this.column = place.column;
    this.excerpt = place.excerpt;
    this.#others = others.map(fault => new EqlError(text, [fault]));
  }

  /** Every fault found in the text, this one first. */
  get errors(): readonly EqlError[] {
    return [this, ...this.#others];
  }
}

/** Carries faults out of a stage; only `compile.ts` catches them and adds the text. */
export class FaultFound extends Error {
  readonly faults: readonly [Fault, ...Fault[]];

  constructor(faults: readonly [Fault, ...Fault[]]) {
    super(faults[0].message);
    this.faults = faults;
  }
}

/** Leaves the stage with one fault. */
export function refuse(code: EqlErrorCode, span: Span, message: string): never {
  throw new FaultFound([{ code, span, message }]);
}

/** A piece of the query for a message: on one line, without control characters of a terminal, truncated. */
export function shown(text: string): string {
  const points = [...text.replace(/[\p{C}\s]+/gu, ' ')];
  return points.length > 60 ? `${points.slice(0, 59).join('')}…` : points.join('');
}
