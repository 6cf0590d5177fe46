import type { Localized } from '../../ruleset/index.ts';

/** Meanings of the codes in notices, for readers; `logs/` and `observability/` have them for the runbook. */
export const CODE_MEANINGS: { readonly [code: string]: Localized } = {
  GzipTruncated: { en: 'the gzip data is truncated', 'zh-CN': 'gzip 数据被截断' },
  GzipCrc: { en: 'a gzip member fails its own checksum', 'zh-CN': '某个 gzip 成员与其校验和不符' },
  GzipCorrupt: {
    en: 'the gzip data cannot be decoded from some byte on',
    'zh-CN': 'gzip 数据自某字节起无法解码',
  },
  ZlibTruncated: { en: 'the zlib data is truncated', 'zh-CN': 'zlib 数据被截断' },
  ZlibChecksum: { en: 'the zlib data fails its own checksum', 'zh-CN': 'zlib 数据与其校验和不符' },
  ZlibCorrupt: {
    en: 'the zlib data cannot be decoded from some byte on',
    'zh-CN': 'zlib 数据自某字节起无法解码',
  },
  ZstdTruncated: { en: 'the zstd data is truncated', 'zh-CN': 'zstd 数据被截断' },
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
    en: 'the zstd data needs a dictionary that it does not include',
    'zh-CN': 'zstd 数据需要外部字典',
  },
  Bzip2Truncated: { en: 'the bzip2 data is truncated', 'zh-CN': 'bzip2 数据被截断' },
  Bzip2Checksum: { en: 'the bzip2 data fails its own checksum', 'zh-CN': 'bzip2 数据与其校验和不符' },
  Bzip2Corrupt: {
    en: 'the bzip2 data cannot be decoded from some block on',
    'zh-CN': 'bzip2 数据自某块起无法解码',
  },
  ZipTruncated: { en: 'the zip archive is truncated', 'zh-CN': 'zip 归档被截断' },
  ZipChecksum: { en: 'a zip entry fails its own checksum', 'zh-CN': '某个 zip 条目与其校验和不符' },
  ZipCorrupt: {
    en: 'the zip archive cannot be decoded from some byte on',
    'zh-CN': 'zip 归档自某字节起无法解码',
  },
  TrailingGarbage: { en: 'other bytes follow the compressed data', 'zh-CN': '压缩数据之后有其他字节' },
  JsonTruncated: { en: 'the log ends in the middle of a document', 'zh-CN': '日志在文档中间结束' },
  UnsupportedFormat: { en: 'the format of the log is not supported', 'zh-CN': '日志的格式不受支持' },
  NestedCompression: { en: 'the log is compressed more than twice', 'zh-CN': '日志被压缩了两次以上' },
  DecompressionLimit: {
    en: 'the log decompresses to more than is allowed',
    'zh-CN': '日志解压后超过允许的大小',
  },
  NoReadableRecords: { en: 'none of its records could be read', 'zh-CN': '没有任何记录可以读取' },
  InvalidJson: { en: 'invalid JSON', 'zh-CN': 'JSON 无效' },
  RecordOversize: { en: 'it is longer than is allowed', 'zh-CN': '长度超过允许值' },
  TooDeep: { en: 'it is nested deeper than is allowed', 'zh-CN': '嵌套层数超过允许值' },
  TooWide: { en: 'it has more keys than are allowed', 'zh-CN': '键的数量超过允许值' },
  NotAnObject: { en: 'it is JSON, but not an object', 'zh-CN': '是 JSON，但不是对象' },
  NotAnEvent: { en: 'it is an object, but not an event', 'zh-CN': '是对象，但不是事件' },
  TextNotOpened: {
    en: 'not an event, and text in it that may be one was not parsed',
    'zh-CN': '不是事件，其中可能是事件的文本未解析',
  },
  TooManyValues: {
    en: 'its fields have more combinations of values than a rule evaluates',
    'zh-CN': '字段值的组合数超过规则求值上限',
  },
};

/** A code without a sentence here is shown as it is. */
export function meaningOf(code: string, locale: keyof Localized): string {
  return Object.hasOwn(CODE_MEANINGS, code) ? CODE_MEANINGS[code]![locale] : code;
}
