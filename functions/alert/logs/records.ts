import { Damage } from './damage.ts';
import type { JsonValue } from './json.ts';
import type { OpenRecord } from './open-record.ts';
import type { NoteDamage } from './output.ts';
import { END, type PlainLines, UNKNOWN } from './plain-lines.ts';
import type { RecordReader } from './record-reader.ts';
import { type Segment, Segments } from './segments.ts';
import { TextScanner } from './text-scanner.ts';
import { ValueScanner } from './value-scanner.ts';
import { isFirstKeyOfWrapper } from './wrapper-watch.ts';

const LF = 10;
const CR = 13;
const QUOTE = 34;
const COMMA = 44;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Between records: blanks, zero bytes, record separators, and the bytes of a byte order mark. */
const IS_SEPARATOR: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  [0, 9, LF, CR, 0x1e, 32, 0xef, 0xbb, 0xbf].includes(byte) ? 1 : 0,
);

type FrameOptions = {
  readonly reader: RecordReader;
  /** The fast path; `null` where every record is decoded. */
  readonly lines: PlainLines | null;
  readonly open: OpenRecord;
  readonly maxRecordBytes: number;
  readonly maxDepth: number;
  readonly note: NoteDamage;
  readonly stop: () => boolean;
};

/** The object around an array whose elements are records: what is kept of it while they pass. */
type Wrapper = {
  readonly scanner: ValueScanner;
  readonly skeleton: Buffer;
  readonly start: number;
  readonly columns: readonly JsonValue[] | null;
};

/**
 * Bytes ─▶ records, whatever the framing: lines, values with nothing between, arrays, pretty documents, answers with
 * hits. Split only on line breaks of bytes and by structure. A value that is not JSON loses its own line and no
 * other. Generators yield only what has to be awaited.
 */
export class Framer {
  readonly #options: FrameOptions;
  readonly #segments: Segments;
  #scanner: ValueScanner;
  #spare: ValueScanner;
  readonly #text = new TextScanner();
  #inside: 'nothing' | 'value' | 'text' = 'nothing';
  #place: 'top' | 'array' | 'split' = 'top';
  #start = 0;
  #wrapper: Wrapper | null = null;
  #isResumed = false;
  #isLineStart = true;
  #needsComma = false;
  #hasBroken = false;
  #elements = 0;
  #isStopped = false;

  constructor(options: FrameOptions) {
    this.#options = options;
    this.#segments = new Segments(options.maxRecordBytes);
    this.#scanner = new ValueScanner(options.maxDepth);
    this.#spare = new ValueScanner(options.maxDepth);
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
    } while (this.#endOpen());
    if (this.#place !== 'top' && !isCut)
      this.#options.note(
        new Damage(
          'JsonTruncated',
          `the log ends at byte ${this.#segments.position}, inside an array or a response; export it again`,
        ),
      );
    this.#place = 'top';
    this.#wrapper = null;
    this.#isResumed = false;
    this.#isLineStart = true;
  }

