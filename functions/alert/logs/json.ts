/** A JSON value as the log held it; an integer beyond 2^53 is a `bigint`, so that it stays exact. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;

export type JsonObject = { readonly [key: string]: JsonValue };
