import { foldAscii, foldUnicode } from '../../functions/alert/eql/match/case-folding.ts';
import { compilePatterns } from '../../functions/alert/eql/match/wildcard/wildcard.ts';

/**
 * Milliseconds of one test of hostile patterns on hostile values of 32 KiB and 1 MiB, the slower of both foldings:
 * `node test/bench/wildcard.ts`. The bars are 2 ms and 50 ms.
 */
const BARS: readonly (readonly [size: number, bar: number])[] = [
  [32 * 1024, 2],
  [1024 * 1024, 50],
];

const many = (text: string, times: number) => text.repeat(times);

const PATTERNS: readonly (readonly [name: string, patterns: readonly string[]])[] = [
  ['a location of the rule', ['HKLM\\SYSTEM\\*ControlSet*\\Services\\*\\ServiceDLL']],
  ['40 stars', [`${many('*a', 40)}b`]],
  ['alternating stars and marks', [`*${many('?*', 40)}b`]],
  ['marks inside, 31 units', [`*${many('a?', 15)}b*`]],
  ['marks inside, 255 units', [`*${many('a?', 127)}b*`]],
  ['one letter 1,000 times', [`*b${many('a', 1000)}*`]],
  ['one letter 100 times', [`*b${many('a', 100)}*`]],
  ['halves that nearly fit', [`*${many('a', 500)}b${many('a', 500)}*`]],
  ['period of two, 300 units', [`*${many('ab', 150)}b*`]],
  ['an accent', ['*É*é?z']],
  ['an emoji and a mark', ['*😀?😁*z']],
  ['48 of one prefix', Array.from({ length: 48 }, (_, at) => `aaaa*b${at}*c?d`)],
  ['4 without a prefix', Array.from({ length: 4 }, (_, at) => `*b${at}*`)],
];

const VALUES: readonly (readonly [name: string, piece: string])[] = [
  ['a', 'a'],
  ['aA', 'aA'],
  ['ab', 'ab'],
  ['ControlSet', 'ControlSet\\Services\\'],
  ['É', 'É'],
  ['aÉ', 'AÉ'],
  ['emoji', '😀'],
  ['emoji and a', '😀a'],
  ['Deseret', '𐐀'],
  ['halves of pairs', '\ud83da'],
];

let isSlow = false;
for (const [size, bar] of BARS) {
  for (const [name, patterns] of PATTERNS) {
    const cells = VALUES.map(([valueName, piece]) => {
      const head = name.startsWith('a location') ? 'HKLM\\SYSTEM\\' : '';
      // As a log gives it: one flat text, no rope.
      const value = JSON.parse(
        JSON.stringify(head + many(piece, Math.ceil(size / piece.length)).slice(0, size)),
      );
      const ms = Math.max(...[foldAscii, foldUnicode].map(fold => timeOf(patterns, value, fold)));
      if (ms > bar) isSlow = true;
      return `${valueName} ${ms.toFixed(2)}${ms > bar ? ' OVER' : ''}`;
    });
    console.log(`${String(size / 1024).padStart(5)} KiB  ${name.padEnd(28)} ${cells.join('  ')}`);
  }
}
process.exitCode = isSlow ? 1 : 0;

/** The best of five, the first of which compiles. */
function timeOf(patterns: readonly string[], value: string, fold: (text: string) => string): number {
  const set = compilePatterns(patterns, fold);
  const times = Array.from({ length: 5 }, () => {
    const start = process.cpuUsage();
    set.matches(value);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}
