import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS } from '../functions/alert/observability/metrics.ts';
import { alarmResources } from '../infra/alarms.ts';

const PAGE = join(import.meta.dirname, 'cost.md');

/** us-east-1, US dollars, on 2026-11-29, from the price pages of the services. */
const PRICE = {
  lambdaGbSecond: 0.0000133334, // arm64
  lambdaMillion: 0.2,
  s3GetThousand: 0.0004,
  s3PutThousand: 0.005,
  s3GbMonth: 0.023,
  eventMillion: 1,
  sqsMillion: 0.4,
  logGb: 0.5,
  snsMillion: 0.5,
  emailHundredThousand: 2,
  chatMillion: 0.6,
  metricMonth: 0.3,
  alarmMonth: 0.1, // per metric that an alarm evaluates
  dashboardMonth: 3,
  keyMonth: 1, // plus as much for each of its first two rotations
} as const;

/** 1,769 MB buy one full vCPU. */
const MEMORY_GB = 1.77;
const MEGABYTES_A_SECOND = 100;
const MAILBOXES = 3;
/** Polls of an idle queue per month: 5 connections, 20 s each. The mapping of the backfill queue is disabled. */
const POLLS_MONTH = 5 * 3 * 60 * 24 * 30;

type Size = {
  readonly name: string;
  readonly endpoints: number;
  readonly objects: number;
  readonly megabytes: number;
  readonly alerts: number;
};

/** Per day. */
const SIZES: readonly Size[] = [
  { name: 'small', endpoints: 500, objects: 1_000, megabytes: 2_000, alerts: 1 },
  { name: 'medium', endpoints: 10_000, objects: 20_000, megabytes: 50_000, alerts: 5 },
  { name: 'large', endpoints: 200_000, objects: 500_000, megabytes: 2_000_000, alerts: 50 },
];

type Volume = { readonly N: number; readonly D: number; readonly A: number };
const perYear = ({ objects, megabytes, alerts }: Size): Volume => ({
  N: objects * 365,
  D: megabytes * 365,
  A: alerts * 365,
});

/** The items of a bill, in US dollars per year. */
const LINES: readonly {
  readonly name: string;
  readonly formula: string;
  readonly price: string;
  readonly dollars: (volume: Volume) => number;
}[] = [
  {
    name: 'reading',
    formula: '`(N × 0.1 s + D ÷ 100 MB/s) × 1.77 GB × price`',
    price: `Lambda, arm64: ${PRICE.lambdaGbSecond} per GB-second`,
    dollars: ({ N, D }) => (N * 0.1 + D / MEGABYTES_A_SECOND) * MEMORY_GB * PRICE.lambdaGbSecond,
  },
  {
    name: 'invocations',
    formula: '`N × price`',
    price: `${usd(PRICE.lambdaMillion)} per million`,
    dollars: ({ N }) => (N / 1e6) * PRICE.lambdaMillion,
  },
  {
    name: 'S3 requests',
    formula: '`N × (2 GET + 1 PUT) + A × (12 PUT or LIST + 20 GET or HEAD)`',
    price: `${PRICE.s3GetThousand} and ${PRICE.s3PutThousand} per thousand`,
    dollars: ({ N, A }) =>
      ((2 * N + 20 * A) / 1000) * PRICE.s3GetThousand + ((N + 12 * A) / 1000) * PRICE.s3PutThousand,
  },
  {
    name: 'delivery to the queue',
    formula: '`N × (1 EventBridge event + 3 SQS requests)`',
    price: `${usd(PRICE.eventMillion)} and ${usd(PRICE.sqsMillion)} per million`,
    dollars: ({ N }) => (N / 1e6) * (PRICE.eventMillion + 3 * PRICE.sqsMillion),
  },
  {
    name: 'logs',
    formula: '`N × 2 kB × price`',
    price: `${usd(PRICE.logGb)} per GB ingested`,
    dollars: ({ N }) => ((N * 2) / 1e6) * PRICE.logGb,
  },
  {
    name: 'messages',
    formula: `\`A × (1 Publish + ${MAILBOXES} e-mails + 1 chat)\``,
    price: `${usd(PRICE.snsMillion)} per million, ${usd(PRICE.emailHundredThousand)} per 100,000, ${usd(PRICE.chatMillion)} per million`,
    dollars: ({ A }) =>
      A * (PRICE.snsMillion / 1e6 + (MAILBOXES * PRICE.emailHundredThousand) / 1e5 + PRICE.chatMillion / 1e6),
  },
  {
    name: 'archive',
    formula: '`(N × 1 kB + A × 60 kB) × 6 months on average × price`',
    price: `${PRICE.s3GbMonth} per GB-month`,
    dollars: ({ N, A }) => ((N + 60 * A) / 1e6) * 6 * PRICE.s3GbMonth,
  },
  {
    name: 'fixed',
    formula: fixed(),
    price: `${usd(PRICE.metricMonth)}, ${usd(PRICE.alarmMonth)}, ${usd(PRICE.dashboardMonth)} and ${usd(PRICE.keyMonth)} per month each; ${usd((POLLS_MONTH / 1e6) * PRICE.sqsMillion)} per month`,
    dollars: () => {
      const { metrics, watched } = counted();
      const month =
        metrics * PRICE.metricMonth + watched * PRICE.alarmMonth + PRICE.dashboardMonth + PRICE.keyMonth;
      return 12 * (month + (POLLS_MONTH / 1e6) * PRICE.sqsMillion);
    },
  },
];

