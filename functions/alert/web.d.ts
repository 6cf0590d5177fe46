// Pure web standards that every JavaScript runtime has, and all that this room takes from one.
declare class TextEncoder {
  encode(text?: string): Uint8Array;
}
declare function btoa(binary: string): string;
