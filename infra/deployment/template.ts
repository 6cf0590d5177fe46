/** A CloudFormation template as written by `package`; only the parts that are read here. */
export type Template = {
  readonly Description?: string;
  readonly Parameters?: Readonly<Record<string, Parameter>>;
  /** Values that belong together. */
  readonly Rules?: Readonly<Record<string, { readonly Assertions: readonly Assertion[] }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, Output>>;
};

type Output = {
  readonly Value: unknown;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
};

type Assertion = { readonly Assert: unknown; readonly AssertDescription: string };

export type Parameter = {
  readonly Type: string;
  readonly Default?: string | number;
  readonly Description?: string;
  readonly AllowedPattern?: string;
  readonly AllowedValues?: readonly (string | number)[];
  readonly MinValue?: number;
  readonly MaxValue?: number;
  readonly ConstraintDescription?: string;
};

export type Resource = {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
};

/** The environment that a template is evaluated for. */
export type Place = { readonly region: string; readonly account: string; readonly stack: string };

export const SOMEWHERE: Place = { region: 'eu-west-1', account: '111122223333', stack: 'registry-alert' };

/** The partition that a region belongs to. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** Nothing: `AWS::NoValue` removes the property. */
const NOTHING = Symbol('no value');

/**
 * The template as CloudFormation would evaluate it: parameters and conditions filled in, references replaced by
 * distinct names and ARNs. Enough for what this template uses; anything else is an error.
 */
export function resolveTemplate(
  template: Template,
  values: Readonly<Record<string, string>> = {},
  place: Place = SOMEWHERE,
): Template {
  const { Parameters: parameters = {}, Conditions: conditions = {} } = template;
  const names = new Map(
    Object.entries(template.Resources).map(([id, { Type }]) => [id, nameOf(id, Type, place)]),
  );
  const pseudo = new Map<string, unknown>([
    ['AWS::AccountId', place.account],
    ['AWS::NoValue', NOTHING],
    ['AWS::Partition', partitionOf(place.region)],
    ['AWS::Region', place.region],
    ['AWS::StackName', place.stack],
    ['AWS::URLSuffix', place.region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'],
  ]);

  const ref = (name: string): unknown => {
    if (pseudo.has(name)) return pseudo.get(name);
    const parameter = parameters[name];
    if (parameter !== undefined) return typed(parameter, values[name] ?? parameter.Default ?? '');
    const resource = names.get(name);
    if (resource === undefined) throw new Error(`the template has neither parameter nor resource ${name}`);
    return template.Resources[name]?.Type === 'AWS::SNS::Topic' ? resource.arn : resource.ref;
  };
  const attribute = (name: string, of: string): unknown => {
    const resource = names.get(name);
    if (resource === undefined) throw new Error(`the template has no resource ${name}`);
    return of === 'Arn' ? resource.arn : of === 'QueueUrl' ? resource.ref : `${name}.${of}`;
  };
  const holds = (name: string): boolean => {
    if (!(name in conditions)) throw new Error(`the template has no condition ${name}`);
    return resolve(conditions[name]) === true;
  };

  const functions: Readonly<Record<string, (argument: never) => unknown>> = {
    Ref: ref,
    Condition: holds,
    'Fn::GetAtt': (of: string | readonly [string, string]) => {
      const [name, member] = typeof of === 'string' ? of.split(/\.(.*)/s) : of;
      return attribute(name!, member!);
    },
    'Fn::If': ([name, yes, no]: readonly [string, unknown, unknown]) => resolve(holds(name) ? yes : no),
    'Fn::Equals': ([one, other]: readonly [unknown, unknown]) =>
      String(resolve(one)) === String(resolve(other)),
    'Fn::Not': ([one]: readonly [unknown]) => resolve(one) !== true,
    'Fn::And': (all: readonly unknown[]) => all.every(one => resolve(one) === true),
    'Fn::Or': (all: readonly unknown[]) => all.some(one => resolve(one) === true),
    'Fn::Join': ([by, parts]: readonly [string, unknown]) => (resolve(parts) as string[]).join(by),
    'Fn::Split': ([by, text]: readonly [string, unknown]) => String(resolve(text)).split(by),
    'Fn::Select': ([at, list]: readonly [number | string, unknown]) =>
      (resolve(list) as unknown[])[Number(resolve(at))],
    'Fn::Sub': (argument: string | readonly [string, Readonly<Record<string, unknown>>]) => {
      const [text, own = {}] = typeof argument === 'string' ? [argument] : argument;
      return text.replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
        if (literal) return `\${${name}}`;
        if (Object.hasOwn(own, name)) return String(resolve(own[name]));
        const [id, member] = name.split(/\.(.*)/s);
        return String(member === undefined ? ref(name) : attribute(id!, member));
      });
    },
  };

  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve).filter(one => one !== NOTHING);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [''];
    if (entries.length === 1 && (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::'))) {
      // `Condition` is also the block of conditions in a policy.
      if (name !== 'Condition' || typeof argument === 'string') {
        const work = functions[name];
        if (work === undefined) throw new Error(`${name} is not supported here`);
        return work(argument as never);
      }
    }
    return Object.fromEntries(
      entries
        .map(([key, member]) => [key, resolve(member)] as const)
        .filter(([, member]) => member !== NOTHING),
    );
  }

  const isThere = ({ Condition }: { readonly Condition?: string }): boolean =>
    Condition === undefined || holds(Condition);
  const resolved = (all: Readonly<Record<string, { readonly Condition?: string }>>): object =>
    Object.fromEntries(
      Object.entries(all)
        .filter(([, one]) => isThere(one))
        .map(([id, { Condition: _, ...one }]) => [id, resolve(one)]),
    );
  return {
    ...template,
    Rules: resolve(template.Rules ?? {}) as NonNullable<Template['Rules']>,
    Resources: resolved(template.Resources) as Template['Resources'],
    Outputs: resolved(template.Outputs ?? {}) as NonNullable<Template['Outputs']>,
  };
}

function typed({ Type }: Parameter, value: string | number): unknown {
  return Type === 'Number'
    ? Number(value)
    : Type === 'CommaDelimitedList'
      ? String(value).split(',')
      : String(value);
}

/** Names that show which resource they are, in the form that its service gives them. */
function nameOf(id: string, type: string, { region, account, stack }: Place): { ref: string; arn: string } {
  const service = (type.split('::')[1] ?? '').toLowerCase();
  const name = `${stack}-${id}`;
  const partition = partitionOf(region);
  const arn = (of: string, resource: string): string =>
    `arn:${partition}:${of}:${region}:${account}:${resource}`;
  switch (type) {
    case 'AWS::S3::Bucket':
      return { ref: name.toLowerCase(), arn: `arn:${partition}:s3:::${name.toLowerCase()}` };
    case 'AWS::SQS::Queue':
      return { ref: `https://sqs.${region}.amazonaws.com/${account}/${name}`, arn: arn('sqs', name) };
    case 'AWS::IAM::Role':
      return { ref: name, arn: `arn:${partition}:iam::${account}:role/${name}` };
    case 'AWS::Lambda::Function':
      return { ref: name, arn: arn('lambda', `function:${name}`) };
    case 'AWS::Logs::LogGroup':
      return { ref: name, arn: arn('logs', `log-group:${name}:*`) };
    case 'AWS::Events::Rule':
      return { ref: name, arn: arn('events', `rule/${name}`) };
    case 'AWS::KMS::Key':
      return { ref: name, arn: arn('kms', `key/${name}`) };
    default:
      return { ref: name, arn: arn(service, name) };
  }
}
