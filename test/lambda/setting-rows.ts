import { zstdCompressSync } from 'node:zlib';
import { cloudFunnel } from '../logs/ecs/records.ts';
import { linesOf, MATCH } from '../ruleset/rule-folder.ts';
import { jsonDocument, matchWith, QUIET, repeatOf } from './events.ts';
import { arnOf, CANARIES, type LocalFunction, type Settings } from './invoke.ts';

type See = (fn: LocalFunction) => Promise<unknown>;

/** A setting, and what changes with it. */
export type SettingRow = readonly [
  setting: string,
  value: string,
  /** What somebody outside can see. */
  see: See,
  without: unknown,
  with_: unknown,
  /** Set in both runs. */
  beside?: Settings,
];

const [one, two] = [MATCH[0]!, MATCH[1]!];

/** What the alert topic gets of one object. */
const publishedOf =
  (body: string | Uint8Array, key = 'registry/a.ndjson', bucket?: string) =>
  async (fn: LocalFunction): Promise<readonly string[]> => {
    await fn.send(key, body, bucket ? { bucket } : {});
    return fn.published('alerts');
  };

/** The topics exist under names of the account of the local AWS. */
const ARN = (name: string): string => `arn:aws:sns:eu-west-1:111122223333:${name}`;

const endgame = matchWith({
  event: { ...jsonDocument(one).event, module: 'endgame' },
  host: { id: 'h', name: 'WS' },
  observer: { os: { type: 'windows' } },
  data_stream: undefined,
});
const deep = matchWith({ more: { a: { b: { c: { d: 1 } } } } });
const wide = matchWith({ more: Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`k${at}`, at])) });
const packed = zstdCompressSync(QUIET.join('\n'));