  *#run(isEnd: boolean): Generator<Promise<void>> {
    const { lines, reader, stop } = this.#options;
    if (isEnd) this.#segments.flush();
    for (let segment = this.#segments.top(); segment !== undefined; segment = this.#segments.top()) {
      if (stop()) {
        this.#isStopped = true;
        return;
      }
      if (this.#inside === 'value') yield* this.#scanValue(segment);
      else if (this.#inside === 'text') this.#scanText(segment);
      else {
        const mayPass = lines !== null && this.#place === 'top' && reader.canPassOver;
        if (mayPass && this.#isLineStart) {
          const next = this.#segments.following(isEnd ? END : UNKNOWN);
          const passed = lines.pass(segment.bytes, segment.at, next);
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
  }

  /** Goes from between two records to where the next begins; stops at a line where the fast path may go on. */
  *#begin(segment: Segment, mayPass: boolean): Generator<Promise<void>> {
    const { bytes } = segment;
    for (; segment.at < bytes.length; segment.at++) {
      const byte = bytes[segment.at]!;
      if (IS_SEPARATOR[byte] === 1) {
        if (byte === LF || byte === CR) this.#hasBroken = true;
        if (byte !== LF || this.#isLineStart) continue;
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
        this.#start = segment.base + segment.at;
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
      this.#start = segment.base + segment.at;
      this.#isLineStart = false;
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        this.#inside = 'value';
        this.#scanner.begin(this.#place === 'top');
      } else {
        this.#inside = 'text';
        this.#text.begin(this.#place !== 'top');
      }
      return;
    }
  }

  /** The line at a segment's place, when it may be one record that is to be decoded: framed by its ends alone. */
  #wholeLine({ bytes, at }: Segment): Buffer | null {
    const { maxRecordBytes, reader } = this.#options;
    let end = bytes.indexOf(LF, at);
    if (end < 0) return null;
    while (bytes[end - 1] === CR || bytes[end - 1] === 32 || bytes[end - 1] === 9) end--;
    if (bytes[end - 1] !== CLOSE_OBJECT || end - at > maxRecordBytes || beginsWrapper(bytes, at)) return null;
    const line = bytes.subarray(at, end);
    return reader.mustDecode(line) ? line : null;
  }

  *#scanValue(segment: Segment): Generator<Promise<void>> {
    const { open, reader } = this.#options;
    const from = segment.at;
    segment.at = this.#scanner.scan(segment.bytes, from);
    const { status } = this.#scanner;
    const last = segment.bytes.subarray(from, segment.at);
    if (status === 'open') {
      open.append(last);
      return;
    }
    if (status === 'split') {
      this.#enterSplit(open.with(last));
      return;
    }
    if (status === 'broken' && !this.#isResumed && !open.isOversize) {
      this.#giveUpLine(segment, from);
      return;
    }
    const bytes = open.with(last);
    const isResumed = this.#isResumed;
    this.#close(status === 'closed');
    if (bytes === null) reader.skip('RecordOversize', this.#start, null, open.isSuspicious);
    else if (status !== 'closed')
      reader.skip(status === 'deep' ? 'TooDeep' : 'InvalidJson', this.#start, bytes);
    else if (isResumed) yield* reader.wrapper(bytes, this.#start);
    else if (this.#place === 'split' && this.#wrapper!.columns !== null)
      yield* reader.row(bytes, this.#start, this.#wrapper!.columns);
    else yield* reader.record(bytes, this.#start, this.#place === 'top' && beginsWrapper(bytes, 0));
    open.clear();
  }

  #close(needsComma: boolean): void {
    this.#inside = 'nothing';
    this.#isResumed = false;
    this.#needsComma = needsComma;
    this.#hasBroken = false;
  }

  /** A value that is not JSON beyond its first line: that line is the record, the rest is framed anew. */
  #giveUpLine(segment: Segment, from: number): void {
    const { open, reader } = this.#options;
    const { firstBreak, isDeep } = this.#scanner;
    const code = isDeep ? 'TooDeep' : 'InvalidJson';
    if (open.isEmpty) {
      reader.skip(code, this.#start, segment.bytes.subarray(from, from + firstBreak));
      segment.at = from + firstBreak;
    } else {
      const bytes = Buffer.from(
        open.with(segment.bytes.subarray(from, segment.at)) ?? segment.bytes.subarray(0, 0),
      );
      const line = bytes.subarray(0, firstBreak);
      if (open.isOversize) reader.skip('RecordOversize', this.#start, null, open.isSuspicious);
      else {
        reader.skip(code, this.#start, line);
        this.#segments.insert(bytes.subarray(firstBreak), this.#start + firstBreak);
      }
    }
    open.clear();
    this.#close(false);
  }

  #scanText(segment: Segment): void {
    const { open } = this.#options;
    const from = segment.at;
    segment.at = this.#text.scan(segment.bytes, from);
    const last = segment.bytes.subarray(from, segment.at);
    if (this.#text.hasEnded) this.#endText(last);
    else open.append(last);
  }

  #endText(last: Buffer): void {
    const { open, reader } = this.#options;
    const bytes = open.with(last);
    this.#close(false);
    if (bytes === null) reader.skip('RecordOversize', this.#start, null, open.isSuspicious);
    else reader.text(bytes, this.#start);
    open.clear();
  }

  #enterSplit(skeleton: Buffer | null): void {
    if (skeleton === null) return;
    const { open, reader } = this.#options;
    const { split } = this.#scanner;
    this.#wrapper = {
      scanner: this.#scanner,
      skeleton: Buffer.from(skeleton),
      start: this.#start,
      columns: split === 'rows' ? reader.columns(skeleton) : null,
    };
    open.clear();
    this.#scanner = this.#spare;
    this.#spare = this.#wrapper.scanner;
    this.#place = 'split';
    this.#close(false);
  }

  #closeArray(segment: Segment): void {
    const { open, reader } = this.#options;
    if (this.#place === 'array') {
      segment.at++;
      this.#place = 'top';
      if (this.#elements === 0) reader.emptyArray(this.#start);
      return;
    }
    const { scanner, skeleton, start } = this.#wrapper!;
    this.#spare = this.#scanner;
    this.#scanner = scanner;
    open.append(skeleton);
    this.#place = 'top';
    this.#start = start;
    this.#wrapper = null;
    this.#inside = 'value';
    this.#isResumed = true;
  }

  /** A value without a comma before it, in a line of its own: the array was never one, or never ended. */
  #leaveArray(): void {
    if (this.#place === 'split')
      this.#options.note(
        new Damage(
          'JsonTruncated',
          `before byte ${this.#segments.position} a response ends without its last brackets; export it again`,
        ),
      );
    this.#place = 'top';
    this.#wrapper = null;
  }

  /** What is still open at the end; `true` when that leaves lines to be framed anew. */
  #endOpen(): boolean {
    const { open, reader } = this.#options;
    if (this.#inside === 'text') this.#endText(NOTHING);
    if (this.#inside !== 'value') return false;
    const { firstBreak, isDeep } = this.#scanner;
    const bytes = open.with(NOTHING);
    const isResumed = this.#isResumed;
    this.#close(false);
    const code = bytes === null ? 'RecordOversize' : isDeep ? 'TooDeep' : 'InvalidJson';
    if (bytes === null || firstBreak < 0 || isResumed) {
      reader.skip(code, this.#start, bytes, open.isSuspicious);
      open.clear();
      return false;
    }
    const rest = Buffer.from(bytes.subarray(firstBreak));
    reader.skip(code, this.#start, bytes.subarray(0, firstBreak));
    open.clear();
    this.#segments.insert(rest, this.#start + firstBreak);
    return true;
  }
}

const NOTHING = Buffer.alloc(0);

/** Whether an object's first key is one of a wrapper or of an action line. */
function beginsWrapper(bytes: Buffer, at: number): boolean {
  let key = at + 1;
  while (key < bytes.length && bytes[key]! <= 32) key++;
  if (bytes[key] !== QUOTE) return false;
  const end = bytes.indexOf(QUOTE, key + 1);
  return end >= 0 && end - key < 40 && isFirstKeyOfWrapper(bytes.toString('latin1', key + 1, end));
}
