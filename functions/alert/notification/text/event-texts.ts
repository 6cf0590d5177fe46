import type { JsonObject, JsonValue } from '../../eql/index.ts';

/** The scalars at a dotted path, whatever mixture of nested and dotted names the document has. */
export function eventTexts(value: JsonValue, path: string): readonly string[] {
  if (value === null) return [];
  if (isList(value)) return value.flatMap(member => eventTexts(member, path));
  if (typeof value !== 'object') return path === '' ? [String(value)] : [];
  if (path === '') return [];
  const document: JsonObject = value;
  const names = path.split('.');
  return names.flatMap((_, at) => {
    const name = names.slice(0, at + 1).join('.');
    return Object.hasOwn(document, name) ? eventTexts(document[name]!, names.slice(at + 1).join('.')) : [];
  });
}

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
