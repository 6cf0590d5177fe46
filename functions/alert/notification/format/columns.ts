import type { Row } from '../alert/section.ts';
import { plainPiece, type Text } from '../text/text.ts';

/** Widest line of an e-mail, except queries and unbroken literals. */
export const WIDTH = 78;

/** Shown two columns wide by mail programs and terminals. */
const WIDE =
  /[\u1100-\u115f\u2014\u2018-\u201d\u2026\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Columns that a text occupies. */
export function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

const widthOfCharacter = (character: string): number =>
  character <= '~' ? 1 : /\p{M}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1;

export const padTo = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** The text as one line of plain text. */
export function plain(text: Text): string {
  return text.map(plainPiece).join('');
}

/**
 * Breaks a text into lines: at spaces, between Chinese characters, and within a path before a backslash, so that the
 * next line begins with it. A word that is too long for a line is not broken.
 */
export function wrap(text: Text, first: string, rest: string): string {
  const lines: string[] = [];
  let line = first;
  let used = widthOf(first);
  let isFresh = true;
  const startLine = () => {
    lines.push(line);
    line = rest;
    used = widthOf(rest);
    isFresh = true;
  };
  for (const word of wordsOf(text)) {
    const width = widthOf(word);
    const core = word.trimEnd();
    if (!isFresh && used + widthOf(core) > WIDTH) {
      line = line.trimEnd();
      startLine();
    }
    line += word;
    used += width;
    isFresh = false;
  }
  lines.push(line.trimEnd());
  return lines.join('\n');
}

/** Runs of characters without a break opportunity; a space belongs to the word before it. */
function wordsOf(text: Text): readonly string[] {
  const words: string[] = [];
  let word = '';
  let before = '';
  for (const piece of text) {
    const isLiteral = typeof piece !== 'string';
    let isFirst = true;
    for (const character of plainPiece(piece)) {
      if (word !== '' && mayBreak(before, character, isLiteral && !isFirst)) {
        words.push(word);
        word = '';
      }
      word += character;
      before = character;
      isFirst = false;
    }
  }
  return word === '' ? words : [...words, word];
}

/** Characters that may not begin a line, and those that may not end one. */
const CLOSING = /[，。、；：？！）」』”’…,.;:?!)\]]/u;
const OPENING = /[（「『“‘([]/u;

function mayBreak(before: string, character: string, isInsideLiteral: boolean): boolean {
  if (before === '' || character === ' ') return false;
  if (before === ' ') return true;
  if (isInsideLiteral) return character === '\\' && !/[\\[:]/.test(before);
  if (!WIDE.test(before) && !WIDE.test(character)) return false;
  return !CLOSING.test(character) && !OPENING.test(before);
}

/** Labels and texts in two columns. */
export function rowLines(rows: readonly Row[], indent: string, least = 0): string {
  const width = Math.max(least, ...rows.map(({ label }) => widthOf(label) + 2));
  const rest = indent + ' '.repeat(width);
  return rows
    .flatMap(({ label, text, more = [] }) => [
      wrap(text, indent + padTo(label, width), rest),
      ...more.map(line => wrap(line, rest, rest)),
    ])
    .join('\n');
}

/** Widest line of a query whose lines are joined: RFC 5322 allows 998. */
const PACKED = 900;

/** The lines of a query, as few as fit; unchanged if it has comments, or an open quote at the end of a line. */
export function packed(text: string): string {
  const lines = text.split('\n').map(line => line.trim());
  if (/--|\/\/|\/\*/.test(text.replace(/https?:\/\//g, '')) || lines.some(hasOpenQuote)) return text;
  const shown: string[] = [];
  for (const line of lines) {
    const last = shown.at(-1);
    if (last !== undefined && last.length + line.length < PACKED) shown[shown.length - 1] = `${last} ${line}`;
    else shown.push(line);
  }
  return shown.join('\n');
}

/** Whether the line ends within a quote. */
function hasOpenQuote(line: string): boolean {
  let open = '';
  for (const character of line) {
    if (open === '' && (character === "'" || character === '"')) open = character;
    else if (character === open) open = '';
  }
  return open !== '';
}
