import type { Fold } from './case-folding.ts';
import { finderOf, lastIndexOf } from './text-search.ts';

/** The text between the first `left` and the next `right`, or the last one if greedy. */
export function between(source: string, left: string, right: string, isGreedy: boolean, fold: Fold): string {
  if (source === '' || left === '' || right === '') return source;
  const whole = fold(source);
  const open = fold(left);
  const close = fold(right);
  const at = finderOf(open)(whole, 0);
  if (at < 0) return '';
  const start = at + open.length;
  const end = isGreedy ? lastIndexOf(whole, close) : finderOf(close)(whole, start);
  return end < start ? '' : source.slice(start, end);
}
