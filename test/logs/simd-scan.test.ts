import { describe, expect, it } from 'vitest';
import { anchorsOf } from '../../functions/alert/logs/prefilter/literal-anchors.ts';
import {
  escapableUnits,
  literalPattern,
  searchExpression,
} from '../../functions/alert/logs/prefilter/literal-patterns.ts';
import { type Anchor, SimdScan } from '../../functions/alert/logs/prefilter/simd-scan.ts';
import { random, scale, seed } from '../scale.ts';

const PIECES = [
  'a',
  'W',
  'wmiprvse',
  '.exe',
  '\\',
  '\\u',
  '0',
  '00',
  '5',
  '7',
  '}',
  '{',
  '[',
  ' ',
  '\t',
  '\r',
  '\u00e9',
  '\0',
];

function textOf(draw: () => number): Buffer {
  let text = '';
  for (let left = draw() * 120; left > 0; left--) text += PIECES[Math.floor(draw() * PIECES.length)];
  return Buffer.from(text, 'latin1');
}

/** Every place where an anchor fits, byte by byte; what lies beyond the end fits nothing. */
function deploymentOf(anchors: readonly Anchor[], bytes: Buffer): number[] {
  const fits = (anchor: Anchor, at: number): boolean =>
    anchor.every(({ offset, oneOf }) =>
      oneOf.some(({ mask, value }) => ((bytes[at + offset] ?? 0) | mask) === value),
    );
  return [...bytes.keys()].filter(at => anchors.some(anchor => fits(anchor, at)));
}

function anchorsFor(literals: readonly string[]): { anchors: Anchor[]; expression: RegExp } {
  const patterns = literals.map(literal => literalPattern(literal)!);
  const units = escapableUnits(patterns);
  return { anchors: anchorsOf(patterns, units), expression: searchExpression(patterns, units) };
}

const LITERALS = [
  ['wmiprvse.exe'],
  ['a'],
  ['reg', 'wmiprvse.exe', '7z'],
  ['caf\u00e9'],
  ['\u4e2d\u6587.exe'],
  ['\\run\\a"b'],
];

describe('the scan by sixteen bytes', () => {
  for (const literals of LITERALS) {
    it(`finds every anchor of ${JSON.stringify(literals)} and no other place`, () => {
      const { anchors } = anchorsFor(literals);
      const scan = new SimdScan(anchors, 64 * 1024);
      const first = seed();
      for (let run = 0; run < scale(20_000); run++) {
        const bytes = textOf(random(first + run));
        scan.load(bytes);
        const found: number[] = [];
        for (let at = scan.next(0); at < bytes.length; at = scan.next(at + 1)) found.push(at);
        expect(found, `SEED=${first} run ${run}`).toEqual(deploymentOf(anchors, bytes));
      }
    });

    it(`misses nothing that the expression of ${JSON.stringify(literals)} finds`, () => {
      const { anchors, expression } = anchorsFor(literals);
      const scan = new SimdScan(anchors, 64 * 1024);
      const first = seed();
      for (let run = 0; run < scale(20_000); run++) {
        const draw = random(first + run);
        const literal = literals[Math.floor(draw() * literals.length)]!;
        const bytes = Buffer.concat([textOf(draw), Buffer.from(draw() < 0.3 ? literal : ''), textOf(draw)]);
        if (!expression.test(bytes.toString('latin1'))) continue;
        scan.load(bytes);
        expect(scan.next(0), `SEED=${first} run ${run}`).toBeLessThan(bytes.length);
      }
    });
  }

  it('looks at the piece loaded last and at nothing of the one before it', () => {
    const { anchors } = anchorsFor(['wmiprvse.exe']);
    const scan = new SimdScan(anchors, 1024);
    const number = scan.load(Buffer.from(`${' '.repeat(100)}wmiprvse.exe`));
    expect(scan.next(0)).toBeGreaterThanOrEqual(100);
    expect(scan.load(Buffer.from(' '.repeat(90)))).not.toBe(number);
    expect(scan.next(0)).toBe(Number.POSITIVE_INFINITY);
    expect(() => scan.load(Buffer.alloc(1025))).toThrow(RangeError);
  });
});
