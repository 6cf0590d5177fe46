import type { Span } from './span.ts';

/** The position of a piece of text, and its line with carets below it. */
export type Excerpt = {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  readonly excerpt: string;
};

/** Characters of a line that are shown, and how many of them at most before the piece. */
const WIDTH = 110;
const BEFORE = 70;

/** Of a long line, the surroundings of the piece are shown. An empty span gets one caret. */
export function locateIn(text: string, span: Span): Excerpt {
  const offset = Math.min(span.start, text.length);
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const newline = text.indexOf('\n', offset);
  const end = newline < 0 ? text.length : newline;
  const before = [...text.slice(start, offset)];
  const after = [...text.slice(offset, end).slice(0, WIDTH * 2)];
  const from = Math.max(0, before.length - BEFORE);
  const lead = before.slice(from);
  const rest = after.slice(0, WIDTH - lead.length);
  const [begun, cut] = [from > 0 ? '…' : '', rest.length < after.length ? '…' : ''];
  const within = [...text.slice(offset, Math.min(span.end, end)).slice(0, WIDTH * 2)].slice(0, rest.length);
  const blanks = lead.map(columnsOf).join('');
  const carets = within.map(columnsOf).join('').replaceAll(' ', '^') || '^';
  return {
    line: text.slice(0, start).split('\n').length,
    column: before.length + 1,
    excerpt: `${begun}${visible([...lead, ...rest].join(''))}${cut}\n${begun && ' '}${blanks}${carets}`,
  };
}

/** Files may come from strangers: characters that move the cursor or reverse the line are not printed. */
export function visible(text: string): string {
  return text.replaceAll('\r', '').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u00b7');
}

/** East Asian letters take two columns of a terminal. */
function columnsOf(character: string): string {
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/.test(
    character,
  )
    ? '  '
    : ' ';
}
