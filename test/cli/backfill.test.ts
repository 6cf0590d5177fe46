import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NotSent, sendBatch } from '../../functions/alert/aws/sqs-send.ts';
import { deployed, temporaryFolder } from '../afterwards.ts';
import type { Queue } from '../local-aws/index.ts';
import { attack } from '../runtime/product.ts';
import { DESK, runAt, startCommand } from './at-aws.ts';

const SPAN = ['--from', '2026-11-01', '--to', '2026-11-02'];
const IN_SPAN = Date.UTC(2026, 10, 1, 6);
/** Three pages of the listing. */
const MANY = 2345;

const directory = temporaryFolder();
const product = await deployed();
const progress = join(directory, 'progress.json');
const few = Array.from({ length: 37 }, (_, at) => `few/${String(at).padStart(2, '0')}`);
let queue: Queue;
let environment: Record<string, string>;

beforeAll(async () => {
  queue = product.aws.createQueue('backfill');
  environment = {
    SOURCE_BUCKETS: product.logs,
    ARCHIVE_BUCKET: product.archive,
    BACKFILL_QUEUE_URL: product.aws.queueUrl('backfill'),
  };
  const put = (key: string, body: string, more = {}) =>
    product.upload(key, body, { isSilent: true, lastModified: IN_SPAN, ...more });
  for (const key of few) await put(key, `{"key":"${key}"}\n`);
  for (let at = 0; at < MANY; at++) await put(`many/${String(at).padStart(4, '0')}`, '{}\n');
  await put('whole/a b+ü&=%.ndjson', attack('HOST-one'));
  await put('whole/two', attack('HOST-two'));
  await put('whole/two', attack('HOST-three'));
  await put('whole/', '');
  await put('whole/cold', '{}\n', { storageClass: 'GLACIER' });
  await put('whole/early', attack('HOST-early'), { lastModified: IN_SPAN - 86_400_000 });
  for (const name of ['one', 'two', 'three']) await put(`quiet/${name}`, attack(`HOST-quiet-${name}`));
  await put('whole/late', attack('HOST-late'), { lastModified: IN_SPAN + 86_400_000 });
}, 120_000);
beforeEach(() => queue.purge());
afterEach(() => {
  product.aws.rights.allowAll();
  product.aws.faults.clear();
  rmSync(progress, { force: true });
});

type Options = Parameters<typeof runAt>[2];
const line = (prefix: string, ...more: readonly string[]): string[] => [
  'backfill',
  ...SPAN,
  '--prefix',
  prefix,
  '--progress',
  progress,
  '--rate',
  '9999',
  ...more,
];
const backfill = (prefix: string, more: readonly string[] = ['--yes'], options: Options = {}) =>
  runAt(product.aws, line(prefix, ...more), { environment, ...options });
const keysIn = (): string[] =>
  queue.messages.map(({ body }) =>
    decodeURIComponent(JSON.parse(body).Records[0].s3.object.key.replaceAll('+', ' ')),
  );
async function workOff(): Promise<void> {
  const poller = product.aws.poller({ queue, invoke: event => product.function.call(event) }).start();
  await poller.drained();
  await poller.stop();
}

