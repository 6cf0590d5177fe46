/** What a notification says about an object. Size and ETag are unverified; only the answer of GetObject is trusted. */
type Named = {
  readonly bucket: string;
  /** Decoded. */
  readonly key: string;
  /** The notification's percent-encoding was malformed, so `key` is as received. */
  readonly isKeyRaw: boolean;
  readonly versionId: string | null;
  /** Without quotes. */
  readonly etag: string | null;
  readonly size: number | null;
  readonly sequencer: string | null;
};

/** An object before the filters of bucket and prefix. */
export type NamedObject = Named & {
  /** The account that EventBridge names; `null`: S3's own notifications name none. */
  readonly account: string | null;
};

/** One object to read. */
export type ObjectRef = Named & {
  /** The account that must own the bucket according to S3; `null`: not checked. */
  readonly owner: string | null;
  readonly isCanary: boolean;
  /** The backfill run that holds the alerts; `null`: they are published as they come. */
  readonly backfill: string | null;
};
