const NOTHING = Buffer.alloc(0);
const SMALL = 16 * 1024;
/** A buffer that grew beyond this is released when it is emptied. */
const KEPT = 1024 * 1024;

/** Bytes collected in one buffer that is reused. */
export class Growable {
  #buffer = NOTHING;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The bytes collected, valid until the next change. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  append(bytes: Buffer): void {
    const wanted = this.#length + bytes.length;
    if (wanted > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(SMALL, wanted, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    bytes.copy(this.#buffer, this.#length);
    this.#length = wanted;
  }

  clear(): void {
    this.#length = 0;
    if (this.#buffer.length > KEPT) this.#buffer = NOTHING;
  }
}
