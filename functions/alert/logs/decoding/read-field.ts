import type { JsonObject, JsonValue } from '../json.ts';

/** A leaf of a document that is not null. */
export type Leaf = boolean | number | bigint | string;

const NONE: readonly Leaf[] = Object.freeze([]);

/**
 * Compiles a dotted path to a reader of its leaves. A field may be spelled nested (`{registry: {path}}`), dotted
 * (`"registry.path"`) or mixed (`"registry.data": {strings}`), at any level; every spelling present counts, none
 * hides another, and the leaves come in document order. Arrays are flattened, arrays of objects too; `null` and
 * objects at the end of the path are not leaves. Only own properties are read: `__proto__`, `constructor` and
 * `length` are plain names.
 */
export function readField(path: string): Reader {
  const reader = readers.get(path) ?? readerOf(path);
  if (readers.size === MOST_READERS) readers.clear();
  readers.set(path, reader);
  return reader;
}

type Reader = (document: JsonObject) => readonly Leaf[];

/** Hundreds of rules read the same few dozen fields, each a dozen of them. */
const readers = new Map<string, Reader>();
const MOST_READERS = 4096;

function readerOf(path: string): Reader {
  const spellings = spellingsOf(path.split('.'));
  return document => {
    const leaves: Leaf[] = [];
    readSpellings(document, spellings, leaves);
    return leaves.length === 0 ? NONE : leaves;
  };
}

/** Each first key that a path may begin with in an object, and the rest of the path after it; `null`: no rest. */
type Spellings = readonly { readonly key: string; readonly rest: Spellings | null }[];

/** Created once for a path: joining a name for each document costs more than a lookup. */
function spellingsOf(names: readonly string[]): Spellings {
  const rests: (Spellings | null)[] = Array(names.length + 1).fill(null);
  for (let from = names.length - 1; from >= 0; from--)
    rests[from] = names
      .slice(from)
      .map((_, at) => ({ key: names.slice(from, from + at + 1).join('.'), rest: rests[from + at + 1]! }));
  return rests[0]!;
}

/** The same for several paths in one walk over a document: by the position of each path its leaves, if it has any. */
export function readFields(
  paths: readonly string[],
): (document: JsonObject) => readonly (readonly Leaf[] | undefined)[] {
  const root: Branch = new Map();
  paths.forEach((path, at) => {
    addPath(root, path.split('.'), at);
  });
  return document => {
    const leaves: Leaf[][] = [];
    walk(document, root, leaves);
    return leaves;
  };
}

/** By each key that some path may have here: the paths that end with it, and where the others go on. */
type Branch = Map<string, Step>;
type Step = { readonly ends: number[]; readonly rest: Branch };

function addPath(branch: Branch, names: readonly string[], at: number): void {
  names.forEach((_, last) => {
    const key = names.slice(0, last + 1).join('.');
    const step: Step = branch.get(key) ?? { ends: [], rest: new Map() };
    branch.set(key, step);
    if (last + 1 === names.length) step.ends.push(at);
    else addPath(step.rest, names.slice(last + 1), at);
  });
}

function walk(object: JsonObject, branch: Branch, leaves: Leaf[][]): void {
  for (const key of Object.keys(object)) {
    const step = branch.get(key);
    if (step !== undefined) take(object[key]!, step.ends, step.rest, leaves);
  }
}

function take(value: JsonValue, ends: readonly number[], rest: Branch, leaves: Leaf[][]): void {
  if (value === null) return;
  if (Array.isArray(value)) {
    for (const element of value as readonly JsonValue[]) take(element, ends, rest, leaves);
  } else if (typeof value === 'object') {
    if (rest.size > 0) walk(value as JsonObject, rest, leaves);
  } else
    for (const at of ends) {
      const found = leaves[at];
      if (found === undefined) leaves[at] = [value];
      else found.push(value);
    }
}

function readSpellings(object: JsonObject, spellings: Spellings, leaves: Leaf[]): void {
  let first: Spellings[number] | undefined;
  let others: Spellings[number][] | undefined;
  for (const spelling of spellings) {
    if (!Object.hasOwn(object, spelling.key)) continue;
    if (first === undefined) first = spelling;
    else if (others === undefined) others = [first, spelling];
    else others.push(spelling);
  }
  if (first === undefined) return;
  if (others === undefined) {
    descend(object[first.key]!, first.rest, leaves);
    return;
  }
  const order = Object.keys(object);
  others.sort((one, other) => order.indexOf(one.key) - order.indexOf(other.key));
  for (const { key, rest } of others) descend(object[key]!, rest, leaves);
}

function descend(value: JsonValue, rest: Spellings | null, leaves: Leaf[]): void {
  if (value === null) return;
  if (Array.isArray(value)) {
    for (const element of value as readonly JsonValue[]) descend(element, rest, leaves);
  } else if (typeof value === 'object') {
    if (rest !== null) readSpellings(value as JsonObject, rest, leaves);
  } else if (rest === null) leaves.push(value);
}
