import { defangedIn } from './defang.ts';
import { hiddenIn } from './hidden-characters.ts';

/**
 * The only encoding for text that an attacker may have written. Lossless, and the same in every form: ordinary text
 * is unchanged, including backslashes; a character that would be invisible, or that some reader would
 * interpret, becomes `[U+202E]`; what would become a link becomes `[:]`, `[.]`, `[\\]`; a `[` that
 * would look like one of these becomes `[U+005B]`.
 *
 * @param most Longest result; the omitted rest is counted after it as `[+31744]`, in UTF-16 units, so that a value
 *   of megabytes costs no more than its beginning; a rest that is no longer than its count is not omitted.
 * @example
 * encode('C:\\Users\\Public\\up.exe')   // C:\Users\Public\up.exe
 * encode('\\\\evil.example\\a')          // [\\]evil[.]example\a
 */
export function encode(text: string, most = Number.POSITIVE_INFINITY): string {
  // A piece of the source is never longer than its encoding; a little more is read for the context of the cut.
  const seen = text.length <= most ? text : text.slice(0, most + LOOK_AHEAD);
  const hidden = hiddenIn(seen);
  const defanged = defangedIn(seen);
  if (text.length <= most && hidden.size + defanged.size === 0 && !text.includes('[')) return text;
  const shown: string[] = [];
  let length = 0;
  let at = 0;
  while (at < text.length) {
    const [source, plain] = pieceAt(seen, at, hidden, defanged);
    // After a code it would turn it into a label, as `[a](b)` is a link in Markdown.
    const piece = plain === '(' && shown.at(-1)?.endsWith(']') ? codeOf(0x28) : plain;
    if (length + piece.length > most) {
      const rest = text.slice(at, at + SHORTEST_MARK + 1);
      const isShorter = rest.length <= SHORTEST_MARK && [...rest].every((_, i) => isOrdinary(at + i));
      return `${shown.join('')}${isShorter ? rest : `[+${text.length - at}]`}`;
    }
    shown.push(piece);
    length += piece.length;
    at += source;
  }
  return shown.join('');

  function isOrdinary(offset: number): boolean {
    return !hidden.has(offset) && !defanged.has(offset) && !/[[(\ud800-\udfff]/.test(text[offset]!);
  }
}

const LOOK_AHEAD = 300;
/** `[+2]`: fewer characters than these are shown rather than counted. */
const SHORTEST_MARK = 4;

/** Length in the source, and how it is shown. */
function pieceAt(
  text: string,
  at: number,
  hidden: ReadonlySet<number>,
  defanged: ReadonlyMap<number, string>,
): [number, string] {
  const literal = defanged.get(at);
  if (literal !== undefined) return [literal.length, `[${literal}]`];
  const codePoint = text.codePointAt(at)!;
  const character = String.fromCodePoint(codePoint);
  const isHidden = hidden.has(at) || (character === '[' && readsAsEscape(text, at));
  return [character.length, isHidden ? codeOf(codePoint) : character];
}

const codeOf = (codePoint: number): string => `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`;

const ESCAPE = String.raw`\[(?:U\+([0-9A-F]{4,6})|([:.]|\\\\))\]`;
const LIKE_AN_ESCAPE = new RegExp(String.raw`${ESCAPE}|\[\+\d{1,15}\]`, 'y');
const LONGEST_ESCAPE = 20;

function readsAsEscape(text: string, at: number): boolean {
  LIKE_AN_ESCAPE.lastIndex = 0;
  return LIKE_AN_ESCAPE.test(text.slice(at, at + LONGEST_ESCAPE));
}

/**
 * Offsets of what a query may not show unchanged: invisible characters and markup, and in a host or an
 * address the characters that make it a link. Unlike in prose, a space at an end, `&`, `>` and `javascript:` are text.
 */
export function linkedOrHidden(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  for (const at of hiddenIn(text)) {
    const isEnd = text[at] === ' ' && text[at - 1] !== ' ';
    if (!isEnd && text[at] !== '&' && text[at] !== '>') found.add(at);
  }
  for (const [at, literal] of defangedIn(text)) {
    const isScheme = literal === ':' && /javascript$/i.test(text.slice(Math.max(0, at - 10), at));
    // In a numeric address the last dot is enough: no program links the rest.
    const isWithinDigits = literal === '.' && /^\.\d{1,3}\.\d/.test(text.slice(at, at + 6));
    if (!isScheme && !isWithinDigits) found.add(at);
    // Of the two that begin a share neither is shown: one that a language doubles would read as a share again.
    // Two slashes begin a link of their own, even after the quote of a language that writes the colon separately.
    if (literal === ':' && text.startsWith('//', at + 1)) found.add(at + 1);
  }
  // Backslashes in a row may begin a share; one that a language doubles would read as two again.
  for (const { index, 0: run } of text.matchAll(/\\{2,}/g)) {
    for (let at = index; at < index + run.length; at++) found.add(at);
  }
  for (let at = text.indexOf('['); at >= 0; at = text.indexOf('[', at + 1)) {
    if (readsAsEscape(text, at)) found.add(at);
  }
  return found;
}

/** The text that was encoded, if nothing was omitted. */
export function decode(shown: string): string {
  return shown.replace(new RegExp(ESCAPE, 'g'), (whole, hex: string | undefined, literal: string) => {
    if (hex === undefined) return literal;
    const codePoint = Number.parseInt(hex, 16);
    return codePoint > 0x10ffff ? whole : String.fromCodePoint(codePoint);
  });
}

/** True if the text is not shown unchanged. */
export function isAltered(text: string): boolean {
  return encode(text) !== text;
}
