import type { Text } from '../text/text.ts';

/** A label and its text; further lines are below, in the same column. */
export type Row = { readonly label: string; readonly text: Text; readonly more?: readonly Text[] };

/** A query as a message shows it, ready to paste. */
export type ShownQuery = {
  readonly language: string;
  /** Index pattern; `null` for what runs on the host. */
  readonly index: string | null;
  /** The time range in words. */
  readonly window: string;
  readonly text: string;
  readonly link: string | null;
};

/** The parts of a section; e-mail and report each have their own layout for them. */
export type Block =
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  | { readonly kind: 'text'; readonly text: Text }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'step'; readonly number: string; readonly depth: number; readonly text: Text }
  /** One of the five questions. */
  | {
      readonly kind: 'question';
      readonly name: string;
      readonly sentence: Text;
      readonly query: ShownQuery | null;
    }
  /** A query below the text that refers to it; `id` is the target of references. */
  | {
      readonly kind: 'query';
      readonly id: string | null;
      readonly title: Text | null;
      readonly query: ShownQuery;
    }
  /** To be copied as it is; `isPacked`: its lines may be joined, as in SQL and EQL. */
  | { readonly kind: 'code'; readonly text: string; readonly isPacked?: boolean };

export type Section = {
  readonly name: string;
  readonly heading: string;
  readonly blocks: readonly Block[];
  /** In the report, and in the e-mail only if there is no archive and therefore no report. */
  readonly reportOnly?: boolean;
};

export const textBlock = (text: Text): Block => ({ kind: 'text', text });
