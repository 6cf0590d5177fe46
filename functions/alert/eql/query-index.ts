import type { JsonObject, ReadField, Scalar } from './document.ts';
import { foldAscii } from './match/case-folding.ts';
import type { Query } from './query.ts';

type Read = (document: JsonObject) => readonly Scalar[];

/** What the values of one field select: rules by whole values, and by four units that occur somewhere in them. */
type FieldIndex = {
  readonly read: Read;
  readonly whole: Map<string, number[]>;
  readonly grams: Map<number, number[]>;
  /** A bit for each of 65,536 classes of `grams`; at most positions of a text, this is enough. */
  bits: Uint32Array | null;
};

/** Queries of one category. */
type Group = { readonly always: number[]; readonly fields: Map<string, FieldIndex> };

/** Set by the detector for documents that lack it, so no document can be selected by it. */
const SUBSTITUTED = 'host.os.type';

/**
 * Which queries could match a document: those of its category for which one of their required values is present. It may
 * include some that do not match, and omits none that does; the cost depends on the fields of the document and
 * not on the number of rules.
 */
export class QueryIndex {
  readonly #categories = new Map<string, { readonly read: Read; readonly groups: Map<string, Group> }>();
  readonly #any: Group = { always: [], fields: new Map() };
  readonly #readField: ReadField;
  readonly #marks: Uint8Array;

  constructor(queries: readonly Query[], readField: ReadField) {
    this.#readField = readField;
    this.#marks = new Uint8Array(queries.length);
    const counts = new Map(EVERYWHERE);
    for (const { requiredValues } of queries)
      for (const required of requiredValues ?? [])
        if ('holds' in required)
          for (const gram of gramsOf(required.holds)) counts.set(gram, (counts.get(gram) ?? 0) + 1);
    queries.forEach((query, rule) => {
      this.#add(query, rule, counts);
    });
  }

  /** Positions of rules in ascending order. */
  candidates(document: JsonObject): readonly number[] {
    const found: number[] = [];
    this.#collect(this.#any, document, found);
    for (const { read, groups } of this.#categories.values())
      for (const value of read(document)) {
        const group = groups.get(String(value));
        if (group !== undefined) this.#collect(group, document, found);
      }
    for (const rule of found) this.#marks[rule] = 0;
    return found.length > 1 ? found.sort((one, other) => one - other) : found;
  }

  #add({ category, requiredValues }: Query, rule: number, counts: Counts): void {
    const group = category === null ? this.#any : this.#groupOf(category);
    if (requiredValues === null || requiredValues.some(({ field }) => field === SUBSTITUTED)) {
      group.always.push(rule);
      return;
    }
    for (const required of requiredValues) {
      const index = fieldIndex(group, required.field, this.#readField);
      if ('is' in required) append(index.whole, required.is, rule);
      else {
        const gram = rarestOf(required.holds, counts);
        append(index.grams, gram, rule);
        index.bits ??= new Uint32Array(2048);
        index.bits[classOf(gram) >>> 5]! |= 1 << (classOf(gram) & 31);
      }
    }
  }

  #groupOf({ field, value }: { readonly field: string; readonly value: string }): Group {
    let category = this.#categories.get(field);
    if (category === undefined) {
      category = { read: this.#readField(field), groups: new Map() };
      this.#categories.set(field, category);
    }
    let group = category.groups.get(value);
    if (group === undefined) {
      group = { always: [], fields: new Map() };
      category.groups.set(value, group);
    }
    return group;
  }

  #collect({ always, fields }: Group, document: JsonObject, found: number[]): void {
    this.#take(always, found);
    for (const { read, whole, grams, bits } of fields.values())
      for (const value of read(document)) {
        const text = typeof value === 'string' ? value : String(value);
        if (whole.size > 0) this.#take(whole.get(foldAscii(text)), found);
        if (bits === null) continue;
        let gram = 0;
        for (let at = 0; at < text.length; at++) {
          gram = (gram << 8) | FOLDED[text.charCodeAt(at) & 0xff]!;
          const bit = classOf(gram);
          if ((bits[bit >>> 5]! & (1 << (bit & 31))) !== 0) this.#take(grams.get(gram), found);
        }
      }
  }

  #take(rules: readonly number[] | undefined, found: number[]): void {
    if (rules === undefined) return;
    for (const rule of rules) {
      if (this.#marks[rule] === 1) continue;
      this.#marks[rule] = 1;
      found.push(rule);
    }
  }
}

/** By the low byte of a unit, in lower case: texts that are equal ASCII case-insensitively have equal grams. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, unit) =>
  unit >= 0x41 && unit <= 0x5a ? unit | 0x20 : unit,
);

function classOf(gram: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> 16;
}

/** The number of patterns that contain a gram. */
type Counts = Map<number, number>;

/** Parts of many paths: a gram of these selects nothing. */
const EVERYWHERE: ReadonlyMap<number, number> = new Map(
  gramsOf([
    'hklm\\software\\microsoft\\windows nt\\currentversion\\ hkey_users\\s-1-5-21-classes\\registry\\machine\\',
    'system\\currentcontrolset001\\services\\control\\ c:\\program files (x86)\\common files\\windows\\system32\\',
    'c:\\users\\appdata\\local\\programdata\\roaming\\temp\\syswow64\\wow6432node\\.exe.dll /usr/bin/lib/local/',
  ]).map(gram => [gram, 1000]),
);

function gramsOf(texts: readonly string[]): number[] {
  return texts.flatMap(text => {
    const grams: number[] = [];
    let gram = 0;
    for (let at = 0; at < text.length; at++) {
      gram = (gram << 8) | FOLDED[text.charCodeAt(at) & 0xff]!;
      if (at >= 3) grams.push(gram);
    }
    return grams;
  });
}

/** The four units that the fewest patterns have, the last of several: paths begin alike. */
function rarestOf(texts: readonly string[], counts: Counts): number {
  return gramsOf(texts).reduce((one, other) => (counts.get(other)! <= counts.get(one)! ? other : one));
}

function fieldIndex({ fields }: Group, field: string, readField: ReadField): FieldIndex {
  let index = fields.get(field);
  if (index === undefined) {
    index = { read: readField(field), whole: new Map(), grams: new Map(), bits: null };
    fields.set(field, index);
  }
  return index;
}

function append<Key>(map: Map<Key, number[]>, key: Key, rule: number): void {
  const rules = map.get(key);
  if (rules === undefined) map.set(key, [rule]);
  else if (!rules.includes(rule)) rules.push(rule);
}
