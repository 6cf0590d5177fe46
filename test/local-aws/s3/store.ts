import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ChecksumName } from '../checksum.ts';
import type { Clock } from '../clock.ts';
import { AwsError } from '../error.ts';
import { type Body, bytesBody } from './body.ts';

export type StoredChecksum = {
  readonly name: ChecksumName;
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
};

/** The headers that S3 keeps with an object and gives back: `content-type`, `x-amz-meta-…`, … */
export type KeptHeaders = Readonly<Record<string, string>>;

export type Version = {
  readonly key: string;
  /** `null` as a word where the bucket is not versioned. */
  readonly versionId: string;
  readonly isDeleteMarker: boolean;
  readonly body: Body;
  readonly etag: string;
  readonly lastModified: number;
  readonly headers: KeptHeaders;
  readonly storageClass: string;
  /** `null`: an old object of which S3 has none. */
  readonly checksum: StoredChecksum | null;
  readonly sequencer: string;
};

export type Bucket = {
  readonly name: string;
  readonly owner: string;
  readonly region: string;
  readonly createdAt: number;
  versioning: 'Enabled' | 'Suspended' | 'Off';
  /** Newest first. */
  readonly objects: Map<string, Version[]>;
  /** Counts every change of a key, so that a conditional write sees what happened while it ran. */
  readonly changes: Map<string, number>;
  sortedKeys: readonly string[] | undefined;
  policy: string | undefined;
};

export type NewVersion = {
  readonly body: Body;
  /** Without quotes. */
  readonly etag: string;
  readonly lastModified?: number;
  readonly headers?: KeptHeaders;
  readonly storageClass?: string;
  readonly checksum: StoredChecksum | null;
};

/** What S3 holds. Every change goes through `write` and `remove`. */
export class Store {
  readonly buckets = new Map<string, Bucket>();
  readonly #clock: Clock;
  readonly #directory: string;
  #files = 0;
  #sequence = 0x0066_0000_0000_0000n;

  constructor(directory: string, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** A file name of its own for a body that memory should not hold; never made from a key. */
  newFile(): string {
    return join(this.#directory, `${String(++this.#files).padStart(6, '0')}.object`);
  }

  bucket(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (bucket) return bucket;
    throw new AwsError(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: name });
  }

  /** The newest version, a delete marker too. */
  latest(bucket: Bucket, key: string): Version | undefined {
    return bucket.objects.get(key)?.[0];
  }

  current(bucket: Bucket, key: string): Version | undefined {
    const latest = this.latest(bucket, key);
    return latest?.isDeleteMarker ? undefined : latest;
  }

  write(bucket: Bucket, key: string, made: NewVersion): Version {
    return this.#add(bucket, {
      key,
      versionId: bucket.versioning === 'Enabled' ? newVersionId() : 'null',
      isDeleteMarker: false,
      body: made.body,
      etag: made.etag,
      lastModified: made.lastModified ?? this.#clock.now(),
      headers: made.headers ?? {},
      storageClass: made.storageClass ?? 'STANDARD',
      checksum: made.checksum,
      sequencer: this.#nextSequencer(),
    });
  }

  /** Deletes as S3 does: a marker in a versioned bucket, or exactly the version that is named. */
  remove(bucket: Bucket, key: string, versionId?: string): Version | undefined {
    const versions = bucket.objects.get(key) ?? [];
    bucket.changes.set(key, (bucket.changes.get(key) ?? 0) + 1);
    if (versionId !== undefined || bucket.versioning === 'Off') {
      const gone = versions.find(version => version.versionId === (versionId ?? 'null'));
      const left = versions.filter(version => version !== gone);
      if (left.length > 0) bucket.objects.set(key, left);
      else if (bucket.objects.delete(key)) bucket.sortedKeys = undefined;
      return gone && { ...gone, sequencer: this.#nextSequencer() };
    }
    return this.#add(bucket, {
      key,
      versionId: bucket.versioning === 'Enabled' ? newVersionId() : 'null',
      isDeleteMarker: true,
      body: bytesBody(Buffer.alloc(0)),
      etag: '',
      lastModified: this.#clock.now(),
      headers: {},
      storageClass: 'STANDARD',
      checksum: null,
      sequencer: this.#nextSequencer(),
    });
  }

  #add(bucket: Bucket, version: Version): Version {
    bucket.changes.set(version.key, (bucket.changes.get(version.key) ?? 0) + 1);
    const older = (bucket.objects.get(version.key) ?? []).filter(
      ({ versionId }) => versionId !== version.versionId,
    );
    if (!bucket.objects.has(version.key)) bucket.sortedKeys = undefined;
    bucket.objects.set(version.key, [version, ...older]);
    return version;
  }

  #nextSequencer(): string {
    this.#sequence += 0x1_0000n;
    return this.#sequence.toString(16).toUpperCase().padStart(18, '0');
  }
}

/** In the order in which S3 lists: by the bytes of UTF-8. */
export function sortedKeys(bucket: Bucket): readonly string[] {
  bucket.sortedKeys ??= [...bucket.objects.keys()].sort((a, b) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  return bucket.sortedKeys;
}

function newVersionId(): string {
  return randomBytes(24).toString('base64url');
}
