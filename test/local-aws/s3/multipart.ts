import { createHash, randomUUID } from 'node:crypto';
import { CHECKSUMS, type ChecksumName, digestOf } from '../checksum.ts';
import { AwsError } from '../error.ts';
import type { Request } from '../server.ts';
import { childrenOf, type Element, textOf } from '../xml.ts';
import { type Body, digestBody, joinedBody } from './body.ts';
import type { KeptHeaders, NewVersion, StoredChecksum } from './store.ts';
import { keptHeaders, type Received } from './write.ts';

const SMALLEST_PART = 5 * 1024 * 1024;

export type Part = Received & { readonly number: number };

export type Upload = {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly startedAt: number;
  readonly headers: KeptHeaders;
  readonly storageClass: string;
  readonly checksum: { readonly name: ChecksumName; readonly type: StoredChecksum['type'] };
  readonly parts: Map<number, Part>;
};

/** Multipart uploads under way; nothing of them is an object before they are completed. */
export class Uploads {
  readonly #uploads = new Map<string, Upload>();

  create(request: Request, bucket: string, key: string, startedAt: number): Upload {
    const wanted = request.headers['x-amz-checksum-algorithm']?.toString().toLowerCase();
    const name = CHECKSUMS.find(one => one === wanted) ?? 'crc64nvme';
    const type =
      request.headers['x-amz-checksum-type'] ?? (name === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE');
    const upload: Upload = {
      id: randomUUID(),
      bucket,
      key,
      startedAt,
      headers: keptHeaders(request),
      storageClass: request.headers['x-amz-storage-class']?.toString() ?? 'STANDARD',
      checksum: { name, type: type === 'COMPOSITE' ? 'COMPOSITE' : 'FULL_OBJECT' },
      parts: new Map(),
    };
    this.#uploads.set(upload.id, upload);
    return upload;
  }

  of(id: string, bucket: string, key: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload?.bucket === bucket && upload.key === key) return upload;
    throw new AwsError(
      404,
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      { UploadId: id },
    );
  }

  end(upload: Upload): void {
    this.#uploads.delete(upload.id);
  }
}

/** The object that the listed parts make. */
export async function complete(upload: Upload, list: Element): Promise<NewVersion> {
  const parts: Part[] = [];
  for (const element of childrenOf(list, 'Part')) {
    const number = Number(textOf(element, 'PartNumber'));
    const part = upload.parts.get(number);
    if (part?.etag !== textOf(element, 'ETag')?.replaceAll('"', '')) {
      throw new AwsError(400, 'InvalidPart', 'One or more of the specified parts could not be found.');
    }
    if (number <= (parts.at(-1)?.number ?? 0)) {
      throw new AwsError(400, 'InvalidPartOrder', 'The list of parts was not in ascending order.');
    }
    parts.push(part!);
  }
  if (parts.length === 0) throw new AwsError(400, 'MalformedXML', 'The XML you provided was not well-formed');
  if (parts.slice(0, -1).some(part => part.body.size < SMALLEST_PART)) {
    throw new AwsError(
      400,
      'EntityTooSmall',
      'Your proposed upload is smaller than the minimum allowed size',
    );
  }
  const body = joinedBody(parts.map(part => part.body));
  const tags = createHash('md5').update(Buffer.concat(parts.map(part => Buffer.from(part.etag, 'hex'))));
  return {
    body,
    etag: `${tags.digest('hex')}-${parts.length}`,
    // S3 dates a multipart object by the start of its upload.
    lastModified: upload.startedAt,
    headers: upload.headers,
    storageClass: upload.storageClass,
    checksum: await wholeChecksum(upload, parts, body),
  };
}

async function wholeChecksum(upload: Upload, parts: readonly Part[], body: Body): Promise<StoredChecksum> {
  const { name, type } = upload.checksum;
  if (type === 'FULL_OBJECT') return { name, value: await digestBody(name, body), type };
  const digest = digestOf(name);
  for (const part of parts) {
    const own = part.checksum.name === name ? part.checksum.value : await digestBody(name, part.body);
    digest.update(Buffer.from(own, 'base64'));
  }
  return { name, value: `${digest.value()}-${parts.length}`, type };
}
