import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getObjectBy, S3_OPTIONS } from '../../functions/alert/aws/s3-get-object.ts';
import { codeOf } from '../../functions/alert/observability/outcome-codes.ts';
import { BYTE_LIMITS } from '../../functions/alert/source/get-object.ts';
import type { ObjectRef } from '../../functions/alert/source/object-ref.ts';
import { type OpenedObject, openObject } from '../../functions/alert/source/open-object.ts';
import { REF } from '../faults/whole-journey.ts';
import type { Fault, FaultKind } from '../local-aws/faults.ts';
import { bench } from '../local-aws/for-tests.ts';
import { scale } from '../scale.ts';

// T… in a name is a row of the fault table (test/runtime/fault-table-complete.test.ts), H… a row of the table of
// hostile inputs (test/hostile-table.test.ts).

const at = await bench();
const BODY = Buffer.from(Array.from({ length: 4096 }, (_, number) => (number * 7) % 251));
const BIG = Buffer.alloc(3 * 1024 * 1024, BODY);
/** For the tests that wait for it; the others must not end so on a busy machine. */
const IMPATIENT = { ...BYTE_LIMITS, silenceMs: 300, windowMs: 400, leastBytesPerSecond: 10_000 };
const PATIENT = { ...BYTE_LIMITS, silenceMs: 60_000 };
let version = '';
const etags = new Map<string, string>();

beforeAll(async () => {
  const { s3 } = at.aws;
  s3.createBucket('logs');
  s3.createBucket('versioned', { versioning: true });
  for (const checksum of ['crc64nvme', 'crc32', 'crc32c', 'sha1', 'sha256'] as const)
    etags.set(checksum, (await s3.put('logs', checksum, BODY, { checksum })).etag);
  etags.set('none', (await s3.put('logs', 'none', BODY, { checksum: null })).etag);
  await s3.put('logs', 'big', BIG);
  await s3.put('logs', 'empty', '');
  await s3.put('logs', 'cold', BODY, { storageClass: 'GLACIER' });
  version = (await s3.put('versioned', 'twice', BODY)).versionId;
  await s3.put('versioned', 'twice', 'newer');
});
afterEach(() => {
  const unfired = at.aws.faults.unfired();
  at.aws.faults.clear();
  expect(unfired).toEqual([]);
});

const refOf = (key: string, ref: Partial<ObjectRef> = {}): ObjectRef => ({
  ...REF,
  key,
  ...{ versionId: null, etag: null },
  ...ref,
});

function plan(kind: FaultKind, nth: Fault['nth'] = 1, op = 'GetObject'): void {
  at.aws.faults.add({ op, nth, ...kind });
}

const open = (ref: ObjectRef, limits = PATIENT, stop = () => false): Promise<OpenedObject> => {
  const client = new S3Client({ ...at.aws.client(), ...S3_OPTIONS });
  return openObject(getObjectBy(client), ref, stop, limits);
};

/** The bytes of an object, or the code it ended in, with what was handed out before. */
async function read(
  ref: ObjectRef,
  limits = PATIENT,
): Promise<{ end: string; bytes: Buffer; opened: OpenedObject | null }> {
  const chunks: Uint8Array[] = [];
  let opened: OpenedObject | null = null;
  let end = 'whole';
  try {
    opened = await open(ref, limits);
    for await (const chunk of opened.bytes) chunks.push(chunk);
  } catch (error) {
    end = codeOf(error) === 'Unexpected' ? String(error) : codeOf(error);
  }
  return { end, bytes: Buffer.concat(chunks), opened };
}

