/** A JSON value as in the log; an integer beyond 2^53 is a `bigint`, so that it stays exact. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;

export type JsonObject = { readonly [key: string]: JsonValue };

/** Beyond any double: such an integer is read as a number, that is as infinity, so that its cost stays linear. */
const MAX_EXACT_DIGITS = 1_000;

const INTEGER = /^-?[0-9]+$/;

/**
 * `JSON.parse`, except that an integer that a double would change is a `bigint`. Of duplicate keys the last wins;
 * `__proto__` is an own property like any other. The caller has limited the depth, and may know that there are no
 * sixteen digits in a row, as such an integer has. Throws `SyntaxError`.
 */
export function parseJson(text: string, hasLongDigits = true): JsonValue {
  const marked = hasLongDigits ? withMarkedIntegers(text) : null;
  if (marked === null) return JSON.parse(text) as JsonValue;
  try {
    return withIntegers(JSON.parse(marked) as JsonValue);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return JSON.parse(
      text,
      exactInteger as (this: unknown, key: string, value: unknown) => unknown,
    ) as JsonValue;
  }
}

/** No document contains it; if one does, its integers are read one by one. */
const MARK = '\ufdd0';

const LONG_INTEGER = /(?<![^:,[\s])-?[1-9][0-9]{15,}(?![^,\]}\s])/g;

/**
 * The text with integers that a double would change as marked strings; `null`: there is none, or the mark occurs.
 * Calling a reviver for every member takes ten times as long as parsing. In a string that looks like one, the quote
 * ends it before the mark, which is not JSON: then the reviver is used.
 */
function withMarkedIntegers(text: string): string | null {
  let isMarked = false;
  const marked = text.replace(LONG_INTEGER, digits => {
    if (digits.length > MAX_EXACT_DIGITS || Number.isSafeInteger(Number(digits))) return digits;
    isMarked = true;
    return `"${MARK}${digits}"`;
  });
  if (!isMarked) return null;
  return text.includes(MARK) || text.includes('\\ufdd0') || text.includes('\\uFDD0') ? `${marked}!` : marked;
}

/** In place, since the value was just created. */
function withIntegers(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.startsWith(MARK) ? BigInt(value.slice(1)) : value;
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Record<string, JsonValue>;
  for (const key of Object.keys(members)) {
    const member = members[key]!;
    if (typeof member === 'object' ? member !== null : typeof member === 'string' && member.startsWith(MARK))
      members[key] = withIntegers(member);
  }
  return value;
}

/** JSON text of a value; `JSON.stringify` cannot write a `bigint`, and writes `null` for a number beyond any double. */
export function toJson(value: JsonValue): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === Number.POSITIVE_INFINITY) return '1e999';
  if (value === Number.NEGATIVE_INFINITY) return '-1e999';
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, member]) => `${JSON.stringify(key)}:${toJson(member)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}

function exactInteger(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context.source ?? '';
  if (source.length > MAX_EXACT_DIGITS || !INTEGER.test(source)) return value;
  return BigInt(source);
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