export const ROWS: readonly SettingRow[] = [
  [
    'ALERT_TOPIC_ARN',
    ARN('others'),
    async fn => [await publishedOf(one)(fn), fn.published('others')],
    [['alert'], []],
    [[], ['alert']],
  ],
  [
    'OPERATIONS_TOPIC_ARN',
    ARN('others'),
    async fn => {
      await fn.send('2026-11-24T02:45:00Z.ndjson', one, { bucket: CANARIES });
      return [fn.published('operations'), fn.published('others')];
    },
    [['canary'], []],
    [[], ['canary']],
  ],
  [
    'REGISTRY_ALERT_RECORDS_TOPIC_ARN',
    ARN('records'),
    async fn => [await publishedOf(one)(fn), fn.published('records')],
    [['alert'], []],
    [['alert'], ['alert']],
  ],
  [
    'ARCHIVE_BUCKET',
    'other-logs',
    after(one, fn => [fn.archived('alerts').length, fn.aws.s3.keys('other-logs', 'alerts/').length]),
    [1, 0],
    [0, 1],
  ],
  ['SOURCE_BUCKETS', 'other-logs,third-logs', publishedOf(one), ['alert'], []],
  ['SOURCE_PREFIX', 'sysmon/', publishedOf(one), ['alert'], []],
  ['REGISTRY_ALERT_SOURCE_ACCOUNT', '111122223333', publishedOf(one, 'a', 'foreign-logs'), ['alert'], []],
  ['LOCALE', 'zh-CN', mailed(/[\u4e00-\u9fff]{4}/), [false], [true]],
  [
    'RULES',
    'persistence-via-wmi-stdregprov-sysmon',
    async fn => {
      await fn.send('a', one);
      await fn.send('b', linesOf('rules/persistence-via-wmi-stdregprov-sysmon/match.ndjson')[0]!);
      return fn.lines('scan.finished').map(({ counts }) => counts?.['matches']);
    },
    [1, 0],
    [0, 1],
  ],
  [
    'DEDUP_SCOPE',
    'object',
    after(one, fn => publishedOf(one, 'b')(fn)),
    ['alert'],
    ['alert', 'alert'],
    { REGISTRY_ALERT_REPEATS: 'tell' },
  ],
  [
    'PUBLISH_RATE',
    '2', // Three messages to one topic, of which the second and third wait for half a second; without it a rate of 1000 is set.
    async fn => {
      await fn.send('a', `${one}\n${two}`);
      await fn.send('b', MATCH[2]!);
      return [fn.published('alerts').length, Math.round(fn.waitedMs() / 100)];
    },
    [3, 0],
    [3, 10],
  ],
  [
    'REGISTRY_ALERT_ALERTS_PER_HOUR',
    '1',
    publishedOf(`${one}\n${two}`),
    ['alert', 'alert'],
    ['alert', 'held'],
  ],
  [
    'REGISTRY_ALERT_DEAD_LETTER_QUEUE_URL',
    'https://sqs.eu-west-1.amazonaws.com/111122223333/dead-letters',
    async fn => {
      const queue = fn.aws.createQueue('dead-letters');
      let asked = 0;
      const remainingMs = (): number => (++asked > 8 ? 30_000 : 300_000);
      const failed = await fn.send('a', `${one}\n`.repeat(100), { attempt: 2, remainingMs });
      return [failed.length, queue.messages.length];
    },
    [1, 0],
    [0, 1],
  ],
  [
    'REGISTRY_ALERT_GROUPING',
    'off',
    publishedOf(`${one}\n${repeatOf(one)}`),
    ['alert'],
    ['alert', 'alert'],
    { REGISTRY_ALERT_REPEATS: 'tell' },
  ],
  [
    'REGISTRY_ALERT_RULES_URI',
    's3://other-logs/rules',
    async fn => fn.send('a', one).catch(({ code }) => code),
    [],
    'RulesUnavailable',
  ],
  [
    'REGISTRY_ALERT_REPEATS',
    'tell',
    publishedOf(`${one}\n${repeatOf(one)}`),
    ['alert'],
    ['alert', 'alert'],
    { REGISTRY_ALERT_GROUPING: 'off' },
  ],
  [
    'REGISTRY_ALERT_REPEAT_MINUTES',
    '90',
    after(`${one}\n${repeatOf(one)}`, fn =>
      fn.mails('alerts').map(text => /(\d+) minutes\s+after each message/.exec(text)?.[1]),
    ),
    ['60'],
    ['90'],
  ],
  ['REGISTRY_ALERT_CANARY_BUCKET', 'other-logs', publishedOf(one, 'a', 'other-logs'), ['alert'], []],
  [
    'REGISTRY_ALERT_METRIC_NAMESPACE',
    'RegistryAlert/second',
    async fn => {
      await fn.send('a', one);
      // Lines of metrics name no event.
      return JSON.stringify(fn.lines(undefined as unknown as string)).includes('RegistryAlert/second');
    },
    false,
    true,
  ],
  ['REGISTRY_ALERT_TIME_ZONE', 'Asia/Shanghai', mailed(/\d\d Asia\/Shanghai\)/), [false], [true]],
  [
    'REGISTRY_ALERT_CHAT_LINKS',
    'bare',
    async fn => {
      const { aws } = fn;
      aws.sns.subscribe(arnOf(aws, 'alerts'), 'https', 'https://global.sns-api.chatbot.amazonaws.com');
      await fn.send('a', one);
      return aws.deliveries
        .filter(({ protocol }) => protocol === 'https')
        .map(({ body }) => /u003chttps:/.test(body));
    },
    [true],
    [false],
  ],
  [
    'REGISTRY_ALERT_KIBANA_URL',
    'https://kibana.example.com/s/soc',
    after(one, fn =>
      fn.mails('alerts').map(text => text.includes('https://kibana.example.com/s/soc/app/discover')),
    ),
    [false],
    [true],
  ],
  [
    'REGISTRY_ALERT_NORMALIZE',
    'elastic',
    publishedOf(JSON.stringify(cloudFunnel())),
    ['alert'],
    [],
    { RULES: 'persistence-via-wmi-stdregprov-sysmon' },
  ],
  ['REGISTRY_ALERT_ENDGAME_OS_TYPE', 'off', publishedOf(endgame), ['alert'], []],
  ['LOG_LEVEL', 'warn', after(one, fn => fn.lines('scan.finished').length), 1, 0],
  ['REGISTRY_ALERT_MAX_OUTPUT_BYTES', '1000', publishedOf(packed), [], ['quarantine']],
  ['REGISTRY_ALERT_MAX_RECORD_BYTES', '1000', alone(one), 1, 0],
  ['REGISTRY_ALERT_MAX_DEPTH', '4', alone(deep), 1, 0],
  ['REGISTRY_ALERT_MAX_KEYS', '100', alone(wide), 1, 0],
  [
    'REGISTRY_ALERT_ZSTD_WINDOW_BYTES',
    '1024',
    after(packed, fn => fn.lines('scan.finished').map(({ code }) => code)),
    [null],
    ['ZstdWindow'],
  ],
];

/** What is seen after an object was read. */
function after(body: string | Uint8Array, see: (fn: LocalFunction) => unknown): See {
  return async fn => {
    await fn.send('a', body);
    return see(fn);
  };
}

/** Whether the mail of an alert has a text. */
function mailed(pattern: RegExp): See {
  return after(one, fn => fn.mails('alerts').map(text => pattern.test(text)));
}

/** Whether a record alone is a match. */
function alone(line: string): See {
  return after(line, fn => fn.lines('scan.finished')[0]?.counts?.['matches']);
}
