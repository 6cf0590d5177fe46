import { describe, expect, it } from 'vitest';
import { escapableUnits, literalPattern } from '../../functions/alert/logs/prefilter/literal-patterns.ts';
import { Literals, PIECE } from '../../functions/alert/logs/prefilter/literal-search.ts';
import { makeMemory } from '../../functions/alert/logs/web-assembly.ts';
import { random, scale, seed } from '../scale.ts';
import type { Draw } from './layouts.ts';

const STEMS =
  'wmiprvse mshta a reg 7z café 中文 powershell \\run\\ a"b x/y one sc psexec }{ ab }x _- c:\\\\d currentversion'.split(
    ' ',
  );
const BETWEEN = 'a W wmi exe .exe \\ \\u \\u00 0 5 7 }} }{ } { [ , é run \\u0041 \\u003c \\u4e2D \\u20'.split(
  ' ',
);
const BLANKS = [' ', '\t', '\r', '\0', '\x1e', '\ufeff'];

function pick<T>(from: readonly T[], draw: Draw): T {
  return from[Math.floor(draw() * from.length)]!;
}

/** Half of the lists have no short ones, which would be in every line and have every position probed. */
function literalsOf(count: number, draw: Draw): string[] {
  const stems = draw() < 0.5 ? STEMS : STEMS.filter(stem => stem.length > 5 + 3 * draw());
  const ends = [
    '',
    '.exe',
    '.dll',
    '\\',
    ...Array.from({ length: 9 }, () => String(Math.floor(draw() * 1e4))),
  ];
  return Array.from({ length: count }, () => `${pick(stems, draw)}${pick(ends, draw)}`);
}

function lineOf(literals: readonly string[], draw: Draw): string {
  let text = '';
  for (let left = draw() * 40; left > 0; left--)
    text += draw() < 0.2 ? pick(BLANKS, draw) : pick(BETWEEN, draw);
  if (draw() < 0.6) return text;
  const literal = pick(literals, draw);
  const nearly =
    draw() < 0.3 ? literal.slice(1) : draw() < 0.3 ? `${literal.slice(0, 3)}${literal}` : literal;
  const cased = draw() < 0.3 ? nearly.replace(/[a-z]/g, letter => letter.toUpperCase()) : nearly;
  const at = Math.floor(draw() * text.length);
  return `${text.slice(0, at)}${JSON.stringify(cased).slice(1, -1)}${draw() < 0.3 ? '' : text.slice(at)}`;
}

