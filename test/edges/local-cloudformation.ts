import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolveTemplate, SOMEWHERE, type Template } from '../../infra/deployment/template.ts';
import { AwsError } from '../local-aws/error.ts';
import type { LocalAws } from '../local-aws/index.ts';
import { writeXml, type XmlValue } from '../local-aws/xml.ts';
import { invalid, listOf, parametersOf, same } from './stack-parameters.ts';

type Event = {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
};

type Stack = {
  readonly name: string;
  readonly id: string;
  template: Template;
  body: string;
  parameters: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
  status: string;
  readonly events: Event[];
  readonly resources: Map<string, { readonly type: string; readonly name: string }>;
};

/** A call of CloudFormation, STS or another service than those of LocalAws. */
export type StackCall = { readonly action: string; readonly caller: string; readonly form: URLSearchParams };

/**
 * CloudFormation and STS on 127.0.0.1, next to a LocalAws that holds their buckets. It refuses what CloudFormation
 * refuses: parameters missing, unknown or against their constraints, templates over the limits or not in S3. Of the
 * resources it makes the buckets; every other one is a name.
 */
export class LocalCloudFormation {
  readonly calls: StackCall[] = [];
  readonly stacks = new Map<string, Stack>();
  /** A resource that cannot be made, and why. */
  failure: { readonly id: string; readonly reason: string } | undefined;
  /** While it is true, stacks are begun and not ended. */
  isHeld = false;
  readonly #waiting: (() => void)[] = [];
  readonly #aws: LocalAws;
  readonly #server: Server;
  readonly #buckets = new Set<string>();
  #count = 0;

