import { expect, it } from 'vitest';
import { windowsArguments } from '../../../functions/alert/logs/ecs/windows-arguments.ts';

const rows: readonly (readonly [string, readonly string[]])[] = [
  ['', []],
  ['a  b\tc', ['a', 'b', 'c']],
  ['"a b" c', ['a b', 'c']],
  ['a\\\\b "c\\\\" d', ['a\\\\b', 'c\\', 'd']],
  ['a\\"b "c\\"d"', ['a"b', 'c"d']],
  ['"a""b" c', ['a"b c']],
  ['\\', ['\\']],
  ['""', ['']],
];
it.each(rows)('%j is %j', (line, args) => {
  expect(windowsArguments(line)).toEqual(args);
});
