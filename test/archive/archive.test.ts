import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isFinished, type LedgerEntry, writeLedger } from '../../functions/alert/archive/ledger.ts';
import { ndjsonUpload } from '../../functions/alert/archive/ndjson-upload.ts';
import { receiptsIn } from '../../functions/alert/archive/receipts.ts';
import type { Archive } from '../../functions/alert/archive/store.ts';
import { archiveIn } from '../../functions/alert/aws/s3-archive.ts';
import { S3_OPTIONS } from '../../functions/alert/aws/s3-get-object.ts';
import { codeOf } from '../../functions/alert/observability/outcome-codes.ts';
import { sha256 } from '../faults/journey.ts';
import type { Fault, FaultKind } from '../local-aws/faults.ts';
import { bench } from '../local-aws/for-tests.ts';

// T… in a name is a row of the fault table (test/runtime/fault-table-complete.test.ts).

const at = await bench();
const sleep = async (): Promise<void> => {};
let archive: Archive;
let client: S3Client;

beforeAll(() => void at.aws.s3.createBucket('archive', { versioning: true }));
/** A new one for each test: the SDK stops retrying with a client that failed a lot. */
beforeEach(() => {
  client = new S3Client({ ...at.aws.client(), ...S3_OPTIONS });
  archive = archiveIn(client, 'archive', sleep);
});
afterEach(() => {
  const unfired = at.aws.faults.unfired();
  at.aws.faults.clear();
  expect(unfired).toEqual([]);
});

const plan = (op: string, kind: FaultKind, nth: Fault['nth'] = 1): void =>
  at.aws.faults.add({ op, nth, ...kind });
const status = (answer: number, code: string): FaultKind => ({ kind: 'status', status: answer, code });
const ended = (promise: Promise<unknown>): Promise<unknown> => promise.catch(codeOf);
let keys = 0;
const freshKey = (): string => `alerts/key-${keys++}`;

describe('a conditional write', () => {
  it('is made once', async () => {
    const key = freshKey();
    expect(await archive.put(key, 'a', 'application/json')).toBe('created');
    expect(await archive.put(key, 'b', 'application/json')).toBe('exists');
    expect((await archive.get(key))?.text).toBe('a');
  });

  it('is won by one of twenty', async () => {
    const key = freshKey();
    const puts = await Promise.all(
      Array.from({ length: 20 }, (_, n) => archive.put(key, `${n}`, 'application/json')),
    );
    expect(puts.filter(put => put === 'created')).toHaveLength(1);
  });

  const rows: readonly (readonly [string, FaultKind, Fault['nth'], unknown])[] = [
    ['T42 conflict, then not', status(409, 'ConditionalRequestConflict'), [1, 2], 'created'],
    ['T42 conflict for ever', status(409, 'ConditionalRequestConflict'), 'every', 'ArchiveUnavailable'],
    ['T43 whose answer is lost looks like that of another', { kind: 'lostResponse' }, 1, 'exists'],
    ['T44 no right', status(403, 'AccessDenied'), 'every', 'ArchiveDenied'],
    ['T44 no bucket', status(404, 'NoSuchBucket'), 'every', 'ArchiveMissing'],
    ['too many requests for ever', status(503, 'SlowDown'), 'every', 'ArchiveUnavailable'],
    ['an upload that S3 waited for too long', status(400, 'RequestTimeout'), 'every', 'ArchiveUnavailable'],
    ['no connection', { kind: 'failBefore' }, 'every', 'ArchiveUnavailable'],
    ['credentials expired', status(400, 'ExpiredToken'), 'every', 'CredentialsExpired'],
  ];
  it.each(rows)('%s', async (_, fault, nth, expected) => {
    plan('PutObject', fault, nth);
    expect(await ended(archive.put(freshKey(), 'x', 'application/json'))).toBe(expected);
  });

  it('over what was read, and not over what was written since', async () => {
    const key = freshKey();
    await archive.put(key, 'a', 'application/json');
    const read = await archive.get(key);
    expect(await archive.replace(key, 'b', read!.etag)).toBe(true);
    expect(await archive.replace(key, 'c', read!.etag)).toBe(false);
    expect((await archive.get(key))?.text).toBe('b');
  });
});

