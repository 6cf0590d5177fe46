import { createHash } from 'node:crypto';
import type { MessageAttribute } from './queue.ts';

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** The digest of attributes as SQS defines it: lengths and values of names, types and contents, sorted. */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttribute>>): string {
  const hash = createHash('md5');
  const add = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { DataType, StringValue, BinaryValue } = attributes[name]!;
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.from([StringValue === undefined ? 2 : 1]));
    add(StringValue === undefined ? Buffer.from(BinaryValue ?? '', 'base64') : Buffer.from(StringValue));
  }
  return hash.digest('hex');
}
