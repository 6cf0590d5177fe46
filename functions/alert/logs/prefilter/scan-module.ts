import type { Code } from './wasm-assembler.ts';
import * as wasm from './wasm-assembler.ts';

/** Bytes examined in one iteration, and how far beyond the end of what is scanned a scan may read. */
const TURN = 64;
export const READ_BEYOND = 256;

/** Consecutive bytes that are looked up. */
export const WIDTH = 3;

/** In the second memory: the tables of nibbles, then two of bits, each for another hash of a word. */
export type BitTable = { readonly at: number; readonly bits: number; readonly multiplier: number };
export const FIRST: BitTable = { at: 1024, bits: 18, multiplier: 0x9e3779b1 | 0 };
export const SECOND: BitTable = { at: 1024 + 2 ** 15, bits: 17, multiplier: 0x85ebca6b | 0 };

/** Set in each byte of a word before it is hashed: folds ASCII, and a few signs into others. */
export const FOLD = 0x20202020;

export type ScanExports = {
  find(from: number, to: number): number;
  probe(from: number, to: number, step: number): number;
};

/**
 * A module with two scans of its first memory by tables in its second; each returns the first position from `from` on,
 * or -1 if there is none before `to`; perhaps one a little beyond.
 *
 * `find`, after Teddy (of Hyperscan): a table for each of three consecutive bytes and each half of one gives the buckets,
 * of eight, that have such a byte there; a position with a bucket common to all six is found.
 *
 * `probe` examines the words of four bytes at every `step`th position: are the bits of its hashes set?
 */
export function scanModule(): Uint8Array {
  return wasm.moduleOf([
    { name: 'find', parameters: 2, body: findBody() },
    { name: 'probe', parameters: 3, body: probeBody() },
  ]);
}

const FROM = 0;
const TO = 1;

/** Constants are in locals: as literals V8 recreates them in each iteration (twice the time). */
function findBody(): Code {
  const names = 'mask before0 before1 now0 now1 nibble lane0 lane1 lane2 lane3'.split(' ');
  const local = (name: string): number => 2 + 2 * WIDTH + names.indexOf(name);
  const table = (byte: number, half: number): number => 2 + 2 * byte + half;
  const vectors = 2 * WIDTH + names.length;
  const { get, set, tee } = wasm;
  /** The buckets of sixteen bytes, as byte number `byte` of three. */
  const buckets = (byte: number, low: Code, high: Code): Code => [
    ...[...get(table(byte, 0)), ...low, ...wasm.LOOK_UP],
    ...[...get(table(byte, 1)), ...high, ...wasm.LOOK_UP, ...wasm.VECTOR_AND],
  ];
  const lanes = Array.from({ length: TURN / 16 }, (_, lane) => lane);
  const examine = lanes.flatMap(lane => [
    ...[...get(FROM), ...wasm.load('vector', 0, lane * 16), ...tee(local('nibble'))],
    ...[...get(local('mask')), ...wasm.VECTOR_AND, ...set(local(`lane${lane}`))],
    ...[...get(local('nibble')), ...wasm.i32(4), ...wasm.SHIFT_RIGHT_PAIRS],
    ...[...get(local('mask')), ...wasm.VECTOR_AND, ...set(local('nibble'))],
    ...[...buckets(0, get(local(`lane${lane}`)), get(local('nibble'))), ...set(local('now0'))],
    ...[...buckets(1, get(local(`lane${lane}`)), get(local('nibble'))), ...set(local('now1'))],
    ...[...get(local('before0')), ...get(local('now0')), ...wasm.lanesFrom(14)],
    ...[...get(local('before1')), ...get(local('now1')), ...wasm.lanesFrom(15), ...wasm.VECTOR_AND],
    ...buckets(2, get(local(`lane${lane}`)), get(local('nibble'))),
    ...[...wasm.VECTOR_AND, ...set(local(`lane${lane}`))],
    ...[...get(local('now0')), ...set(local('before0')), ...get(local('now1')), ...set(local('before1'))],
  ]);
  // A position is found at its last byte.
  const found = lanes.flatMap(lane => [
    ...[...get(local(`lane${lane}`)), ...wasm.ANY_TRUE, ...wasm.IF],
    ...[...get(FROM), ...get(local(`lane${lane}`)), ...wasm.NONZERO_LANES, ...wasm.BITMASK],
    ...[...wasm.COUNT_TRAILING_ZEROS, ...wasm.ADD, ...wasm.i32(lane * 16 - WIDTH + 1), ...wasm.ADD],
    ...[...wasm.RETURN, ...wasm.END],
  ]);
  return [
    ...[1, vectors, wasm.V128],
    ...[...get(TO), ...wasm.i32(WIDTH - 1), ...wasm.ADD, ...set(TO)],
    ...[...wasm.splat(0x0f), ...set(local('mask'))],
    ...Array.from({ length: 2 * WIDTH }, (_, index) => [
      ...[...wasm.i32(0), ...wasm.load('vector', 1, index * 16), ...set(2 + index)],
    ]).flat(),
    ...wasm.LOOP,
    ...[
      ...get(FROM),
      ...get(TO),
      ...wasm.NOT_BELOW,
      ...wasm.IF,
      ...wasm.i32(-1),
      ...wasm.RETURN,
      ...wasm.END,
    ],
    ...examine,
    ...lanes.flatMap(lane => [...get(local(`lane${lane}`)), ...(lane > 0 ? wasm.VECTOR_OR : [])]),
    ...[...wasm.ANY_TRUE, ...wasm.IF, ...found, ...wasm.END],
    ...[...get(FROM), ...wasm.i32(TURN), ...wasm.ADD, ...set(FROM), ...wasm.CONTINUE],
    ...[...wasm.END, ...wasm.UNREACHABLE, ...wasm.END],
  ];
}

