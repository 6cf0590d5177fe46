/** The last bytes of a stream, at least `size` of them, and those that were last at the mark. */
export class SlidingWindow {
  readonly size: number;
  #bytes: Buffer | null = null;
  #end = 0;
  #mark = 0;
  #saved: Buffer | null = null;
  #isSaved = false;
  #savedLength = 0;
  #total = 0;

  constructor(size: number) {
    this.size = size;
  }

  /** Count of all bytes so far. */
  get total(): number {
    return this.#total;
  }

  /** The last bytes available. */
  get last(): Buffer {
    return this.#bytes?.subarray(Math.max(0, this.#end - this.size), this.#end) ?? Buffer.alloc(0);
  }

  /** The last bytes at the mark. */
  get marked(): Buffer {
    if (this.#isSaved) return this.#saved!.subarray(0, this.#savedLength);
    return this.#bytes?.subarray(Math.max(0, this.#mark - this.size), this.#mark) ?? Buffer.alloc(0);
  }

  mark(): void {
    this.#mark = this.#end;
    this.#isSaved = false;
  }

  append(chunk: Buffer): void {
    this.#total += chunk.length;
    const kept = chunk.length > this.size ? chunk.subarray(chunk.length - this.size) : chunk;
    this.#bytes ??= Buffer.allocUnsafeSlow(2 * this.size);
    if (this.#end + kept.length > this.#bytes.length) this.#slide(this.#bytes);
    kept.copy(this.#bytes, this.#end);
    this.#end += kept.length;
  }

  clear(): void {
    this.#end = 0;
    this.#mark = 0;
    this.#isSaved = false;
    this.#total = 0;
  }

  #slide(bytes: Buffer): void {
    if (!this.#isSaved) {
      const { marked } = this;
      this.#saved ??= Buffer.allocUnsafeSlow(this.size);
      marked.copy(this.#saved);
      this.#savedLength = marked.length;
      this.#isSaved = true;
    }
    const from = Math.max(0, this.#end - this.size);
    bytes.copyWithin(0, from, this.#end);
    this.#end -= from;
  }
}
