/** The position of a piece of the query: offsets in UTF-16 units, start inclusive, end exclusive. */
export type Span = { readonly start: number; readonly end: number };
