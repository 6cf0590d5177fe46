import type { JsonObject, ReadField, Scalar } from '../eql/index.ts';
import { timestampMs } from '../eql/index.ts';
import type { Evidence } from './alert.ts';

/** Hex SHA-256 of UTF-8 text or bytes; passed in, since hashing depends on the platform. */
export type Sha256 = (data: string | Uint8Array) => string;

/** Fields that distinguish two events whatever exported them, in fixed order; the fields the query reads are added. */
const IDENTIFYING = [
  '@timestamp',
  'host.id',
  'host.name',
  'agent.id',
  'event.id',
  'event.sequence',
  'process.entity_id',
  'Effective_process.entity_id',
  'registry.data.type',
  'registry.data.strings',
  'registry.data.bytes',
];

/** The evidence is requested only in scope `object`: it hashes the record. */
export type Identify = (document: JsonObject, evidence: () => Evidence) => string;

/**
 * Compiles the identity of a rule's alerts: a hash over its id and the event's identifying fields, each value
 * preceded by its length, so that no two lists of values collide. Dotted equals nested, a scalar equals a
 * list of one, an absent field is written as absent. No clock and no rule version; scope `object` adds the location.
 */
export function identifyBy(
  ruleId: string,
  queryFields: readonly string[],
  scope: 'event' | 'object',
  { readField, sha256 }: { readonly readField: ReadField; readonly sha256: Sha256 },
): Identify {
  const names = [...new Set([...IDENTIFYING, ...queryFields])];
  const readers = names.map(name => ({ name, read: readField(name) }));
  return (document, evidence) => {
    const parts = ['registry-alert 1', ruleId];
    for (const { name, read } of readers) {
      const values = read(document);
      parts.push(name, String(values.length));
      for (const value of values) parts.push(name === '@timestamp' ? toMillisecond(value) : String(value));
    }
    if (scope === 'object') {
      const { bucket, key, versionId, etag } = evidence();
      parts.push(bucket ?? '', key, versionId ?? etag ?? '');
    }
    return hashOf(sha256, parts);
  };
}

/** What was written to a key, in full however long: a decoy must not share it with the value it imitates. */
const WRITTEN = ['registry.path', 'registry.data.type', 'registry.data.strings', 'registry.data.bytes'];

/** Compiles a hash over what was written and where; two writes with the same hash are the same write, at any time. */
export function hashWrittenBy({
  readField,
  sha256,
}: {
  readonly readField: ReadField;
  readonly sha256: Sha256;
}): (document: JsonObject) => string {
  const readers = WRITTEN.map(readField);
  return document =>
    hashOf(
      sha256,
      readers.flatMap(read => {
        const values = read(document);
        return [String(values.length), ...values.map(String)];
      }),
    );
}

/**
 * In UTF-8 all unpaired surrogates are the same character, so text with one is hashed by its escapes, under a separate
 * mark.
 */
function hashOf(sha256: Sha256, parts: readonly string[]): string {
  return sha256(
    parts.map(part => (part.isWellFormed() ? framed(part, ':') : framed(JSON.stringify(part), '!'))).join(''),
  );
}

const framed = (text: string, form: ':' | '!'): string => `${text.length}${form}${text}`;

/** Exporters write the same time with three to nine fraction digits, as `Z` or `+00:00`, or as epoch milliseconds. */
function toMillisecond(value: Scalar): string {
  return String(timestampMs(value) ?? value);
}

/**
 * The ids of one object, 128 bits of each, in a table that grows to 32 MiB (1.5 million ids) and then takes no more:
 * memory stays bounded, and ids that are not remembered are distinguished by their receipts.
 */
export class DistinctIds {
  #table = new Uint32Array(4 * 1024);
  #used = 0;

  /** True the first time an id (hex, at least 32 characters) is given. */
  add(id: string): boolean {
    if (this.#used * 4 * 4 > this.#table.length * 3 && this.#table.length < 8 * 1024 * 1024) this.#grow();
    const words = wordsOf(id);
    const slot = this.#find(words);
    if (slot < 0) return true;
    if (this.#isTaken(slot)) return false;
    this.#table.set(words, slot);
    this.#used++;
    return true;
  }

  has(id: string): boolean {
    const slot = this.#find(wordsOf(id));
    return slot >= 0 && this.#isTaken(slot);
  }

  #isTaken(slot: number): boolean {
    return this.#table.subarray(slot, slot + 4).some(word => word !== 0);
  }

  /** The slot that holds the words, or an empty one; -1 if the table is full and does not hold them. */
  #find(words: readonly number[]): number {
    const table = this.#table;
    const slots = table.length / 4;
    for (let step = 0, slot = words[0]! % slots; step < slots; step++, slot = (slot + 1) % slots) {
      const at = slot * 4;
      const isEmpty = !(table[at] || table[at + 1] || table[at + 2] || table[at + 3]);
      if (isEmpty) return this.#used * 16 < table.length * 3.8 ? at : -1;
      if (words.every((word, index) => table[at + index] === word)) return at;
    }
    return -1;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 4) {
      const words = Array.from(old.subarray(at, at + 4));
      if (words.some(word => word !== 0)) this.#table.set(words, this.#find(words));
    }
  }
}

const wordsOf = (id: string): number[] => [0, 8, 16, 24].map(at => Number.parseInt(id.slice(at, at + 8), 16));