describe('a question', () => {
  it('has its yes and no', async () => {
    const key = freshKey();
    expect([await archive.has(key), await archive.get(key)]).toEqual([false, null]);
    await archive.put(key, 'a', 'application/json');
    expect(await archive.has(key)).toBe(true);
  });

  it.each([
    ['HeadObject', (key: string) => archive.has(key)],
    ['GetObject', (key: string) => archive.get(key)],
    ['ListObjectsV2', (key: string) => archive.list(key, 10)],
  ] as const)('T46 %s refused is neither', async (op, ask) => {
    plan(op, status(403, 'AccessDenied'), 'every');
    expect(await ended(ask(freshKey()) as Promise<unknown>)).toBe('ArchiveDenied');
  });

  it('T46 without the right to list a missing key is an error', async () => {
    at.aws.rights.deny({ action: 's3:ListBucket', resource: 'arn:aws:s3:::archive' });
    try {
      expect(await ended(archive.has(freshKey()))).toBe('ArchiveDenied');
    } finally {
      at.aws.rights.allowAll();
    }
  });

  it('lists below a prefix, and says when there is more', async () => {
    for (const name of ['a', 'b', 'c']) await archive.put(`seen/list/${name}`, '', 'application/json');
    const { entries, isCut } = await archive.list('seen/list/', 2);
    expect([entries.map(({ key }) => key), isCut]).toEqual([['seen/list/a', 'seen/list/b'], true]);
    expect(Math.abs(Date.now() - entries[0]!.modifiedMs)).toBeLessThan(3_600_000);
  });
});

describe('lines without end', () => {
  const lines = (count: number, length: number): string[] => {
    const noise = createHash('shake256', { outputLength: length }).update('noise').digest('base64');
    return Array.from({ length: count }, (_, n) =>
      JSON.stringify({ n, text: noise.slice(n) + noise.slice(0, n) }),
    );
  };
  const bytesAt = async (key: string): Promise<Buffer> => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'archive', Key: key }));
    return Buffer.from(await Body!.transformToByteArray());
  };
  const uploads = (): number =>
    at.aws.calls.all.filter(({ operation }) => operation === 'CreateMultipartUpload').length;

  it('are one write where they fit in a part', async () => {
    const before = uploads();
    const upload = ndjsonUpload(archive, 'overflow/small');
    for (const line of lines(3, 10)) await upload.write(line);
    await upload.finish();
    expect(gunzipSync(await bytesAt('overflow/small')).toString()).toBe(`${lines(3, 10).join('\n')}\n`);
    expect(uploads()).toBe(before);
  });

  it('come in parts where they do not', async () => {
    const all = lines(120, 75_000);
    const upload = ndjsonUpload(archive, 'overflow/large');
    for (const line of all) await upload.write(line);
    await upload.finish();
    const bytes = await bytesAt('overflow/large');
    expect(bytes.length).toBeGreaterThan(8 * 1024 * 1024);
    expect(gunzipSync(bytes).toString()).toBe(`${all.join('\n')}\n`);
  }, 120_000);

  it('leave nothing when they are abandoned', async () => {
    const upload = ndjsonUpload(archive, 'overflow/abandoned');
    for (const line of lines(120, 75_000)) await upload.write(line);
    await upload.abandon();
    expect(await archive.has('overflow/abandoned')).toBe(false);
  }, 120_000);

  it('that are there already are left as they are', async () => {
    const upload = ndjsonUpload(archive, 'overflow/small');
    await upload.write('other');
    await upload.finish();
    expect(gunzipSync(await bytesAt('overflow/small')).toString()).toContain('"n":0');
  });

  it('fail with what failed', async () => {
    plan('UploadPart', status(403, 'AccessDenied'), 'every');
    const upload = ndjsonUpload(archive, 'overflow/denied');
    const writing = (async () => {
      for (const line of lines(120, 75_000)) await upload.write(line);
      await upload.finish();
    })();
    expect(await ended(writing)).toBe('ArchiveDenied');
  }, 120_000);
});

