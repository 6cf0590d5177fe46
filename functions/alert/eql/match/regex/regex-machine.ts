import type { Program } from './regex-program.ts';
import { reads, simulate } from './regex-simulation.ts';

/** Instructions in the states of the deterministic automaton that are kept; beyond, they are forgotten and made anew. */
const MOST_KEPT = 400_000;
/** What a state takes besides its instructions. */
const STATE = 100;
/**
 * A value that asks for so many new steps, and for one in fewer than `SELDOM` code points, goes on without making any:
 * a mebibyte took 10 s of `.*a.{200}`, whose deterministic automaton has 2^200 states.
 */
const FEW = 1_000;
const SELDOM = 10;

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
export class Machine {
  readonly #program: Program;
  readonly #alphabet: Alphabet;
  readonly #start: State;
  readonly #seen: Float64Array;
  readonly #states = new Map<string, State>();
  #round = 0;
  #kept = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#alphabet = alphabetOf(program.sets);
    this.#seen = new Float64Array(program.sets.length);
    this.#start = this.#stateOf([program.start]);
  }

  matches(value: string): boolean {
    let state = this.#start;
    let made = 0;
    for (let at = 0; at < value.length; at++) {
      let point = value.charCodeAt(at);
      if (point >= 0xd800 && point <= 0xdbff) point = value.codePointAt(at)!;
      const letter = this.#alphabet.letterOf(point);
      let next = state.to[letter];
      if (next === undefined) {
        if (++made > FEW && made > at / SELDOM) return simulate(this.#program, state.instructions, value, at);
        next = this.#step(state, letter);
      }
      state = next;
      if (state.instructions.length === 0) return false;
      if (point > 0xffff) at++;
    }
    return state.accepts;
  }

  #forget(): void {
    for (const state of this.#states.values()) state.to.length = 0;
    this.#states.clear();
    this.#kept = 0;
  }

  #step(state: State, letter: number): State {
    const point = this.#alphabet.firsts[letter]!;
    const entries = state.instructions
      .filter(at => reads(this.#program.sets[at]!, point))
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
    if (this.#kept > MOST_KEPT) this.#forget();
    this.#kept += STATE + instructions.length;
    const state: State = { instructions, accepts: instructions.includes(accept), to: [] };
    this.#states.set(key, state);
    return state;
  }
}