const PROBES = 4;

function probeBody(): Code {
  const { get, set, tee } = wasm;
  const [step, at, hash] = [2, 3, 4];
  const [advance, isSet] = [
    [...get(at), ...get(step), ...wasm.ADD, ...set(at)],
    [...wasm.i32(1), ...wasm.AND, ...wasm.IF],
  ];
  /** The byte with the bit of the word at `at`, shifted so that the bit is the lowest. */
  const bit = (table: BitTable): Code => [
    ...[...get(at), ...wasm.load('word', 0), ...wasm.i32(FOLD), ...wasm.OR],
    ...[...wasm.i32(table.multiplier), ...wasm.MULTIPLY, ...tee(hash)],
    ...[...wasm.i32(32 - table.bits + 3), ...wasm.SHIFT_RIGHT, ...wasm.load('byte', 1, table.at)],
    ...[...get(hash), ...wasm.i32(32 - table.bits), ...wasm.SHIFT_RIGHT, ...wasm.i32(7), ...wasm.AND],
    ...wasm.SHIFT_RIGHT,
  ];
  const each = Array.from({ length: PROBES }, () => [
    ...[...bit(FIRST), ...bit(SECOND), ...wasm.AND, ...isSet, ...get(at), ...wasm.RETURN, ...wasm.END],
    ...advance,
  ]).flat();
  return [
    ...[1, 2, wasm.I32],
    ...wasm.LOOP,
    ...[
      ...get(FROM),
      ...get(TO),
      ...wasm.NOT_BELOW,
      ...wasm.IF,
      ...wasm.i32(-1),
      ...wasm.RETURN,
      ...wasm.END,
    ],
    ...[...get(FROM), ...set(at)],
    ...Array.from({ length: PROBES }, (_, probe) => [
      ...[...bit(FIRST), ...(probe > 0 ? wasm.OR : []), ...advance],
    ]).flat(),
    ...[...isSet, ...get(FROM), ...set(at), ...each, ...wasm.END],
    ...[...get(at), ...set(FROM), ...wasm.CONTINUE],
    ...[...wasm.END, ...wasm.UNREACHABLE, ...wasm.END],
  ];
}
