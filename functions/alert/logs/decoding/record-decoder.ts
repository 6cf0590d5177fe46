import type { Normalize, Normalized } from '../ecs/index.ts';
import { bulkAction, isEnvelope, type Opened, openEnvelope, type ParseText } from '../envelopes/envelope.ts';
import { rowDocument } from '../envelopes/exporter-envelopes.ts';
import { isObject, type JsonObject, type JsonValue, parseJson } from '../json.ts';
import type { FamiliarStarts } from '../prefilter/familiar-starts.ts';
import type { Literals } from '../prefilter/literal-search.ts';
import type { SkipCode } from '../skips.ts';
import type { Tally } from '../tally.ts';
import { type ShapeLimits, shapeProblem } from './json-shape.ts';
import { type RecordSigns, signsOf } from './record-signs.ts';

/** Receives one event of a record. */
export type OnDocument = (
  event: Normalized,
  record: number,
  offset: number,
  bytes: Buffer,
) => void | Promise<void>;

type Options = {
  readonly tally: Tally;
  readonly limits: ShapeLimits;
  /** Searched for before decoding; `null`: everything is decoded. */
  readonly prefilter: Literals | null;
  /** Searched for in skipped records. */
  readonly watched: Literals | null;
  /** `null`: every document is an event as it is. */
  readonly normalize: Normalize | null;
  /** If set, a record with another beginning is decoded. */
  readonly starts: FamiliarStarts | null;
  readonly onDocument: OnDocument;
};

type Refusal = 'InvalidJson' | 'TooDeep' | 'TooWide';
/** A record's own text, with the value that it is. */
type Decoded = { readonly value: JsonValue; readonly text: string; readonly signs: RecordSigns };
type Parsed = { readonly value: JsonValue } | Refusal;