describe('a receipt', () => {
  const receipts = () => receiptsIn(archive, { sha256, now: () => 0, sleep, warn: () => {} });

  it('is there for its topic alone', async () => {
    await receipts().write('ab'.repeat(32), 'topic 1', { message: null });
    expect(await receipts().has('ab'.repeat(32), 'topic 1')).toBe(true);
    expect(await receipts().has('ab'.repeat(32), 'topic 2')).toBe(false);
  });

  it('T45 is tried again', async () => {
    plan('PutObject', { kind: 'failBefore' }, [1, 2, 3, 4]);
    await receipts().write('cd'.repeat(32), 't', { message: null });
    expect(await receipts().has('cd'.repeat(32), 't')).toBe(true);
  });

  it('T45 that cannot be written says so', async () => {
    plan('PutObject', { kind: 'failBefore' }, 'every');
    expect(await ended(receipts().write('ef'.repeat(32), 't', { message: null }))).toBe('ReceiptFailed');
  });
});

describe('the ledger', () => {
  const entry = (basis: string, code: string | null = null): LedgerEntry => ({
    object: { bucket: 'logs', key: 'k', versionId: 'v', etag: 'e', lastModified: null },
    outcome: code === null ? 'complete' : 'quarantined',
    code,
    basis,
    counts: { records: 1 },
    exceptedBy: {},
    backfill: null,
  });
  const live = { rulesetDigest: 'rules 1', isLive: true };
  const warnings: string[] = [];
  const warn = (error: unknown) => void warnings.push(String(error));
  const rows: readonly (readonly [string, LedgerEntry | null, boolean])[] = [
    ['knows nothing of another object', null, false],
    ['ends an object', entry('rules 1'), true],
    ['of other rules ends nothing', entry('rules 0'), false],
    ['ends a damaged object', entry('rules 1', 'GzipCrc'), true],
    ['does not end a missing object', entry('rules 1', 'ObjectMissing'), false],
    ['does not end an archived object', entry('rules 1', 'ObjectArchived'), false],
  ];
  it.each(rows)('%s', async (_, written, expected) => {
    const id = sha256(`object ${keys++}`);
    if (written) await writeLedger(archive, id, written);
    expect(await isFinished(archive, id, live, warn)).toBe(expected);
  });

  it('is written over by later rules, and the same again is nothing new', async () => {
    const id = sha256('object of two');
    await writeLedger(archive, id, entry('rules 0'));
    await writeLedger(archive, id, entry('rules 1'));
    await writeLedger(archive, id, entry('rules 1'));
    expect(await isFinished(archive, id, live, warn)).toBe(true);
  });

  it('of a quiet backfill ends the object for a backfill and not for the live message', async () => {
    const id = sha256('object of a backfill');
    await writeLedger(archive, id, { ...entry('rules 1'), backfill: 'spring' });
    expect(await isFinished(archive, id, live, warn)).toBe(false);
    expect(await isFinished(archive, id, { ...live, isLive: false }, warn)).toBe(true);
  });

  it.each(['', 'null', '{}', '[]', '7', '{"outcome":"complete"}'])(
    'that reads %j ends nothing, is named in a warning, and is written over',
    async text => {
      const id = sha256(`damaged ${text}`);
      await archive.put(`scanned/${id}.json`, text, 'application/json');
      warnings.length = 0;
      expect(await isFinished(archive, id, live, warn)).toBe(false);
      expect(warnings).toEqual([expect.stringContaining(`s3://archive/scanned/${id}.json`)]);
      await writeLedger(archive, id, entry('rules 1'));
      expect(await isFinished(archive, id, live, warn)).toBe(true);
    },
  );

  it('that vanishes between two requests is written anew', async () => {
    const id = sha256('object of a lifecycle');
    await writeLedger(archive, id, entry('rules 0'));
    const vanishing: Archive = {
      ...archive,
      replace: async (key, body, etag) => {
        at.aws.s3.remove('archive', key);
        return archive.replace(key, body, etag);
      },
    };
    await writeLedger(vanishing, id, entry('rules 1'));
    expect(await isFinished(archive, id, live, warn)).toBe(true);
  });

  it('that is taken and never there ends in a code, and not never', async () => {
    const haunted: Archive = { ...archive, put: async () => 'exists', get: async () => null };
    expect(await ended(writeLedger(haunted, sha256('haunted'), entry('rules 1')))).toBe('ArchiveUnavailable');
  });
});
