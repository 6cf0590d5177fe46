import type { JsonValue } from '../../eql/index.ts';

/** What a document of ours is made of; an absent member is `undefined`. */
export type Plain =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Plain[]
  | { readonly [key: string]: Plain | undefined };

/**
 * JSON text in which every character that a terminal, a log or a page could take for more than a character is
 * written as `\uXXXX`: the same document to every parser.
 */
export function safeJson(value: Plain | JsonValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : 'null';
  if (typeof value === 'string') return safeText(value);
  if (isList(value)) return `[${value.map(safeJson).join(',')}]`;
  const members = Object.entries(value).filter(entry => entry[1] !== undefined) as [string, Plain][];
  return `{${members.map(([key, member]) => `${safeText(key)}:${safeJson(member)}`).join(',')}}`;
}

const isList = (value: Plain | JsonValue): value is readonly (Plain | JsonValue)[] => Array.isArray(value);

const UNSAFE = /[\u007f-\u009f<>&\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

function safeText(text: string): string {
  const json = JSON.stringify(text);
  if (/^[\x20-\x7e]*$/.test(json) && !/[<>&]/.test(json)) return json;
  return json.replace(UNSAFE, character =>
    Array.from({ length: character.length }, (_, at) => escaped(character.charCodeAt(at))).join(''),
  );
}

const escaped = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;
