import { refuse } from '../../syntax/error.ts';
import type { Ranges } from './code-points.ts';
import type { RegexNode } from './regex-parse.ts';

/** States of the nondeterministic automaton; Lucene's own limit, on the deterministic one, is as large. */
const MOST_STATES = 10_000;

/** Instruction `i`: `sets[i]` is what it reads before `next[i]`; without a set it forks to `next[i]` and `fork[i]`. */
export type Program = {
  readonly sets: readonly (Ranges | null)[];
  readonly next: readonly number[];
  readonly fork: readonly number[];
  readonly accept: number;
  readonly start: number;
};

/** An expression as the instructions of a nondeterministic automaton. */
export function assemble(root: RegexNode): Program {
  const sets: (Ranges | null)[] = [];
  const next: number[] = [];
  const fork: number[] = [];
  let built = 0;
  const emit = (set: Ranges | null, to: number, other = -1): number => {
    if (sets.length >= MOST_STATES) tooLarge();
    sets.push(set);
    next.push(to);
    fork.push(other);
    return sets.length - 1;
  };
  /** Builds a node that continues at `to`, and returns its entry. */
  const build = (node: RegexNode, to: number): number => {
    // Repeats of nothing create no states, and could be nested without end.
    if (++built > 2 * MOST_STATES) tooLarge();
    switch (node.kind) {
      case 'set':
        return emit(node.ranges, to);
      case 'sequence':
        return node.nodes.reduceRight((following, child) => build(child, following), to);
      case 'choice':
        return node.nodes
          .map(child => build(child, to))
          .reduceRight((other, entry) => emit(null, entry, other));
      case 'repeat':
        return buildRepeat(node, to);
      default:
        return node satisfies never;
    }
  };
  const buildRepeat = ({ node, least, most }: Extract<RegexNode, { kind: 'repeat' }>, to: number): number => {
    let entry = to;
    if (most === null) {
      const loop = emit(null, -1, to);
      next[loop] = build(node, loop);
      entry = loop;
    } else {
      for (let count = least; count < most; count++) entry = emit(null, build(node, entry), to);
    }
    for (let count = 0; count < least; count++) entry = build(node, entry);
    return entry;
  };
  const accept = emit(null, -1);
  const start = build(root, accept);
  return { sets, next, fork, accept, start };
}

function tooLarge(): never {
  return refuse(
    'TooLarge',
    { start: 0, end: 0 },
    `the expression is too large: more than ${MOST_STATES} states`,
  );
}
