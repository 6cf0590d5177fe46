/**
 * KQL as Kibana's grammar has it, as far as a query can go that quotes every value: written from that grammar alone,
 * so that it knows nothing of how our queries are made. Anything else is an error.
 */
export type Kql =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Kql[] }
  | { readonly kind: 'not'; readonly part: Kql }
  | { readonly kind: 'is'; readonly field: string; readonly value: string; readonly quoted: boolean }
  | { readonly kind: 'range'; readonly field: string; readonly operator: string; readonly value: string };

type Document = { readonly [field: string]: string | readonly string[] };

const SPACE = /[ \t\r\n\u00a0]*/y;
const WORD = /(?:(?![ \t\r\n\u00a0]+(?:or|and|not)[ \t\r\n\u00a0])[^\\():<>"*{}\s])+/iy;

export function readKql(text: string): Kql {
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`KQL: ${what} at ${at} in ${text}`);
  };
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found?.[0] ?? null;
  };
  const quoted = (): string | null => {
    if (text[at] !== '"') return null;
    let value = '';
    for (at++; text[at] !== '"'; ) {
      const rest = text.slice(at, at + 6);
      const unicode = /^\\u([0-9a-f]{4})/i.exec(rest);
      const escaped = /^\\([trn\\"])/.exec(rest);
      if (rest === '') fail('a string without end');
      if (unicode) value += String.fromCharCode(Number.parseInt(unicode[1]!, 16));
      else if (escaped) value += { t: '\t', r: '\r', n: '\n' }[escaped[1]!] ?? escaped[1];
      else value += text[at];
      at += unicode ? 6 : escaped ? 2 : 1;
    }
    at++;
    return value;
  };
  const value = (): { value: string; quoted: boolean } => {
    const string = quoted();
    if (string !== null) return { value: string, quoted: true };
    return { value: match(WORD) ?? fail('no value'), quoted: false };
  };
  const list = (field: string): Kql => {
    match(SPACE);
    if (text[at] !== '(') return { kind: 'is', field, ...value() };
    at++;
    const parts: Kql[] = [];
    do parts.push(list(field));
    while (match(/[ \t\r\n\u00a0]+or[ \t\r\n\u00a0]+/iy));
    match(SPACE);
    if (text[at++] !== ')') fail('no ) after a list');
    return parts.length === 1 ? parts[0]! : { kind: 'or', parts };
  };
  const test = (): Kql => {
    if (text[at] === '(') {
      at++;
      match(SPACE);
      const inner = or();
      match(SPACE);
      if (text[at++] !== ')') fail('no )');
      return inner;
    }
    const field = match(WORD) ?? fail('no field');
    match(SPACE);
    const operator = match(/[<>]=?/y);
    if (operator) {
      match(SPACE);
      return { kind: 'range', field, operator, value: value().value };
    }
    if (text[at++] !== ':') fail('no operator');
    return list(field);
  };
  const not = (): Kql => (match(/not[ \t\r\n\u00a0]+/iy) ? { kind: 'not', part: test() } : test());
  const chain = (kind: 'and' | 'or', next: () => Kql): Kql => {
    const separator = new RegExp(`[ \\t\\r\\n\\u00a0]+${kind}[ \\t\\r\\n\\u00a0]+`, 'iy');
    const parts = [next()];
    while (match(separator)) parts.push(next());
    return parts.length === 1 ? parts[0]! : { kind, parts };
  };
  const and = (): Kql => chain('and', not);
  function or(): Kql {
    return chain('or', and);
  }
  match(SPACE);
  const query = or();
  match(SPACE);
  return at === text.length ? query : fail('text that is left over');
}

/** Whether a document, dotted fields to values, is a hit. A field that ends in `.caseless` ignores ASCII case. */
export function isKqlHit(query: Kql, document: Document): boolean {
  switch (query.kind) {
    case 'and':
      return query.parts.every(part => isKqlHit(part, document));
    case 'or':
      return query.parts.some(part => isKqlHit(part, document));
    case 'not':
      return !isKqlHit(query.part, document);
    case 'is':
      return valuesOf(query.field, document).includes(
        query.field.endsWith('.caseless') ? query.value.toLowerCase() : query.value,
      );
    case 'range':
      return valuesOf(query.field, document).some(
        value =>
          ({
            '<': value < query.value,
            '<=': value <= query.value,
            '>': value > query.value,
            '>=': value >= query.value,
          })[query.operator],
      );
  }
}

function valuesOf(field: string, document: Document): readonly string[] {
  const isCaseless = field.endsWith('.caseless');
  const found = document[isCaseless ? field.slice(0, -'.caseless'.length) : field] ?? [];
  const values = typeof found === 'string' ? [found] : found;
  return isCaseless ? values.map(value => value.toLowerCase()) : values;
}

/** Every quoted value, in the order of the query. */
export function kqlStrings(query: Kql): readonly string[] {
  if (query.kind === 'not') return kqlStrings(query.part);
  if ('parts' in query) return query.parts.flatMap(kqlStrings);
  return query.kind === 'is' && !query.quoted ? [] : [query.value];
}
