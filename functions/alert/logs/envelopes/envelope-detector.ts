/**
 * First keys of the objects in which exporters wrap many documents: responses of the search and ES|QL interfaces,
 * Data Prepper's `events`, `Records`, Azure's `records`.
 */
const FIRST_KEYS: ReadonlySet<string> = new Set([
  'took',
  'timed_out',
  '_scroll_id',
  'pit_id',
  'point_in_time_id',
  '_shards',
  '_clusters',
  'hits',
  'aggregations',
  'suggest',
  'profile',
  'num_reduce_phases',
  'terminated_early',
  'status',
  'is_partial',
  'is_running',
  'id',
  'documents_found',
  'values_loaded',
  'columns',
  'events',
  'Records',
  'records',
]);

/** Action lines of `_bulk`: the object's only key. */
const ACTIONS: ReadonlySet<string> = new Set(['index', 'create', 'update', 'delete']);

/** Every key that such an object may have if it is only an envelope. */
export const ENVELOPE_KEYS: ReadonlySet<string> = new Set([
  ...FIRST_KEYS,
  'values',
  'all_columns',
  'completion_time_in_millis',
  'start_time_in_millis',
  'expiration_time_in_millis',
]);

export function isFirstKeyOfEnvelope(key: string): boolean {
  return FIRST_KEYS.has(key) || ACTIONS.has(key);
}

/** Whether any first key of an envelope begins with this letter; most first keys are rejected by it. */
export function isFirstLetterOfEnvelope(letter: string): boolean {
  return [...FIRST_KEYS, ...ACTIONS].some(key => key.startsWith(letter));
}

/** Whether the object there has a first key of an envelope or of an action line. */
export function beginsEnvelope(bytes: Buffer, at: number): boolean {
  let key = at + 1;
  while (key < bytes.length && bytes[key]! <= 32) key++;
  if (bytes[key] !== QUOTE) return false;
  const end = bytes.indexOf(QUOTE, key + 1);
  return end >= 0 && end - key < LONGEST_KEY && isFirstKeyOfEnvelope(bytes.toString('latin1', key + 1, end));
}

const QUOTE = 34;
const LONGEST_KEY = 40;

/** Watches the keys of a top-level object for the array whose elements are records of their own. */
export class EnvelopeDetector {
  #first: string | undefined;
  #outer = '';
  #inner = '';
  #hasColumns = false;
  #isOver = false;

  /** Nothing can be split any longer: keys need not be passed in. */
  get isOver(): boolean {
    return this.#isOver;
  }

  key(depth: number, key: string): void {
    if (depth === 1) {
      if (this.#first === undefined) {
        this.#first = key;
        if (!FIRST_KEYS.has(key)) this.#isOver = true;
      }
      this.#outer = key;
      this.#inner = '';
      if (key === 'columns') this.#hasColumns = true;
    } else this.#inner = key;
  }

  /** Called at the `[` that is the value of the last key at this depth. */
  splits(depth: number): 'hits' | 'rows' | null {
    const kind = this.#kind(depth);
    if (kind !== null) this.#isOver = true;
    return kind;
  }

  #kind(depth: number): 'hits' | 'rows' | null {
    if (depth === 2) return this.#outer === 'hits' && this.#inner === 'hits' ? 'hits' : null;
    if (this.#outer === 'values' && this.#hasColumns) return 'rows';
    return this.#outer === this.#first && ['events', 'Records', 'records'].includes(this.#outer)
      ? 'hits'
      : null;
  }
}
