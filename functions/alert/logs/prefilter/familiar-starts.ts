/** Bytes of the first key that are compared, and starts that are remembered; FDR has about fifty. */
const BYTES = 8;
const MOST = 256;

/**
 * The first keys of records whose shape is known. A record with another start is decoded, so that one of unknown
 * shape is not skipped because the records before it were known; if records with one first key are of both kinds, all
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

/** Hash of the bytes after `{"`; a collision only leaves a record of unknown shape uncounted. */
function startOf(bytes: Buffer, at: number): number {
  if (at + 2 + BYTES > bytes.length) return Number.NaN;
  return bytes.readUInt32LE(at + 2) * 1_048_573 + bytes.readUInt32LE(at + 6);
}
