import { afterwards, temporaryFolder } from '../afterwards.ts';
import { copyFunction } from '../built.ts';
import { LocalAws, type Queue, type VirtualClock, virtualClock } from '../local-aws/index.ts';
import { MATCH } from '../ruleset/rule-folder.ts';
import { CANARY } from './checked-logs.ts';
import { type LocalFunction, startFunction } from './function.ts';

/** One record that must alert; every call gives another host, so that no alert is a repeat of another. */
export function attack(host: string): string {
  const event = JSON.parse(MATCH[0]!);
  Object.assign(event.host, { id: `id-of-${host}`, name: host, hostname: host });
  event.registry.data.strings = [`C:\\${CANARY}.exe`];
  event.user = { ...event.user, name: CANARY };
  return `${JSON.stringify(event)}\n`;
}

/** A log of some 4 KB: padding, then a record that must alert. */
export function smallLog(host: string): string {
  return `${JSON.stringify({ padding: 'x'.repeat(2500) })}\n${attack(host)}`;
}

/** A key that does not name the host as an event does, so that the log may hold it. */
export function keyOf(host: string): string {
  return `exports/${host.toLowerCase()}`;
}

/** What came of everything that was in the queue. */
export type Verdict = {
  /** Hosts of the alerts that reached the analyst, one for each mail. */
  readonly published: readonly string[];
  /** Invocations that were needed, or that failed for the last time. */
  readonly invocations: number;
  readonly deadLetters: number;
  /** Codes in the function's log, each once. */
  readonly codes: readonly string[];
  /** Records below `quarantine/` in the archive. */
  readonly quarantined: number;
  /** Sums of the metrics that the function logged. */
  readonly metrics: Readonly<Record<string, number>>;
};

export type ProductOptions = {
  readonly settings?: Readonly<Record<string, string>>;
  /** How often a message comes before it is a dead letter. */
  readonly maxReceiveCount?: number;
  /** The directory of the rules; else those of the build. */
  readonly rules?: string;
};

/** The bundled function between its queue, buckets and topics; the queue's time is virtual. */
export class Product {
  readonly aws: LocalAws;
  readonly queue: Queue;
  readonly dead: Queue;
  readonly clock: VirtualClock;
  readonly function: LocalFunction;
  /** The environment of the function. */
  readonly env: Readonly<Record<string, string>>;

  private constructor(
    aws: LocalAws,
    clock: VirtualClock,
    local: LocalFunction,
    env: Readonly<Record<string, string>>,
  ) {
    this.env = env;
    this.aws = aws;
    this.clock = clock;
    this.function = local;
    this.queue = aws.queue('notifications');
    this.dead = aws.queue('dead-letters');
  }

  static async start(
    directory: string,
    { settings = {}, maxReceiveCount = 2, rules }: ProductOptions = {},
  ): Promise<Product> {
    const clock = virtualClock(Date.now());
    const aws = await new LocalAws({ directory, clock }).listen();
    const dead = aws.createQueue('dead-letters');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount });
    const queue = aws.createQueue('notifications', { VisibilityTimeout: '1800', RedrivePolicy });
    for (const [name, versioning] of [
      ['logs', true],
      ['plain', false],
      ['archive', true],
    ] as const) {
      aws.s3.createBucket(name, { versioning });
      if (name !== 'archive') aws.s3.notify(name, { to: queue.arn });
    }
    queue.purge();
    const [alerts, operations] = ['alerts', 'operations', 'records'].map(
      name => aws.sns.createTopic(name).arn,
    );
    aws.sns.subscribe(alerts!, 'email', 'analyst@example.com');
    const bundle = copyFunction(directory, rules);
    const env = {
      ...aws.env(),
      ALERT_TOPIC_ARN: alerts!,
      OPERATIONS_TOPIC_ARN: operations!,
      ARCHIVE_BUCKET: 'archive',
      SOURCE_BUCKETS: 'logs,plain',
      PUBLISH_RATE: '1000',
      REGISTRY_ALERT_ALERTS_PER_HOUR: '0',
      ...settings,
    };
    return new Product(aws, clock, await startFunction({ bundle, env }), env);
  }

  /** Works the queue off, until everything in it is done or dead. */
  async settle(
    batchSize = 1,
    invoke: (event: unknown) => Promise<unknown> = event => this.function.call(event),
  ): Promise<Verdict> {
    // Time is stopped while the function runs: without this the mails of many tests would come in one second.
    this.clock.advance(2000);
    const before = {
      deliveries: this.aws.deliveries.length,
      logs: this.function.logs.length,
      dead: this.dead.messages.length,
      quarantined: this.aws.s3.keys('archive', 'quarantine/').length,
    };
    const poller = this.aws.poller({ queue: this.queue, batchSize, invoke });
    await poller.drain(this.clock);
    const lines = this.function.logs.slice(before.logs);
    const codes = lines.flatMap(line => /"code":"(\w+)"/.exec(line)?.[1] ?? []);
    return {
      published: this.aws.deliveries
        .slice(before.deliveries)
        .filter(one => one.outcome === 'delivered' && one.attributes.get('kind')?.value === 'alert')
        .map(({ body }) => /HOST-[\w-]+/.exec(body)?.[0] ?? '?'),
      invocations: poller.batches.length,
      deadLetters: this.dead.messages.length - before.dead,
      codes: [...new Set(codes)],
      quarantined: this.aws.s3.keys('archive', 'quarantine/').length - before.quarantined,
      metrics: metricsOf(lines),
    };
  }

  async stop(): Promise<void> {
    await this.function.stop();
    await this.aws.stop();
  }
}

/** A product that ends with the tests: `logs` is versioned, `plain` is not, and both notify the queue. */
export async function started(
  options: ProductOptions = {},
  directory: string = temporaryFolder(),
): Promise<Product> {
  const product = await Product.start(directory, options);
  afterwards(() => product.stop());
  return product;
}

/** What lines in CloudWatch's embedded format count, summed by name. */
function metricsOf(lines: readonly string[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const line of lines.filter(text => text.startsWith('{"_aws"'))) {
    const { _aws, ...values } = JSON.parse(line) as Record<string, number>;
    for (const [name, value] of Object.entries(values))
      if (typeof value === 'number') sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}
