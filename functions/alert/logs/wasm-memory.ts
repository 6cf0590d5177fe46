// The part of WebAssembly used here, which TypeScript declares only for browsers.
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => WasmMemory;
};

/** A memory that modules of WebAssembly share; it never grows, so that views of it stay valid. */
export type WasmMemory = { readonly buffer: ArrayBuffer };

const PAGE = 64 * 1024;

const MEMORIES = new WeakMap<ArrayBufferLike, WasmMemory>();

/** A memory of at least so many bytes. */
export function makeMemory(bytes: number): WasmMemory {
  const pages = Math.ceil(bytes / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  MEMORIES.set(memory.buffer, memory);
  return memory;
}

/** The memory in which these bytes are, so that another module can read them where they are; `null` elsewhere. */
export function memoryOf(bytes: Uint8Array): WasmMemory | null {
  return MEMORIES.get(bytes.buffer) ?? null;
}
