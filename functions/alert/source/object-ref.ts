/** What a notification says of an object. Size and etag are hearsay; only what GetObject answers is believed. */
type Named = {
  readonly bucket: string;
  /** Decoded. */
  readonly key: string;
  /** The notification's percent codes were malformed, so `key` is as it came. */
  readonly isKeyRaw: boolean;
  readonly versionId: string | null;
  /** Without quotes. */
  readonly etag: string | null;
  readonly size: number | null;
  readonly sequencer: string | null;
};

/** An object before it is known whether it is for us. */
export type NamedObject = Named & {
  /** The account that EventBridge names; `null`: S3's own notifications name none. */
  readonly account: string | null;
};

/** One object to read. */
export type ObjectRef = Named & {
  /** The account that S3 must find as owner of the bucket; `null`: not asked. */
  readonly owner: string | null;
  readonly isCanary: boolean;
  /** The run of a backfill that holds what it finds; `null`: it is published as it comes. */
  readonly backfill: string | null;
};