/** Metrics that the function can write, and metrics that the default alarms evaluate, each rounded up to tens. */
function counted(): { readonly metrics: number; readonly watched: number } {
  const { Conditions, Resources } = alarmResources();
  const runs = (condition: unknown): boolean =>
    condition === undefined ||
    condition === 'HasAudit' ||
    'Fn::Or' in (Conditions[String(condition)] as object);
  const alarms = Object.values(Resources) as {
    readonly Condition?: string;
    readonly Properties: { readonly Metrics?: readonly object[] };
  }[];
  const watched = alarms
    .filter(({ Condition }) => runs(Condition))
    .map(
      ({ Properties: { Metrics = [{ MetricStat: {} }] } }) =>
        Metrics.filter(one => 'MetricStat' in one).length,
    );
  const tens = (count: number): number => Math.ceil(count / 10) * 10;
  return {
    metrics: tens(Object.keys(METRICS).length),
    watched: tens(watched.reduce((sum, one) => sum + one, 0)),
  };
}

function fixed(): string {
  const { metrics, watched } = counted();
  return `about ${metrics} metrics, ${watched} evaluated by alarms, 1 dashboard, 1 KMS key, polling of an idle queue`;
}

function usd(amount: number): string {
  return amount.toFixed(2);
}

/** The two tables of docs/cost.md. */
export function tables(): { readonly formula: string; readonly sizes: string } {
  const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |\n`;
  const whole = (amount: number): string => Math.round(amount).toLocaleString('en-US');
  const bytes = (megabytes: number): string =>
    megabytes >= 1e6 ? `${megabytes / 1e6} TB` : `${megabytes / 1e3} GB`;
  const sums = SIZES.map(size => LINES.reduce((sum, line) => sum + line.dollars(perYear(size)), 0));
  return {
    formula: `| part | formula | price used |\n|---|---|---|\n${LINES.map(({ name, formula, price }) => row([name, formula, price])).join('')}`,
    sizes: [
      row(['', ...SIZES.map(({ name }) => name)]),
      '|---|---:|---:|---:|\n',
      row([
        'endpoints, at 4 to 10 MB of registry events each per day',
        ...SIZES.map(one => whole(one.endpoints)),
      ]),
      row(['objects per day', ...SIZES.map(one => whole(one.objects))]),
      row(['decompressed per day', ...SIZES.map(one => bytes(one.megabytes))]),
      row([`alerts per day, ${MAILBOXES} mailboxes`, ...SIZES.map(one => one.alerts)]),
      ...LINES.map(line => row([line.name, ...SIZES.map(size => whole(line.dollars(perYear(size))))])),
      row(['**US dollars per year**', ...sums.map(sum => `**${whole(sum)}**`)]),
    ].join(''),
  };
}

/** The page with both tables computed anew. */
export function withTables(page: string): string {
  const { formula, sizes } = tables();
  return page
    .replace(/\| part \| formula.*?\n(?=\n)/s, () => formula)
    .replace(/\| +\| small.*?\n(?=\n)/s, () => sizes);
}

if (import.meta.main) writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8')));
