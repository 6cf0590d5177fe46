import type { LiteralPattern } from './literal-patterns.ts';

/** One of a literal's plain stretches, and what it is found by: a part of it, at a distance from its beginning. */
type Plain = { readonly pattern: LiteralPattern; readonly plain: string };
export type Window = Plain & { readonly at: number; readonly text: string };

/** What a scan finds literals by. */
export type Windows = {
  /** Up to three bytes each, for `find`. */
  readonly short: readonly Window[];
  /** `step` words of four bytes each, one of which is at a position that `probe` examines. */
  readonly long: readonly Window[];
  readonly step: number;
};

/** Consecutive bytes that `find` looks up, and bytes of a word that is probed for. */
const WIDTH = 3;
export const WORD = 4;

/** Set in each byte of a word: folds ASCII, and a few signs into others. */
const FOLD = 0x20202020;

/** What `infra/wasm/scan.wat` has in `$tables` after two for each byte: the mask of a half, bits by hashes of words. */
const HALF_AT = 32 * WIDTH;
type BitTable = { readonly at: number; readonly bits: number; readonly multiplier: number };
const FIRST: BitTable = { at: 1024, bits: 18, multiplier: 0x9e3779b1 };
const SECOND: BitTable = { at: 1024 + 2 ** 15, bits: 17, multiplier: 0x85ebca6b };

/** As many have a bucket of their own: the shortest, since the shortest of the others limits the step. */
const OWN_BUCKETS = 3;

/** Wider windows would contain more that is frequent. */
const LONGEST_STEP = 6;

/** Characters frequent in logs, the most frequent last; unlisted ones are rarer. */
const COMMON = 'jqzxkvwybgpfhmdcul _-0123456789.nsoirtae';

/** Texts that are in most logs of endpoints: a part of one is no rarity, whatever its characters. */
const FREQUENT = [
  '.exe .dll .sys windows microsoft system32 syswow64 software program files programdata common appdata',
  'users local roaming temp currentversion currentcontrolset001 services explorer classes clsid wow6432node',
  'registry machine hklm hkcu hkey_local_machine hkey_current_user policies security parameters default run',
  'process parent command_line executable entity_id name hash sha256 code_signature trusted subject_name exists',
  'event action category created dataset endpoint events kind module sequence outcome type change start end',
  'host hostname platform family version agent domain authority system user timestamp message network library',
  'ext ancestry token integrity_level thread call_stack session logon elevation provider winlog powershell service',
].join(' ');

/** Divides the literals between both scans: the cost of neither grows with their number. */
export function windowsOf(patterns: readonly LiteralPattern[]): Windows {
  const frequent = new Set(
    [WIDTH, WORD].flatMap(width => Array.from(FREQUENT, (_, at) => FREQUENT.slice(at, at + width))),
  );
  const sorted = patterns
    .map(pattern => ({ pattern, plain: mostTelling(pattern.plains, frequent) }))
    .sort((one, other) => one.plain.length - other.plain.length);
  const isShort = ({ plain }: Plain, index: number): boolean => index < OWN_BUCKETS || plain.length < WORD;
  const long = sorted.filter((plain, index) => !isShort(plain, index));
  const step = Math.min(LONGEST_STEP, (long[0]?.plain.length ?? WORD) - WORD + 1);
  return {
    short: sorted.filter(isShort).map(plain => rarest(plain, WIDTH, WIDTH, frequent)),
    long: long.map(plain => rarest(plain, step + WORD - 1, WORD, frequent)),
    step,
  };
}

/** The stretch with the most words that are not frequent; among equals the longest. */
function mostTelling(plains: readonly string[], frequent: ReadonlySet<string>): string {
  const worth = (plain: string): number => {
    let rare = 0;
    for (let at = 0; at + WORD <= plain.length; at++) if (!frequent.has(plain.slice(at, at + WORD))) rare++;
    return rare * 1000 + plain.length;
  };
  return plains.reduce((best, plain) => (worth(plain) > worth(best) ? plain : best));
}

/** The offsets in a window of the words that may be probed. */
export function wordsOf({ text }: Window): { readonly word: number; readonly offset: number }[] {
  const bytes = Buffer.from(text, 'latin1');
  return Array.from({ length: text.length - WORD + 1 }, (_, offset) => ({
    word: foldedWord(bytes, offset),
    offset,
  }));
}

