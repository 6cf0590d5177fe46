/**
 * Replaces the check of a body that is a web stream in the function's bundle: bodies of Node's own HTTP client are not.
 * The SDK derives a class from ReadableStream, for which Node loads all its web streams (3 ms of a start).
 */
export function createChecksumStream(): never {
  throw new Error('web streams are not in this bundle');
}
