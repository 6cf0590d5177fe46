import { isEncodedSwitch } from './program-arguments.ts';

/** Text that was encoded in the data, or in another layer. Inert: nothing ever runs or opens it. */
export type DecodedLayer = {
  /** `powershell`: the argument of `-EncodedCommand`; `base64`: any other run of base64 that decodes to text. */
  readonly kind: 'powershell' | 'base64';
  readonly encoding: 'utf-16le' | 'utf-8';
  /** 1: found in the data; 2: found in a layer of depth 1. */
  readonly depth: 1 | 2;
  /** It was compressed before it was encoded: gzip, zlib or raw deflate. */
  readonly isCompressed: boolean;
  /** The first 64 KiB of it, decoded. */
  readonly text: string;
  /** Number of base64 characters it was decoded from. */
  readonly originalLength: number;
  /** More was encoded than is decoded. */
  readonly isCut: boolean;
};

/** 64 KiB, in characters of base64. */
const MOST_ENCODED = Math.ceil((64 * 1024) / 3) * 4;
const MOST_LAYERS = 4;
const MOST_RUNS = 64;
const LEAST_RUN = 16;

/**
 * The first `most` bytes, at most, of the content of gzip, zlib or raw deflate data; `null`: it is none of these. A
 * truncated end is not damage.
 */
export type Inflate = (
  bytes: Uint8Array,
  most: number,
) => { readonly bytes: Uint8Array; readonly isCut: boolean } | null;

/**
 * Decodes base64 in the texts, compressed or not, and once more in the result. Runs that decode to something other than
 * text are ignored.
 */
export function decodeLayers(
  texts: readonly string[],
  inflate: Inflate,
): {
  readonly layers: readonly DecodedLayer[];
  readonly isPartial: boolean;
} {
  const layers: DecodedLayer[] = [];
  const seen = new Set<string>();
  let runs = 0;
  let isPartial = false;
  const search = (text: string, depth: 1 | 2): void => {
    for (const { 0: run, index } of text.matchAll(RUN)) {
      if (run.length < LEAST_RUN || seen.has(run)) continue;
      if (++runs > MOST_RUNS || layers.length >= MOST_LAYERS) {
        isPartial = true;
        return;
      }
      seen.add(run);
      const layer = layerOf(run, isArgument(text, index) ? 'powershell' : 'base64', depth, inflate);
      if (layer === null) continue;
      layers.push(layer);
      isPartial ||= layer.isCut;
      if (depth === 1) search(layer.text, 2);
    }
  };
  for (const text of texts) search(text, 1);
  return { layers, isPartial };
}

const RUN = /[A-Za-z0-9+/]+={0,2}/g;

/** Whether the run follows `-e…`, ignoring quotes and carets between them. */
function isArgument(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 48), at).replaceAll('^', '');
  const [, name] = /[-/\u2013\u2014\u2015]([A-Za-z]+)["'\s:]+$/.exec(before) ?? [];
  return name !== undefined && isEncodedSwitch(name.toLowerCase());
}

function layerOf(
  run: string,
  kind: DecodedLayer['kind'],
  depth: 1 | 2,
  inflate: Inflate,
): DecodedLayer | null {
  const digits = run.replace(/=+$/, '');
  const isCut = digits.length > MOST_ENCODED;
  const kept = isCut ? digits.slice(0, MOST_ENCODED) : digits;
  // One digit more than whole bytes take is not base64; in a truncated command it is the last one.
  const whole = kept.length % 4 === 1 ? kept.slice(0, -1) : kept;
  const bytes = Uint8Array.from(atob(whole), character => character.charCodeAt(0));
  const layer = { kind, depth, originalLength: run.length };
  const plain = textOf(bytes, isCut);
  if (plain !== null) return { ...layer, ...plain, isCompressed: false, isCut };
  // Shorter runs are too often random letters.
  const inflated = bytes.length < LEAST_COMPRESSED ? null : inflate(bytes, MOST_INFLATED);
  const text = inflated && textOf(inflated.bytes, isCut || inflated.isCut);
  return text && { ...layer, ...text, isCompressed: true, isCut: isCut || inflated!.isCut };
}

const MOST_INFLATED = 64 * 1024;
const LEAST_COMPRESSED = 24;

type Decoded = Pick<DecodedLayer, 'encoding' | 'text'>;

function textOf(bytes: Uint8Array, isCut: boolean): Decoded | null {
  for (const encoding of ['utf-16le', 'utf-8'] as const) {
    const text = asText(bytes, encoding, isCut);
    if (text !== null) return { encoding, text };
  }
  return null;
}

/** Text in that encoding, if it looks like text: nearly all of it printable, and at least a third of it ASCII. */
function asText(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-8', isCut: boolean): string | null {
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: encoding === 'utf-8' && !isCut, ignoreBOM: false }).decode(
      bytes,
    );
  } catch {
    return null;
  }
  if (text.length < LEAST_TEXT) return null;
  const sample = text.slice(0, 4096);
  const printable = sample.match(/[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\r\n\t]/gu)?.length ?? 0;
  const ascii = sample.match(/[\x20-\x7e\r\n\t]/g)?.length ?? 0;
  return printable >= sample.length * 0.95 && ascii >= sample.length / 3 ? text : null;
}

/** Shorter text too often results from random letters. */
const LEAST_TEXT = 4;
