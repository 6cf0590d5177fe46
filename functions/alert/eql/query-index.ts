import type { JsonObject, ReadFields, Scalar } from './document.ts';
import { type GramCounts, GramIndex, gramCounts, rarestGram } from './gram-index.ts';
import { foldAscii } from './match/case-folding.ts';
import type { Query } from './query.ts';

/** What the values of one field select: rules by whole values, and by four units that occur somewhere in them. */
type FieldIndex = {
  /** Its position among the fields that are read. */
  readonly at: number;
  readonly whole: Map<string, number[]>;
  /** A mark for the length and the last unit of each of those values: most others need neither folding nor a hash. */
  readonly ends: Uint8Array;
  grams: GramIndex | null;
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
  readonly #categories = new Map<string, Map<string, Group>>();
  readonly #any = newGroup();
  /** The position of each field that selects rules. */
  readonly #fields = new Map<string, number>();
  /** The values of all of them, in one walk over the document. */
  readonly #read: ReturnType<ReadFields>;
  readonly #marks: Uint8Array;

  constructor(queries: readonly Query[], readFields: ReadFields) {
    this.#marks = new Uint8Array(queries.length);
    const counts = gramCounts(
      queries.flatMap(({ requiredValues }) =>
        (requiredValues ?? []).flatMap(required => ('holds' in required ? required.holds : [])),
      ),
    );
    queries.forEach((query, rule) => {
      this.#add(query, rule, counts);
    });
    this.#read = readFields([...this.#fields.keys()]);
  }

  /** Positions of rules in ascending order. */
  candidates(document: JsonObject): readonly number[] {
    const found: number[] = [];
    const leaves = this.#read(document);
    this.#collect(this.#any, leaves, found);
    for (const [field, groups] of this.#categories)
      for (const value of leaves[this.#fields.get(field)!] ?? NONE) {
        const group = groups.get(String(value));
        if (group !== undefined) this.#collect(group, leaves, found);
      }
    for (const rule of found) this.#marks[rule] = 0;
    return found.length > 1 ? found.sort((one, other) => one - other) : found;
  }

  #add({ category, requiredValues }: Query, rule: number, counts: GramCounts): void {
    const group = category === null ? this.#any : this.#groupOf(category);
    if (requiredValues === null || requiredValues.some(({ field }) => field === SUBSTITUTED)) {
      group.always.push(rule);
      return;
    }
    for (const required of requiredValues) {
      const index = fieldIndex(group, required.field, this.#positionOf(required.field));
      if ('is' in required) {
        append(index.whole, required.is, rule);
        index.ends[endOf(required.is)] = 1;
      } else {
        index.grams ??= new GramIndex();
        index.grams.add(rarestGram(required.holds, counts), rule);
      }
    }
  }

  #positionOf(field: string): number {
    const position = this.#fields.get(field) ?? this.#fields.size;
    this.#fields.set(field, position);
    return position;
  }

  #groupOf({ field, value }: { readonly field: string; readonly value: string }): Group {
    this.#positionOf(field);
    const groups = this.#categories.get(field) ?? new Map<string, Group>();
    this.#categories.set(field, groups);
    const group = groups.get(value) ?? newGroup();
    groups.set(value, group);
    return group;
  }

  #collect({ always, fields }: Group, leaves: ReturnType<ReturnType<ReadFields>>, found: number[]): void {
    this.#take(always, found);
    for (const { at, whole, ends, grams } of fields.values())
      for (const value of leaves[at] ?? NONE) {
        const text = typeof value === 'string' ? value : String(value);
        if (ends[endOf(text)] === 1) this.#take(whole.get(foldAscii(text)), found);
        grams?.visit(text, rules => this.#take(rules, found));
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

const NONE: readonly Scalar[] = [];

const newGroup = (): Group => ({ always: [], fields: new Map() });

function fieldIndex({ fields }: Group, field: string, at: number): FieldIndex {
  const index = fields.get(field) ?? { at, whole: new Map(), ends: new Uint8Array(ENDS), grams: null };
  fields.set(field, index);
  return index;
}

const ENDS = 2048;

/** The same for texts that are equal ASCII case-insensitively. */
function endOf(text: string): number {
  const { length } = text;
  const last = length === 0 ? 0 : text.charCodeAt(length - 1);
  return ((length << 5) ^ (last | 0x20)) & (ENDS - 1);
}

function append<Key>(map: Map<Key, number[]>, key: Key, rule: number): void {
  const rules = map.get(key);
  if (rules === undefined) map.set(key, [rule]);
  else if (!rules.includes(rule)) rules.push(rule);
}
