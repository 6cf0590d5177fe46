import { Growable } from './growable.ts';

const LF = 10;

/** Bytes to be framed, and their position in the decompressed stream. */
export type Segment = { readonly bytes: Buffer; at: number; readonly base: number };

/** What is to be framed next: the current chunk, and before it the rest of earlier ones or what is framed again. */
export class InputBuffer {
  readonly #maxLine: number;
  /** The next last. */
  readonly #stack: Segment[] = [];
  /** The beginning of a line whose end, or what follows it, has not arrived. */
  readonly #rest = new Growable();
  #restBase = 0;
  #received = 0;

  constructor(maxLine: number) {
    this.#maxLine = maxLine;
  }

  /** Bytes received so far. */
  get position(): number {
    return this.#received;
  }

  /** Adds a chunk; `false` if it only extends the rest and nothing can be done yet. */
  push(chunk: Buffer): boolean {
    const base = this.#received;
    this.#received += chunk.length;
    if (this.#rest.length === 0) {
      this.#stack.push({ bytes: chunk, at: 0, base });
      return true;
    }
    const lineEnd = chunk.indexOf(LF) + 1;
    const taken = lineEnd === 0 ? chunk.length : lineEnd;
    this.#rest.append(chunk.subarray(0, taken));
    if (taken < chunk.length) this.#stack.push({ bytes: chunk, at: taken, base });
    if (lineEnd === 0 && this.#rest.length <= this.#maxLine) return false;
    this.#stack.push({ bytes: this.#rest.bytes, at: 0, base: this.#restBase });
    return true;
  }

  /** At the end, nothing more is waited for. */
  flush(): void {
    if (this.#rest.length > 0 && !this.#stack.some(({ bytes }) => this.#isRest(bytes)))
      this.#stack.push({ bytes: this.#rest.bytes, at: 0, base: this.#restBase });
  }

  top(): Segment | undefined {
    for (;;) {
      const segment = this.#stack.at(-1);
      if (segment === undefined || segment.at < segment.bytes.length) return segment;
      this.#stack.pop();
      this.#release(segment);
    }
  }

  /** The first byte after the top segment that is not a line break, or a value for the end. */
  following(atEnd: number): number {
    for (let index = this.#stack.length - 2; index >= 0; index--) {
      const { bytes, at } = this.#stack[index]!;
      for (let next = at; next < bytes.length; next++) if (bytes[next] !== LF) return bytes[next]!;
    }
    return atEnd;
  }

  /** Puts bytes that were already taken before everything else. */
  insert(bytes: Buffer, base: number): void {
    this.#stack.push({ bytes, at: 0, base });
  }

  /** Joins the top segment to the line that continues in the next; `false` if there is none: it is kept. */
  join(): boolean {
    const segment = this.#stack.pop()!;
    if (segment.at === segment.bytes.length) {
      this.#release(segment);
      return this.#stack.length > 0;
    }
    const left = segment.bytes.subarray(segment.at);
    const base = segment.base + segment.at;
    const below = this.top();
    if (below === undefined) {
      const rest = Buffer.from(left);
      this.#rest.clear();
      this.#rest.append(rest);
      this.#restBase = base;
      return false;
    }
    const lineEnd = below.bytes.indexOf(LF, below.at) + 1;
    const end = lineEnd === 0 ? below.bytes.length : lineEnd;
    const joined = Buffer.concat([left, below.bytes.subarray(below.at, end)]);
    this.#release(segment);
    below.at = end;
    this.#stack.push({ bytes: joined, at: 0, base });
    return true;
  }

  #release({ bytes }: Segment): void {
    if (this.#isRest(bytes)) this.#rest.clear();
  }

  #isRest(bytes: Buffer): boolean {
    return bytes.buffer === this.#rest.bytes.buffer;
  }
}
