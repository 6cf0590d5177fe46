import type { Expression } from '../syntax/ast.ts';
import type { EqlErrorCode, Fault } from '../syntax/error.ts';
import type { Span } from '../syntax/span.ts';
import type { StaticType } from './static-type.ts';

/** What the check of a call needs of the check around it. */
export type Checker = {
  /** Notes a fault; the type of what is faulty is `wrong`. */
  wrong(code: EqlErrorCode, span: Span, message: string): StaticType;
  typeOf(node: Expression): StaticType;
  /** Notes what is wrong with a piece of the text whose own compiler does not know where it is. */
  compiles(span: Span, work: () => unknown): void;
  readonly faults: readonly Fault[];
};
