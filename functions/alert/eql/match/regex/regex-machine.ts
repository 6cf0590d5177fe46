import { refuse } from '../../syntax/error.ts';
import type { Ranges } from './code-points.ts';
import type { Program } from './regex-program.ts';

/**
 * The work that making a deterministic automaton may take: the instructions of its states, and where each letter leads. Two
 * million take 0.2 s. Lucene has such a bound too (`determinizeWorkLimit`) and gives up earlier, on `.*a.{14}`.
 */
const MOST_WORK = 2_000_000;

/** A deterministic automaton: a value costs one step for each of its code points, whatever the expression. */
export type Automaton = {
  readonly matches: (value: string) => boolean;
  /** Whether it matches every value. */
  readonly isTotal: boolean;
};

/** Code points that no set tells apart are one letter. */
type Alphabet = {
  readonly size: number;
  readonly letterOf: (point: number) => number;
  readonly lettersOf: (set: Ranges) => readonly number[];
};

/** The state that nothing leaves. */
const DEAD = 0;

/** Makes every state of the deterministic automaton; refuses an expression that has too many. */
export function determinize(program: Program): Automaton {
  const { size, letterOf, lettersOf } = alphabetOf(program.sets);
  const letters = program.sets.map(set => (set === null ? [] : lettersOf(set)));
  const reach = closureOf(program);
  const byEntries = new Map<string, number>();
  const byInstructions = new Map<string, number>();
  const open: (readonly number[])[] = [];
  const accepts: boolean[] = [];
  let work = 0;
  const stateOf = (entries: readonly number[]): number => {
    const entriesKey = entries.join();
    const reached = byEntries.get(entriesKey);
    if (reached !== undefined) return reached;
    const instructions = reach(entries);
    work += 2 * instructions.length;
    const key = instructions.join();
    let state = byInstructions.get(key);
    if (state === undefined) {
      state = accepts.push(instructions.includes(program.accept)) - 1;
      byInstructions.set(key, state);
      open.push(instructions);
    }
    byEntries.set(entriesKey, state);
    return state;
  };
  stateOf([]);
  const start = stateOf([program.start]);
  const table: number[] = [];
  // States are numbered as they are found, so that row after row is appended.
  for (let state = 0; state < open.length; state++) {
    const entries: number[][] = Array.from({ length: size }, () => []);
    work += size;
    for (const at of open[state]!) {
      work += letters[at]!.length;
      for (const letter of letters[at]!) entries[letter]!.push(program.next[at]!);
    }
    if (work > MOST_WORK) tooMuchWork();
    for (const entered of entries) table.push(stateOf(entered));
  }
  return automatonOf({ next: Int32Array.from(table), accepts, start, size, letterOf });
}

type Table = {
  /** A row of the next states, one for each letter, for each state. */
  readonly next: Int32Array;
  readonly accepts: readonly boolean[];
  readonly start: number;
  readonly size: number;
  readonly letterOf: Alphabet['letterOf'];
};

/** A function of its own, so that what the table was made of is let go. */
function automatonOf({ next, accepts, start, size, letterOf }: Table): Automaton {
  const isDead = (state: number) => state === DEAD;
  return {
    isTotal:
      accepts.every((isAccepting, state) => isAccepting || isDead(state)) &&
      !next.subarray(size).some(isDead),
    matches: value => {
      let state = start;
      for (let at = 0; at < value.length; at++) {
        let point = value.charCodeAt(at);
        if (point >= 0xd800 && point <= 0xdbff) point = value.codePointAt(at)!;
        state = next[state * size + letterOf(point)]!;
        if (state === DEAD) return false;
        if (point > 0xffff) at++;
      }
      return accepts[state]!;
    },
  };
}

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
  const lettersOf = (set: Ranges) =>
    set.flatMap(([first, last]) => {
      const from = search(first);
      return Array.from({ length: search(last) - from + 1 }, (_, index) => from + index);
    });
  return {
    size: firsts.length,
    letterOf: point => (point < 128 ? ascii[point]! : search(point)),
    lettersOf: set => [...new Set(lettersOf(set))],
  };
}

/** Everything that can be reached without reading, sorted. */
function closureOf({ sets, next, fork, accept }: Program): (entries: readonly number[]) => readonly number[] {
  const seen = new Int32Array(sets.length);
  let round = 0;
  return entries => {
    round++;
    const instructions: number[] = [];
    const open = [...entries];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at < 0 || seen[at] === round) continue;
      seen[at] = round;
      if (at === accept || sets[at] !== null) instructions.push(at);
      else open.push(next[at]!, fork[at]!);
    }
    return instructions.sort((one, other) => one - other);
  };
}

function tooMuchWork(): never {
  return refuse(
    'TooLarge',
    { start: 0, end: 0 },
    'the expression is too large: its automaton has too many states, as after .*a.{20}',
  );
}