/** Four bytes as one number, folded. */
export function foldedWord(bytes: Buffer, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24) | FOLD;
}

/** Forms in which one byte may be. */
type Forms = readonly number[];
const ANY: Forms = Array.from({ length: 256 }, (_, byte) => byte);

const BRACE: Forms = [0x7d];

/** Between two values: blanks, zero bytes; tabs, carriage returns, record separators, bytes of a byte order mark. */
const BLANKS: Forms = [0x20, 0x00];
const RARE_SEPARATORS: Forms = [0x09, 0x0d, 0x1e, 0xef, 0xbb, 0xbf];
export const SEPARATORS: Forms = [...BLANKS, ...RARE_SEPARATORS];
export const BRACKETS: Forms = [0x5b, 0x7b];

/** What the scan finds: windows, escapes of these units, a closing brace and what may precede another value. */
export function tablesOf({ short, long }: Windows, units: ReadonlySet<number>): Uint8Array {
  const tables = new Uint8Array(SECOND.at + 2 ** (SECOND.bits - 3));
  tables.fill(0x0f, HALF_AT, HALF_AT + 16);
  const put = (bucket: number, bytes: readonly Forms[]): void => {
    for (let position = 0; position < WIDTH; position++)
      for (const byte of bytes[position] ?? ANY)
        for (const nibble of [byte & 15, 16 + (byte >> 4)]) tables[position * 32 + nibble]! |= 1 << bucket;
  };
  // A bucket has every combination of the halves of its bytes, and some are in every log: `}}`, `} /`.
  put(0, [BRACE, BRACKETS]);
  put(1, [BRACE, BLANKS, [...BRACKETS, ...RARE_SEPARATORS]]);
  put(2, [BRACE, BLANKS, BLANKS]);
  put(3, [BRACE, RARE_SEPARATORS]);
  const digits = new Set([...units].map(unit => unit.toString(16).padStart(4, '0')[0]!));
  put(4, [[...'\\'].map(unitOf), [...'u'].map(unitOf), [...digits].flatMap(casesOf)]);
  const sorted = [...short].sort((one, other) => (one.text < other.text ? -1 : 1));
  for (const [index, { text }] of sorted.entries())
    put(
      8 - OWN_BUCKETS + Math.floor((index * OWN_BUCKETS) / Math.max(OWN_BUCKETS, sorted.length)),
      [...text].map(casesOf),
    );
  for (const { word } of long.flatMap(wordsOf))
    for (const table of [FIRST, SECOND]) setBit(tables, table, word);
  return tables;
}

function setBit(tables: Uint8Array, { at, bits, multiplier }: BitTable, word: number): void {
  const bit = Math.imul(word, multiplier) >>> (32 - bits);
  tables[at + (bit >>> 3)]! |= 1 << (bit & 7);
}

/** The window that is rarest, by the rarity of its parts of so many bytes. */
function rarest(found: Plain, width: number, part: number, frequent: ReadonlySet<string>): Window {
  const { plain } = found;
  const costs = Array.from({ length: Math.max(1, plain.length - part + 1) }, (_, from) => {
    const text = plain.slice(from, from + part);
    if (frequent.has(text)) return COMMON.length ** part;
    let product = 1;
    for (const character of text) product *= COMMON.indexOf(character) + 1;
    return product;
  });
  const cost = (at: number): number =>
    costs.slice(at, at + width - part + 1).reduce((sum, one) => sum + one, 0);
  const starts = Array.from({ length: Math.max(1, plain.length - width + 1) }, (_, at) => at);
  const at = starts.reduce((best, other) => (cost(other) < cost(best) ? other : best));
  return { ...found, at, text: plain.slice(at, at + width) };
}

function unitOf(character: string): number {
  return character.charCodeAt(0);
}

/** ASCII in both cases. */
function casesOf(character: string): number[] {
  return [...new Set([character.toLowerCase(), character.toUpperCase()])]
    .map(unitOf)
    .filter(unit => character === String.fromCharCode(unit) || (/[a-z]/i.test(character) && unit < 0x80));
}
