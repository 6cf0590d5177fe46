import { isObject, type JsonObject, type JsonValue } from '../json.ts';

/** Values by dotted ECS name, in the order of the document; `undefined`: the record has none. */
export type Fields = { readonly [name: string]: JsonValue | undefined };

/** A nested document of the fields that have a value, added to `around`. */
export function ecsDocument(fields: Fields, around: JsonObject = {}): JsonObject {
  const document: Tree = { ...around };
  /** Objects made here; those of `around` are copied before they get a field. */
  const own = new Set<JsonValue | undefined>();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const path = name.split('.');
    const last = path.pop()!;
    let parent = document;
    for (const step of path) {
      const child = parent[step];
      const branch = own.has(child) ? (child as Tree) : isObject(child) ? { ...child } : {};
      own.add(branch);
      parent[step] = branch;
      parent = branch;
    }
    parent[last] = value;
  }
  return document;
}

type Tree = { [name: string]: JsonValue };

/** An own member of a record, nested or under a dotted key; `__proto__` and the like are plain names. */
export function member(record: JsonValue | undefined, ...names: readonly string[]): JsonValue | undefined {
  return memberFrom(record, names, 0);
}

function memberFrom(
  record: JsonValue | undefined,
  names: readonly string[],
  from: number,
): JsonValue | undefined {
  if (from === names.length) return record;
  if (!isObject(record)) return undefined;
  let key = names[from]!;
  for (let next = from + 1; ; next++) {
    const found = Object.hasOwn(record, key) ? memberFrom(record[key], names, next) : undefined;
    if (found !== undefined || next === names.length) return found;
    key = `${key}.${names[next]}`;
  }
}

/** A scalar as text; `undefined` for null, empty text, lists and objects. */
export function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** An unsigned decimal integer, also as text; beyond 2^53 a `bigint`. */
export function integerOf(value: JsonValue | undefined): number | bigint | undefined {
  const text = textOf(value);
  if (text === undefined || !/^\d{1,20}$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** A list of one, as Elastic writes categories and types. */
export function listOf(text: string | undefined): readonly string[] | undefined {
  return text === undefined ? undefined : [text];
}

/** The last element of a Windows path, or of one with slashes only. */
export function fileNameOf(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const name = path.slice(
    Math.max(path.lastIndexOf('\\'), path.includes('\\') ? -1 : path.lastIndexOf('/')) + 1,
  );
  return name === '' ? undefined : name;
}

/** ISO 8601 in UTC to the millisecond; `undefined` if it is not a time of the years 1 to 9999. */
export function isoOf(ms: number | undefined): string | undefined {
  if (ms === undefined || !(ms > -6.2e13 && ms < 2.5e14)) return undefined;
  return new Date(Math.floor(ms)).toISOString();
}

/** Milliseconds of a time with its zone, `T` or a space before the hour; without a zone it is UTC if `isUtc`. */
export function timeOf(text: string | undefined, isUtc = false): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(Z|[+-]\d\d:?\d\d)?$/.exec(text ?? '');
  if (parts === null) return undefined;
  const zone = parts[3] ?? (isUtc ? 'Z' : undefined);
  const ms = zone === undefined ? Number.NaN : Date.parse(`${parts[1]}T${parts[2]}${zone}`);
  return Number.isNaN(ms) ? undefined : ms;
}
