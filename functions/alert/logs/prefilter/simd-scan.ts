/** One form that a byte may have: it equals `value` once the bits of `mask` are set in it. */
export type MaskedByte = { readonly mask: number; readonly value: number };

/** Bytes that occur together: each at its offset, in one of its forms. */
export type Anchor = readonly { readonly offset: number; readonly oneOf: readonly MaskedByte[] }[];

/** Bytes examined in one iteration of the loop, and the farthest that one may look beyond them. */
const TURN = 64;
const FARTHEST = 64;
const PAGE = 64 * 1024;

// The part of WebAssembly used here, which TypeScript declares only for browsers.
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (
    module: object,
  ) => {
    readonly exports: {
      readonly memory: { readonly buffer: ArrayBuffer };
      find(from: number, to: number): number;
    };
  };
};

/**
 * Finds the next position that matches one of several anchors, sixteen bytes at a time: a WebAssembly module generated
 * for these anchors. On full-size events it takes less than half of the time of one regular expression, including a
 * copy of every byte, and creates no garbage.
 */
export class SimdScan {
  readonly #memory: Uint8Array;
  readonly #find: (from: number, to: number) => number;
  readonly #size: number;
  #length = 0;
  #loads = 0;

  /** `size`: bytes of the longest piece. No offset is above 64. */
  constructor(anchors: readonly Anchor[], size: number) {
    const pages = Math.ceil((size + TURN + FARTHEST + 16) / PAGE);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleOf(anchors, pages)));
    this.#memory = new Uint8Array(exports.memory.buffer);
    this.#find = exports.find;
    this.#size = size;
  }

  /** Copies a piece in place of the last, and returns a number that identifies it. */
  load(piece: Uint8Array): number {
    if (piece.length > this.#size)
      throw new RangeError(`a piece of ${piece.length} bytes; at most ${this.#size}`);
    this.#memory.set(piece);
    this.#memory.fill(0, piece.length, piece.length + TURN + FARTHEST + 16);
    this.#length = piece.length;
    return ++this.#loads;
  }

  /** Which piece is loaded. */
  get loaded(): number {
    return this.#loads;
  }

  /** The first position in the piece at or after `from` that matches an anchor; infinity if there is none. */
  next(from: number): number {
    const found = this.#find(from, this.#length);
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  }
}

type Code = readonly number[];

const I32 = 0x7f;
const V128 = 0x7b;
const FROM = 0;
const TO = 1;
const FITTING = 2;
/**
 * The constants of the loop are in locals from here on: as literals V8 recreates them in each iteration (twice the
 * time).
 */
const CONSTANTS = 3;

/** A module that exports its `memory` and `find(from, to)`, which returns -1 if nothing is found. */
function moduleOf(anchors: readonly Anchor[], pages: number): Uint8Array {
  const body = findBody(anchors);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 2, I32, I32, 1, I32]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, ...leb(pages)]),
    ...section(7, [2, ...name('memory'), 2, 0, ...name('find'), 0, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}

/** For each iteration: is there anything in these bytes; if so, in which sixteen, and where. */
function findBody(anchors: readonly Anchor[]): Code {
  const bytes = anchors.flat().flatMap(({ oneOf }) => oneOf.flatMap(({ mask, value }) => [mask, value]));
  const constants = [...new Set(bytes)];
  const constant = (byte: number): Code => get(CONSTANTS + constants.indexOf(byte));
  const fitsAt = (at: number): Code =>
    joined(
      anchors.map(anchor => anchorAt(anchor, at, constant)),
      OR,
    );
  const lanes = Array.from({ length: TURN / 16 }, (_, lane) => lane * 16);
  const found = lanes.flatMap(lane => [
    ...[...fitsAt(lane), ...tee(FITTING), ...ANY_TRUE, ...IF],
    ...[...get(FROM), ...get(FITTING), ...BITMASK, ...COUNT_TRAILING_ZEROS, ...ADD, ...i32(lane), ...ADD],
    ...[...RETURN, ...END],
  ]);
  return [
    ...[1, ...leb(1 + constants.length), V128],
    ...constants.flatMap((byte, index) => [...splat(byte), ...set(CONSTANTS + index)]),
    ...LOOP,
    ...[...get(FROM), ...get(TO), ...NOT_BELOW, ...IF, ...i32(-1), ...RETURN, ...END],
    ...[...joined(lanes.map(fitsAt), OR), ...ANY_TRUE, ...IF, ...found, ...END],
    ...[...get(FROM), ...i32(TURN), ...ADD, ...set(FROM), ...CONTINUE],
    ...[...END, ...UNREACHABLE, ...END],
  ];
}

function anchorAt(anchor: Anchor, at: number, constant: (byte: number) => Code): Code {
  return joined(
    anchor.map(({ offset, oneOf }) =>
      joined(
        oneOf.map(({ mask, value }) => {
          const masked = mask === 0 ? [] : [...constant(mask), ...OR];
          return [...load(at + offset), ...masked, ...constant(value), ...EQUAL];
        }),
        OR,
      ),
    ),
    AND,
  );
}

const LOOP: Code = [0x03, 0x40];
const IF: Code = [0x04, 0x40];
const END: Code = [0x0b];
const CONTINUE: Code = [0x0c, 0];
const RETURN: Code = [0x0f];
const UNREACHABLE: Code = [0x00];
const NOT_BELOW: Code = [0x4f];
const ADD: Code = [0x6a];
const COUNT_TRAILING_ZEROS: Code = [0x68];
const EQUAL = simd(0x23);
const AND = simd(0x4e);
const OR = simd(0x50);
const ANY_TRUE = simd(0x53);
const BITMASK = simd(0x64);

function get(local: number): Code {
  return [0x20, ...leb(local)];
}

function set(local: number): Code {
  return [0x21, ...leb(local)];
}

function tee(local: number): Code {
  return [0x22, ...leb(local)];
}

/** A signed constant of -64 to 127. */
function i32(value: number): Code {
  return value < 64 ? [0x41, value & 0x7f] : [0x41, value | 0x80, 0];
}

function load(offset: number): Code {
  return [...get(FROM), ...simd(0x00), 0, ...leb(offset)];
}

function splat(byte: number): Code {
  return [...simd(0x0c), ...Array<number>(16).fill(byte)];
}

function simd(operation: number): Code {
  return [0xfd, ...leb(operation)];
}

function joined(parts: readonly Code[], by: Code): Code {
  return parts.flatMap((part, index) => (index === 0 ? part : [...part, ...by]));
}

function section(id: number, content: Code): Code {
  return [id, ...leb(content.length), ...content];
}

function name(text: string): Code {
  return [text.length, ...Buffer.from(text)];
}

/** An unsigned number in LEB128. */
function leb(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}
