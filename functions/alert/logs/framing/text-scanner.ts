const LF = 10;
const CR = 13;
const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;

/** Finds the end of anything but an object or array: the line's end, or in an array the next comma or bracket. */
export class TextScanner {
  #isElement = false;
  #isString = false;
  #isEscaped = false;
  #hasEnded = false;

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  begin(isElement: boolean): void {
    this.#isElement = isElement;
    this.#isString = false;
    this.#isEscaped = false;
    this.#hasEnded = false;
  }

  scan(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === LF || byte === CR || (this.#isElement && this.#endsElement(byte))) {
        this.#hasEnded = true;
        return at;
      }
    }
    return bytes.length;
  }

  #endsElement(byte: number): boolean {
    if (!this.#isString) {
      if (byte === QUOTE) this.#isString = true;
      return byte === COMMA || byte === CLOSE_ARRAY;
    }
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isString = false;
    return false;
  }
}
