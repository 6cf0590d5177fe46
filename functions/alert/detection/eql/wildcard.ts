import type { Fold } from './case-folding.ts';
import { ANY_UNIT, type Search, searchFor } from './segment-search.ts';
import { ANY, type Pattern } from './wildcard-pattern.ts';

/** Several patterns tested at once. */
export type PatternSet = {
  /** Whether a value matches one of them as a whole. */
  readonly matches: (value: string) => boolean;
  /** The positions, from 0, of those that it matches. */
  readonly matching: (value: string) => readonly number[];
};

/**
 * Compiles patterns: folded once, cut into prefix, inner segments and suffix, and dispatched on the prefixes they
 * share, so that a value is scanned only by those whose beginning it has.
 */
export function compilePatterns(patterns: readonly Pattern[], fold: Fold): PatternSet {
  const hasAny = patterns.some(pattern => pattern.some(segment => segment.includes(ANY)));
  const units = unitsOf(patterns, hasAny);
  const matchers = patterns.map(pattern =>
    compilePattern(pattern.map(segment => units.segment(foldSegment(segment, fold)))),
  );
  const exact = new Set(matchers.filter(({ isExact }) => isExact).map(({ prefix }) => prefix));
  const root = dispatch(
    matchers.filter(({ isExact }) => !isExact),
    0,
  );
  const prepare = (value: string) => units.value(fold(value));
  return {
    matches: value => {
      const prepared = prepare(value);
      return exact.has(prepared) || matchesBelow(root, prepared);
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
  readonly isExact: boolean;
  /** Whether a value that begins with the prefix matches. */
  readonly matchesRest: (value: string) => boolean;
};

function compilePattern(segments: readonly (readonly number[])[]): Matcher {
  const [first = [], ...others] = segments;
  const firstAny = first.indexOf(ANY_UNIT);
  const prefix = text(firstAny < 0 ? first : first.slice(0, firstAny));
  const last = others.pop();
  if (last === undefined) {
    const isExact = firstAny < 0;
    const { length } = first;
    return {
      prefix,
      isExact,
      matchesRest: isExact
        ? value => value.length === length
        : value => value.length === length && standsAt(first, value, 0),
    };
  }
  const inner = others.filter(segment => segment.length > 0).map(searchFor);
  const shortest = segments.reduce((sum, segment) => sum + segment.length, 0);
  const suffix = last.includes(ANY_UNIT) ? null : text(last);
  return {
    prefix,
    isExact: false,
    matchesRest: value => {
      const end = value.length - last.length;
      if (value.length < shortest) return false;
      if (suffix === null ? !standsAt(last, value, end) : !value.endsWith(suffix)) return false;
      if (firstAny >= 0 && !standsAt(first, value, 0)) return false;
      return standInOrder(inner, value, first.length, end);
    },
  };
}

/** The leftmost place of each segment leaves the most room to the next. */
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

type Node = {
  readonly label: string;
  readonly here: readonly Matcher[];
  readonly below: ReadonlyMap<number, Node>;
};

/** A tree over the prefixes, one node for each fork. */
function dispatch(matchers: readonly Matcher[], depth: number, label = ''): Node {
  const groups = new Map<number, Matcher[]>();
  for (const matcher of matchers) {
    if (matcher.prefix.length === depth) continue;
    const unit = matcher.prefix.charCodeAt(depth);
    groups.set(unit, [...(groups.get(unit) ?? []), matcher]);
  }
  const below = new Map<number, Node>();
  for (const [unit, group] of groups) {
    const shared = sharedLength(group.map(({ prefix }) => prefix));
    below.set(unit, dispatch(group, shared, group[0]!.prefix.slice(depth, shared)));
  }
  return { label, here: matchers.filter(({ prefix }) => prefix.length === depth), below };
}

function sharedLength(texts: readonly string[]): number {
  let length = Math.min(...texts.map(text => text.length));
  for (const text of texts) while (!text.startsWith(texts[0]!.slice(0, length))) length--;
  return length;
}

function matchesBelow(root: Node, value: string): boolean {
  let node = root;
  for (let at = 0; ; ) {
    for (const matcher of node.here) if (matcher.matchesRest(value)) return true;
    const next = node.below.get(value.charCodeAt(at));
    if (!next?.label || !value.startsWith(next.label, at)) return false;
    at += next.label.length;
    node = next;
  }
}

function foldSegment(segment: readonly number[], fold: Fold): number[] {
  return segment.map(point => (point === ANY ? ANY : fold(String.fromCodePoint(point)).codePointAt(0)!));
}

type Units = {
  readonly segment: (points: readonly number[]) => number[];
  readonly value: (text: string) => string;
};

/** Half a pair that no pattern holds: what every code point beyond the patterns' own becomes. */
const FOREIGN = 0xdfff;

/**
 * `?` is one code point, also one of two units. Where a pattern has `?`, every pair becomes one unit: those that the
 * patterns name one of their own, every other the same.
 */
function unitsOf(patterns: readonly Pattern[], hasAny: boolean): Units {
  if (!hasAny) {
    return { segment: points => points.flatMap(point => unitsOfPoint(point)), value: text => text };
  }
  const stand = new Map<number, number>();
  void patterns;
  return {
    segment: points =>
      points.map(point => {
        if (point <= 0xffff) return point;
        const unit = stand.get(point) ?? 0xd800 + stand.size;
        stand.set(point, unit);
        return unit;
      }),
    value: text => (/[\ud800-\udfff]/.test(text) ? flatten(text, stand) : text),
  };
}

function unitsOfPoint(point: number): number[] {
  return point === ANY
    ? [ANY_UNIT]
    : [...String.fromCodePoint(point)].flatMap(() => {
        const character = String.fromCodePoint(point);
        return Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
      });
}

const CHUNK = 8192;

function flatten(text: string, stand: ReadonlyMap<number, number>): string {
  let flat = '';
  let units: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const point = text.codePointAt(at)!;
    if (point > 0xffff) at++;
    units.push(
      point > 0xffff ? (stand.get(point) ?? FOREIGN) : point >= 0xd800 && point < 0xe000 ? FOREIGN : point,
    );
    if (units.length === CHUNK) {
      flat += String.fromCharCode(...units);
      units = [];
    }
  }
  return flat + String.fromCharCode(...units);
}

function text(units: readonly number[]): string {
  let result = '';
  for (let from = 0; from < units.length; from += CHUNK)
    result += String.fromCharCode(...units.slice(from, from + CHUNK));
  return result;
}
