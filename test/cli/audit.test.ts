import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deployed, temporaryFolder } from '../afterwards.ts';
import { DESK, runAt, startCommand } from './at-aws.ts';

const OBJECTS = process.env['SOAK'] === '1' ? 1000 : 520;
/** Whose notification is dropped: on each side of a page of the listing, and neighbours. */
const DROPPED = [0, 1, 123, 500, 501, 507, OBJECTS - 1];
const SPAN = ['--from', '2026-11-24', '--to', '2026-11-25'];
const NOON = Date.UTC(2026, 10, 24, 12);

const directory = temporaryFolder();
const product = await deployed();
const nameOf = (at: number): string => `exports/2026/${String(at).padStart(4, '0')}.ndjson`;
let environment: Record<string, string>;

beforeAll(async () => {
  product.aws.createQueue('backfill');
  environment = {
    SOURCE_BUCKETS: product.logs,
    ARCHIVE_BUCKET: product.archive,
    BACKFILL_QUEUE_URL: product.aws.queueUrl('backfill'),
  };
  for (let at = 0; at < OBJECTS; at++) {
    await product.upload(nameOf(at), `{"n":${at}}\n`, {
      isSilent: DROPPED.includes(at),
      lastModified: NOON + 1000 * at,
    });
  }
  await product.settled(240_000);
}, 300_000);
afterEach(() => {
  product.aws.rights.allowAll();
  product.aws.faults.clear();
});

const audit = (...args: readonly string[]) =>
  runAt(product.aws, ['audit', ...SPAN, ...args], { environment });
const missingIn = (out: string): string[] =>
  out.split('\n').flatMap(line => /^missing {2}s3:\/\/endpoint-logs\/(\S+)/.exec(line)?.[1] ?? []);
const shown = DROPPED.map(nameOf);

