import { zstdCompressSync } from 'node:zlib';
import { cloudFunnel } from '../logs/ecs/records.ts';
import { jsonDocument, linesOf, MATCH, matchWith, QUIET, repeatOf } from './events.ts';
import { arnOf, CANARIES, type LocalFunction, type Settings } from './invoke.ts';

/** A setting, and what changes with it. */
export type SettingRow = {
  readonly setting: string;
  readonly value: string;
  /** Set in both runs. */
  readonly beside?: Settings;
  /** What somebody outside can see. */
  readonly see: (fn: LocalFunction) => Promise<unknown>;
  readonly without: unknown;
  readonly with: unknown;
};

const [one, two] = [MATCH[0]!, MATCH[1]!];

/** What the alert topic gets of one object. */
const publishedOf =
  (body: string | Uint8Array, key = 'registry/a.ndjson', bucket?: string) =>
  async (fn: LocalFunction): Promise<readonly string[]> => {
    await fn.send(key, body, bucket ? { bucket } : {});
    return fn.published('alerts');
  };

/** The topics exist under names of the account that the stand-in has. */
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
  {
    setting: 'ALERT_TOPIC_ARN',
    value: ARN('others'),
    see: async fn => [await publishedOf(one)(fn), fn.published('others')],
    without: [['alert'], []],
    with: [[], ['alert']],
  },
  {
    setting: 'OPERATIONS_TOPIC_ARN',
    value: ARN('others'),
    see: async fn => {
      await fn.send('2026-11-24T02:45:00Z.ndjson', one, { bucket: CANARIES });
      return [fn.published('operations'), fn.published('others')];
    },
    without: [['canary'], []],
    with: [[], ['canary']],
  },
  {
    setting: 'REGISTRY_ALERT_RECORDS_TOPIC_ARN',
    value: ARN('records'),
    see: async fn => [await publishedOf(one)(fn), fn.published('records')],
    without: [['alert'], []],
    with: [['alert'], ['alert']],
  },
  {
    setting: 'ARCHIVE_BUCKET',
    value: 'other-logs',
    see: async fn => {
      await fn.send('a', one);
      return [fn.archived('alerts').length, fn.aws.s3.keys('other-logs', 'alerts/').length];
    },
    without: [1, 0],
    with: [0, 1],
  },
  {
    setting: 'SOURCE_BUCKETS',
    value: 'other-logs,third-logs',
    see: publishedOf(one),
    without: ['alert'],
    with: [],
  },
  { setting: 'SOURCE_PREFIX', value: 'sysmon/', see: publishedOf(one), without: ['alert'], with: [] },
  {
    setting: 'REGISTRY_ALERT_SOURCE_ACCOUNT',
    value: '111122223333',
    see: publishedOf(one, 'a', 'foreign-logs'),
    without: ['alert'],
    with: [],
  },
  {
    setting: 'LOCALE',
    value: 'zh-CN',
    see: async fn => {
      await fn.send('a', one);
      return fn.mails('alerts').map(text => /[\u4e00-\u9fff]{4}/.test(text));
    },
    without: [false],
    with: [true],
  },
  {
    setting: 'RULES',
    value: 'persistence-via-wmi-stdregprov-sysmon',
    see: async fn => {
      await fn.send('a', one);
      await fn.send('b', linesOf('rules/persistence-via-wmi-stdregprov-sysmon/match.ndjson')[0]!);
      return fn.lines('scan.finished').map(({ counts }) => counts?.['matches']);
    },
    without: [1, 0],
    with: [0, 1],
  },
  {
    setting: 'DEDUP_SCOPE',
    value: 'object',
    beside: { REGISTRY_ALERT_REPEATS: 'tell' },
    see: async fn => {
      await fn.send('a', one);
      return publishedOf(one, 'b')(fn);
    },
    without: ['alert'],
    with: ['alert', 'alert'],
  },
  {
    setting: 'PUBLISH_RATE',
    value: '2',
    // Three messages to one topic, of which the second and third wait for half a second; without it a rate of 1000 is set.
    see: async fn => {
      await fn.send('a', `${one}\n${two}`);
      await fn.send('b', MATCH[2]!);
      return [fn.published('alerts').length, Math.round(fn.waitedMs() / 100)];
    },
    without: [3, 0],
    with: [3, 10],
  },
  {
    setting: 'REGISTRY_ALERT_ALERTS_PER_HOUR',
    value: '1',
    see: publishedOf(`${one}\n${two}`),
    without: ['alert', 'alert'],
    with: ['alert', 'held'],
  },
  {
    setting: 'REGISTRY_ALERT_DEAD_LETTER_QUEUE_URL',
    value: 'https://sqs.eu-west-1.amazonaws.com/111122223333/dead-letters',
    see: async fn => {
      const queue = fn.aws.createQueue('dead-letters');
      let asked = 0;
      const remainingMs = (): number => (++asked > 8 ? 30_000 : 300_000);
      const failed = await fn.send('a', `${one}\n`.repeat(100), { attempt: 2, remainingMs });
      return [failed.length, queue.messages.length];
    },
    without: [1, 0],
    with: [0, 1],
  },
  {
    setting: 'REGISTRY_ALERT_GROUPING',
    value: 'off',
    beside: { REGISTRY_ALERT_REPEATS: 'tell' },
    see: publishedOf(`${one}\n${repeatOf(one)}`),
    without: ['alert'],
    with: ['alert', 'alert'],
  },
  {
    setting: 'REGISTRY_ALERT_RULES_URI',
    value: 's3://other-logs/rules',
    see: async fn => fn.send('a', one).catch(({ code }) => code),
    without: [],
    with: 'RulesUnavailable',
  },
  {
    setting: 'REGISTRY_ALERT_REPEATS',
    value: 'tell',
    beside: { REGISTRY_ALERT_GROUPING: 'off' },
    see: publishedOf(`${one}\n${repeatOf(one)}`),
    without: ['alert'],
    with: ['alert', 'alert'],
  },
  {
    setting: 'REGISTRY_ALERT_REPEAT_MINUTES',
    value: '90',
    see: async fn => {
      await fn.send('a', `${one}\n${repeatOf(one)}`);
      return fn.mails('alerts').map(text => /(\d+) minutes\s+after each message/.exec(text)?.[1]);
    },
    without: ['60'],
    with: ['90'],
  },
  {
    setting: 'REGISTRY_ALERT_CANARY_BUCKET',
    value: 'other-logs',
    see: publishedOf(one, 'a', 'other-logs'),
    without: ['alert'],
    with: [],
  },
  {
    setting: 'REGISTRY_ALERT_METRIC_NAMESPACE',
    value: 'RegistryAlert/second',
    see: async fn => {
      await fn.send('a', one);
      // Lines of metrics name no event.
      return JSON.stringify(fn.lines(undefined as unknown as string)).includes('RegistryAlert/second');
    },
    without: false,
    with: true,
  },
  {
    setting: 'REGISTRY_ALERT_TIME_ZONE',
    value: 'Asia/Shanghai',
    see: async fn => {
      await fn.send('a', one);
      return fn.mails('alerts').map(text => /\d\d Asia\/Shanghai\)/.test(text));
    },
    without: [false],
    with: [true],
  },
  {
    setting: 'REGISTRY_ALERT_CHAT_LINKS',
    value: 'bare',
    see: async fn => {
      const { aws } = fn;
      aws.sns.subscribe(arnOf(aws, 'alerts'), 'https', 'https://global.sns-api.chatbot.amazonaws.com');
      await fn.send('a', one);
      return aws.deliveries
        .filter(({ protocol }) => protocol === 'https')
        .map(({ body }) => /u003chttps:/.test(body));
    },
    without: [true],
    with: [false],
  },
  {
    setting: 'REGISTRY_ALERT_KIBANA_URL',
    value: 'https://kibana.example.com/s/soc',
    see: async fn => {
      await fn.send('a', one);
      return fn.mails('alerts').map(text => text.includes('https://kibana.example.com/s/soc/app/discover'));
    },
    without: [false],
    with: [true],
  },
  {
    setting: 'REGISTRY_ALERT_NORMALIZE',
    value: 'elastic',
    beside: { RULES: 'persistence-via-wmi-stdregprov-sysmon' },
    see: publishedOf(JSON.stringify(cloudFunnel())),
    without: ['alert'],
    with: [],
  },
  {
    setting: 'REGISTRY_ALERT_ENDGAME_OS_TYPE',
    value: 'off',
    see: publishedOf(endgame),
    without: ['alert'],
    with: [],
  },
  {
    setting: 'LOG_LEVEL',
    value: 'warn',
    see: async fn => {
      await fn.send('a', one);
      return fn.lines('scan.finished').length;
    },
    without: 1,
    with: 0,
  },
  {
    setting: 'REGISTRY_ALERT_MAX_OUTPUT_BYTES',
    value: '1000',
    see: publishedOf(packed),
    without: [],
    with: ['quarantine'],
  },
  { setting: 'REGISTRY_ALERT_MAX_RECORD_BYTES', value: '1000', see: alone(one), without: 1, with: 0 },
  { setting: 'REGISTRY_ALERT_MAX_DEPTH', value: '4', see: alone(deep), without: 1, with: 0 },
  { setting: 'REGISTRY_ALERT_MAX_KEYS', value: '100', see: alone(wide), without: 1, with: 0 },
  {
    setting: 'REGISTRY_ALERT_ZSTD_WINDOW_BYTES',
    value: '1024',
    see: async fn => {
      await fn.send('a', packed);
      return fn.lines('scan.finished').map(({ code }) => code);
    },
    without: [null],
    with: ['ZstdWindow'],
  },
];

/** Whether a record alone is a match. */
function alone(line: string): SettingRow['see'] {
  return async fn => {
    await fn.send('a', line);
    return fn.lines('scan.finished')[0]?.counts?.['matches'];
  };
}
