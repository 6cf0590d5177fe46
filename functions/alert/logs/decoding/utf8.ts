const NOTHING = Buffer.alloc(0);
const SAMPLE = 4 * 1024;

/**
 * Text of one file as UTF-8: PowerShell's UTF-16 is decoded, recognised by a byte order mark or, in the first
 * 4 KB, the zero bytes of ASCII. Everything else passes unchanged.
 */
export class Utf8 {
  /** Copied: a chunk is released when the next is requested. */
  #sample: Buffer = NOTHING;
  #decoder: InstanceType<typeof TextDecoder> | null | undefined;

  /** The chunk as UTF-8, together with what was buffered to decide. */
  push(chunk: Buffer): Buffer | null {
    if (this.#decoder === null) return chunk;
    if (this.#decoder !== undefined) return Buffer.from(this.#decoder.decode(chunk, { stream: true }));
    const held = this.#sample.length === 0 ? chunk : Buffer.concat([this.#sample, chunk]);
    if (held.length >= SAMPLE || !isInDoubt(held)) return this.#decide(held);
    this.#sample = held === chunk ? Buffer.from(held) : held;
    return null;
  }

  /** The rest at the file's end. Starts anew. */
  end(): Buffer | null {
    const undecided = this.#sample.length > 0 ? this.#decide(this.#sample) : null;
    const last = this.#decoder ? Buffer.from(this.#decoder.decode()) : null;
    this.#decoder = undefined;
    const parts = [undecided, last].filter(part => part !== null && part.length > 0) as Buffer[];
    return parts.length === 0 ? null : Buffer.concat(parts);
  }

  #decide(held: Buffer): Buffer {
    this.#sample = NOTHING;
    const encoding = utf16Of(held.subarray(0, SAMPLE));
    this.#decoder = encoding === null ? null : new TextDecoder(encoding);
    return this.#decoder === null ? held : Buffer.from(this.#decoder.decode(held, { stream: true }));
  }
}

/** Text whose first two bytes are neither a mark nor contain zero is not UTF-16 of JSON: nothing is buffered. */
function isInDoubt(head: Buffer): boolean {
  return head.length < 2 || head[0] === 0 || head[1] === 0;
}

function utf16Of(head: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  // Without doubt nothing was buffered either: the answer must not depend on how much is available.
  if (head.length < 4 || !isInDoubt(head)) return null;
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at & 1]!++;
  const half = head.length / 2;
  if (zeros[1]! > half / 2 && zeros[0]! < half / 20) return 'utf-16le';
  return zeros[0]! > half / 2 && zeros[1]! < half / 20 ? 'utf-16be' : null;
}
