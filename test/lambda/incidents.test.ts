import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { deployed, temporaryFolder } from '../afterwards.ts';
import { runCommand } from '../cli/run-command.ts';
import type { Deployment } from '../deployment.ts';
import { lineOf, type Write } from '../runtime/writes.ts';
import { random, scale, seed } from '../scale.ts';

/** A busy machine may take its time. */
vi.setConfig({ testTimeout: 600_000 });

const directory = temporaryFolder();
const settings = { LOCALE: 'both', PUBLISH_RATE: '1000', REGISTRY_ALERT_ALERTS_PER_HOUR: '0' };

/** A queue gets what programs get; a mailbox would be closed at more than ten mails a second. */
async function started(more: Readonly<Record<string, string>>): Promise<Deployment> {
  const deployment = await deployed({ settings: { ...settings, ...more }, visibilitySeconds: 900 });
  const { aws } = deployment;
  aws.sns.subscribe(aws.sns.createTopic('alerts').arn, 'sqs', aws.createQueue('cases').arn, {
    attributes: { RawMessageDelivery: 'true' },
  });
  return deployment;
}

const grouped = await started({});
const alone = await started({ REGISTRY_ALERT_GROUPING: 'off' });

type Document = {
  readonly id: string;
  readonly kind: string;
  readonly alertIds?: readonly string[];
  readonly incidentId?: string;
  readonly evidence: { readonly record: number };
  readonly assessment: { readonly level: string; readonly score: number };
};
type Message = {
  readonly document: Document;
  readonly subject: string;
  readonly mail: string;
  readonly chat: string;
  readonly attributes: ReadonlyMap<string, { readonly value: string }>;
  /** Documents of its alerts in the archive, in its order. */
  readonly alerts: readonly Document[];
};

/** Uploads a log to a function that knows nothing yet, and gives its messages. */
async function messagesOf(lines: readonly string[], { aws, ...at } = grouped): Promise<Message[]> {
  for (const key of aws.s3.keys(at.archive)) aws.s3.remove(at.archive, key);
  const before = aws.deliveries.length;
  await at.upload(`logs/${before}.ndjson`, lines.join(''));
  await at.settled(600_000);
  expect(at.deadLetters()).toBe(0);
  const deliveries = aws.deliveries.slice(before);
  const of = (protocol: string) => deliveries.filter(one => one.protocol === protocol);
  const read = async (id: string): Promise<Document> =>
    JSON.parse(String(await aws.s3.read(at.archive, `alerts/${id.slice(0, 2)}/${id}.json`)));
  return Promise.all(
    of('sqs').map(async ({ body, messageId, attributes, subject }) => {
      const bodyFor = (protocol: string) => of(protocol).find(one => one.messageId === messageId)!.body;
      const document = JSON.parse(body) as Document;
      return {
        document,
        subject: of('email').find(one => one.messageId === messageId)?.subject ?? subject ?? '',
        attributes,
        mail: bodyFor('email'),
        chat: bodyFor('https'),
        alerts: await Promise.all((document.alertIds ?? [document.id]).map(read)),
      };
    }),
  );
}

const recordsOf = (messages: readonly Message[]): number[][] =>
  messages.map(({ alerts }) => alerts.map(({ evidence }) => evidence.record).sort((a, b) => a - b));

const sorted = (groups: readonly (readonly number[])[]): string[] =>
  groups.map(group => group.join(' ')).sort();

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 24, 2, 46);

const SERVICE = /^HKLM\\SYSTEM\\ControlSet001\\Services\\[^\\]+\\ImagePath$/;

/**
 * What the log itself says: records that belong together, by host, initiating process and ten minutes. Read from the text of
 * the lines, with nothing of the product.
 */
