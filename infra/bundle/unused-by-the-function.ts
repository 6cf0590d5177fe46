/**
 * Replaces two modules of the SDK in the function's bundle, for which Node would load modules of its own at every start.
 */

/** The check of a body that is a web stream (3 ms: a class derived from ReadableStream); bodies of Node's client are not. */
export function createChecksumStream(): never {
  throw new Error('web streams are not in this bundle');
}

/** The reader of ~/.aws (2 ms: promises of files). A function has its settings and credentials from its environment. */
export const readFile = async (): Promise<string> => '';

export const fileIntercept = {};
