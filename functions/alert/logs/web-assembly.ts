// The part of WebAssembly used here, which TypeScript declares only for browsers.
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => WasmMemory;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Imports,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

type Imports = { readonly [module: string]: { readonly [name: string]: WasmMemory } };

/** A memory that modules of WebAssembly share; it never grows, so that views of it stay valid. */
export type WasmMemory = { readonly buffer: ArrayBuffer };

const MODULES = new Map<string, object>();

/** The exports of an instance of its own; a module is compiled once. `code` is in Base64. */
export function instanceOf<Exports>(code: string, imports: Imports): Exports {
  const module = MODULES.get(code) ?? new WebAssembly.Module(Buffer.from(code, 'base64'));
  MODULES.set(code, module);
  return new WebAssembly.Instance(module, imports).exports as Exports;
}

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
