import type { Ranges } from './code-points.ts';
import { refuse } from './error.ts';
import { parseRegex, type RegexNode } from './regex-parse.ts';
import type { RegexOptions } from './regex-reader.ts';

/** States of the nondeterministic automaton; Lucene's own limit, on the deterministic one, is as large. */
const MOST_STATES = 10_000;
/** States of the deterministic automaton that are kept; beyond, they are forgotten and made anew. */
const MOST_KEPT = 2_000;

/** Compiles a regular expression that the whole value has to match; one step for each code point of it. */
export function compileRegex(pattern: string, options: RegexOptions): (value: string) => boolean {
  return compileNode(parseRegex(pattern, options));
}

/** The same for an expression that was not written down. */
export function compileNode(root: RegexNode): (value: string) => boolean {
  const program = assemble(root);
  const machine = new Machine(program, alphabetOf(program.sets));
  return value => machine.matches(value);
}

/** A text as an expression that matches it alone. */
export function escapeRegex(text: string): string {
  return text.replace(/[^A-Za-z0-9\s]/gu, '\\$&');
}

/** Instruction `i`: `sets[i]` is what it reads before `next[i]`; without a set it forks to `next[i]` and `fork[i]`. */
type Program = {
  readonly sets: readonly (Ranges | null)[];
  readonly next: readonly number[];
  readonly fork: readonly number[];
  readonly accept: number;
  readonly start: number;
};

function assemble(root: RegexNode): Program {
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
  /** Builds a node that goes on to `to`, and gives its entry. */
  const build = (node: RegexNode, to: number): number => {
    // Repeats of nothing make no states, and could be nested for ever.
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

/** Code points that no set tells apart are one letter. */
type Alphabet = {
  readonly size: number;
  readonly letterOf: (point: number) => number;
  readonly firsts: readonly number[];
};

function alphabetOf(sets: Program['sets']): Alphabet {
  const edges = new Set([0]);
  for (const ranges of sets) {
    for (const [first, last] of ranges ?? []) {
      edges.add(first);
      edges.add(last + 1);
    }
  }
  const firsts = [...edges].filter(point => point <= 0x10ffff).sort((one, other) => one - other);
  const search = (point: number): number => {
    let low = 0;
    let high = firsts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (firsts[middle]! <= point) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const ascii = Uint32Array.from({ length: 128 }, (_, point) => search(point));
  return { size: firsts.length, firsts, letterOf: point => (point < 128 ? ascii[point]! : search(point)) };
}

type State = {
  readonly instructions: readonly number[];
  readonly accepts: boolean;
  readonly to: (State | undefined)[];
};

/** Makes the states of the deterministic automaton as values ask for them. */
class Machine {
  readonly #program: Program;
  readonly #alphabet: Alphabet;
  readonly #start: State;
  readonly #seen: Float64Array;
  readonly #states = new Map<string, State>();
  #round = 0;

  constructor(program: Program, alphabet: Alphabet) {
    this.#program = program;
    this.#alphabet = alphabet;
    this.#seen = new Float64Array(program.sets.length);
    this.#start = this.#stateOf([program.start]);
  }

  matches(value: string): boolean {
    let state = this.#start;
    for (let at = 0; at < value.length; at++) {
      let point = value.charCodeAt(at);
      if (point >= 0xd800 && point <= 0xdbff) {
        point = value.codePointAt(at)!;
        if (point > 0xffff) at++;
      }
      const letter = this.#alphabet.letterOf(point);
      state = state.to[letter] ?? this.#step(state, letter);
      if (state.instructions.length === 0) return false;
    }
    return state.accepts;
  }

  #forget(): void {
    for (const state of this.#states.values()) state.to.length = 0;
    this.#states.clear();
  }

  #step(state: State, letter: number): State {
    const point = this.#alphabet.firsts[letter]!;
    const entries = state.instructions
      .filter(at => this.#program.sets[at]?.some(([first, last]) => point >= first && point <= last))
      .map(at => this.#program.next[at]!);
    const next = this.#stateOf(entries);
    state.to[letter] = next;
    return next;
  }

  /** The state of everything that can be reached without reading. */
  #stateOf(entries: readonly number[]): State {
    const { sets, next, fork, accept } = this.#program;
    const round = ++this.#round;
    const instructions: number[] = [];
    const open = [...entries];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at < 0 || this.#seen[at] === round) continue;
      this.#seen[at] = round;
      if (at === accept || sets[at] !== null) instructions.push(at);
      else open.push(next[at]!, fork[at]!);
    }
    instructions.sort((one, other) => one - other);
    const key = instructions.join();
    const known = this.#states.get(key);
    if (known) return known;
    if (this.#states.size >= MOST_KEPT) this.#forget();
    const state: State = { instructions, accepts: instructions.includes(accept), to: [] };
    this.#states.set(key, state);
    return state;
  }
}
