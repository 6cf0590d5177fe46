import { type Automaton, determinize } from './regex-machine.ts';
import { parseRegex, type RegexNode } from './regex-parse.ts';
import { assemble } from './regex-program.ts';
import type { RegexOptions } from './regex-reader.ts';

/** Expressions whose automata are known to be small enough: to make one takes up to a fifth of a second. */
const small = new Set<string>();
const MOST_KNOWN = 4096;

/**
 * Compiles a regular expression that the whole value has to match; takes one step for each code point.
 * @throws FaultFound if it is malformed or its automaton too large
 */
export function compileRegex(pattern: string, options: RegexOptions): Automaton {
  const key = keyOf(pattern, options);
  const automaton = compileCheckedRegex(pattern, options);
  if (small.has(key)) return automaton;
  automaton.complete();
  if (small.size === MOST_KNOWN) small.clear();
  small.add(key);
  return automaton;
}

/** Checks without compiling what was found small enough before. @throws FaultFound as `compileRegex` */
export function checkRegex(pattern: string, options: RegexOptions): void {
  if (!small.has(keyOf(pattern, options))) compileRegex(pattern, options);
}

function keyOf(pattern: string, { dialect, isInsensitive, variants }: RegexOptions): string {
  return JSON.stringify([pattern, dialect, isInsensitive, variants?.name]);
}

/** The same for an expression that was compiled before and is small enough: no state is built in advance. */
export function compileCheckedRegex(pattern: string, options: RegexOptions): Automaton {
  return determinize(assemble(parseRegex(pattern, options)));
}

/** The same for an expression that was not written down. */
export function compileNode(root: RegexNode): Automaton {
  const automaton = determinize(assemble(root));
  automaton.complete();
  return automaton;
}

/** A text as an expression that matches only that text. */
export function escapeRegex(text: string): string {
  return text.replace(/[^A-Za-z0-9\s]/gu, '\\$&');
}
