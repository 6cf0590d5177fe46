const NOTHING = Buffer.alloc(0);

/** Thrown where reading stops; as an error of the source, it comes after the bytes that were read. */
export const STOPPED = new Error('reading was stopped');

/** A source of bytes with lookahead and pushback; how the source is divided into chunks makes no difference. */
export class ByteInput {
  readonly #source: AsyncIterator<Uint8Array>;
  /** Chunks pushed back or looked at, next first. */
  readonly #ahead: Buffer[] = [];
  #ended = false;
  /** What the source threw; it is rethrown after the bytes that came before it. */
  #failure: { readonly error: unknown } | null = null;
  #taken = 0;

  /** Asked each time the source is read; `true` ends reading there. */
  readonly stop: () => boolean;

  constructor(source: AsyncIterable<Uint8Array>, stop: () => boolean = () => false) {
    this.#source = source[Symbol.asyncIterator]();
    this.stop = stop;
  }

  /** Bytes handed out so far and not pushed back: the position in the source. */
  get position(): number {
    return this.#taken;
  }

  /** Whether the source threw this. */
  threw(error: unknown): boolean {
    return this.#failure !== null && this.#failure.error === error;
  }

  /** The next chunk, never empty; `null` at the end. */
  async next(): Promise<Buffer | null> {
    const chunk = this.#ahead.shift() ?? (await this.#pull());
    if (chunk === null) this.#check();
    else this.#taken += chunk.length;
    return chunk;
  }

  /** Pushes back the tail of what was handed out last. */
  unread(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#ahead.unshift(bytes);
    this.#taken -= bytes.length;
  }

  /** The next `count` bytes without consuming them; fewer only at the end of the source. */
  async peek(count: number): Promise<Buffer> {
    const held = await this.peekAtMost(count);
    if (held.length < count) this.#check();
    return held;
  }

  /** The same, but also returns fewer bytes if the source fails after them. */
  async peekAtMost(count: number): Promise<Buffer> {
    return (await this.peekReady(count)).subarray(0, count);
  }

  /**
   * The same, and everything available after them: how much that is depends on the chunks, so nothing may depend on it.
   */
  async peekReady(count: number): Promise<Buffer> {
    let held = 0;
    for (const chunk of this.#ahead) held += chunk.length;
    while (held < count) {
      const chunk = await this.#pull();
      if (chunk === null) break;
      this.#ahead.push(chunk);
      held += chunk.length;
    }
    const first = this.#ahead[0];
    if (first === undefined || first.length >= count) return first ?? NOTHING;
    const joined = Buffer.concat(this.#ahead);
    this.#ahead.splice(0, this.#ahead.length, joined);
    return joined;
  }

  /** Exactly `count` bytes, or `null` if the source ends before; then the rest is consumed. */
  async take(count: number): Promise<Buffer | null> {
    const bytes = await this.peek(count);
    this.#taken += bytes.length;
    if (bytes.length < count) {
      this.#ahead.length = 0;
      return null;
    }
    const rest = this.#ahead[0]?.subarray(count);
    if (rest === undefined || rest.length === 0) this.#ahead.shift();
    else this.#ahead[0] = rest;
    return bytes;
  }

  /** A chunk of at most `count` bytes; `null` at the end. */
  async nextUpTo(count: number): Promise<Buffer | null> {
    const chunk = await this.next();
    if (chunk === null || chunk.length <= count) return chunk;
    this.unread(chunk.subarray(count));
    return chunk.subarray(0, count);
  }

  /** Consumes the rest. An error of the source passes through. */
  async drain(): Promise<void> {
    while ((await this.next()) !== null);
  }

  /** Called for each member, frame and block: thousands of them fit in one chunk. @throws STOPPED */
  ask(): void {
    if (this.stop()) throw STOPPED;
  }

  /** Tells the source that no more will be read. */
  async close(): Promise<void> {
    this.#ended = true;
    this.#ahead.length = 0;
    await this.#source.return?.();
  }

  /** `null` at the end and if the source fails. */
  async #pull(): Promise<Buffer | null> {
    while (!this.#ended && this.#failure === null) {
      try {
        this.ask();
        const { done, value } = await this.#source.next();
        if (done) this.#ended = true;
        else if (value.length > 0)
          return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.length);
      } catch (error) {
        this.#failure = { error };
      }
    }
    return null;
  }

  #check(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}
