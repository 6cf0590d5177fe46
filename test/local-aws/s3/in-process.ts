import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import type { ChecksumName } from '../checksum.ts';
import type { Clock } from '../clock.ts';
import { type Body, bytesBody, digestBody, fileBody } from './body.ts';
import { createBucket } from './buckets.ts';
import type { S3Endpoint } from './endpoint.ts';
import type { Place } from './events.ts';
import { type Bucket, type KeptHeaders, type Store, sortedKeys, type Version } from './store.ts';

export type PutOptions = {
  readonly contentEncoding?: string;
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly storageClass?: string;
  readonly lastModified?: number;
  /** `null`: an old object of which S3 has none, and what a generated body has; else `crc64nvme` as S3 chooses. */
  readonly checksum?: ChecksumName | null;
  /** No notification is sent. */
  readonly isSilent?: boolean;
};

/** Bytes, a file that stays where it is, or bytes made as they are read. */
export type PutBody = Uint8Array | string | { readonly file: string } | Body;

export type Route = {
  /** The ARN of a queue or topic. */
  readonly to?: string;
  readonly events?: readonly string[];
  readonly prefix?: string;
  readonly suffix?: string;
  readonly eventBridge?: boolean;
};

/** S3 from within the test's process: no HTTP, no faults, no entry among the calls. */
export class LocalS3 {
  readonly #store: Store;
  readonly #endpoint: S3Endpoint;
  readonly #clock: Clock;
  readonly #place: Place;

  constructor(store: Store, endpoint: S3Endpoint, clock: Clock, place: Place) {
    this.#store = store;
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#place = place;
  }

  createBucket(
    name: string,
    options: { versioning?: boolean; owner?: string; region?: string } = {},
  ): Bucket {
    return createBucket(this.#store, name, {
      owner: options.owner ?? this.#place.account,
      region: options.region ?? this.#place.region,
      createdAt: this.#clock.now(),
      versioning: options.versioning ?? false,
    });
  }

  async put(bucketName: string, key: string, content: PutBody, options: PutOptions = {}): Promise<Version> {
    const bucket = this.#store.bucket(bucketName);
    const body = bodyOf(content);
    const isInMemory = typeof content === 'string' || content instanceof Uint8Array;
    // A generated body may be longer than anybody wants to wait for.
    const { checksum: name = 'open' in Object(content) ? null : 'crc64nvme' } = options;
    const checksum = name && { name, value: await digestBody(name, body), type: 'FULL_OBJECT' as const };
    const version = this.#store.write(bucket, key, {
      body,
      // The digest of a large body would cost as much as reading it; a tag of parts promises no digest.
      etag: isInMemory
        ? createHash('md5').update(content).digest('hex')
        : `${randomBytes(16).toString('hex')}-1`,
      headers: headersOf(options),
      ...(options.storageClass === undefined ? {} : { storageClass: options.storageClass }),
      ...(options.lastModified === undefined ? {} : { lastModified: options.lastModified }),
      checksum,
    });
    if (!options.isSilent) this.#endpoint.changed(bucket, 'ObjectCreated:Put', version);
    return version;
  }

  /** The whole body of the current version, or of the one that is named. */
  async read(bucketName: string, key: string, versionId?: string): Promise<Buffer> {
    const version = this.find(bucketName, key, versionId);
    if (!version) throw new Error(`there is no ${key} in ${bucketName}`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of version.body.open(0, version.body.size)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  find(bucketName: string, key: string, versionId?: string): Version | undefined {
    const bucket = this.#store.bucket(bucketName);
    if (versionId === undefined) return this.#store.current(bucket, key);
    return bucket.objects.get(key)?.find(version => version.versionId === versionId);
  }

  keys(bucketName: string, prefix = ''): readonly string[] {
    const bucket = this.#store.bucket(bucketName);
    return sortedKeys(bucket).filter(key => key.startsWith(prefix) && this.#store.current(bucket, key));
  }

  remove(bucketName: string, key: string, versionId?: string): void {
    const bucket = this.#store.bucket(bucketName);
    const gone = this.#store.remove(bucket, key, versionId);
    if (!gone) return;
    const isMarked = gone.isDeleteMarker && versionId === undefined;
    this.#endpoint.changed(
      bucket,
      isMarked ? 'ObjectRemoved:DeleteMarkerCreated' : 'ObjectRemoved:Delete',
      gone,
    );
  }

  /** Sends the bucket's events to a queue or topic, or to EventBridge; replaces what was configured. */
  notify(bucketName: string, ...routes: readonly Route[]): void {
    this.#endpoint.configure(this.#store.bucket(bucketName), {
      isEventBridgeOn: routes.some(route => route.eventBridge),
      destinations: routes.flatMap((route, at) => {
        if (route.to === undefined) return [];
        const service = route.to.split(':')[2];
        return {
          kind: service === 'sqs' ? ('Queue' as const) : ('Topic' as const),
          id: `route-${at + 1}`,
          arn: route.to,
          events: route.events ?? ['s3:ObjectCreated:*'],
          prefix: route.prefix ?? '',
          suffix: route.suffix ?? '',
        };
      }),
    });
  }
}

function bodyOf(content: PutBody): Body {
  if (typeof content === 'string') return bytesBody(Buffer.from(content));
  if (content instanceof Uint8Array) return bytesBody(content);
  return 'file' in content ? fileBody(content.file, statSync(content.file).size) : content;
}

function headersOf({ contentEncoding, contentType, metadata = {} }: PutOptions): KeptHeaders {
  return {
    'content-type': contentType ?? 'binary/octet-stream',
    ...(contentEncoding === undefined ? {} : { 'content-encoding': contentEncoding }),
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
  };
}
