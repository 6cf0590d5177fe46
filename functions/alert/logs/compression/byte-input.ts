const NOTHING = Buffer.alloc(0);

/** Thrown where the reading stops; as an error of the source, it comes after the bytes that were read. */
export const STOPPED = new Error('the reading was stopped');

/** A source of bytes that can be looked ahead into and given back to; whatever its chunks are, it reads the same. */
export class ByteInput {
  readonly #source: AsyncIterator<Uint8Array>;
  /** Chunks given back or looked at, next first. */
  readonly #ahead: Buffer[] = [];
  #ended = false;
  /** What the source threw: it comes after the bytes that came before it. */
  #failure: { readonly error: unknown } | null = null;
  #taken = 0;

  /** Asked each time the source is read; `true` ends the reading there. */
  readonly stop: () => boolean;

  constructor(source: AsyncIterable<Uint8Array>, stop: () => boolean = () => false) {
    this.#source = source[Symbol.asyncIterator]();
    this.stop = stop;
  }

  /** Bytes handed out so far and not given back: the position in the source. */
  get position(): number {
    return this.#taken;
  }

  /** Whether it was the source that threw this. */
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

  /** Gives back the tail of what was handed out last. */
  unread(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#ahead.unshift(bytes);
    this.#taken -= bytes.length;
  }

  /** The next `count` bytes without taking them; fewer only at the end of the source. */
  async peek(count: number): Promise<Buffer> {
    const held = await this.peekAtMost(count);
    if (held.length < count) this.#check();
    return held;
  }

  /** The same, but fewer bytes also where the source fails behind them. */
  async peekAtMost(count: number): Promise<Buffer> {
    return (await this.peekReady(count)).subarray(0, count);
  }

  /** The same, and all that lies ready behind them: how much that is goes by the chunks, so nothing may depend on it. */
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

  /** Exactly `count` bytes, or `null` when the source ends before; then all that was left is taken. */
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

  /** Takes everything that is left. An error of the source passes. */
  async drain(): Promise<void> {
    while ((await this.next()) !== null);
  }

  /** Called for each member, frame and block: thousands of them fit one chunk. @throws STOPPED */
  ask(): void {
    if (this.stop()) throw STOPPED;
  }

  /** Tells the source that no more will be read. */
  async close(): Promise<void> {
    this.#ended = true;
    this.#ahead.length = 0;
    await this.#source.return?.();
  }

  /** `null` at the end and where the source fails. */
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
