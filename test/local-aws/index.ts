import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mailboxesOf, sendToQueue } from './between-services.ts';
import { type Call, CallLog } from './calls.ts';
import { type Clock, systemClock } from './clock.ts';
import { AwsError } from './error.ts';
import { EventBus } from './event-bus.ts';
import { type Fault, FaultPlan } from './faults.ts';
import type { Sender } from './policy.ts';
import { Poller, type PollerOptions } from './poller.ts';
import { type Permission, permissionOf, permissionsOf, Rights } from './rights.ts';
import { S3Endpoint } from './s3/endpoint.ts';
import { LocalS3 } from './s3/in-process.ts';
import { Store } from './s3/store.ts';
import { type Endpoint, type Request, type Server, serve } from './server.ts';
import { Deliveries } from './sns/deliver.ts';
import type { Delivery } from './sns/delivery.ts';
import { SnsEndpoint } from './sns/endpoint.ts';
import { LocalSns } from './sns/in-process.ts';
import { Topics } from './sns/topics.ts';
import { SqsEndpoint } from './sqs/endpoint.ts';
import type { Queue } from './sqs/queue.ts';

export type { Call } from './calls.ts';
export { type Clock, type VirtualClock, virtualClock } from './clock.ts';
export type { Fault } from './faults.ts';
export type { Delivery } from './sns/delivery.ts';
export type { Queue } from './sqs/queue.ts';

export type LocalAwsOptions = {
  /** Where bodies, mails and chat messages are written. */
  readonly directory: string;
  /** A file to which the permissions that were used are added at the end; `null`: none. Else what `LOCAL_AWS_CALLS` names. */
  readonly callsFile?: string | null;
  readonly faults?: readonly Fault[];
  readonly clock?: Clock;
  /** 0, the default: a free one. */
  readonly port?: number;
};

const PLACE = { region: 'eu-west-1', account: '111122223333' } as const;

function senderOf(service: 'sns' | 'events', sourceArn: string): Sender {
  return { service: `${service}.amazonaws.com`, sourceArn, sourceAccount: PLACE.account };
}

/** S3, SNS and SQS on one port of 127.0.0.1. */
export class LocalAws {
  readonly region = PLACE.region;
  readonly account = PLACE.account;
  readonly directory: string;
  readonly clock: Clock;
  readonly calls = new CallLog();
  readonly rights = new Rights();
  readonly faults: FaultPlan;
  /** What the services write to their own logs, such as the chat service's refusals. */
  readonly logs: string[] = [];
  readonly s3: LocalS3;
  readonly sns: LocalSns;
  readonly bus: EventBus;
  readonly #sqs: SqsEndpoint;
  readonly #topics: Topics;
  readonly #deliveries: Deliveries;
  readonly #pollers: Poller[] = [];
  readonly #endpoints: { readonly s3: Endpoint; readonly sns: Endpoint; readonly sqs: Endpoint };
  readonly #callsFile: string | null;
  #server: Server | undefined;

