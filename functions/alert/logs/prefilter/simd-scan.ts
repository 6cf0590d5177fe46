import { instanceOf, makeMemory, memoryOf, type WasmMemory } from '../web-assembly.ts';
import { SCAN_MODULE } from './scan-module.ts';

/** Both give the first position from `from` on, an address; -1 or one beyond `to` if there is none. */
type ScanExports = {
  find(from: number, to: number): number;
  probe(from: number, to: number, step: number): number;
};

/** How far beyond the end of what is scanned a scan may read. */
const READ_BEYOND = 256;

/** Where bytes can be scanned: the scans of a memory, and the address in it. */
export type Place = { readonly scan: ScanExports; readonly base: number };

/**
 * Scans bytes sixteen at a time, by tables: where they are, if that is in a memory of WebAssembly, else copied into one
 * of its own.
 */
export class SimdScan {
  readonly #size: number;
  readonly #tables: WasmMemory;
  readonly #instances = new WeakMap<WasmMemory, ScanExports>();
  readonly #own: WasmMemory;
  readonly #ownBytes: Uint8Array;
  readonly #copies = [0, 0];

  /** `size`: bytes of the longest piece that is copied. */
  constructor(tables: Uint8Array, size: number) {
    this.#size = size;
    this.#tables = makeMemory(tables.length);
    new Uint8Array(this.#tables.buffer).set(tables);
    this.#own = makeMemory(2 * (size + READ_BEYOND));
    this.#ownBytes = new Uint8Array(this.#own.buffer);
  }

  /** Where the bytes are; `null`: they have to be copied. At least 256 bytes behind them can be read. */
  inPlace(bytes: Uint8Array): Place | null {
    const memory = memoryOf(bytes);
    return memory === null ? null : { scan: this.#instance(memory), base: bytes.byteOffset };
  }

  /** Copies bytes in place of the last that were copied into this one of two areas. */
  copy(bytes: Uint8Array, area: 0 | 1): Place {
    if (bytes.length > this.#size)
      throw new RangeError(`a piece of ${bytes.length} bytes; at most ${this.#size}`);
    const base = area * (this.#size + READ_BEYOND);
    this.#ownBytes.set(bytes, base);
    this.#copies[area]!++;
    return { scan: this.#instance(this.#own), base };
  }

  /** Identifies what was copied last. */
  copied(area: 0 | 1): number {
    return this.#copies[area]!;
  }

  #instance(memory: WasmMemory): ScanExports {
    let scan = this.#instances.get(memory);
    if (scan === undefined) {
      const imports = { memory: { text: memory, tables: this.#tables } };
      scan = instanceOf<ScanExports>(SCAN_MODULE, imports);
      this.#instances.set(memory, scan);
    }
    return scan;
  }
}