describe('an object is read', () => {
  it.each(['crc64nvme', 'crc32', 'crc32c', 'sha1', 'sha256', 'none'])(
    'whole, with checksum %s',
    async key => {
      const { end, bytes, opened } = await read(refOf(key, { etag: etags.get(key)! }));
      expect([end, bytes.equals(BODY), opened?.transfer.hasChecksum]).toEqual([
        'whole',
        true,
        key !== 'none',
      ]);
    },
  );

  it('empty', async () => {
    expect(await read(refOf('empty'))).toMatchObject({ end: 'whole', bytes: Buffer.alloc(0) });
  });

  it('at its own version, though a newer one is there (T14)', async () => {
    const { bytes, opened } = await read(
      refOf('twice', { bucket: 'versioned', versionId: version, etag: 'of no matter (H63)' }),
    );
    expect([bytes.equals(BODY), opened?.identity.versionId, opened?.isOverwritten]).toEqual([
      true,
      version,
      false,
    ]);
  });

  it('as it is now, where an unversioned one was overwritten (T15)', async () => {
    const { end, bytes, opened } = await read(refOf('crc32', { etag: 'of what was there' }));
    expect([end, bytes.equals(BODY), opened?.isOverwritten]).toEqual(['whole', true, true]);
  });

  it('and not, when its owner is another', async () => {
    expect((await read(refOf('crc32', { owner: '999999999999' }))).end).toBe('AccessDenied');
  });
});

// What ends in an outcome of its own, T01 to T21, test/runtime/fault-table.test.ts shows through the bundle.
describe('what goes wrong before the first byte', () => {
  const status = (code: string, answer: number, message?: string): FaultKind => ({
    kind: 'status',
    status: answer,
    code,
    ...(message ? { message } : {}),
  });
  const rows: readonly (readonly [string, FaultKind, Fault['nth'], string])[] = [
    ['T02 too many requests, then not', status('SlowDown', 503), [1, 2], 'whole'],
    ['T04 internal error, then none', status('InternalError', 500), [1, 2], 'whole'],
    ['T04 internal error for ever', status('InternalError', 500), 'every', 'S3Unavailable'],
    ['a request that S3 waited for too long', status('RequestTimeout', 400), 'every', 'S3Unavailable'],
    ['T20 clock skewed', status('RequestTimeTooSkewed', 403), 'every', 'ClockSkewed'],
  ];
  it.each(rows)('%s', async (_, fault, nth, code) => {
    plan(fault, nth);
    expect((await read(refOf('crc64nvme'))).end).toBe(code);
  });

  it('T02 counts the requests that were sent again', async () => {
    plan(status('SlowDown', 503), [1, 2]);
    expect((await read(refOf('crc64nvme'))).opened?.transfer.retries).toBe(2);
  });

  it('T12 deleted', async () => expect((await read(refOf('never'))).end).toBe('ObjectMissing'));
  it('T12 its version is gone', async () =>
    expect((await read(refOf('twice', { bucket: 'versioned', versionId: 'x'.repeat(32) }))).end).toBe(
      'ObjectMissing',
    ));
  it('T17 archived', async () => expect((await read(refOf('cold'))).end).toBe('ObjectArchived'));
  it('H59 a key that cannot be decoded', async () =>
    expect((await read(refOf('%zz', { isKeyRaw: true }))).end).toBe('BadKey'));
});