function countedIn(lines: readonly string[]): number[][] {
  const chains = new Map<string, { readonly record: number; readonly at: number }[]>();
  const groups: number[][] = [];
  for (const [index, line] of lines.entries()) {
    const {
      '@timestamp': time,
      host,
      agent,
      process,
      Effective_process: initiator,
      registry,
    } = JSON.parse(line);
    if (process?.name !== 'WmiPrvSE.exe' || !SERVICE.test(registry?.path)) continue;
    const at = Date.parse(time);
    const machine = host.id || host.name || agent.id;
    if (!machine || Number.isNaN(at)) {
      groups.push([index + 1]);
      continue;
    }
    const who = initiator?.entity_id
      ? ['initiator', initiator.entity_id]
      : process.entity_id
        ? ['writer', process.entity_id]
        : [];
    const name = JSON.stringify([machine, who]);
    chains.set(name, [...(chains.get(name) ?? []), { record: index + 1, at }]);
  }
  for (const chain of chains.values()) {
    let last = Number.NEGATIVE_INFINITY;
    for (const { record, at } of chain.sort((a, b) => a.at - b.at)) {
      if (at - last > 10 * MINUTE) groups.push([]);
      groups.at(-1)!.push(record);
      last = at;
    }
  }
  return groups.map(group => group.sort((a, b) => a - b));
}

const LEVELS = ['suspicious', 'unusual', 'unclear', 'administration'];
const LINE =
  /^ {2}(?:suspicious|unusual|unclear|administration\?|可疑|异常|待研判|疑似运维操作) +(?:(\d+) (?:x|次) )?/;

/** What no event may change of a message: the worst first, every other one in a line of each language, and its size. */
function checkMessage({ document, mail, alerts, attributes, subject }: Message): void {
  const rank = ({ assessment: { level, score } }: Document) => LEVELS.indexOf(level) * 1000 - score;
  expect(alerts[0]!.id).toBe(document.id);
  expect(Math.min(...alerts.map(rank))).toBe(rank(document));
  expect(attributes.get('alerts')?.value).toBe(String(alerts.length));
  expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
  const languages = mail.split(/^-{78}\n\n/m);
  expect(languages).toHaveLength(2);
  for (const text of languages) {
    expect(text.split('\n\n')[0]!.split('\n').length).toBeLessThanOrEqual(25);
    expect(text.split('\n').length).toBeLessThanOrEqual(300);
    const also = /^(?:ALSO WRITTEN|【其他写入)[\s\S]*?(?=\n\n)/m.exec(text)?.[0] ?? '';
    const counts = also.split('\n').slice(1);
    const told = counts.reduce((sum, line) => sum + Number(LINE.exec(line)![1] ?? 1), 0);
    expect(told).toBe(alerts.length - 1);
  }
}

const series = (count: number, of: (at: number) => Partial<Write>): string[] =>
  Array.from({ length: count }, (_, at) =>
    lineOf({ host: 'HOST-A', by: 'p', service: `s${at}`, at: START + at * 1000, ...of(at) }),
  );

