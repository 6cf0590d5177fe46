import { asciiVariants, bothCases, complement, type Ranges } from './code-points.ts';
import { type RegexOptions, type RegexReader, wrong } from './regex-reader.ts';

/** Reads `[…]`, whose bracket is next. */
export function readSet(reader: RegexReader): Ranges {
  reader.take('[');
  const isNegated = reader.take('^');
  const ranges: (readonly [number, number])[] = [];
  do ranges.push(...(reader.takeClass() ?? readMember(reader)));
  while (reader.peek() !== undefined && reader.peek() !== ']');
  if (!reader.take(']')) wrong('a [ is never closed');
  return isNegated ? complement(ranges) : ranges;
}

/** A code point, with its other case if case is ignored. */
export function withCase(point: number, { isInsensitive, variants = asciiVariants }: RegexOptions): Ranges {
  return (isInsensitive ? variants(point) : [point]).map(variant => [variant, variant] as const);
}

function readMember(reader: RegexReader): Ranges {
  const first = readPoint(reader);
  if (!reader.take('-')) return withCase(first, reader.options);
  if (reader.peek() === undefined || reader.peek() === ']') wrong('write \\- for a - at the end of a set');
  const last = readPoint(reader);
  if (last < first) wrong('the range ends before it begins');
  // Elasticsearch leaves ranges unchanged, whatever the case; Java folds them.
  return reader.isJava && reader.options.isInsensitive ? bothCases(first, last) : [[first, last]];
}

function readPoint(reader: RegexReader): number {
  const point = reader.peek() ?? wrong('a [ is never closed');
  if (point === '\\') return reader.takeEscaped();
  if (reader.isJava && '[]&^'.includes(point)) wrong(`in a set, write \\${point} for ${point}`);
  return reader.next().codePointAt(0)!;
}