  constructor(aws: LocalAws) {
    this.#aws = aws;
    this.#server = createServer(async (request, response) => {
      const { status, body } = await this.#answer(request);
      response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  /** The environment in which a deployment reaches this account and no other. */
  env(caller = 'deployer'): Record<string, string> {
    const endpoint = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return {
      ...this.#aws.env(caller),
      AWS_ENDPOINT_URL: endpoint,
      ...Object.fromEntries(
        ['S3', 'SNS', 'SQS'].map(name => [`AWS_ENDPOINT_URL_${name}`, this.#aws.endpoint]),
      ),
    };
  }

  release(): void {
    this.isHeld = false;
    for (const end of this.#waiting.splice(0)) end();
  }

  /** The calls of one action. */
  of(action: string): readonly StackCall[] {
    return this.calls.filter(call => call.action === action);
  }

  /** The stack of that name that was made last. */
  stackNamed(name: string): Pick<Stack, 'template' | 'parameters' | 'resources'> {
    return this.#stack(new URLSearchParams({ StackName: name }));
  }

  async #answer(request: IncomingMessage): Promise<{ readonly status: number; readonly body: string }> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    const [, caller = 'anonymous', service = ''] =
      /Credential=([^/,]+)\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    const action =
      form.get('Action') ?? String(request.headers['x-amz-target'] ?? request.url).replace(/^.*\./, '');
    this.calls.push({ action: `${service}:${action}`, caller, form });
    try {
      const result = await this.#run(service, action, form);
      return { status: 200, body: writeXml(`${action}Response`, { [`${action}Result`]: result }) };
    } catch (error) {
      if (!(error instanceof AwsError)) {
        console.error('local-cloudformation:', error);
        return { status: 500, body: '' };
      }
      const { code, message, status } = error;
      if (service === 'ecr') return { status, body: JSON.stringify({ __type: code, message }) };
      return { status, body: writeXml('ErrorResponse', { Error: { Code: code, Message: message } }) };
    }
  }

  async #run(service: string, action: string, form: URLSearchParams): Promise<XmlValue> {
    const account = this.#aws.account;
    if (service === 'ecr') throw new AwsError(400, 'RepositoryNotFoundException', 'there is no repository');
    switch (action) {
      case 'GetCallerIdentity':
        return { Account: account, UserId: 'AIDA', Arn: `arn:aws:iam::${account}:user/deployer` };
      case 'CreateStack':
        return this.#create(form);
      case 'UpdateStack':
        return this.#update(form);
      case 'DeleteStack':
        this.#delete(
          [...this.stacks.values()].find(
            one => one.name === form.get('StackName') && one.status !== 'DELETE_COMPLETE',
          ),
        );
        return {};
      case 'ValidateTemplate':
        await this.#templateOf(form);
        return {};
      case 'DescribeStacks':
        return { Stacks: { member: [described(this.#stack(form))] } };
      case 'DescribeStackEvents': {
        const stack = this.#stack(form);
        return {
          StackEvents: { member: stack.events.toReversed().map(event => describedEvent(stack, event)) },
        };
      }
      case 'ListStackResources':
        return {
          StackResourceSummaries: {
            member: [...this.#stack(form).resources].map(([id, { type, name }]) => ({
              LogicalResourceId: id,
              PhysicalResourceId: name,
              ResourceType: type,
              ResourceStatus: 'CREATE_COMPLETE',
            })),
          },
        };
      case 'DescribeStackResource': {
        const { resources } = this.#stack(form);
        const id = form.get('LogicalResourceId') ?? '';
        if (!resources.has(id))
          throw invalid(`Resource ${id} does not exist for stack ${form.get('StackName')}`);
        return {
          StackResourceDetail: { LogicalResourceId: id, PhysicalResourceId: resources.get(id)!.name },
        };
      }
    }
    throw new AwsError(400, 'InvalidAction', `the local AWS does not know ${service}:${action}`);
  }

  #stack(form: URLSearchParams): Stack {
    const name = form.get('StackName') ?? '';
    const stack = [...this.stacks.values()].findLast(one => one.id === name || one.name === name);
    if (!stack || (stack.status === 'DELETE_COMPLETE' && stack.id !== name))
      throw invalid(`Stack with id ${name} does not exist`);
    return stack;
  }

  async #create(form: URLSearchParams): Promise<XmlValue> {
    const name = form.get('StackName') ?? '';
    if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
      throw invalid(`1 validation error detected: Value '${name}' at 'stackName' failed`);
    const [template, body] = await this.#templateOf(form);
    const parameters = parametersOf(template, form, {});
    this.#checkExports(name, template);
    const id = `arn:aws:cloudformation:${SOMEWHERE.region}:${this.#aws.account}:stack/${name}/${++this.#count}`;
    if ([...this.stacks.values()].some(one => one.name === name && one.status !== 'DELETE_COMPLETE'))
      throw new AwsError(400, 'AlreadyExistsException', `Stack [${name}] already exists`);
    const stack: Stack = {
      ...{ name, id, template, body, parameters, tags: listOf(form, 'Tags', 'Key', 'Value') },
      ...{ status: '', events: [], resources: new Map() },
    };
    this.stacks.set(id, stack);
    this.#make(stack, 'CREATE', template, () => {
      if (form.get('OnFailure') !== 'DELETE') return 'ROLLBACK_COMPLETE';
      stack.resources.clear();
      return 'DELETE_COMPLETE';
    });
    return { StackId: id };
  }

  async #update(form: URLSearchParams): Promise<XmlValue> {
    const stack = this.#stack(form);
    const [template, body] = await this.#templateOf(form);
    const parameters = parametersOf(template, form, stack.parameters);
    const tags = listOf(form, 'Tags', 'Key', 'Value');
    this.#checkExports(stack.name, template);
    if (body === stack.body && same(parameters, stack.parameters) && same(tags, stack.tags))
      throw invalid('No updates are to be performed.');
    const before = { ...stack };
    Object.assign(stack, { template, body, parameters, tags });
    const names = new Set(stack.resources.keys());
    this.#make(stack, 'UPDATE', template, () => {
      Object.assign(stack, before);
      for (const id of stack.resources.keys()) if (!names.has(id)) stack.resources.delete(id);
      return 'UPDATE_ROLLBACK_COMPLETE';
    });
    return { StackId: stack.id };
  }

  /** Makes what is not there yet, up to the resource that fails; `takeBack` gives the status after it. */
  #make(stack: Stack, verb: 'CREATE' | 'UPDATE', template: Template, takeBack: () => string): void {
    const say = (id: string, type: string, status: string, reason?: string): void => {
      stack.events.push({ id, type, status, ...(reason === undefined ? {} : { reason }) });
      if (id === stack.name) stack.status = status;
    };
    const root = 'AWS::CloudFormation::Stack';
    say(stack.name, root, `${verb}_IN_PROGRESS`, 'User Initiated');
    if (this.isHeld) {
      this.#waiting.push(() => this.#make(stack, verb, template, takeBack));
      return;
    }
    const { Resources } = resolveTemplate(template, stack.parameters, { ...SOMEWHERE, stack: stack.name });
    const links: (() => void)[] = [];
    for (const [id, { Type, Properties = {} }] of Object.entries(Resources)) {
      if (stack.resources.has(id)) continue;
      if (this.failure?.id === id) {
        say(id, Type, 'CREATE_FAILED', this.failure.reason);
        const other = Object.keys(Resources).at(-1)!;
        say(other, Resources[other]!.Type, 'CREATE_FAILED', 'Resource creation cancelled');
        const rollback = verb === 'CREATE' ? 'ROLLBACK' : 'UPDATE_ROLLBACK';
        const status = `The following resource(s) failed to create: [${id}].`;
        say(stack.name, root, `${rollback}_IN_PROGRESS`, status);
        say(stack.name, root, takeBack());
        return;
      }
      const name = this.#makeOne(Type, `${stack.name}-${id}`, Properties);
      stack.resources.set(id, { type: Type, name });
      links.push(() => this.#link(Type, name, Properties));
      say(id, Type, 'CREATE_COMPLETE');
    }
    for (const link of links) link();
    for (const id of stack.resources.keys()) if (!(id in Resources)) stack.resources.delete(id);
    say(stack.name, root, `${verb}_COMPLETE`);
  }

  /** What goes from one resource to another: subscriptions, rules of EventBridge, notifications of a bucket. */
  #link(type: string, name: string, properties: Readonly<Record<string, unknown>>): void {
    const { TopicArn, Protocol, Endpoint, EventPattern, Targets, NotificationConfiguration } = properties;
    if (type === 'AWS::SNS::Subscription' && Protocol === 'email')
      this.#aws.sns.subscribe(String(TopicArn), 'email', String(Endpoint), { isConfirmed: false });
    if (type === 'AWS::Events::Rule' && EventPattern)
      for (const { Arn } of Targets as readonly { readonly Arn: string }[])
        this.#aws.bus.putRule({ pattern: EventPattern, targetArn: Arn });
    if (type === 'AWS::S3::Bucket' && NotificationConfiguration)
      this.#aws.s3.notify(name, { eventBridge: true });
  }

  #delete(stack: Stack | undefined): void {
    if (!stack) return;
    const root = 'AWS::CloudFormation::Stack';
    stack.events.push({ id: stack.name, type: root, status: 'DELETE_IN_PROGRESS', reason: 'User Initiated' });
    stack.status = 'DELETE_IN_PROGRESS';
    if (this.isHeld) {
      this.#waiting.push(() => this.#delete(stack));
      return;
    }
    stack.status = 'DELETE_COMPLETE';
    for (const [id, one] of stack.resources) {
      if (/^Retain/.test(stack.template.Resources[id]?.DeletionPolicy ?? '')) continue;
      if (one.type === 'AWS::S3::Bucket' && this.#aws.s3.keys(one.name).length > 0) {
        const reason = 'The bucket you tried to delete is not empty';
        stack.events.push({ id, type: one.type, status: 'DELETE_FAILED', reason });
        stack.status = 'DELETE_FAILED';
      } else stack.resources.delete(id);
    }
    stack.events.push({ id: stack.name, type: root, status: stack.status });
  }

  /** Buckets, topics and queues are made, with the names that the template's outputs are worked out with. */
  #makeOne(type: string, name: string, { RedrivePolicy }: Readonly<Record<string, unknown>>): string {
    if (type === 'AWS::SNS::Topic') return this.#aws.sns.createTopic(name).arn;
    const redrive = RedrivePolicy ? { RedrivePolicy: JSON.stringify(RedrivePolicy) } : {};
    if (type === 'AWS::SQS::Queue') return this.#aws.createQueue(name, redrive).arn;
    // CloudFormation adds such an ending to every name; outputs are worked out without one.
    const bucket = `${name}${name.endsWith('-ServerlessDeploymentBucket') ? '-1a2b3c' : ''}`.toLowerCase();
    // One that outlived an earlier stack has its name still; CloudFormation gives another.
    if (type !== 'AWS::S3::Bucket') return name;
    if (!this.#buckets.has(bucket)) this.#aws.s3.createBucket(bucket, { versioning: true });
    this.#buckets.add(bucket);
    return bucket;
  }

  #checkExports(name: string, template: Template): void {
    const exported = ({ Outputs = {} }: Template): string[] =>
      Object.values(Outputs).flatMap(({ Export }) => (Export ? [JSON.stringify(Export.Name)] : []));
    for (const other of this.stacks.values()) {
      if (other.name === name || other.status === 'DELETE_COMPLETE') continue;
      const both = exported(template).filter(one => exported(other.template).includes(one));
      if (both.length > 0)
        throw invalid(`Export with name ${both[0]} is already exported by stack ${other.name}`);
    }
  }

  async #templateOf(form: URLSearchParams): Promise<readonly [Template, string]> {
    const inline = form.get('TemplateBody');
    if (inline !== null && inline.length > 51_200)
      throw invalid(
        "1 validation error detected: Value at 'templateBody' failed: Member must have length less than or equal to 51200",
      );
    const body = inline ?? (await this.#download(form.get('TemplateURL') ?? ''));
    const template = JSON.parse(body) as Template;
    for (const [kind, most] of [
      ['Parameters', 200],
      ['Resources', 500],
      ['Outputs', 200],
    ] as const) {
      const count = Object.keys(template[kind] ?? {}).length;
      if (count > most)
        throw invalid(`Template format error: Number of ${kind}, ${count}, is greater than ${most}`);
    }
    return [template, body];
  }

  async #download(url: string): Promise<string> {
    const [, bucket, key] = /^https:\/\/s3[.\w-]*\.amazonaws\.com(?:\.cn)?\/([^/]+)\/(.+)$/.exec(url) ?? [];
    if (!bucket || !key) throw invalid('TemplateURL must be a supported URL.');
    const response = await fetch(`${this.#aws.endpoint}/${bucket}/${key}`, {
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=cloudformation/20260101/eu-west-1/s3/aws4_request',
      },
    });
    if (!response.ok) throw invalid(`S3 error: ${response.statusText} ${bucket}/${key}`);
    const body = await response.text();
    if (body.length > 1_048_576) throw invalid('Template may not exceed 1000000 bytes in size.');
    return body;
  }
}

function described(stack: Stack): XmlValue {
  const place = { ...SOMEWHERE, stack: stack.name };
  const outputs = resolveTemplate(stack.template, stack.parameters, place).Outputs ?? {};
  return {
    StackName: stack.name,
    StackId: stack.id,
    StackStatus: stack.status,
    Description: stack.template.Description,
    CreationTime: '2026-01-01T00:00:00Z',
    Parameters: {
      member: Object.entries(stack.parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
    },
    Tags: { member: Object.entries(stack.tags).map(([Key, Value]) => ({ Key, Value })) },
    Outputs: {
      member: Object.entries(outputs).map(([OutputKey, { Value }]) => ({
        OutputKey,
        OutputValue: String(Value),
      })),
    },
  };
}

function describedEvent(stack: Stack, { id, type, status, reason }: Event): XmlValue {
  return {
    EventId: `${stack.id}-${stack.events.findIndex(one => one.id === id && one.status === status)}`,
    StackId: stack.id,
    StackName: stack.name,
    LogicalResourceId: id,
    ResourceType: type,
    ResourceStatus: status,
    ResourceStatusReason: reason,
    Timestamp: '2026-01-01T00:00:00Z',
  };
}