/** Framed records ─▶ events: numbers, decodes and unwraps them, and counts skipped ones. */
export class RecordDecoder {
  readonly #options: Options;
  readonly #parseText: ParseText;
  emptyArrays = 0;
  /** The index stated by the `_bulk` action line before this record. */
  #bulkIndex: string | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#parseText = text => this.#parse(text);
  }

  /**
   * Whether a record without literals may be skipped undecoded. Until the first event, all are decoded: otherwise an
   * object in which nothing can be read would look like one in which nothing was found.
   */
  get canPassOver(): boolean {
    return this.#options.prefilter !== null && this.#options.tally.events > this.#options.tally.unknown;
  }

  /** Counts a record that is known to contain no literal. */
  passOver(count: number): void {
    this.#options.tally.records += count;
    this.#bulkIndex = null;
  }

  mustDecode(bytes: Buffer): boolean {
    if (!this.canPassOver || this.#options.starts?.isFamiliar(bytes, 0) === false) return true;
    return this.#options.prefilter!.mayBeIn(bytes);
  }

  /** A line that should be one record; `null`: it is not, and has to be framed exactly. */
  line(bytes: Buffer, offset: number): Iterable<Promise<void>> | null {
    const parsed = this.#decode(bytes);
    return typeof parsed === 'string' ? null : this.#accept(parsed, bytes, offset);
  }

  /** A framed object or array; `isAction`: it may be an action line, which is not a record but applies to the next. */
  *record(bytes: Buffer, offset: number, isAction = false): Generator<Promise<void>> {
    if (!isAction && !this.mustDecode(bytes)) {
      this.passOver(1);
      return;
    }
    const parsed = this.#decode(bytes);
    if (typeof parsed === 'string') this.skip(parsed, offset, bytes);
    else yield* this.#accept(parsed, bytes, offset, isAction);
  }

  /** The object around records that were framed one by one: ignored, unless it has fields of its own. */
  *wrapper(bytes: Buffer, offset: number): Generator<Promise<void>> {
    const parsed = this.#parse(bytes.toString());
    if (typeof parsed === 'string') this.skip(parsed, offset, bytes);
    else if (!isEnvelope(parsed.value)) yield* this.record(bytes, offset);
  }

  /** The columns of an ES|QL response, from the part before its rows. */
  columns(bytes: Buffer): readonly JsonValue[] {
    const parsed = this.#parse(`${bytes.toString()}]}`);
    const columns = typeof parsed === 'string' ? undefined : (parsed.value as JsonObject)['columns'];
    return Array.isArray(columns) ? (columns as readonly JsonValue[]) : [];
  }

  /** Neither object nor array. */
  text(bytes: Buffer, offset: number): void {
    const parsed = this.#parse(bytes.toString().trim());
    // Removing more whitespace than JSON allows may leave an object.
    const isScalar = typeof parsed !== 'string' && !isObject(parsed.value);
    this.skip(isScalar ? 'NotAnObject' : 'InvalidJson', offset, bytes);
  }

  /** `[]` at the top: not an object, but not a sign of damage either. */
  emptyArray(offset: number): void {
    this.emptyArrays++;
    this.skip('NotAnObject', offset, null);
  }

  /** A row of an ES|QL response. */
  *row(bytes: Buffer, offset: number, columns: readonly JsonValue[]): Generator<Promise<void>> {
    if (!this.mustDecode(bytes)) {
      this.passOver(1);
      return;
    }
    const parsed = this.#decode(bytes);
    const row = typeof parsed === 'string' ? null : rowDocument(columns, parsed.value);
    if (row === null) {
      this.skip(typeof parsed === 'string' ? parsed : 'NotAnObject', offset, bytes);
      return;
    }
    const { tally } = this.#options;
    tally.records++;
    tally.decoded++;
    yield* this.#open(row.document, null, row.index, tally.records, bytes, offset);
  }

  /** Counts a record that is not an event; `isSuspicious` if its bytes are gone. */
  skip(code: SkipCode, offset: number, bytes: Buffer | null, isSuspicious = false): void {
    const { tally, watched } = this.#options;
    this.#bulkIndex = null;
    tally.records++;
    tally.decoded++;
    tally.skip(
      code,
      tally.records,
      offset,
      isSuspicious || (bytes !== null && watched?.occursIn(bytes) === true),
    );
  }

  #accept(decoded: Decoded, bytes: Buffer, offset: number, isAction = false): Iterable<Promise<void>> {
    const action = isAction ? bulkAction(decoded.value) : undefined;
    if (action !== undefined) {
      this.#bulkIndex = action.index;
      return NOTHING;
    }
    const index = this.#bulkIndex;
    this.#bulkIndex = null;
    const { tally } = this.#options;
    tally.records++;
    tally.decoded++;
    return this.#open(decoded.value, decoded, index, tally.records, bytes, offset);
  }

  *#open(
    value: JsonValue,
    decoded: Decoded | null,
    index: string | null,
    record: number,
    bytes: Buffer,
    offset: number,
  ): Generator<Promise<void>> {
    const { tally, watched, normalize, starts, onDocument } = this.#options;
    const opened: Opened = openEnvelope(value, index, this.#parseText, decoded);
    const isWatched = (): boolean => watched?.occursIn(bytes) === true;
    for (const code of opened.failures) tally.skip(code, record, offset, isWatched());
    if (opened.isNoEvent) tally.skip('NotAnEvent', record, offset, isWatched());
    const unknown = tally.unknown;
    /** A product's own record carries no other event: JSON in a command line or a value is data of it. */
    let mayCarry = opened.documents.length === 0;
    for (const { document, index } of opened.documents) {
      const found = normalize === null ? 'unknown' : normalize(document, index);
      mayCarry ||= found === 'unknown' || (typeof found === 'object' && found.source === null);
      if (found === 'inventory') {
        tally.inventory++;
        continue;
      }
      if (found === 'refused') {
        tally.skip('TextNotOpened', record, offset, isWatched());
        continue;
      }
      if (found === 'unknown' && normalize !== null) tally.seeUnknown(document);
      tally.events++;
      const event = found === 'unknown' ? asItIs(document, index) : found;
      const pending = onDocument(event, record, offset, bytes);
      if (pending !== undefined) yield pending;
    }
    if (opened.hasUnopenedText && mayCarry && isWatched()) tally.skip('TextNotOpened', record, offset, true);
    starts?.learn(bytes, tally.unknown === unknown);
  }

  #decode(bytes: Buffer): Decoded | Refusal {
    const text = bytes.toString();
    const signs = signsOf(bytes);
    const parsed = this.#parse(text, signs);
    if (typeof parsed === 'string') return parsed;
    if (text.includes(REPLACEMENT) && !isUtf8(text, bytes)) this.#options.tally.invalidUtf8++;
    return { value: parsed.value, text, signs };
  }

  #parse(text: string, signs: RecordSigns | null = null): Parsed {
    const problem = shapeProblem(text, this.#options.limits, signs?.brackets);
    if (problem !== null) return problem;
    try {
      return { value: parseJson(text, signs?.hasLongDigits) };
    } catch (error) {
      if (error instanceof SyntaxError) return 'InvalidJson';
      throw error;
    }
  }
}

function asItIs(document: JsonObject, index: string | null): Normalized {
  return { source: null, index, document, written: document, inferred: [] };
}

const NOTHING: readonly Promise<void>[] = [];

const REPLACEMENT = '\ufffd';

/** Whether every replacement character of the text was in the bytes. */
function isUtf8(text: string, bytes: Buffer): boolean {
  let count = text.split(REPLACEMENT).length - 1;
  for (let at = bytes.indexOf(REPLACEMENT); at >= 0; at = bytes.indexOf(REPLACEMENT, at + 3)) count--;
  return count === 0;
}
