import { LAST_POINT } from '../match/regex/code-points.ts';
import { compileNode } from '../match/regex/regex.ts';
import type { RegexNode } from '../match/regex/regex-parse.ts';

/** Whether a pattern contains an escaped letter: even case-insensitively, Elasticsearch matches that one exactly. */
export function hasEscapedLetter(pattern: string): boolean {
  return /\\[^\0-@[-`{-\x7f]/.test(pattern.replaceAll('\\\\', '  '));
}

/** A Lucene wildcard, case-insensitive except for its escaped characters. */
export function compileEscapedWildcard(
  pattern: string,
  variants: (point: number) => readonly number[],
): (value: string) => boolean {
  const any: RegexNode = { kind: 'set', ranges: [[0, LAST_POINT]] };
  const nodes: RegexNode[] = [];
  const points = [...pattern];
  for (let at = 0; at < points.length; at++) {
    const point = points[at]!;
    if (point === '*') nodes.push({ kind: 'repeat', node: any, least: 0, most: null });
    else if (point === '?') nodes.push(any);
    else if (point === '\\' && at + 1 < points.length) nodes.push(setOf([points[++at]!.codePointAt(0)!]));
    else nodes.push(setOf(variants(point.codePointAt(0)!)));
  }
  return compileNode({ kind: 'sequence', nodes }).matches;
}

function setOf(points: readonly number[]): RegexNode {
  return { kind: 'set', ranges: points.map(point => [point, point] as const) };
}
