/** Bytes of instructions, or of a part of a module. */
export type Code = readonly number[];

/** Types of values. */
export const I32 = 0x7f;
export const V128 = 0x7b;

export const LOOP: Code = [0x03, 0x40];
export const IF: Code = [0x04, 0x40];
export const END: Code = [0x0b];
export const CONTINUE: Code = [0x0c, 0];
export const RETURN: Code = [0x0f];
export const UNREACHABLE: Code = [0x00];
export const NOT_BELOW: Code = [0x4f];
export const ADD: Code = [0x6a];
export const MULTIPLY: Code = [0x6c];
export const AND: Code = [0x71];
export const OR: Code = [0x72];
export const SHIFT_RIGHT: Code = [0x76];
export const COUNT_TRAILING_ZEROS: Code = [0x68];

export const VECTOR_AND = simd(0x4e);
export const VECTOR_OR = simd(0x50);
export const ANY_TRUE = simd(0x53);
export const BITMASK = simd(0x64);
export const NONZERO_LANES: Code = [...simd(0x0c), ...Array<number>(16).fill(0), ...simd(0x24)];
export const SHIFT_RIGHT_PAIRS = simd(0x8d);
/** One instruction on every processor as long as no index is above 15, which for others is left open. */
export const LOOK_UP = simd(0x100);

export function get(local: number): Code {
  return [0x20, ...leb(local)];
}

export function set(local: number): Code {
  return [0x21, ...leb(local)];
}

export function tee(local: number): Code {
  return [0x22, ...leb(local)];
}

/** A constant, signed. */
export function i32(value: number): Code {
  return [0x41, ...signedLeb(value)];
}

/** Loads from the memory with this number at the address on the stack and an offset. */
export function load(how: 'byte' | 'word' | 'vector', memory: number, offset = 0): Code {
  const operation = { byte: [0x2d], word: [0x28], vector: simd(0x00) }[how];
  // The alignment is a hint; bit 6 of it announces the number of a memory.
  return [...operation, ...(memory === 0 ? [0] : [0x40, memory]), ...leb(offset)];
}

export function splat(byte: number): Code {
  return [...simd(0x0c), ...Array<number>(16).fill(byte)];
}

/** Of the two vectors on the stack, one after the other, the sixteen lanes from this one on. */
export function lanesFrom(first: number): Code {
  return [...simd(0x0d), ...Array.from({ length: 16 }, (_, lane) => first + lane)];
}

function simd(operation: number): Code {
  return [0xfd, ...leb(operation)];
}

/** A module that imports memories 0 and 1, at least a page each, and exports functions of `i32`s to `i32`. */
export function moduleOf(
  functions: readonly { readonly name: string; readonly parameters: number; readonly body: Code }[],
): Uint8Array {
  const list = (parts: readonly Code[]): Code => [...leb(parts.length), ...parts.flat()];
  const named = (text: string): Code => [text.length, ...Buffer.from(text)];
  const section = (id: number, parts: readonly Code[]): Code => {
    const content = list(parts);
    return [id, ...leb(content.length), ...content];
  };
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      functions.map(({ parameters }) => [0x60, ...list(Array<Code>(parameters).fill([I32])), 1, I32]),
    ),
    ...section(
      2,
      ['0', '1'].map(memory => [...named('memory'), ...named(memory), 2, 0, 1]),
    ),
    ...section(
      3,
      functions.map((_, index) => [index]),
    ),
    ...section(
      7,
      functions.map(({ name }, index) => [...named(name), 0, index]),
    ),
    ...section(
      10,
      functions.map(({ body }) => [...leb(body.length), ...body]),
    ),
  ]);
}

/** An unsigned number in LEB128. */
function leb(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

function signedLeb(value: number): Code {
  return value >= -64 && value < 64 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signedLeb(value >> 7)];
}
