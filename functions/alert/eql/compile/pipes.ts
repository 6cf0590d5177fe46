import type { JsonObject, ReadField } from '../document.ts';
import { timestampMs } from '../match/timestamp.ts';
import type { PipeNode } from '../syntax/ast.ts';
import { refuse } from '../syntax/error.ts';
import { constantOf } from './constant.ts';

/** `head n` keeps the earliest by time, `tail n` the latest. */
export type Pipe = { readonly name: 'head' | 'tail'; readonly count: number };

const OTHER_PIPES: ReadonlySet<string> = new Set(['count', 'unique', 'unique_count', 'filter', 'sort']);

/** Checks one pipe of a query. */
export function compilePipe({ name, args, span }: PipeNode, isAllowed: boolean): Pipe {
  if (OTHER_PIPES.has(name))
    return refuse('Unsupported', span, `Elasticsearch does not support | ${name}; use head or tail`);
  if (name !== 'head' && name !== 'tail') return refuse('Syntax', span, 'no such pipe; use head or tail');
  if (!isAllowed) refuse('Unsupported', span, 'a rule evaluates each event by itself and cannot have pipes');
  const [arg] = args;
  const count = arg && args.length === 1 ? constantOf(arg) : undefined;
  const isCount = typeof count === 'number' && count >= 0;
  return isCount
    ? { name, count }
    : refuse('Type', span, `${name} takes one integer, 0 or more: | ${name} 10`);
}

/**
 * Applies pipes to documents, keeping their input order. Equal times are in input order; a document
 * without a time comes last, as Elasticsearch sorts it.
 */
export function throughPipes(
  documents: readonly JsonObject[],
  pipes: readonly Pipe[],
  readTime: ReturnType<ReadField>,
): readonly JsonObject[] {
  const timed = documents.map((document, order) => ({
    document,
    order,
    time: timestampMs(readTime(document)[0]) ?? Number.MAX_VALUE,
  }));
  let kept = timed.toSorted((a, b) => a.time - b.time || a.order - b.order);
  for (const { name, count } of pipes)
    kept = name === 'head' ? kept.slice(0, count) : kept.slice(Math.max(0, kept.length - count));
  return kept.toSorted((a, b) => a.order - b.order).map(({ document }) => document);
}