const shapes: readonly (readonly [what: string, lines: readonly string[], sizes: readonly number[]])[] = [
  ['20 writes by one process within a minute', series(20, () => ({})), [20]],
  ['48 alerts of 48 hosts', series(48, at => ({ host: `HOST-${at}` })), Array(48).fill(1)],
  [
    'five writes by one process and a sixth by another',
    series(6, at => ({ by: at < 5 ? 'p' : 'q' })),
    [5, 1],
  ],
  ['ten minutes apart, and more', series(3, at => ({ at: START + [0, 10, 20.1][at]! * MINUTE })), [2, 1]],
  [
    'no host, in one of three ways',
    series(3, () => ({ host: '', hostId: '' })).map(line =>
      line.replace(/"agent":\{"id":"[^"]*"/, '"agent":{"id":""'),
    ),
    [1, 1, 1],
  ],
  ['a hundred writes', series(100, at => ({ program: `C:\\Users\\Public\\${at}.exe` })), [100]],
];

describe('the messages of an object', () => {
  it.each(shapes)('%s', async (_, lines, sizes) => {
    const messages = await messagesOf(lines);
    expect(messages.map(({ alerts }) => alerts.length)).toEqual(sizes);
    expect(sorted(recordsOf(messages))).toEqual(sorted(countedIn(lines)));
    for (const message of messages) checkMessage(message);
  });

  it('are those of a count over the log, in every order, whatever an attacker writes into it', async () => {
    const drawn = fc.sample(fc.tuple(logs, fc.infiniteStream(fc.nat())), {
      seed: seed(),
      numRuns: scale(100),
    });
    for (const [log, choices] of drawn) {
      const lines = [...log.map(lineOf), ...quiet];
      const ids: string[][] = [];
      for (let order = 0; order < 2; order++) {
        const next = random(choices.next().value!);
        const shuffled = lines
          .map(line => [next(), line] as const)
          .sort(([a], [b]) => a - b)
          .map(([, line]) => line);
        const messages = await messagesOf(shuffled);
        expect(sorted(recordsOf(messages))).toEqual(sorted(countedIn(shuffled)));
        for (const message of messages) checkMessage(message);
        ids.push(messages.map(({ document }) => document.incidentId!).sort());
      }
      expect(ids[0]).toEqual(ids[1]);
    }
  });

  it('are what `scan` prints as mail, chat and page, grouped and not', async () => {
    const lines = fc.sample(logs, { seed: seed(), numRuns: 1 })[0]!.slice(0, 10).map(lineOf);
    const path = join(directory, 'log.ndjson');
    writeFileSync(path, lines.join(''));
    for (const [deployment, ...flags] of [[grouped], [alone, '--grouping', 'off']] as const) {
      const messages = await messagesOf(lines, deployment);
      const printed = async (format: string): Promise<string> =>
        (await runCommand(['scan', '--locale', 'both', '--format', format, ...flags, path])).out;
      const mails = (await printed('email')).split(`${'='.repeat(78)}\n`);
      expect(mails.map(mail => /^Subject: (.*)/m.exec(mail)?.[1]).sort()).toEqual(
        messages.map(({ subject }) => subject).sort(),
      );
      const threadOf = (chat: string): string => JSON.parse(chat).metadata.threadId;
      expect((await printed('chat')).trim().split('\n').map(threadOf).sort()).toEqual(
        messages.map(({ chat }) => threadOf(chat)).sort(),
      );
      expect((await printed('html')).split('\n<hr>\n')).toHaveLength(messages.length);
    }
  });

  it('are single alerts as before where grouping is off', async () => {
    const [first, ...others] = series(5, () => ({}));
    // An equal write a second later is a repeat, as it was.
    const again = lineOf({ host: 'HOST-A', by: 'p', service: 's0', at: START + 60_000 });
    const messages = await messagesOf([first!, ...others, again], alone);
    expect(sorted(recordsOf(messages))).toEqual(sorted([[1], [2], [3], [4], [5]]));
    for (const { document, attributes, mail } of messages) {
      expect([document.kind, document.incidentId, attributes.get('incidentId')]).toEqual([
        'alert',
        undefined,
        undefined,
      ]);
      expect(mail).not.toContain('ALSO WRITTEN');
    }
  });
});

const quiet = readFileSync('rules/persistence-via-wmi-stdregprov/quiet.ndjson', 'utf8')
  .trim()
  .split('\n')
  .map(line => `${line}\n`);

/** At most the hundred that are published; times, hosts and processes as somebody might choose them. */
const logs: fc.Arbitrary<Write[]> = fc
  .array(
    fc.record({
      host: fc.constantFrom('HOST-A', 'HOST-B', 'HOST-C', ''),
      hostId: fc.constantFrom('id-1', 'id-2', ''),
      by: fc.constantFrom('p', 'q', 'writer', '', '"}', null),
      writer: fc.constantFrom('writer', 'p', '', null),
      at: fc.oneof(
        fc.constantFrom(0, 5, 10, 15, 25.001, 35, 45, 90).map(minute => START + minute * MINUTE),
        fc.constantFrom(
          '2026-11-24T10:50:00+08:00',
          '2026-11-24T02:50:00.123456789Z',
          '9999-12-31T23:59:59.999Z',
          '1601-01-01T00:00:00Z',
          'yesterday',
        ),
      ),
      program: fc.constantFrom(
        'C:\\Windows\\System32\\svchost.exe -k netsvcs',
        'C:\\Users\\Public\\a.exe',
        'rundll32.exe a.dll,DllMain',
        '<@everyone> [x](javascript:1)\r\n  suspicious',
      ),
    }),
    { minLength: 20, maxLength: 40 },
  )
  .map(list => list.map((write, at) => ({ ...write, service: `s${at}` })));
