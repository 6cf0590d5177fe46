/** What can be wrong with an object as a whole; each with its sentence for the runbook. */
export const READ_CODES = {
  GzipTruncated: 'The gzip data ends before its last member does; everything before the cut was read.',
  GzipCrc: 'A gzip member does not match the checksum or length in its trailer.',
  GzipCorrupt: 'The gzip data cannot be decoded from some byte on; everything before it was read.',
  ZlibTruncated: 'The zlib data ends before its stream does; everything before the cut was read.',
  ZlibChecksum: 'The zlib data does not match its checksum.',
  ZlibCorrupt: 'The zlib data cannot be decoded from some byte on; everything before it was read.',
  ZstdTruncated: 'The zstd data ends before its last frame does; everything before the cut was read.',
  ZstdChecksum: 'A zstd frame does not match its checksum.',
  ZstdCorrupt: 'The zstd data cannot be decoded from some block on; everything before it was read.',
  ZstdWindow: 'The zstd frame needs a larger window than REGISTRY_ALERT_ZSTD_WINDOW_BYTES allows.',
  ZstdDictionary: 'The zstd frame was compressed with a dictionary, which the object does not contain.',
  Bzip2Truncated: 'The bzip2 data ends before its stream does; every block before the cut was read.',
  Bzip2Checksum: 'A bzip2 block or stream does not match its checksum.',
  Bzip2Corrupt: 'The bzip2 data cannot be decoded from some block on; everything before it was read.',
  ZipTruncated: 'The zip archive ends before its directory does; everything before the cut was read.',
  ZipChecksum: 'A zip entry does not match its checksum or length.',
  ZipCorrupt: 'The zip archive cannot be decoded from some byte on; everything before it was read.',
  TrailingGarbage: 'The compressed data is followed by bytes that are neither padding nor more of it.',
  JsonTruncated: 'The log ends inside an array or a response; every whole record before the end was read.',
  UnsupportedFormat: 'The object is in an unsupported format; the detail names it and what to change.',
  NestedCompression: 'The object is compressed more than twice.',
  DecompressionLimit: 'The object decompresses to more than REGISTRY_ALERT_MAX_OUTPUT_BYTES.',
  NoReadableRecords: 'The object is not empty, and no record in it could be read as an event.',
} as const;

export type ReadCode = keyof typeof READ_CODES;

/** Damage of the content, found while decoding; never thrown out of `readEvents`. */
export class Damage extends Error {
  override readonly name = 'Damage';
  readonly code: ReadCode;

  /** `detail` names the format, the byte and what to change at the exporter; never text of the object. */
  constructor(code: ReadCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}
