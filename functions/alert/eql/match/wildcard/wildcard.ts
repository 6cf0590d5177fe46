import type { Fold } from '../case-folding.ts';
import { textOfUnits } from '../unit-text.ts';
import { prefixTree, someOf } from './prefix-tree.ts';
import { ANY_UNIT, type Search, searchFor } from './segment-search.ts';
import { unitsFor } from './value-units.ts';
import { type Pattern, readPattern } from './wildcard-pattern.ts';

/** Several patterns tested at once. */
export type PatternSet = {
  /** Whether a value matches one of them as a whole. */
  readonly matches: (value: string) => boolean;
  /** The positions, from 0, of those that it matches. */
  readonly matching: (value: string) => readonly number[];
};

/**
 * Compiles patterns: folded once, split into prefix, inner segments and suffix, and dispatched on their common
 * prefixes, so that a value is tested only by those whose prefix it has.
 */
export function compilePatterns(
  texts: readonly string[],
  fold: Fold,
  read: (text: string) => Pattern = readPattern,
): PatternSet {
  const patterns = texts.map(text => read(fold(text)));
  const units = unitsFor(patterns);
  const matchers = patterns.map(pattern => compilePattern(pattern.map(units.segment)));
  const exact = new Set(matchers.filter(({ isExact }) => isExact).map(({ prefix }) => prefix));
  const tree = prefixTree(matchers.filter(({ isExact }) => !isExact));
  const prepare = (value: string) => units.value(value, fold);
  return {
    matches: value => {
      const prepared = prepare(value);
      return exact.has(prepared) || someOf(tree, prepared, matcher => matcher.matchesRest(prepared));
    },
    matching: value => {
      const prepared = prepare(value);
      return matchers.flatMap((matcher, index) =>
        prepared.startsWith(matcher.prefix) && matcher.matchesRest(prepared) ? [index] : [],
      );
    },
  };
}

type Matcher = {
  /** The literal with which a match begins. */
  readonly prefix: string;
  /** There is no wildcard. */
  readonly isExact: boolean;
  /** Whether a value that begins with the prefix matches. */
  readonly matchesRest: (value: string) => boolean;
};

function compilePattern([first = [], ...others]: readonly (readonly number[])[]): Matcher {
  const wildcardAt = first.indexOf(ANY_UNIT);
  const prefix = textOfUnits(Uint16Array.from(wildcardAt < 0 ? first : first.slice(0, wildcardAt)));
  const last = others.pop();
  if (last === undefined) {
    const isExact = wildcardAt < 0;
    return {
      prefix,
      isExact,
      matchesRest: value => value.length === first.length && (isExact || standsAt(first, value, 0)),
    };
  }
  const inner = others.filter(segment => segment.length > 0).map(searchFor);
  const suffix = last.includes(ANY_UNIT) ? null : textOfUnits(Uint16Array.from(last));
  return {
    prefix,
    isExact: false,
    matchesRest: value => {
      const end = value.length - last.length;
      if (end < first.length) return false;
      if (suffix === null ? !standsAt(last, value, end) : !value.endsWith(suffix)) return false;
      return (wildcardAt < 0 || standsAt(first, value, 0)) && standInOrder(inner, value, first.length, end);
    },
  };
}

/** The leftmost position of each segment leaves the most space for the next. */
function standInOrder(searches: readonly Search[], value: string, start: number, end: number): boolean {
  let at = start;
  for (const search of searches) {
    at = search(value, at);
    if (at < 0 || at > end) return false;
  }
  return true;
}

function standsAt(units: readonly number[], value: string, at: number): boolean {
  for (let index = 0; index < units.length; index++) {
    if (units[index] !== ANY_UNIT && units[index] !== value.charCodeAt(at + index)) return false;
  }
  return true;
}
