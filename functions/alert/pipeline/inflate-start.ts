/**
 * The first `most` bytes, at most, of the content of gzip, zlib or raw deflate data; `null`: it is none of these. Data
 * that ends early is not damage. Node's synchronous functions are all-or-nothing, so for content that is longer, the
 * longest prefix of the data that fits is searched for: seventeen attempts for 64 KiB, each bounded by `most`.
 */
export function inflateStart(
  bytes: Uint8Array,
  most: number,
): { readonly bytes: Uint8Array; readonly isCut: boolean } | null {
  // Loaded for the first base64 that is not text.
  const { constants, inflateRawSync, unzipSync } = process.getBuiltinModule('node:zlib');
  const options = { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH };
  const inflate = isWrapped(bytes) ? unzipSync : inflateRawSync;
  const attempt = (length: number): Uint8Array | 'too-large' | null => {
    try {
      return inflate(bytes.subarray(0, length), options);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : null;
    }
  };
  const whole = attempt(bytes.length);
  if (whole !== 'too-large') return whole && { bytes: whole, isCut: false };
  let start: Uint8Array = new Uint8Array();
  for (let [fits, tooLong] = [0, bytes.length]; tooLong - fits > 1; ) {
    const middle = (fits + tooLong) >>> 1;
    const given = attempt(middle);
    if (given === 'too-large') tooLong = middle;
    else {
      fits = middle;
      start = given ?? start;
    }
  }
  return { bytes: start, isCut: true };
}

/** By the first bytes of gzip (RFC 1952) and zlib (RFC 1950). */
function isWrapped([first = 0, second = 0]: Uint8Array): boolean {
  return (first === 0x1f && second === 0x8b) || ((first & 0x0f) === 8 && (first * 256 + second) % 31 === 0);
}
