import type { RecordDecoder } from '../decoding/record-decoder.ts';
import { beginsEnvelope } from '../envelopes/envelope-detector.ts';
import type { JsonValue } from '../json.ts';
import type { FrameBuffer } from './frame-buffer.ts';
import type { InputBuffer, Segment } from './input-buffer.ts';
import { TextScanner } from './text-scanner.ts';
import { ValueScanner } from './value-scanner.ts';

/** The object around an array whose elements are records: what is kept of it while they pass. */
type Wrapper = {
  readonly scanner: ValueScanner;
  readonly skeleton: Buffer;
  readonly start: number;
  readonly columns: readonly JsonValue[] | null;
};

/** The state of a record: still open, well framed, given up, or at an array whose elements are records. */
export type Progress = 'open' | 'framed' | 'lost' | 'split';

type Options = {
  readonly reader: RecordDecoder;
  readonly open: FrameBuffer;
  readonly segments: InputBuffer;
  readonly maxRecordBytes: number;
  readonly maxDepth: number;
};

const NOTHING = Buffer.alloc(0);

/** The record being framed, from its first byte until it is passed on. */
export class FrameAssembler {
  readonly #options: Options;
  #scanner: ValueScanner;
  #spare: ValueScanner;
  readonly #text = new TextScanner();
  #inside: 'nothing' | 'value' | 'text' = 'nothing';
  #start = 0;
  #isTop = true;
  #wrapper: Wrapper | null = null;
  /** What is framed is an envelope again, after its array. */
  #isResumed = false;

  constructor(options: Options) {
    this.#options = options;
    this.#scanner = new ValueScanner(options.maxDepth);
    this.#spare = new ValueScanner(options.maxDepth);
  }

  get isOpen(): boolean {
    return this.#inside !== 'nothing';
  }

  /** Begins an object or array; envelopes and action lines occur at the top. */
  beginValue(start: number, isTop: boolean): void {
    this.#inside = 'value';
    this.#start = start;
    this.#isTop = isTop;
    this.#scanner.begin(isTop);
  }

  /** Begins anything else: an element of an array or a line. */
  beginText(start: number, isElement: boolean): void {
    this.#inside = 'text';
    this.#start = start;
    this.#text.begin(isElement);
  }

  /** Continues; returns the state, and yields only what has to be awaited. */
  *scan(segment: Segment): Generator<Promise<void>, Progress> {
    return this.#inside === 'text' ? this.#scanText(segment) : yield* this.#scanValue(segment);
  }

  /** Resumes the envelope at the end of its array. */
  resume(): void {
    const { scanner, skeleton, start } = this.#wrapper!;
    this.#spare = this.#scanner;
    this.#scanner = scanner;
    this.#options.open.append(skeleton);
    this.#start = start;
    this.#isTop = true;
    this.#wrapper = null;
    this.#inside = 'value';
    this.#isResumed = true;
  }

  /** Drops the envelope: its array never ended. */
  abandonEnvelope(): void {
    this.#wrapper = null;
  }

  /** Ends what is still open at the end of the log; `true` if that leaves lines to be framed again. */
  end(): boolean {
    const { open, reader, segments } = this.#options;
    if (this.#inside === 'text') this.#endText(NOTHING);
    if (this.#inside !== 'value') return false;
    const { firstBreak, isDeep } = this.#scanner;
    const bytes = open.with(NOTHING);
    const isOneLine = firstBreak < 0 || this.#isResumed;
    this.#close();
    const code = bytes === null ? 'RecordOversize' : isDeep ? 'TooDeep' : 'InvalidJson';
    if (bytes === null || isOneLine) {
      reader.skip(code, this.#start, bytes, open.isSuspicious);
      open.clear();
      return false;
    }
    const rest = Buffer.from(bytes.subarray(firstBreak));
    reader.skip(code, this.#start, bytes.subarray(0, firstBreak));
    open.clear();
    segments.insert(rest, this.#start + firstBreak);
    return true;
  }

  *#scanValue(segment: Segment): Generator<Promise<void>, Progress> {
    const { open, reader } = this.#options;
    const from = segment.at;
    segment.at = this.#scanner.scan(segment.bytes, from);
    const { status } = this.#scanner;
    const last = segment.bytes.subarray(from, segment.at);
    if (status === 'open') {
      open.append(last);
      return 'open';
    }
    if (status === 'split') return this.#enterSplit(open.with(last));
    if (status === 'broken' && !this.#isResumed && !open.isOversize) return this.#giveUpLine(segment, from);
    const bytes = open.with(last);
    const isResumed = this.#isResumed;
    this.#close();
    if (bytes === null) reader.skip('RecordOversize', this.#start, null, open.isSuspicious);
    else if (status !== 'closed')
      reader.skip(status === 'deep' ? 'TooDeep' : 'InvalidJson', this.#start, bytes);
    else if (isResumed) yield* reader.wrapper(bytes, this.#start);
    else if (this.#wrapper?.columns) yield* reader.row(bytes, this.#start, this.#wrapper.columns);
    else yield* reader.record(bytes, this.#start, this.#isTop && beginsEnvelope(bytes, 0));
    open.clear();
    return status === 'closed' ? 'framed' : 'lost';
  }

  /** A value that is not JSON beyond its first line: that line is the record, the rest is framed again. */
  #giveUpLine(segment: Segment, from: number): Progress {
    const { open, reader, segments, maxRecordBytes } = this.#options;
    const { firstBreak, isDeep } = this.#scanner;
    const code = isDeep ? 'TooDeep' : 'InvalidJson';
    const isInSegment = open.isEmpty && segment.at - from <= maxRecordBytes;
    const bytes = open.with(segment.bytes.subarray(from, segment.at));
    this.#close();
    if (bytes === null) reader.skip('RecordOversize', this.#start, null, open.isSuspicious);
    else {
      reader.skip(code, this.#start, bytes.subarray(0, firstBreak));
      if (isInSegment) segment.at = from + firstBreak;
      else segments.insert(Buffer.from(bytes.subarray(firstBreak)), this.#start + firstBreak);
    }
    open.clear();
    return 'lost';
  }

  #enterSplit(skeleton: Buffer | null): Progress {
    if (skeleton === null) return 'open';
    const { open, reader } = this.#options;
    this.#wrapper = {
      scanner: this.#scanner,
      skeleton: Buffer.from(skeleton),
      start: this.#start,
      columns: this.#scanner.split === 'rows' ? reader.columns(skeleton) : null,
    };
    open.clear();
    this.#scanner = this.#spare;
    this.#spare = this.#wrapper.scanner;
    this.#close();
    return 'split';
  }

  #scanText(segment: Segment): Progress {
    const { open } = this.#options;
    const from = segment.at;
    segment.at = this.#text.scan(segment.bytes, from);
    const last = segment.bytes.subarray(from, segment.at);
    if (this.#text.hasEnded) return this.#endText(last);
    open.append(last);
    return 'open';
  }

  #endText(last: Buffer): Progress {
    const { open, reader } = this.#options;
    const bytes = open.with(last);
    this.#close();
    if (bytes === null) reader.skip('RecordOversize', this.#start, null, open.isSuspicious);
    else reader.text(bytes, this.#start);
    open.clear();
    return 'lost';
  }

  #close(): void {
    this.#inside = 'nothing';
    this.#isResumed = false;
  }
}
