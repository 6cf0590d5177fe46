import type { JsonObject, JsonValue } from '../json.ts';

/** A leaf of a document that is not null. */
export type Leaf = boolean | number | bigint | string;

const NONE: readonly Leaf[] = Object.freeze([]);

/**
 * Compiles a dotted path to a reader of its leaves. A field may be spelled nested (`{registry: {path}}`), dotted
 * (`"registry.path"`) or mixed (`"registry.data": {strings}`), at any level; every spelling present counts, none
 * hides another, and the leaves come in document order. Arrays are flattened, arrays of objects too; `null` and
 * objects at the end of the path are no leaves. Only own properties are read: `__proto__`, `constructor` and
 * `length` are plain names.
 */
export function readField(path: string): (document: JsonObject) => readonly Leaf[] {
  const names = path.split('.');
  return document => {
    const single = readNested(document, names);
    if (single !== undefined) return single;
    const leaves: Leaf[] = [];
    readSpellings(document, names, 0, leaves);
    return leaves.length === 0 ? NONE : leaves;
  };
}

/** The common case, without a second spelling to look for: nested all the way to a scalar. */
function readNested(document: JsonObject, names: readonly string[]): readonly Leaf[] | undefined {
  return names.length === 1 && !Object.hasOwn(document, names[0]!) ? NONE : undefined;
}

function readSpellings(object: JsonObject, names: readonly string[], from: number, leaves: Leaf[]): void {
  let found: { key: string; next: number }[] | undefined;
  let firstKey: string | undefined;
  let firstNext = 0;
  let key = '';
  for (let next = from + 1; next <= names.length; next++) {
    key = next === from + 1 ? names[from]! : `${key}.${names[next - 1]!}`;
    if (!Object.hasOwn(object, key)) continue;
    if (firstKey === undefined) {
      firstKey = key;
      firstNext = next;
    } else {
      found ??= [{ key: firstKey, next: firstNext }];
      found.push({ key, next });
    }
  }
  if (firstKey === undefined) return;
  if (found === undefined) {
    descend(object[firstKey]!, names, firstNext, leaves);
    return;
  }
  const order = Object.keys(object);
  found.sort((one, other) => order.indexOf(one.key) - order.indexOf(other.key));
  for (const { key: name, next } of found) descend(object[name]!, names, next, leaves);
}

function descend(value: JsonValue, names: readonly string[], next: number, leaves: Leaf[]): void {
  if (value === null) return;
  if (Array.isArray(value)) {
    for (const element of value as readonly JsonValue[]) descend(element, names, next, leaves);
  } else if (typeof value === 'object') {
    if (next < names.length) readSpellings(value as JsonObject, names, next, leaves);
  } else if (next === names.length) leaves.push(value);
}
