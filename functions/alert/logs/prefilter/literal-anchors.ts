import type { LiteralPattern } from './literal-patterns.ts';
import type { Anchor, MaskedByte } from './simd-scan.ts';

/** Characters frequent in logs, the most frequent last; unlisted ones are rarer. */
const COMMON = 'jqzxkvwybgpfhmdcul _-0123456789.nsoirtae';

const BYTES_OF_A_LITERAL = 3;
const REACH = 60;

const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Bytes that find a line that may contain a literal, an escape of one of its characters or a second value: they match
 * wherever one of these is, and occasionally elsewhere.
 */
export function anchorsOf(patterns: readonly LiteralPattern[], units: ReadonlySet<number>): Anchor[] {
  return [...patterns.map(({ plain }) => literalAnchor(plain)), escapeAnchor(units), ANOTHER_VALUE];
}

/** Between two values: whitespace, zero bytes, record separators and the bytes of a byte order mark. */
const SEPARATORS: readonly MaskedByte[] = [
  { mask: 0x04, value: 0x0d },
  { mask: 0x04, value: 0xbf },
  ...[0x20, 0x00, 0x1e, 0xef].map(value => ({ mask: 0, value })),
];

/** A closing brace followed by a separator or an opening bracket of either kind, which differ in one bit. */
const ANOTHER_VALUE: Anchor = [
  { offset: 0, oneOf: [exactly('}')] },
  { offset: 1, oneOf: [{ mask: 0x20, value: OPEN_OBJECT }, ...SEPARATORS] },
];

/** Whether a candidate is more than its first bytes: an escape of these units, or really a second value. */
export function hitTest(patterns: readonly LiteralPattern[], units: ReadonlySet<number>): HitTest {
  const mayBeLiteral = patterns.some(({ plain }) => plain.includes('}'));
  return (bytes, at) => {
    if (bytes[at] === BACKSLASH)
      return units.has(Number.parseInt(bytes.toString('latin1', at + 2, at + 6), 16));
    return bytes[at] !== CLOSE_OBJECT || mayBeLiteral || beginsValue(bytes, at + 1, bytes.length);
  };
}

export type HitTest = (bytes: Buffer, at: number) => boolean;

/** Whether the first of these bytes that is not a separator begins an object or array. */
export function beginsValue(bytes: Buffer, from: number, to: number): boolean {
  let at = from;
  while (at < to && isSeparator(bytes[at]!)) at++;
  return at < to && (bytes[at] === OPEN_OBJECT || bytes[at] === OPEN_ARRAY);
}

/** Whether the last of these bytes that is not a separator closes an object; `before` if there is none. */
export function endsObject(bytes: Buffer, from: number, to: number, before: boolean): boolean {
  let at = to - 1;
  while (at >= from && isSeparator(bytes[at]!)) at--;
  return at < from ? before : bytes[at] === CLOSE_OBJECT;
}

function isSeparator(byte: number): boolean {
  return SEPARATORS.some(({ mask, value }) => (byte | mask) === value);
}

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

/** ASCII case-insensitive. */
function folded(character: string): MaskedByte {
  const value = character.charCodeAt(0);
  const isLetter = (value | 0x20) >= 0x61 && (value | 0x20) <= 0x7a;
  return isLetter ? { mask: 0x20, value: value | 0x20 } : { mask: 0, value };
}