/** Lines in which the expressions of the literals, of escapes, or of a second value are found, each by itself. */
function oracle(literals: readonly string[]): (line: Buffer, orValue: boolean) => boolean {
  const patterns = literals.map(literal => literalPattern(literal)!);
  const digits = [...escapableUnits(patterns)].map(unit => unit.toString(16).padStart(4, '0'));
  const escaped = new RegExp(
    `\\\\u(?:${digits.map(hex => hex.replace(/[a-f]/g, at => `[${at}${at.toUpperCase()}]`)).join('|')})`,
  );
  const sources = patterns.map(({ source }) => new RegExp(source, 'i'));
  return (line, orValue) => {
    const text = line.toString('latin1');
    if (orValue && /\}[ \t\r\0\x1e\xef\xbb\xbf]*[[{]/.test(text)) return true;
    return escaped.test(text) || sources.some(source => source.test(text));
  };
}

/** The bytes in a memory that modules share, with others around them. */
function inMemory(bytes: Buffer, draw: Draw): Buffer {
  const before = Math.floor(draw() * 100);
  const { buffer } = makeMemory(bytes.length + before + 256);
  const all = Buffer.from(buffer).fill('}{wmiprvse.exe\\u0041');
  return Buffer.from(buffer, before, all.subarray(before).write(bytes.toString('latin1'), 'latin1'));
}

describe('the search for literals', () => {
  for (const count of [1, 3, 8, 20, 200])
    it(`finds every line that an expression of ${count} literals finds, and of few literals no other`, () => {
      const first = seed();
      const runs = scale(count > 20 ? 2_000 : 10_000);
      for (let run = 0; run < runs; run++) {
        const draw = random(first + run);
        const list = literalsOf(count, draw);
        const literals = Literals.of(list)!;
        const isDue = oracle(list);
        const lines = Array.from({ length: 1 + draw() * 12 }, () => Buffer.from(`${lineOf(list, draw)}\n`));
        const bytes = Buffer.concat(lines);
        const check = (found: readonly boolean[], due: readonly boolean[]): void =>
          // Of many, so much may nearly fit that the line is decoded instead.
          expect(
            found.map((is, line) => is && (count <= 20 || due[line]!)),
            what,
          ).toEqual(due);
        const what = `SEED=${first} run ${run}`;
        for (const piece of [bytes, inMemory(bytes, draw)]) {
          const search = literals.search(piece);
          const found: boolean[] = [];
          let at = 0;
          for (const line of lines) {
            found.push(search.next(at) < at + line.length);
            at += line.length;
          }
          check(
            found,
            lines.map(line => isDue(line, true)),
          );
        }
        check(
          lines.map(line => literals.mayBeIn(line)),
          lines.map(line => isDue(line, false)),
        );
      }
    }, 600_000);

  it('finds a literal wherever it is, to the last byte, among any number of others', () => {
    for (const count of [0, 7, 300])
      for (const literal of ['7z', 'reg', 'wmiprvse.exe', 'longer-than-most-others.exe']) {
        const others = Array.from({ length: count }, (_, number) => `never-${number}-there`);
        const literals = Literals.of([...others, literal])!;
        for (let at = 0; at < 150; at++) {
          const bytes = Buffer.from(`${'y'.repeat(at)}${literal}`);
          const end = bytes.length;
          expect(literals.mayBeIn(bytes), `${literal} at ${at}`).toBe(true);
          expect(literals.mayBeIn(bytes.subarray(0, end - 1)), `${literal} cut at ${at}`).toBe(false);
          expect(literals.search(Buffer.concat([bytes, bytes])).next(at + 1), literal).toBeLessThan(2 * end);
        }
      }
  });

  it('finds a literal in the line where it is, and not by a word of the next', () => {
    const bytes = Buffer.from('5\\u003c中文5246\nexX9252\n');
    const list = ['currentversion9252', '}x6753', '中文5246', 'sc6753', '}x1245', 'x/y5056'];
    const search = Literals.of(list)!.search(bytes);
    expect(search.next(0)).toBeLessThan(18);
    expect(search.next(18)).toBe(Number.POSITIVE_INFINITY);
  });

  it('compares up to both ends of the bytes', () => {
    for (const literal of ['ab/long', 'long/ab', 'ab\\long', 'long"\\/ab', 'ab\tlong\tab']) {
      const literals = Literals.of([literal])!;
      const isDue = oracle([literal]);
      const text = Buffer.from(JSON.stringify(literal));
      for (let from = 0; from < text.length; from++)
        for (let to = from + 1; to <= text.length; to++) {
          const part = text.subarray(from, to);
          expect(literals.mayBeIn(part), part.toString()).toBe(isDue(part, false));
        }
    }
  });

  it('gives up where too much nearly fits: the line is decoded instead', () => {
    const literals = Literals.of(Array.from({ length: 100 }, (_, number) => `\\uninstall\\${number}\\`))!;
    const rare = Buffer.from(`uninstall${' '.repeat(600)}`.repeat(100));
    expect(literals.search(rare).next(0)).toBe(Number.POSITIVE_INFINITY);
    expect(literals.search(Buffer.from('uninstall '.repeat(100))).next(0)).toBeLessThan(100);
  });

  it('refuses literals that cannot be searched for: every record is decoded', () => {
    for (const literal of ['"', '\\', '\ufffd', 'x'.repeat(6000)])
      expect(Literals.of(['word', literal])).toBeNull();
    expect(Literals.of(['x'.repeat(5000)])!.mayBeIn(Buffer.from('x'.repeat(70_000)))).toBe(true);
  });

  it('searches two pieces in turn, each as if it were alone', () => {
    for (const count of [1, 20]) {
      const literals = Literals.of(Array.from({ length: count }, (_, number) => `word${number}.exe`))!;
      const text = (every: number): Buffer => Buffer.from(`${' '.repeat(every)}word0.exe`.repeat(100));
      const [one, other] = [50, 333].map(every => ({ every, search: literals.search(text(every)), at: 0 }));
      for (let turn = 0; turn < 100; turn++)
        for (const it of [one!, other!]) {
          const found = it.search.next(it.at);
          expect(Math.floor(found / (it.every + 9))).toBe(turn);
          it.at = found - (found % (it.every + 9)) + it.every + 9;
        }
    }
    expect(() =>
      Literals.of(['word'])!
        .search(Buffer.alloc(PIECE + 1))
        .next(0),
    ).toThrow(RangeError);
  });
});
