import { refuse } from '../../syntax/error.ts';
import { alphabetOf } from './alphabet.ts';
import { LetterGroups } from './letter-groups.ts';
import type { Program } from './regex-program.ts';

/**
 * Limit on the work of building a deterministic automaton: the instructions of its states, and their transitions. Two
 * million take 0.2 s. Lucene has such a limit too (`determinizeWorkLimit`) and gives up earlier, on `.*a.{14}`.
 */
const MOST_WORK = 2_000_000;

/** A deterministic automaton: a value costs one step for each of its code points, whatever the expression. */
export type Automaton = {
  readonly matches: (value: string) => boolean;
  /** Builds every state now. @throws FaultFound when there are too many */
  readonly complete: () => void;
  /** Whether it matches every value. @throws FaultFound as `complete` */
  readonly isTotal: () => boolean;
};

/** The state without a way out. */
const DEAD = 0;

/** A state whose row is not built yet. */
const NOT_MADE = -1;

/** The automaton of a program. Its states are built when a value first reaches them: few values reach many. */
export function determinize(program: Program): Automaton {
  const { size, letterOf, letters } = alphabetOf(program.sets);
  const reach = closureOf(program);
  const byEntries = new Map<string, number>();
  const byInstructions = new Map<string, number>();
  const states: (readonly number[])[] = [];
  const accepts: boolean[] = [];
  /** A row of the next states, one for each letter, for each state. */
  let next = new Int32Array(0);
  let made = 0;
  let work = 0;
  const stateOf = (entries: readonly number[]): number => {
    const entriesKey = keyOf(entries);
    const reached = byEntries.get(entriesKey);
    if (reached !== undefined) return reached;
    const instructions = reach(entries);
    work += 2 * instructions.length;
    const key = keyOf(instructions);
    let state = byInstructions.get(key);
    if (state === undefined) {
      state = accepts.push(instructions.includes(program.accept)) - 1;
      byInstructions.set(key, state);
      states.push(instructions);
      if (states.length * size > next.length) next = grown(next, states.length * size);
    }
    byEntries.set(entriesKey, state);
    return state;
  };
  const groups = new LetterGroups(size);
  const makeRow = (state: number): void => {
    groups.clear();
    work += size;
    for (const at of states[state]!) {
      work += letters[at]!.length;
      groups.lead(letters[at]!, program.next[at]!);
    }
    const following: number[] = [];
    for (const group of groups.of) following[group] ??= stateOf(groups.entries(group));
    for (let letter = 0; letter < size; letter++)
      next[state * size + letter] = following[groups.of[letter]!]!;
    states[state] = [];
    if (++made < states.length) return;
    // Release what the rows were built from.
    byEntries.clear();
    byInstructions.clear();
  };
  stateOf([]);
  const start = stateOf([program.start]);
  const complete = (): void => {
    for (let state = 0; made < states.length; state++) {
      if (next[state * size] !== NOT_MADE) continue;
      makeRow(state);
      if (work > MOST_WORK) tooMuchWork();
    }
  };
  return {
    complete,
    isTotal: () => {
      complete();
      const isLive = (state: number) => state !== DEAD;
      return (
        accepts.every((isAccepting, state) => isAccepting || !isLive(state)) &&
        next.subarray(size, states.length * size).every(isLive)
      );
    },
    matches: value => {
      let state = start;
      for (let at = 0; at < value.length; at++) {
        let point = value.charCodeAt(at);
        if (point >= 0xd800 && point <= 0xdbff) point = value.codePointAt(at)!;
        const cell = state * size + letterOf(point);
        if (next[cell] === NOT_MADE) makeRow(state);
        state = next[cell]!;
        if (state === DEAD) return false;
        if (point > 0xffff) at++;
      }
      return accepts[state]!;
    },
  };
}

/** Instructions, of which there are at most ten thousand, as a character each: a fifth of the time of writing numbers. */
function keyOf(instructions: readonly number[]): string {
  return String.fromCharCode(...instructions);
}

function grown(table: Int32Array<ArrayBuffer>, least: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(Math.max(least, 2 * table.length)).fill(NOT_MADE, table.length);
  longer.set(table);
  return longer;
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
