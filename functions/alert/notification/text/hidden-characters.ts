import { lookAlikesIn } from './look-alikes.ts';

/**
 * Characters that readers do not see, or mistake for others: controls, format and invisible characters, unusual spaces,
 * private use, unassigned, lone surrogates.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|\p{Variation_Selector}|[\u034f]|[\u17b4\u17b5]|(?! )\p{Zs}/u;

/** Active in some form of a message: markup of Slack and HTML, mentions, the end of a code span. */
const ACTIVE = /[<>&@`]/;

/** Accents in a row that people write; more would overlap the lines around. */
const MOST_MARKS = 2;

/** The offsets of all characters that are shown by their code. */
export function hiddenIn(text: string): ReadonlySet<number> {
  const hidden = new Set<number>();
  if (/^[\x20-\x7e]*$/.test(text)) {
    for (const { 0: character, index } of text.matchAll(/[<>&@` (:]/g))
      if (isActiveAt(character, text, index)) hidden.add(index);
    return hidden;
  }
  let marks = MOST_MARKS;
  let at = 0;
  for (const character of text) {
    const isMark = /\p{M}/u.test(character);
    // A combining mark at the beginning would attach to a letter of ours.
    marks = isMark ? marks + 1 : 0;
    if (marks > MOST_MARKS || isUnseen(character) || isActiveAt(character, text, at)) hidden.add(at);
    at += character.length;
  }
  for (const at of lookAlikesIn(text)) hidden.add(at);
  return hidden;
}

/** Markdown turns `[a](b)` and `[a]: b` into links, even without an address: to the ticket system that shows it. */
const isBehindLabel = (character: string, text: string, at: number): boolean =>
  text[at - 1] === ']' && (character === '(' || (character === ':' && /\s/.test(text.charAt(at + 1))));

const isActiveAt = (character: string, text: string, at: number): boolean =>
  ACTIVE.test(character) ||
  (character === ' ' && isHiddenBlank(text, at)) ||
  isBehindLabel(character, text, at);

function isUnseen(character: string): boolean {
  return !(character >= ' ' && character <= '~') && (UNSEEN.test(character) || isDressedAscii(character));
}

/** A letter, digit or ellipsis that normalizes to ASCII, such as U+212A for K. */
function isDressedAscii(character: string): boolean {
  return /[\p{L}\p{N}\u2026]/u.test(character) && /^[\x20-\x7e]+$/.test(character.normalize('NFKC'));
}

/** A space at either end is invisible; of several, only the first survives a line break. */
function isHiddenBlank(text: string, at: number): boolean {
  return at === 0 || at === text.length - 1 || text[at - 1] === ' ';
}
