import type { Localized } from '../../ruleset/index.ts';

/** What the codes of notices mean to a reader; `logs/` and `delivery/` have the same for the runbook. */
export const CODE_MEANINGS: { readonly [code: string]: Localized } = {
  GzipTruncated: { en: 'the gzip data ends too early', 'zh-CN': 'gzip 数据提前结束' },
  GzipCrc: { en: 'a gzip member fails its own checksum', 'zh-CN': '某个 gzip 成员与其校验和不符' },
  GzipCorrupt: {
    en: 'the gzip data cannot be decoded from some byte on',
    'zh-CN': 'gzip 数据自某字节起无法解码',
  },
  ZlibTruncated: { en: 'the zlib data ends too early', 'zh-CN': 'zlib 数据提前结束' },
  ZlibChecksum: { en: 'the zlib data fails its own checksum', 'zh-CN': 'zlib 数据与其校验和不符' },
  ZlibCorrupt: {
    en: 'the zlib data cannot be decoded from some byte on',
    'zh-CN': 'zlib 数据自某字节起无法解码',
  },
  ZstdTruncated: { en: 'the zstd data ends too early', 'zh-CN': 'zstd 数据提前结束' },
  ZstdChecksum: { en: 'a zstd frame fails its own checksum', 'zh-CN': '某个 zstd 帧与其校验和不符' },
  ZstdCorrupt: {
    en: 'the zstd data cannot be decoded from some block on',
    'zh-CN': 'zstd 数据自某块起无法解码',
  },
  ZstdWindow: {
    en: 'the zstd data needs more memory than is allowed',
    'zh-CN': 'zstd 数据所需内存超过允许值',
  },
  ZstdDictionary: {
    en: 'the zstd data needs a dictionary that it does not carry',
    'zh-CN': 'zstd 数据需要它并未携带的字典',
  },
  Bzip2Truncated: { en: 'the bzip2 data ends too early', 'zh-CN': 'bzip2 数据提前结束' },
  Bzip2Checksum: { en: 'the bzip2 data fails its own checksum', 'zh-CN': 'bzip2 数据与其校验和不符' },
  Bzip2Corrupt: {
    en: 'the bzip2 data cannot be decoded from some block on',
    'zh-CN': 'bzip2 数据自某块起无法解码',
  },
  ZipTruncated: { en: 'the zip archive ends too early', 'zh-CN': 'zip 归档提前结束' },
  ZipChecksum: { en: 'a zip entry fails its own checksum', 'zh-CN': '某个 zip 条目与其校验和不符' },
  ZipCorrupt: {
    en: 'the zip archive cannot be decoded from some byte on',
    'zh-CN': 'zip 归档自某字节起无法解码',
  },
  TrailingGarbage: { en: 'foreign bytes follow the compressed data', 'zh-CN': '压缩数据之后有其他字节' },
  JsonTruncated: { en: 'the log ends in the middle of a document', 'zh-CN': '日志在文档中间结束' },
  UnsupportedFormat: { en: 'the log is in a format that is not read', 'zh-CN': '日志的格式不受支持' },
  NestedCompression: { en: 'the log is compressed more than twice', 'zh-CN': '日志被压缩了两次以上' },
  DecompressionLimit: {
    en: 'the log decompresses to more than is allowed',
    'zh-CN': '日志解压后超过允许的大小',
  },
  NoReadableRecords: { en: 'not one record of it could be read', 'zh-CN': '其中没有一条可读的记录' },
  InvalidJson: { en: 'it is not JSON', 'zh-CN': '不是 JSON' },
  RecordOversize: { en: 'it is longer than is allowed', 'zh-CN': '长度超过允许值' },
  TooDeep: { en: 'it is nested deeper than is allowed', 'zh-CN': '嵌套层数超过允许值' },
  TooWide: { en: 'it has more keys than are allowed', 'zh-CN': '键的数量超过允许值' },
  NotAnObject: { en: 'it is JSON, but not an object', 'zh-CN': '是 JSON，但不是对象' },
  NotAnEvent: { en: 'it is an object, but not an event', 'zh-CN': '是对象，但不是事件' },
  TextNotOpened: {
    en: 'it is no event, and text in it that may be the event was not opened',
    'zh-CN': '不是事件，而其中可能是事件的文本未被打开',
  },
  TooManyValues: {
    en: 'its fields hold more combinations of values than a rule is tried with',
    'zh-CN': '其字段的值组合数超过规则会尝试的上限',
  },
};

/** A code without a sentence here stands for itself. */
export function meaningOf(code: string, locale: keyof Localized): string {
  return Object.hasOwn(CODE_MEANINGS, code) ? CODE_MEANINGS[code]![locale] : code;
}
