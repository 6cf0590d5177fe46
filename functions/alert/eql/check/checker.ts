import type { Expression } from '../syntax/ast.ts';
import type { EqlErrorCode, Fault } from '../syntax/error.ts';
import type { Span } from '../syntax/span.ts';
import type { StaticType } from './static-type.ts';

/** What the checks of calls, lists and patterns need from the surrounding check. */
export type Checker = {
  /** Reports a fault; the type of the faulty node is `wrong`. */
  wrong(code: EqlErrorCode, span: Span, message: string): StaticType;
  typeOf(node: Expression): StaticType;
  /** Reports a negation inside a computation. */
  refuseNegation(node: Expression): void;
  /** Reports a fault in a piece of text whose own compiler does not know its position. */
  compiles(span: Span, work: () => unknown): void;
  readonly faults: readonly Fault[];
};
