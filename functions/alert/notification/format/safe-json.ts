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

/** The same text, or `null` if it is longer than `most` UTF-16 units, at the cost of that many. */
export function safeJsonWithin(value: Plain | JsonValue, most: number): string | null {
  const parts: string[] = [];
  let left = most;
  const put = (text: string): boolean => {
    left -= text.length;
    parts.push(text);
    return left >= 0;
  };
  const write = (value: Plain | JsonValue): boolean => {
    if (typeof value === 'string') return value.length <= left && put(safeText(value));
    if (typeof value === 'number') return put(Number.isFinite(value) ? JSON.stringify(value) : 'null');
    if (value === null || typeof value !== 'object') return put(String(value));
    if (isList(value))
      return put('[') && value.every((item, at) => put(at ? ',' : '') && write(item)) && put(']');
    const members = Object.entries(value).filter(([, member]) => member !== undefined) as [string, Plain][];
    return (
      put('{') &&
      members.every(([key, member], at) => put(at ? ',' : '') && write(key) && put(':') && write(member)) &&
      put('}')
    );
  };
  return write(value) ? parts.join('') : null;
}

const isList = (value: Plain | JsonValue): value is readonly (Plain | JsonValue)[] => Array.isArray(value);

const UNSAFE = /[\u007f-\u009f<>&\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
const ESCAPES = new Map<string, string>();

const safeText = (text: string): string => JSON.stringify(text).replace(UNSAFE, escaped);

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
