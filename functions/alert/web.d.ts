// Pure web standards that every JavaScript runtime has, and all that the pure folders take from one.
declare class TextEncoder {
  encode(text?: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  decode(bytes?: Uint8Array): string;
}
declare function btoa(binary: string): string;
declare function atob(base64: string): string;
