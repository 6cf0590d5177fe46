/** One GetObject: a version, or whatever is there if its etag is the one given; from a byte on. */
export type GetRequest = {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | null;
  readonly ifMatch: string | null;
  readonly from: number;
  readonly owner: string | null;
};

export type GetResponse = {
  readonly body: AsyncIterable<Uint8Array>;
  /** Bytes that follow; `null`: S3 did not say. */
  readonly length: number | null;
  readonly etag: string | null;
  readonly versionId: string | null;
  /** ISO 8601. */
  readonly lastModified: string | null;
  /** The checksum of the whole object, where S3 has one. The SDK compares it unless the body breaks. */
  readonly checksum: { readonly algorithm: string; readonly base64: string } | null;
  /** Times the SDK sent the request. */
  readonly attempts: number;
};

/** Sends one GetObject; `null`: the etag is not the one given (412). @throws DeliveryError */
export type GetObject = (request: GetRequest) => Promise<GetResponse | null>;

export type ByteLimits = {
  /** Longest wait for the next bytes. */
  readonly silenceMs: number;
  /** Resumes of one object. */
  readonly resumes: number;
  /** Least throughput over each window of waiting. */
  readonly leastBytesPerSecond: number;
  readonly windowMs: number;
};

export const BYTE_LIMITS: ByteLimits = {
  silenceMs: 5_000,
  resumes: 3,
  leastBytesPerSecond: 64 * 1024,
  windowMs: 30_000,
};

export type Transfer = {
  bytes: number;
  retries: number;
  resumes: number;
  stalls: number;
  /** False: S3 holds no checksum of the whole object, so its length alone is compared. */
  readonly hasChecksum: boolean;
};
