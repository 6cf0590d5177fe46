import type { Literals } from '../prefilter/literal-search.ts';
import { Growable } from './growable.ts';

const NOTHING = Buffer.alloc(0);

/** The bytes of a record that continues beyond the chunk it began in; beyond the limit they are only searched. */
export class FrameBuffer {
  readonly #max: number;
  readonly #watched: Literals | null;
  readonly #held = new Growable();
  #isOversize = false;
  #isSuspicious = false;
  #overlap: Buffer = NOTHING;

  constructor(max: number, watched: Literals | null) {
    this.#max = max;
    this.#watched = watched;
  }

  get isOversize(): boolean {
    return this.#isOversize;
  }

  /** A literal occurred in an oversize record. */
  get isSuspicious(): boolean {
    return this.#isSuspicious;
  }

  get isEmpty(): boolean {
    return this.#held.length === 0 && !this.#isOversize;
  }

  /** The record's bytes including the last ones, valid until the next change; `null` if it is oversize. */
  with(last: Buffer): Buffer | null {
    if (this.isEmpty && last.length <= this.#max) return last;
    this.append(last);
    return this.#isOversize ? null : this.#held.bytes;
  }

  append(bytes: Buffer): void {
    if (!this.#isOversize && this.#held.length + bytes.length <= this.#max) {
      this.#held.append(bytes);
      return;
    }
    if (!this.#isOversize) {
      this.#isOversize = true;
      this.#look(this.#held.bytes);
      this.#held.clear();
    }
    this.#look(bytes);
  }

  clear(): void {
    this.#held.clear();
    this.#isOversize = false;
    this.#isSuspicious = false;
    this.#overlap = NOTHING;
  }

  #look(bytes: Buffer): void {
    if (this.#isSuspicious || this.#watched === null) return;
    const joined = this.#overlap.length === 0 ? bytes : Buffer.concat([this.#overlap, bytes]);
    this.#isSuspicious = this.#watched.occursIn(joined);
    this.#overlap = Buffer.from(joined.subarray(Math.max(0, joined.length - this.#watched.overlap)));
  }
}