describe('backfill', { timeout: 180_000 }, () => {
  it('says how much and how long, and sends nothing without confirmation', async () => {
    for (const [more, confirms, status] of [
      [['--dry-run'], false, 0],
      [[], false, 2],
    ] as const) {
      const ran = await backfill('few/', more, { confirms });
      expect(ran.out).toMatch(/^s3:\/\/endpoint-logs\/few\/ from .*: 37 objects, 629 bytes; roughly \d+ s/);
      expect(ran.questions).toHaveLength(more.length === 0 ? 1 : 0);
      expect([ran.status, queue.messages.length, existsSync(progress)]).toEqual([status, 0, false]);
    }
    expect((await backfill('few/', ['--dry-run'])).out).toContain('37 messages would be sent');
    expect((await backfill('few/', [], { confirms: true })).status).toBe(0);
    expect(keysIn()).toEqual(few);
  });

  it('sends what is on further pages of the listing', async () => {
    const { status, out } = await backfill('many/', ['--yes', '--again']);
    expect([status, out]).toEqual([0, expect.stringContaining('2,345 messages sent')]);
    expect(new Set(keysIn()).size).toBe(MANY);
    expect(queue.messages).toHaveLength(MANY);
  });

  it('every version of the span, read and published by the function; a second run sends nothing', async () => {
    const { out } = await backfill('whole/', ['--yes', '--notify']);
    expect(out).toContain('3 messages sent');
    expect(out).toContain('1 object not sent: in an archive storage class');
    expect(queue.messages.map(({ body }) => JSON.parse(body)['registry-alert'])).toEqual(
      Array.from({ length: 3 }, () => ({ backfill: expect.stringMatching(/^[\w-]{20,64}$/), notify: true })),
    );
    await workOff();
    expect(product.deadLetters()).toBe(0);
    const told = product.aws.delivered('email').map(({ body }) => /HOST-\w+/.exec(body)?.[0]);
    expect(told.sort()).toEqual(['HOST-one', 'HOST-three', 'HOST-two']);

    const again = await backfill('whole/', ['--yes', '--notify']);
    expect(again.out).toContain('0 messages sent\n3 objects skipped: already in the ledger');
    expect(queue.messages).toHaveLength(0);
    const forced = await backfill('whole/', ['--yes', '--notify', '--again']);
    expect(forced.out).toContain('3 messages sent');
    await workOff();
    expect(product.aws.delivered('email')).toHaveLength(3);
  });

  it('sends people no single mails but one digest, unless --notify', async () => {
    const mails = () => product.aws.delivered('email').length;
    const before = mails();
    const { status, out } = await backfill('quiet/');
    expect([status, out]).toEqual([0, expect.stringContaining('one digest of the findings is sent')]);
    await workOff();
    expect(product.deadLetters()).toBe(0);
    const told = product.aws.delivered('email').slice(before);
    expect(told.map(({ subject }) => subject)).toEqual([
      expect.stringContaining('Backfill: matches in older logs'),
    ]);
    expect(told[0]?.body).toContain('HOST-quiet');
    const held = product.aws.s3.keys(product.archive, 'told/backfill-').filter(key => key.includes('/held/'));
    expect(held).toHaveLength(3);
  });

  it('marks what is not to be published as single messages', async () => {
    await backfill('whole/late', ['--yes', '--from', '2026-11-02', '--to', '2026-11-03']);
    expect(JSON.parse(queue.messages[0]!.body)['registry-alert']).toMatchObject({ notify: false });
  });
});

describe('backfill, killed', { timeout: 180_000 }, () => {
  const moments = [
    [1, false],
    [1, true],
    [2, false],
    [2, true],
    [4, false],
    [4, true],
  ] as const;
  it.each(moments)(
    'at its batch %i, which is in the queue: %s; the same line goes on',
    async (nth, isDone) => {
      const env = { ...environment, ...product.aws.env(DESK) };
      const command = startCommand(line('few/', '--yes'), env);
      const call = { op: 'SendMessageBatch', nth, where: { caller: DESK } };
      if (isDone) product.aws.faults.add({ ...call, kind: 'run', after: command.kill });
      else
        product.aws.faults.add(
          { ...call, kind: 'run', before: command.kill },
          { ...call, kind: 'failBefore' },
        );
      expect((await command.ended).status).toBe(-1);
      expect(product.aws.faults.unfired()).toEqual([]);
      const before = keysIn();
      expect(before).toHaveLength(Math.min(37, 10 * (isDone ? nth : nth - 1)));

      const { status, out } = await startCommand(line('few/', '--yes'), env).ended;
      expect([status, out]).toEqual([0, expect.stringContaining('37 messages sent')]);
      expect(new Set(keysIn())).toEqual(new Set(few));
      // What was sent and not yet written down is sent again; the function passes over it.
      expect(keysIn().length - few.length).toBe(isDone ? Math.min(10, before.length % 37 || 7) : 0);
      expect(existsSync(progress)).toBe(false);
    },
  );

  it('goes on in the middle of a later page', async () => {
    const fault = {
      op: 'SendMessageBatch',
      nth: 'every',
      kind: 'status',
      status: 403,
      code: 'AccessDenied',
    } as const;
    product.aws.faults.add({ ...fault, nth: 150 });
    const broken = await backfill('many/', ['--yes', '--again']);
    expect([broken.status, broken.err]).toEqual([2, expect.stringMatching(/it needs sqs:SendMessage/)]);
    expect(queue.messages).toHaveLength(1490);
    expect(JSON.parse(readFileSync(progress, 'utf8'))).toMatchObject({
      sent: 1490,
      last: { key: 'many/1489' },
    });
    const { out } = await backfill('many/', ['--yes', '--again']);
    expect(out).toContain('1,490 messages of it already sent');
    expect(out).toContain('2,345 messages sent');
    expect([queue.messages.length, new Set(keysIn()).size]).toEqual([MANY, MANY]);
  });

  it('does not go on from the progress of another run', async () => {
    writeFileSync(progress, JSON.stringify({ question: 'other' }));
    const { status, err } = await backfill('few/');
    expect([status, err]).toEqual([2, expect.stringMatching(/is not the progress of this backfill/)]);
    expect(queue.messages).toHaveLength(0);
  });
});

