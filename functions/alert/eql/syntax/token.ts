import type { Span } from './span.ts';

export type Token = {
  readonly kind: 'keyword' | 'name' | 'quoted-name' | 'tilde-name' | 'string' | 'number' | 'symbol' | 'end';
  /** Keyword, name or symbol; the value of a string; the digits of a number. */
  readonly text: string;
  readonly span: Span;
};
