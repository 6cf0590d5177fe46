/** A JSON value as in the log; an integer beyond 2^53 is a `bigint`, so that it stays exact. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;

export type JsonObject = { readonly [key: string]: JsonValue };

/** What a condition can compare: a leaf of the document that is not null. */
export type Scalar = boolean | number | bigint | string;

/**
 * Compiles a dotted path once; the reader returns every non-null leaf below it in document order, from nested
 * and dotted spellings alike, arrays flattened. No leaf: an empty array. Implemented in `logs/decoding/read-field.ts`.
 */
export type ReadField = (path: string) => (document: JsonObject) => readonly Scalar[];

/** The same for several paths at once: by the position of each path its leaves, or nothing if it has none. */
export type ReadFields = (
  paths: readonly string[],
) => (document: JsonObject) => readonly (readonly Scalar[] | undefined)[];