describe('backfill without', () => {
  const denied: readonly (readonly [action: string, says: RegExp])[] = [
    ['s3:ListBucketVersions', /s3:\/\/endpoint-logs\/few\/: access denied; it needs s3:ListBucketVersions/],
    ['s3:GetObject', /s3:\/\/alert-archive\/scanned\/: access denied; it needs s3:GetObject/],
    ['sqs:SendMessage', /\/backfill: access denied; it needs sqs:SendMessage/],
  ];
  it.each(denied)('%s says what it needs', async (action, says) => {
    product.aws.rights.deny({ action, caller: DESK });
    const { status, err } = await backfill('few/');
    expect([status, err, queue.messages.length]).toEqual([2, expect.stringMatching(says), 0]);
  });

  it('a bucket or a queue says which', async () => {
    const rows: readonly (readonly [flag: string, value: string, says: RegExp])[] = [
      ['--source-bucket', 'no-such-bucket', /s3:\/\/no-such-bucket\/few\/: it does not exist/],
      ['--archive-bucket', 'no-such-archive', /s3:\/\/no-such-archive\/scanned\/: it does not exist/],
      ['--backfill-queue-url', `${product.aws.endpoint}/1/none`, /\/1\/none: it does not exist/],
    ];
    for (const [flag, value, says] of rows) {
      const { status, err } = await backfill('few/', ['--yes', flag, value]);
      expect([status, err]).toEqual([2, expect.stringMatching(says)]);
    }
  });

  it('credentials: one line, exit status 2', async () => {
    const env = { ...environment, AWS_REGION: 'eu-west-1', HOME: directory };
    const { status, out, err } = await startCommand(line('few/', '--yes'), env).ended;
    expect([status, out, err]).toEqual([
      2,
      '',
      expect.stringMatching(/^registry-alert: .*set AWS_PROFILE.*\n$/),
    ]);
  });

  it.each([
    [['--to', '2026-11-02'], /--from is required/],
    [['--from', '2026-11-01'], /--to is required/],
    [['--from', '2026-11-02', '--to', '2026-11-01'], /is not before --to/],
    [[...SPAN, '--rate', '0'], /--rate takes/],
    [[...SPAN, 'operand'], /takes no operand/],
  ])('sense, %j is refused', async (args, says) => {
    const { status, err } = await runAt(product.aws, ['backfill', ...args], { environment });
    expect([status, err]).toEqual([2, expect.stringMatching(says)]);
  });
});

describe('a batch', () => {
  type Answer = { Failed?: { Id: string; Code: string; SenderFault: boolean }[] };
  const sent = async (answers: Answer[]): Promise<string[][]> => {
    const asked: string[][] = [];
    const send = async ({ input }: { input: { Entries: { MessageBody: string }[] } }) => {
      asked.push(input.Entries.map(entry => entry.MessageBody));
      return answers.shift() ?? {};
    };
    await sendBatch(
      { send } as unknown as Parameters<typeof sendBatch>[0],
      'queue',
      ['a', 'b', 'c'],
      async () => {},
    );
    return asked;
  };
  const failed = (Id: string, SenderFault = false): Answer => ({
    Failed: [{ Id, Code: 'Failed', SenderFault }],
  });

  it('sends again what failed in it, and nothing else', async () => {
    expect(await sent([failed('1'), failed('1'), {}])).toEqual([['a', 'b', 'c'], ['b'], ['b']]);
  });
  it('gives up on what is refused, and on what fails for ever', async () => {
    await expect(sent([failed('1', true)])).rejects.toBeInstanceOf(NotSent);
    await expect(sent(Array.from({ length: 10 }, () => failed('2')))).rejects.toThrow(/1 of 1 messages/);
  });
});