describe('audit', { timeout: 180_000 }, () => {
  it('names exactly the seven objects whose notification was dropped', async () => {
    const { status, out } = await audit();
    expect(missingIn(out)).toEqual(shown);
    expect(out).toContain(`scanned ${OBJECTS - DROPPED.length}; quarantined 0; missing 7\n`);
    expect(status).toBe(1);
  });

  it('looks only at its span and its prefix', async () => {
    const rows: readonly (readonly [args: readonly string[], missing: readonly number[]])[] = [
      [
        ['--from', '2026-11-24', '--to', '2026-11-24T12:02:03'],
        [0, 1],
      ],
      [
        ['--from', '2026-11-24T12:02:03', '--to', '2026-11-24T12:08:21'],
        [123, 500],
      ],
      [['--from', '2026-11-25', '--to', '2026-11-26'], []],
      [[...SPAN, '--prefix', 'exports/2026/012'], [123]],
    ];
    for (const [args, missing] of rows) {
      const { status, out } = await runAt(product.aws, ['audit', ...args], { environment });
      expect([missingIn(out), status]).toEqual([missing.map(nameOf), missing.length > 0 ? 1 : 0]);
    }
  });

  it('leaves out the last hour by default', async () => {
    const now = () => NOON + 3_600_000 + 5000;
    const { out } = await runAt(product.aws, ['audit', '--from', '2026-11-24'], { environment, now });
    expect(out).toContain('listed 5 objects');
  });

  it('reads the ledger of all it lists, a page at a time, and writes nothing', async () => {
    product.aws.calls.clear();
    await audit();
    const calls = product.aws.calls.all.filter(({ caller }) => caller === DESK);
    expect(new Set(calls.map(({ operation }) => operation))).toEqual(
      new Set(['ListObjectVersions', 'GetObject']),
    );
    expect(calls.filter(({ operation }) => operation === 'GetObject')).toHaveLength(OBJECTS);
  });

  const denied: readonly (readonly [action: string, says: RegExp])[] = [
    ['s3:ListBucketVersions', /s3:\/\/endpoint-logs\/: access denied; it needs s3:ListBucketVersions/],
    ['s3:GetObject', /s3:\/\/alert-archive\/scanned\/: access denied; it needs s3:GetObject/],
    ['s3:ListBucket', /s3:\/\/alert-archive\/scanned\/: access denied; .*looks forbidden/],
  ];
  it.each(denied)('without %s says what it needs, and claims nothing', async (action, says) => {
    product.aws.rights.deny({ action, caller: DESK });
    const { status, out, err } = await audit();
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(says);
  });

  it('waits for S3 to be well again, and says so when it is not', async () => {
    const unwell = { op: 's3:ListObjectVersions', kind: 'status', status: 503, code: 'SlowDown' } as const;
    product.aws.faults.add({ ...unwell, nth: 1 });
    expect(missingIn((await audit('--prefix', 'exports/2026/00')).out)).toEqual(shown.slice(0, 2));
    expect(product.aws.faults.unfired()).toEqual([]);
    product.aws.faults.add({ ...unwell, nth: 'every' });
    const { status, err } = await audit();
    expect([status, err]).toEqual([1, expect.stringMatching(/SlowDown, 503\) \[AwsUnavailable\]/)]);
  });

  it('without credentials, a region, or a flag: one line, exit status 2', async () => {
    const place = ['--source-bucket', 'one', '--archive-bucket', 'two'];
    type Rows = readonly (readonly [args: readonly string[], env: Record<string, string>, says: RegExp])[];
    const alone: Rows = [
      [
        place,
        { HOME: directory, AWS_REGION: 'eu-west-1' },
        /^registry-alert: .*set AWS_PROFILE.*\[NoCredentials\]\n$/,
      ],
      [place, { HOME: directory }, /^registry-alert: .*set AWS_REGION.*\[NoRegion\]\n$/],
    ];
    for (const [args, env, says] of alone) {
      const { status, out, err } = await startCommand(['audit', ...SPAN, ...args], env).ended;
      expect([status, out, err]).toEqual([2, '', expect.stringMatching(says)]);
    }
    const rows: Rows = [
      [[], {}, /^registry-alert: --source-bucket is missing; give it, or set SOURCE_BUCKETS\n/],
      [['--source-bucket', 'one'], {}, /^registry-alert: --archive-bucket is missing/],
      [['--from', '2026-11-25', '--to', '2026-11-24'], {}, /is not before --to/],
      [[...place, '--enqueue'], {}, /--backfill-queue-url is missing/],
      [
        [...place, '--prefix', 'b/'],
        { SOURCE_PREFIX: 'a/' },
        /the function reads only keys that begin with "a\/"/,
      ],
    ];
    for (const [args, environment, says] of rows) {
      const { status, out, err } = await runAt(product.aws, ['audit', ...SPAN, ...args], { environment });
      expect([status, out, err]).toEqual([2, '', expect.stringMatching(says)]);
    }
  });

  it('says what it would send, sends it, and finds it scanned afterwards', async () => {
    const queue = product.aws.queue('backfill');
    const dry = await audit('--enqueue', '--dry-run');
    expect([dry.status, dry.out]).toEqual([1, expect.stringMatching(/7 messages would be sent to /)]);
    expect(queue.messages).toHaveLength(0);
    const sent = await audit('--enqueue');
    expect([sent.status, sent.out]).toEqual([1, expect.stringMatching(/7 messages sent to /)]);
    expect(queue.messages.map(({ body }) => JSON.parse(body)['registry-alert'].notify)).toEqual(
      DROPPED.map(() => true),
    );
    const poller = product.aws.poller({ queue, invoke: event => product.function.call(event) }).start();
    await poller.drained();
    await poller.stop();
    const after = await audit();
    expect([after.status, after.out]).toEqual([
      0,
      expect.stringContaining(`scanned ${OBJECTS}; quarantined 0; missing 0\n`),
    ]);
  });

  it('knows versions apart, counts quarantine with its codes, and does not show a key as it came', async () => {
    const lastModified = Date.UTC(2026, 10, 26);
    await product.upload('odd/a b+ü\u202e.ndjson', '{}\n', { lastModified });
    await product.upload('odd/a b+ü\u202e.ndjson', '{}\n{}\n', { lastModified, isSilent: true });
    await product.upload('odd/cut.gz', Buffer.from('1f8b0800', 'hex'), { lastModified });
    await product.upload('odd/', '', { lastModified, isSilent: true });
    await product.upload('odd/cold', '{}\n', { lastModified, isSilent: true, storageClass: 'DEEP_ARCHIVE' });
    await product.settled();
    const { out } = await runAt(
      product.aws,
      ['audit', '--from', '2026-11-26', '--to', '2026-11-27', '--enqueue', '--dry-run'],
      { environment },
    );
    expect(out).toMatch(/scanned 1; quarantined 1 \(1 \w+\); missing 2\n/);
    expect(out).toMatch(/missing {2}s3:\/\/endpoint-logs\/odd\/a b\+ü\[U\+202E\]\.ndjson version \S+/);
    expect(out).toMatch(/odd\/cold .*, in an archive storage class\n/);
    expect(out).toContain('1 message would be sent');
    expect(out).toContain('1 object not sent: in an archive storage class; restore them first');
  });
});
