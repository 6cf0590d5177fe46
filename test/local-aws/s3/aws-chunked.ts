import { AwsError } from '../error.ts';

/** Trailing headers of an `aws-chunked` body, known when it has ended. */
export type Trailer = Map<string, string>;

/**
 * Takes the `aws-chunked` framing off, as the SDK sends streams with a trailing checksum.
 * Signatures of chunks are not checked.
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Uint8Array>,
  trailer: Trailer,
): AsyncGenerator<Uint8Array> {
  let buffered = Buffer.alloc(0);
  let left = 0;
  let state: 'size' | 'data' | 'end of data' | 'trailer' = 'size';
  for await (const chunk of source) {
    buffered = buffered.length > 0 ? Buffer.concat([buffered, chunk]) : Buffer.from(chunk);
    while (buffered.length > 0) {
      if (state === 'data') {
        const data = buffered.subarray(0, left);
        buffered = buffered.subarray(data.length);
        left -= data.length;
        if (left === 0) state = 'end of data';
        yield data;
        continue;
      }
      const end = buffered.indexOf('\r\n');
      if (end === -1) break;
      const line = buffered.toString('latin1', 0, end);
      buffered = buffered.subarray(end + 2);
      if (state === 'size') {
        left = Number.parseInt(line, 16);
        if (!/^[0-9a-f]+(;.*)?$/i.test(line))
          throw new AwsError(400, 'InvalidChunkSizeError', 'Bad chunk size');
        state = left === 0 ? 'trailer' : 'data';
      } else if (state === 'end of data') state = 'size';
      else if (line.includes(':')) {
        const colon = line.indexOf(':');
        trailer.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
      }
    }
  }
  if (state !== 'trailer') {
    throw new AwsError(400, 'IncompleteBody', 'The request body terminated unexpectedly');
  }
}
