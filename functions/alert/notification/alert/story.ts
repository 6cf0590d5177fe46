import type { Pivot } from '../queries/pivots.ts';
import type { Text } from '../text/text.ts';
import type { Words } from '../text/words.ts';
import type { Row } from './verdict.ts';

/** One query of a message; whole or, with the reason in its place, absent. */
export type ShownQuery = {
  readonly number: string;
  /** Above the query of a question; not repeated over its other languages. */
  readonly question: string | null;
  readonly language: string;
  readonly index: string | null;
  readonly range: string;
  readonly text: string | null;
  readonly leftOut: Text | null;
  readonly link: string | null;
};

/** What a section is made of; e-mail and report lay each out in their own way. */
export type Block =
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  | { readonly kind: 'text'; readonly text: Text }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'step'; readonly number: string; readonly depth: number; readonly text: Text }
  | { readonly kind: 'query'; readonly depth: number; readonly query: ShownQuery }
  /** To be copied as it stands. */
  | { readonly kind: 'code'; readonly depth: number; readonly label: string | null; readonly text: string };

export type Section = {
  readonly name: string;
  readonly heading: string;
  readonly blocks: readonly Block[];
  /** Only in the report: long, constant, and of use to few. */
  readonly reportOnly?: boolean;
};

export const textBlock = (text: Text): Block => ({ kind: 'text', text });

/** A query as a block, with its question above it or without. */
export function queryBlock(
  number: string,
  pivot: Pivot,
  leftOut: Text | null,
  question: string | null,
  depth = 0,
): Block {
  const { language, index, rangeInWords, text, link } = pivot;
  return {
    kind: 'query',
    depth,
    query: { number, question, language, index, range: rangeInWords, text, leftOut, link: link ?? null },
  };
}

/** In what a query is asked, where, and over which time. */
export function whereQueryRuns({ language, index, range }: ShownQuery, { say }: Words): Text {
  const place = index === null ? [language] : say('query.in', { language, index });
  return say('query.place', { place, range });
}
