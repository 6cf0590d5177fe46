/** One GetObject: of a version, or of the current object if its ETag matches; from a given byte. */
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
  /** Bytes that follow; `null`: not stated by S3. */
  readonly length: number | null;
  readonly etag: string | null;
  readonly versionId: string | null;
  /** ISO 8601. */
  readonly lastModified: string | null;
  /** The checksum of the whole object, if S3 has one. The SDK compares it unless the body is interrupted. */
  readonly checksum: { readonly algorithm: string; readonly base64: string } | null;
  /** How often the SDK sent the request. */
  readonly attempts: number;
};

/** Sends one GetObject; `null`: the ETag does not match (412). @throws DeliveryError */
export type GetObject = (request: GetRequest) => Promise<GetResponse | null>;

export type ByteLimits = {
  /** Longest wait for the next bytes. */
  readonly silenceMs: number;
  /** Most resumes of one object. */
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
  /** False: S3 has no checksum of the whole object, so only its length is compared. */
  readonly hasChecksum: boolean;
};
