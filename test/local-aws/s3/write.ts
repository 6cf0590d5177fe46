import { createHash } from 'node:crypto';
import { CHECKSUMS, type ChecksumName, digestOf } from '../checksum.ts';
import { AwsError } from '../error.ts';
import type { Request } from '../server.ts';
import { decodeAwsChunked, type Trailer } from './aws-chunked.ts';
import { type Body, keep } from './body.ts';
import type { Bucket, KeptHeaders, Store, StoredChecksum } from './store.ts';

export type Received = {
  readonly body: Body;
  readonly etag: string;
  /** What the client sent, or what S3 computes where it sent none. */
  readonly checksum: StoredChecksum;
};

/** Reads the body of an upload, without its framing, and checks every digest that came with it. */
export async function receive(request: Request, store: Store): Promise<Received> {
  const { headers } = request;
  const contentSha256 = headers['x-amz-content-sha256']?.toString() ?? 'UNSIGNED-PAYLOAD';
  const isFramed = contentSha256.startsWith('STREAMING-') || isAwsChunked(headers['content-encoding']);
  const length = isFramed ? headers['x-amz-decoded-content-length']?.toString() : headers['content-length'];
  if (length === undefined) {
    throw new AwsError(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  const trailer: Trailer = new Map();
  const declared = CHECKSUMS.find(
    name => headers[`x-amz-checksum-${name}`] || headers['x-amz-trailer'] === `x-amz-checksum-${name}`,
  );
  const name: ChecksumName = declared ?? 'crc64nvme';
  const digest = digestOf(name);
  const md5 = createHash('md5');
  const sha256 = /^[0-9a-f]{64}$/.test(contentSha256) ? createHash('sha256') : null;
  const source = isFramed ? decodeAwsChunked(request.body, trailer) : request.body;
  const body = await keep(
    tap(source, chunk => {
      digest.update(chunk);
      md5.update(chunk);
      sha256?.update(chunk);
    }),
    store.newFile(),
  );
  if (body.size !== Number(length)) {
    throw new AwsError(
      400,
      'IncompleteBody',
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
    );
  }
  const value = digest.value();
  const sent = headers[`x-amz-checksum-${name}`]?.toString() ?? trailer.get(`x-amz-checksum-${name}`);
  if (declared && sent !== value) {
    throw new AwsError(
      400,
      'BadDigest',
      `The ${name.toUpperCase()} you specified did not match the calculated checksum.`,
    );
  }
  if (sha256 && sha256.digest('hex') !== contentSha256) {
    throw new AwsError(
      400,
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  const md5Bytes = md5.digest();
  if (headers['content-md5'] !== undefined && headers['content-md5'] !== md5Bytes.toString('base64')) {
    throw new AwsError(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  return { body, etag: md5Bytes.toString('hex'), checksum: { name, value, type: 'FULL_OBJECT' } };
}

async function* tap(
  source: AsyncIterable<Uint8Array>,
  see: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    see(chunk);
    yield chunk;
  }
}

function isAwsChunked(encoding: string | undefined): boolean {
  return encodingsOf(encoding).includes('aws-chunked');
}

function encodingsOf(header: string | undefined): string[] {
  return (header ?? '').split(',').flatMap(encoding => encoding.trim() || []);
}

const KEPT = ['content-type', 'content-language', 'content-disposition', 'cache-control', 'expires'];

/** The headers of an upload that come back with the object. */
export function keptHeaders(request: Request): KeptHeaders {
  const kept: Record<string, string> = {};
  let metadataBytes = 0;
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value !== 'string') continue;
    if (KEPT.includes(name)) kept[name] = value;
    if (!name.startsWith('x-amz-meta-')) continue;
    kept[name] = value;
    metadataBytes += name.length - 'x-amz-meta-'.length + Buffer.byteLength(value, 'latin1');
  }
  if (metadataBytes > 2048) {
    throw new AwsError(
      400,
      'MetadataTooLarge',
      'Your metadata headers exceed the maximum allowed metadata size',
    );
  }
  const encodings = encodingsOf(request.headers['content-encoding']).filter(one => one !== 'aws-chunked');
  if (encodings.length > 0) kept['content-encoding'] = encodings.join(',');
  kept['content-type'] ??= 'binary/octet-stream';
  return kept;
}

/** A conditional write: asked once before the body is read and once before it is kept. */
export class WriteCondition {
  readonly #bucket: Bucket;
  readonly #store: Store;
  readonly #key: string;
  readonly #match: string | undefined;
  readonly #noneMatch: string | undefined;
  readonly #changesBefore: number | undefined;

  constructor(request: Request, store: Store, bucket: Bucket, key: string) {
    this.#bucket = bucket;
    this.#store = store;
    this.#key = key;
    this.#match = request.headers['if-match']?.replaceAll('"', '');
    this.#noneMatch = request.headers['if-none-match']?.replaceAll('"', '');
    this.#changesBefore = bucket.changes.get(key);
    if (this.#noneMatch !== undefined && this.#noneMatch !== '*') {
      throw new AwsError(
        501,
        'NotImplemented',
        'A header you provided implies functionality that is not implemented',
        { Header: 'If-None-Match' },
      );
    }
    this.#check();
  }

  /** S3 answers 409 where another write or a delete of the key was done while this one ran. */
  commit(): void {
    if (this.#match === undefined && this.#noneMatch === undefined) return;
    if (this.#bucket.changes.get(this.#key) !== this.#changesBefore) {
      throw new AwsError(
        409,
        'ConditionalRequestConflict',
        'The conditional request cannot succeed due to a conflicting operation against this resource.',
        { Condition: this.#match === undefined ? 'If-None-Match' : 'If-Match', Key: this.#key },
      );
    }
    this.#check();
  }

  #check(): void {
    const current = this.#store.current(this.#bucket, this.#key);
    if (this.#match !== undefined && !current) {
      throw new AwsError(404, 'NoSuchKey', 'The specified key does not exist.', { Key: this.#key });
    }
    const failed =
      this.#noneMatch !== undefined && current
        ? 'If-None-Match'
        : this.#match !== undefined && current!.etag !== this.#match
          ? 'If-Match'
          : null;
    if (failed) {
      throw new AwsError(
        412,
        'PreconditionFailed',
        'At least one of the pre-conditions you specified did not hold',
        { Condition: failed },
      );
    }
  }
}
