import type { NoteDamage } from '../compression/output.ts';
import { Damage } from '../damage.ts';
import type { RecordDecoder } from '../decoding/record-decoder.ts';
import { beginsEnvelope } from '../envelopes/envelope-detector.ts';
import { END, type PlainLines, UNKNOWN } from '../prefilter/plain-lines.ts';
import { FrameAssembler } from './frame-assembler.ts';
import type { FrameBuffer } from './frame-buffer.ts';
import { InputBuffer, type Segment } from './input-buffer.ts';

const LF = 10;
const CR = 13;
const COMMA = 44;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Between records: whitespace, zero bytes, record separators, and the bytes of a byte order mark. */
const IS_SEPARATOR: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  [0, 9, LF, CR, 0x1e, 32, 0xef, 0xbb, 0xbf].includes(byte) ? 1 : 0,
);

/**
 * Records still read after a stop. Empty members delay the last bytes decoded before them, which are examined
 * for the next format, or wait for their line break: without this, a match there would not be reported.
 */
const AFTER_STOP = 64;

type FrameOptions = {
  readonly reader: RecordDecoder;
  /** The fast path; `null` where every record is decoded. */
  readonly lines: PlainLines | null;
  readonly open: FrameBuffer;
  readonly maxRecordBytes: number;
  readonly maxDepth: number;
  readonly note: NoteDamage;
  readonly stop: () => boolean;
};

/**
 * Bytes ─▶ records, whatever the framing: lines, values without separators, arrays, pretty-printed documents, responses
 * with hits. Splits only on line-break bytes and by structure. A value that is not JSON loses only its own line.
 * Generators yield only what has to be awaited.
 */
export class Framer {
  readonly #options: FrameOptions;
  readonly #segments: InputBuffer;
  readonly #record: FrameAssembler;
  #place: 'top' | 'array' | 'split' = 'top';
  #arrayStart = 0;
  #elements = 0;
  #isLineStart = true;
  /** In an array: whether the last element was valid and no comma came since, and whether a line ended since. */
  #needsComma = false;
  #hasBroken = false;
  #isStopped = false;

  constructor(options: FrameOptions) {
    this.#options = options;
    this.#segments = new InputBuffer(options.maxRecordBytes);
    this.#record = new FrameAssembler({ ...options, segments: this.#segments });
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  *push(chunk: Buffer): Generator<Promise<void>> {
    if (this.#segments.push(chunk)) yield* this.#run(false);
  }

  /** The end of the object, or of one file of an archive. */
  *end(isCut: boolean): Generator<Promise<void>> {
    do {
      yield* this.#run(true);
      if (this.#isStopped) return;
    } while (this.#record.end());
    if (this.#place !== 'top' && !isCut)
      this.#noteTruncated(`the log ends at byte ${this.#segments.position}, inside an array or a response`);
    this.#place = 'top';
    this.#record.abandonEnvelope();
    this.#isLineStart = true;
  }

  /** The next whole records of what was decoded before the deadline; an incomplete one is not counted. */
  finish(): Generator<Promise<void>> {
    let left = AFTER_STOP;
    return this.#run(true, () => left-- <= 0);
  }

  *#run(isEnd: boolean, stop = this.#options.stop): Generator<Promise<void>> {
    const { lines, reader } = this.#options;
    if (isEnd) this.#segments.flush();
    for (let segment = this.#segments.top(); segment !== undefined; segment = this.#segments.top()) {
      if (stop()) {
        this.#isStopped = true;
        return;
      }
      if (this.#record.isOpen) {
        yield* this.#goOn(segment);
        continue;
      }
      const mayPass = lines !== null && this.#place === 'top' && reader.canPassOver;
      if (mayPass && this.#isLineStart) {
        const passed = lines.pass(segment.bytes, segment.at, this.#segments.following(isEnd ? END : UNKNOWN));
        if (passed.count > 0) reader.passOver(passed.count);
        segment.at = passed.at;
        if (passed.why === 'more') {
          if (this.#segments.join()) continue;
          return;
        }
      }
      yield* this.#begin(segment, mayPass);
    }
  }

  *#goOn(segment: Segment): Generator<Promise<void>> {
    const progress = yield* this.#record.scan(segment);
    if (progress === 'open') return;
    if (progress === 'split') this.#place = 'split';
    this.#needsComma = progress === 'framed';
    this.#hasBroken = false;
  }

  /** Advances from between two records to where the next begins; stops at a line where the fast path may continue. */
  *#begin(segment: Segment, mayPass: boolean): Generator<Promise<void>> {
    const { bytes } = segment;
    for (; segment.at < bytes.length; segment.at++) {
      const byte = bytes[segment.at]!;
      if (IS_SEPARATOR[byte] === 1) {
        if (byte === LF || byte === CR) this.#hasBroken = true;
        if (byte !== LF) {
          // Otherwise the fast path would continue in the middle of this line if a chunk happens to begin there.
          this.#isLineStart = false;
          continue;
        }
        if (this.#isLineStart) continue;
        this.#isLineStart = true;
        if (!mayPass) continue;
        segment.at++;
        return;
      }
      if (this.#place !== 'top') {
        if (byte === COMMA) {
          this.#needsComma = false;
          continue;
        }
        if (byte === CLOSE_ARRAY) {
          this.#closeArray(segment);
          return;
        }
        if (this.#needsComma && this.#hasBroken) this.#leaveArray();
      }
      if (byte === OPEN_ARRAY && this.#place === 'top') {
        this.#place = 'array';
        this.#arrayStart = segment.base + segment.at;
        this.#elements = 0;
        this.#needsComma = false;
        this.#isLineStart = false;
        continue;
      }
      if (byte === OPEN_OBJECT && this.#place === 'top' && this.#isLineStart) {
        const line = this.#wholeLine(segment);
        const events = line && this.#options.reader.line(line, segment.base + segment.at);
        if (events) {
          segment.at += line!.length;
          this.#isLineStart = false;
          yield* events;
          return;
        }
      }
      this.#elements++;
      this.#isLineStart = false;
      const start = segment.base + segment.at;
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#record.beginValue(start, this.#place === 'top');
      else this.#record.beginText(start, this.#place !== 'top');
      return;
    }
  }

  /** The line at a segment's position, if it may be one record to be decoded: framed by its ends alone. */
  #wholeLine({ bytes, at }: Segment): Buffer | null {
    const { maxRecordBytes, reader } = this.#options;
    let end = bytes.indexOf(LF, at);
    if (end < 0) return null;
    while (bytes[end - 1] === CR || bytes[end - 1] === 32 || bytes[end - 1] === 9) end--;
    if (bytes[end - 1] !== CLOSE_OBJECT || end - at > maxRecordBytes || beginsEnvelope(bytes, at))
      return null;
    const line = bytes.subarray(at, end);
    return reader.mustDecode(line) ? line : null;
  }

  #closeArray(segment: Segment): void {
    const isSplit = this.#place === 'split';
    this.#place = 'top';
    if (isSplit) {
      this.#record.resume();
      return;
    }
    segment.at++;
    if (this.#elements === 0) this.#options.reader.emptyArray(this.#arrayStart);
  }

  /** A value without a comma before it, on a line of its own: the array was never one, or never ended. */
  #leaveArray(): void {
    if (this.#place === 'split')
      this.#noteTruncated(`before byte ${this.#segments.position} a response ends without its last brackets`);
    this.#place = 'top';
    this.#record.abandonEnvelope();
  }

  #noteTruncated(what: string): void {
    this.#options.note(new Damage('JsonTruncated', `${what}; export it again`));
  }
}
