import type { LiteralPattern } from './literal-patterns.ts';
import type { Anchor, MaskedByte } from './simd-scan.ts';

/** What logs are full of comes last; what is not listed is rarer. */
const COMMON = 'jqzxkvwybgpfhmdcul _-0123456789.nsoirtae';

const BYTES_OF_A_LITERAL = 3;
const REACH = 60;

/**
 * Bytes by which a line is found that may hold a literal, an escape of one of its characters or a second value. They
 * fit wherever `searchExpression` matches, and now and then elsewhere.
 */
export function anchorsOf(patterns: readonly LiteralPattern[], units: ReadonlySet<number>): Anchor[] {
  return [...patterns.map(({ plain }) => literalAnchor(plain)), escapeAnchor(units), ANOTHER_VALUE];
}

const BLANK_BUT_SPACE: MaskedByte = { mask: 0x04, value: 0x0d };

/** A closing brace, and behind it a blank or an opening bracket of either kind, which differ in one bit. */
const ANOTHER_VALUE: Anchor = [
  { offset: 0, oneOf: [exactly('}')] },
  { offset: 1, oneOf: [{ mask: 0x20, value: 0x7b }, BLANK_BUT_SPACE, exactly(' ')] },
];

function literalAnchor(plain: string): Anchor {
  const rarest = [...plain.slice(0, REACH)]
    .map((character, offset) => ({ character, offset }))
    .sort((one, other) => COMMON.indexOf(one.character) - COMMON.indexOf(other.character))
    .slice(0, BYTES_OF_A_LITERAL);
  const first = Math.min(...rarest.map(({ offset }) => offset));
  return rarest.map(({ character, offset }) => ({ offset: offset - first, oneOf: [folded(character)] }));
}

/** `\u` and the hexadecimal digits with which the escapes of all units begin. */
function escapeAnchor(units: ReadonlySet<number>): Anchor {
  const escapes = [...units].map(unit => unit.toString(16).padStart(4, '0'));
  const digits = escapes.reduce((common, digits) => {
    let length = 0;
    while (length < common.length && common[length] === digits[length]) length++;
    return common.slice(0, length);
  });
  return [...'\\u', ...digits].map((character, offset) => ({
    offset,
    oneOf: [offset < 2 ? exactly(character) : folded(character)],
  }));
}

function exactly(character: string): MaskedByte {
  return { mask: 0, value: character.charCodeAt(0) };
}

/** ASCII case aside. */
function folded(character: string): MaskedByte {
  const value = character.charCodeAt(0);
  const isLetter = (value | 0x20) >= 0x61 && (value | 0x20) <= 0x7a;
  return isLetter ? { mask: 0x20, value: value | 0x20 } : { mask: 0, value };
}
