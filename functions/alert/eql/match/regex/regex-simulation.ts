import type { Ranges } from './code-points.ts';
import type { Program } from './regex-program.ts';

/**
 * Runs the nondeterministic automaton itself over the rest of a value, from the instructions it has reached: at most as
 * many steps for a code point as there are instructions, and nothing is kept.
 */
export function simulate(program: Program, reached: readonly number[], value: string, from: number): boolean {
  const { sets, next, fork, accept } = program;
  const seen = new Int32Array(sets.length).fill(-1);
  const open: number[] = [];
  let active = Int32Array.from({ length: sets.length }, (_, at) => reached[at] ?? 0);
  let following = new Int32Array(sets.length);
  let count = reached.length;
  for (let at = from; at < value.length && count > 0; at++) {
    const point = value.codePointAt(at)!;
    let size = 0;
    for (let index = 0; index < count; index++) {
      const instruction = active[index]!;
      const set = sets[instruction]!;
      if (set === null || !reads(set, point)) continue;
      open.push(next[instruction]!);
      for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
        if (entry < 0 || seen[entry] === at) continue;
        seen[entry] = at;
        if (entry === accept || sets[entry] !== null) following[size++] = entry;
        else open.push(next[entry]!, fork[entry]!);
      }
    }
    [active, following] = [following, active];
    count = size;
    if (point > 0xffff) at++;
  }
  return active.subarray(0, count).includes(accept);
}

/** Whether a set, `null` for none, holds a code point. */
export function reads(set: Ranges | null, point: number): boolean {
  if (set === null) return false;
  for (const [first, last] of set) if (point >= first && point <= last) return true;
  return false;
}
