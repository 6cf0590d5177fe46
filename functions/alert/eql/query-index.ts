import type { JsonObject, ReadFields, Scalar } from './document.ts';
import { type GramCounts, GramIndex, gramCounts, rarestGram } from './gram-index.ts';
import { foldAscii } from './match/case-folding.ts';
import type { Query } from './query.ts';

/** What the values of one field select: rules by whole values, and by four units that occur somewhere in them. */
type FieldIndex = {
  readonly whole: Map<string, number[]>;
  /** The length of the longest of those values; folding changes no length. */
  longest: number;
  grams: GramIndex | null;
};

/** Queries of one category. */
type Group = {
  readonly always: number[];
  readonly fields: Map<string, FieldIndex>;
  /** Of all fields in one walk over the document; made when every rule is in the group. */
  read: ReturnType<ReadFields> | null;
};

/** Set by the detector for documents that lack it, so no document can be selected by it. */
const SUBSTITUTED = 'host.os.type';

/**
 * Which queries could match a document: those of its category for which one of their required values is present. It may
 * include some that do not match, and omits none that does; the cost depends on the fields of the document and
 * not on the number of rules.
 */
export class QueryIndex {
  readonly #categories = new Map<
    string,
    { readonly read: ReturnType<ReadFields>; readonly groups: Map<string, Group> }
  >();
  readonly #any: Group = { always: [], fields: new Map(), read: null };
  readonly #readFields: ReadFields;
  readonly #marks: Uint8Array;

  constructor(queries: readonly Query[], readFields: ReadFields) {
    this.#readFields = readFields;
    this.#marks = new Uint8Array(queries.length);
    const counts = gramCounts(
      queries.flatMap(({ requiredValues }) =>
        (requiredValues ?? []).flatMap(required => ('holds' in required ? required.holds : [])),
      ),
    );
    queries.forEach((query, rule) => {
      this.#add(query, rule, counts);
    });
  }

  /** Positions of rules in ascending order. */
  candidates(document: JsonObject): readonly number[] {
    const found: number[] = [];
    this.#collect(this.#any, document, found);
    for (const { read, groups } of this.#categories.values())
      for (const value of read(document)[0] ?? NONE) {
        const group = groups.get(String(value));
        if (group !== undefined) this.#collect(group, document, found);
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
      const index = fieldIndex(group, required.field);
      if ('is' in required) {
        append(index.whole, required.is, rule);
        index.longest = Math.max(index.longest, required.is.length);
      } else {
        index.grams ??= new GramIndex();
        index.grams.add(rarestGram(required.holds, counts), rule);
      }
    }
  }

  #groupOf({ field, value }: { readonly field: string; readonly value: string }): Group {
    let category = this.#categories.get(field);
    if (category === undefined) {
      category = { read: this.#readFields([field]), groups: new Map() };
      this.#categories.set(field, category);
    }
    let group = category.groups.get(value);
    if (group === undefined) {
      group = { always: [], fields: new Map(), read: null };
      category.groups.set(value, group);
    }
    return group;
  }

  #collect(group: Group, document: JsonObject, found: number[]): void {
    const { always, fields } = group;
    this.#take(always, found);
    if (fields.size === 0) return;
    group.read ??= this.#readFields([...fields.keys()]);
    const leaves = group.read(document);
    let at = 0;
    for (const { whole, longest, grams } of fields.values())
      for (const value of leaves[at++] ?? NONE) {
        const text = typeof value === 'string' ? value : String(value);
        if (text.length <= longest) this.#take(whole.get(foldAscii(text)), found);
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

function fieldIndex({ fields }: Group, field: string): FieldIndex {
  let index = fields.get(field);
  if (index === undefined) {
    index = { whole: new Map(), longest: -1, grams: null };
    fields.set(field, index);
  }
  return index;
}

function append<Key>(map: Map<Key, number[]>, key: Key, rule: number): void {
  const rules = map.get(key);
  if (rules === undefined) map.set(key, [rule]);
  else if (!rules.includes(rule)) rules.push(rule);
}