  constructor({
    directory,
    callsFile = process.env['LOCAL_AWS_CALLS'] ?? null,
    faults = [],
    clock = systemClock,
  }: LocalAwsOptions) {
    this.#callsFile = callsFile;
    this.directory = directory;
    this.clock = clock;
    this.faults = new FaultPlan(faults);
    const objects = join(directory, 'objects');
    mkdirSync(objects, { recursive: true });
    const store = new Store(objects, clock);
    this.#sqs = new SqsEndpoint({ clock, place: PLACE, endpoint: () => this.endpoint });
    this.#topics = new Topics(clock, PLACE);
    this.#deliveries = new Deliveries({
      clock,
      region: PLACE.region,
      directory,
      sendToQueue: (topicArn, arn, body, attributes) =>
        sendToQueue(this.#sqs, arn, body, senderOf('sns', topicArn), attributes),
      log: line => this.logs.push(line),
    });
    const snsEndpoint = new SnsEndpoint(this.#topics, this.#deliveries);
    this.sns = new LocalSns(this.#topics, this.#deliveries, snsEndpoint);
    this.bus = new EventBus(({ targetArn, arn = 'arn:aws:events:::rule/any' }, body) => {
      sendToQueue(this.#sqs, targetArn, body, senderOf('events', arn));
    });
    const s3Endpoint = new S3Endpoint({
      store,
      clock,
      place: PLACE,
      faults: this.faults,
      mailboxes: mailboxesOf({
        sqs: this.#sqs,
        sns: this.sns,
        topics: this.#topics,
        bus: this.bus,
      }),
      mayList: (bucket, caller) => !this.rights.isDenied('s3:ListBucket', `arn:aws:s3:::${bucket}`, caller),
    });
    this.s3 = new LocalS3(store, s3Endpoint, clock, PLACE);
    this.#endpoints = { s3: s3Endpoint, sns: snsEndpoint, sqs: this.#sqs };
  }

  async listen(port = 0): Promise<this> {
    this.#server = await serve(
      {
        clock: this.clock,
        calls: this.calls,
        faults: this.faults,
        endpointOf: request => this.#endpointOf(request),
        authorize: call => this.#authorize(call),
        effects: call => ({
          sleep: (ms, signal) => systemClock.sleep(ms, signal),
          swap: async body => void (await this.s3.put(call.bucket!, call.key!, body)),
          remove: () => this.s3.remove(call.bucket!, call.key!),
        }),
      },
      port,
    );
    return this;
  }

  get endpoint(): string {
    return this.#server?.endpoint ?? 'http://127.0.0.1:0';
  }

  /** The environment of a function or a command that is to work here; `caller` is its access key. */
  env(caller = 'function'): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: this.region,
      AWS_ACCESS_KEY_ID: caller,
      AWS_SECRET_ACCESS_KEY: 'local',
    };
  }

  /** Options for a client of the SDK in a test; its calls carry `caller`. */
  client(caller = 'test') {
    return {
      endpoint: this.endpoint,
      region: this.region,
      credentials: { accessKeyId: caller, secretAccessKey: 'local' },
      forcePathStyle: true,
    };
  }

  createQueue(name: string, attributes: Readonly<Record<string, string>> = {}): Queue {
    return this.#sqs.create(name, attributes);
  }

  queue(name: string): Queue {
    const queue = this.#sqs.queues.get(name);
    if (!queue) throw new Error(`there is no queue ${name}`);
    return queue;
  }

  queueUrl(name: string): string {
    return this.#sqs.urlOf(name);
  }

  /** What SNS did with every message for every subscription, in order. */
  get deliveries(): readonly Delivery[] {
    return this.#deliveries.all;
  }

  /** Deliveries that reached somebody by this protocol. */
  delivered(protocol: Delivery['protocol']): readonly Delivery[] {
    return this.deliveries.filter(one => one.protocol === protocol && one.outcome === 'delivered');
  }

  /** An event source mapping: `start()` it, or `step()` and `drain()` it with a virtual clock. */
  poller(options: Omit<PollerOptions, 'clock' | 'region'>): Poller {
    const poller = new Poller({ ...options, clock: this.clock, region: this.region });
    this.#pollers.push(poller);
    return poller;
  }

  /** What the callers were asked to be allowed, each once: the action, the resource, who. */
  permissions(): readonly Permission[] {
    return permissionsOf(this.calls.all, PLACE);
  }

  /** Stops; the permissions that were used are added to the file of calls, a JSON line each. */
  async stop(): Promise<void> {
    await Promise.all(this.#pollers.map(poller => poller.stop()));
    await this.#server?.stop();
    if (this.#callsFile)
      appendFileSync(
        this.#callsFile,
        this.permissions()
          .map(one => `${JSON.stringify(one)}\n`)
          .join(''),
      );
  }

  #endpointOf(request: Request): Endpoint {
    if (request.headers['x-amz-target']?.toString().startsWith('AmazonSQS.')) return this.#endpoints.sqs;
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    return isForm && request.method === 'POST' && request.path === '/'
      ? this.#endpoints.sns
      : this.#endpoints.s3;
  }

  #authorize(call: Call): void {
    const { action, resource } = permissionOf(call, PLACE);
    if (call.caller !== 'anonymous' && !this.rights.isDenied(action, resource, call.caller)) return;
    const who = `User: arn:aws:iam::${PLACE.account}:user/${call.caller}`;
    const message = `${who} is not authorized to perform: ${action} on resource: ${resource}`;
    if (call.service === 'sns') throw new AwsError(403, 'AuthorizationError', message);
    throw new AwsError(403, call.service === 's3' ? 'AccessDenied' : 'AccessDeniedException', message);
  }
}

/** Starts S3, SNS and SQS on 127.0.0.1. */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  return new LocalAws(options).listen(options.port);
}