describe('a body that breaks', () => {
  const cuts = Array.from({ length: scale(4096) }, (_, index) =>
    Math.floor((index * 4095) / Math.max(1, scale(4096) - 1)),
  );
  it.each(cuts)('T05 at byte %i is taken up there', async cutAt => {
    plan({ kind: 'truncate', at: cutAt });
    const { end, bytes, opened } = await read(refOf('crc32'));
    expect([end, bytes.equals(BODY), opened?.transfer.resumes]).toEqual(['whole', true, 1]);
  });

  it.each(['crc64nvme', 'crc32', 'crc32c', 'sha1', 'sha256', 'none'])(
    'T05 three times, with checksum %s',
    async key => {
      for (const [nth, cutAt] of [100, 200, 300].entries()) plan({ kind: 'reset', at: cutAt }, nth + 1);
      const { end, bytes, opened } = await read(refOf(key));
      expect([end, bytes.equals(BODY), opened?.transfer.resumes]).toEqual(['whole', true, 3]);
    },
  );

  it('T05 is read once more for its checksum only while there is time', async () => {
    plan({ kind: 'reset', at: 100 });
    const opened = await open(refOf('crc64nvme'), PATIENT, () => opened.transfer.bytes === BODY.length);
    const all = async () => {
      for await (const _ of opened.bytes);
    };
    await expect(all()).rejects.toMatchObject({ code: 'DeadlineGuard' });
  });

  it('T05 four times is too often', async () => {
    plan({ kind: 'truncate', at: 10 }, [1, 2, 3, 4]);
    expect((await read(refOf('crc32'))).end).toBe('S3Unavailable');
  });

  it('T06 that ends early as if all was well', async () => {
    plan({ kind: 'truncate', at: 1000, clean: true });
    expect((await read(refOf('crc64nvme'))).end).toBe('BodyMismatch');
  });

  it('T07 with a flipped bit', async () => {
    plan({ kind: 'flip', at: 1000 });
    expect((await read(refOf('crc64nvme'))).end).toBe('BodyMismatch');
  });

  it.each(['crc64nvme', 'crc32', 'sha256'])(
    'T07 with a flipped bit before a resume, checksum %s',
    async key => {
      plan({ kind: 'flip', at: 10 });
      plan({ kind: 'truncate', at: 1000 });
      expect((await read(refOf(key))).end).toBe('BodyMismatch');
    },
  );

  it.each(['crc64nvme', 'crc32', 'sha256'])(
    'T07 with a flipped bit after a resume, checksum %s',
    async key => {
      plan({ kind: 'truncate', at: 1000 });
      plan({ kind: 'flip', at: 10 }, 2);
      expect((await read(refOf(key))).end).toBe('BodyMismatch');
    },
  );

  it('T08 that stalls is taken up', async () => {
    plan({ kind: 'stall', at: 1000 });
    const { end, bytes, opened } = await read(refOf('crc32'), IMPATIENT);
    expect([end, bytes.equals(BODY), opened?.transfer.stalls]).toEqual(['whole', true, 1]);
  });

  it('T08 that stalls each time', async () => {
    plan({ kind: 'stall', at: 100 }, 'every');
    expect((await read(refOf('crc32'), IMPATIENT)).end).toBe('S3Stalled');
  });

  it('T09 that trickles', async () => {
    plan({ kind: 'slow', bytesPerSecond: 2_000 });
    expect((await read(refOf('crc32'), IMPATIENT)).end).toBe('S3TooSlow');
  });

  it('T16 and is overwritten meanwhile', async () => {
    const { etag } = await at.aws.s3.put('logs', 'swapped', BIG);
    plan({ kind: 'swapObject', body: 'other', at: 1_000_000 });
    plan({ kind: 'reset', at: 1_500_000 });
    expect((await read(refOf('swapped', { etag }))).end).toBe('ObjectChanged');
    const { end, bytes, opened } = await read(refOf('swapped', { etag }));
    expect([end, bytes.toString(), opened?.isOverwritten]).toEqual(['whole', 'other', true]);
  });
});

describe('a reader that leaves early', () => {
  const leave = async (key: string): Promise<OpenedObject> => {
    const opened = await open(refOf(key));
    for await (const _ of opened.bytes) break;
    return opened;
  };

  it('can have the rest compared', async () => {
    const opened = await leave('big');
    for await (const _ of opened.bytes);
    expect(opened.transfer.bytes).toBe(BIG.length);
  });

  it('learns that what it saw was not the object', async () => {
    plan({ kind: 'flip', at: 2_000_000 });
    const opened = await leave('big');
    const rest = async () => {
      for await (const _ of opened.bytes);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'BodyMismatch' });
  });

  it('can close it', async () => {
    const opened = await leave('big');
    await opened.close();
    expect(opened.transfer.bytes).toBeLessThan(BIG.length);
  });

  it('may take its time: only waiting counts', async () => {
    const opened = await open(refOf('big'), { ...PATIENT, silenceMs: 2_500 });
    let bytes = 0;
    for await (const chunk of opened.bytes) {
      if (bytes === 0) await new Promise(resolve => setTimeout(resolve, 3_000));
      bytes += chunk.length;
    }
    expect([bytes, opened.transfer.resumes]).toEqual([BIG.length, 0]);
  });
});
