import type { JsonValue } from '../../eql/index.ts';

/** The values of our own documents; an absent member is `undefined`. */
export type Plain =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Plain[]
  | { readonly [key: string]: Plain | undefined };

/**
 * JSON text in which every character that a terminal, a log or a page could interpret is
 * written as `\uXXXX`: the same document for every parser.
 */
export function safeJson(value: Plain | JsonValue): string {
  return safeJsonWithin(value, Number.POSITIVE_INFINITY)!;
}

/** The same text, or `null` if it is longer than `most` UTF-16 units, at the cost of a few times that many. */
export function safeJsonWithin(value: Plain | JsonValue, most: number): string | null {
  if (least(value, most) > most) return null;
  // Outside strings JSON has none of these characters, so that one search serves the whole text. Properties of
  // characters are asked of what is not ASCII alone: over everything they took five times as long.
  const text = stringified(value)
    .replace(UNSAFE_ASCII, escaped)
    .replace(NOT_ASCII, run => (HAS_UNSAFE.test(run) ? run.replace(UNSAFE, escaped) : run));
  return text.length <= most ? text : null;
}

/** `JSON.stringify` refuses integers beyond 2^53, which events may have. */
function stringified(value: Plain | JsonValue): string {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(value, (_, member) =>
      typeof member === 'bigint' ? rawJSON(String(member)) : member,
    );
  }
}

/** Not among TypeScript's declarations yet. */
const { rawJSON } = JSON as JSON & { rawJSON: (text: string) => object };

/** UTF-16 units that its text has at least; counted no further than `most`. */
function least(value: Plain | JsonValue, most: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (most === Number.POSITIVE_INFINITY || value === null || typeof value !== 'object') return 1;
  let sum = 1;
  if (isList(value)) {
    for (let at = 0; at < value.length && sum <= most; at++) sum += 1 + least(value[at]!, most - sum);
    return sum;
  }
  for (const [key, member] of Object.entries(value)) {
    if (sum > most) break;
    if (member !== undefined) sum += key.length + 4 + least(member, most - sum);
  }
  return sum;
}

const isList = (value: Plain | JsonValue): value is readonly (Plain | JsonValue)[] => Array.isArray(value);

const UNSAFE_ASCII = /[<>&\u007f]/g;
const NOT_ASCII = /[^\0-\u007f]+/g;
const HAS_UNSAFE = /[\u0080-\u009f\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
const UNSAFE = new RegExp(HAS_UNSAFE, 'gu');
const ESCAPES = new Map<string, string>();

/** Computed once for each character: half a million of them otherwise took 1.8 s. */
function escaped(character: string): string {
  const known = ESCAPES.get(character);
  if (known !== undefined) return known;
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  const made = units.map(unit => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  if (ESCAPES.size < MOST_ESCAPES) ESCAPES.set(character, made);
  return made;
}

const MOST_ESCAPES = 10_000;
