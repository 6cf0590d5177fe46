/** Bytes of the first key that are looked at, and starts that are remembered; FDR has about fifty. */
const BYTES = 8;
const MOST = 256;

/**
 * The first keys of records whose shape is known. A record that begins otherwise is decoded, so that one of unknown
 * shape is not passed over because the records before it were known; where records with one first key are both, all
 * of them are decoded.
 */
export class FamiliarStarts {
  readonly #known = new Set<number>();
  readonly #mixed = new Set<number>();
  #last = Number.NaN;

  isFamiliar(bytes: Buffer, at: number): boolean {
    const start = startOf(bytes, at);
    if (start === this.#last) return true;
    if (!this.#known.has(start)) return false;
    this.#last = start;
    return true;
  }

  learn(bytes: Buffer, isKnown: boolean): void {
    const start = startOf(bytes, 0);
    if (Number.isNaN(start)) return;
    if (isKnown && !this.#mixed.has(start) && this.#known.size < MOST) this.#known.add(start);
    if (isKnown) return;
    this.#known.delete(start);
    if (this.#mixed.size < MOST) this.#mixed.add(start);
    else this.#known.clear();
    this.#last = Number.NaN;
  }
}

/** Of the bytes behind `{"`; a collision costs a record of unknown shape its count, and nothing else. */
function startOf(bytes: Buffer, at: number): number {
  if (at + 2 + BYTES > bytes.length) return Number.NaN;
  return bytes.readUInt32LE(at + 2) * 1_048_573 + bytes.readUInt32LE(at + 6);
}
