import type { Template } from '../../../infra/deployment/template.ts';

export type Properties = Readonly<Record<string, unknown>>;

/** One point of the checklist, of a number and a title. */
export type Point = readonly [
  number: number,
  says: string,
  /** What is wrong, a line each; `null`: the point does not apply, and the last member says why. */
  problems: ((deployed: Deployed) => readonly (string | false)[]) | null,
  /** What of the template is changed so that the point fails. */
  broken: readonly [path: string, value: unknown] | null,
  because?: string,
];

/** A template worked out with everything there, and as it is written. */
export type Deployed = { readonly template: Template; readonly raw: Template };

export type Found = { readonly id: string; readonly type: string; readonly of: Properties };

export function all({ template }: Deployed, ...types: readonly string[]): Found[] {
  const found = Object.entries(template.Resources)
    .filter(([, { Type }]) => types.includes(Type))
    .map(([id, { Type, Properties = {} }]) => ({ id, type: Type, of: Properties }));
  return found;
}

export function one(deployed: Deployed, id: string): Properties {
  return deployed.template.Resources[id]?.Properties ?? {};
}

/** A member at a path such as `RedrivePolicy.maxReceiveCount`; a `*` is every member. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((of, name) => (of as Record<string, unknown> | undefined)?.[name], value);
}

export type Statement = {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

export function statementsOf(policy: unknown): Statement[] {
  return [at(policy, 'Statement') ?? []].flat() as Statement[];
}

export const texts = (value: unknown): string[] => [value ?? []].flat(2).map(String);

/** The policy of a bucket, queue or topic. */
export function policyOf(deployed: Deployed, id: string): Statement[] {
  const kinds: readonly (readonly [string, string])[] = [
    ['AWS::S3::BucketPolicy', 'Bucket'],
    ['AWS::SQS::QueuePolicy', 'Queues'],
    ['AWS::SNS::TopicPolicy', 'Topics'],
  ];
  const { raw } = deployed;
  return kinds.flatMap(([type, member]) =>
    all(deployed, type)
      .filter(found => {
        const target = [at(raw.Resources[found.id]?.Properties, member)].flat()[0];
        return at(target, 'Ref') === id;
      })
      .flatMap(({ of }) => statementsOf(of['PolicyDocument'])),
  );
}

/** Every statement that allows a role something, its inline policies and those beside it. */
export function roleStatements(deployed: Deployed, id: string): Statement[] {
  const inline = ([one(deployed, id)['Policies'] ?? []].flat() as Properties[]).flatMap(policy =>
    statementsOf(policy['PolicyDocument']),
  );
  const beside = all(deployed, 'AWS::IAM::RolePolicy')
    .filter(found => at(deployed.raw.Resources[found.id], 'Properties.RoleName.Ref') === id)
    .flatMap(({ of }) => statementsOf(of['PolicyDocument']));
  const attached = all(deployed, 'AWS::IAM::Policy')
    .filter(({ of }) => texts(of['Roles']).some(name => name.endsWith(`-${id}`)))
    .flatMap(({ of }) => statementsOf(of['PolicyDocument']));
  return [...inline, ...beside, ...attached].filter(({ Effect }) => Effect === 'Allow');
}

export function refusesWithoutTls(statements: readonly Statement[]): boolean {
  return statements.some(
    ({ Effect, Principal, Condition }) =>
      Effect === 'Deny' &&
      Principal === '*' &&
      String(Condition?.['Bool']?.['aws:SecureTransport']) === 'false',
  );
}

/** Every statement of the template, with the resource that holds it. */
export function everyStatement(deployed: Deployed): { readonly id: string; readonly statement: Statement }[] {
  const found: { id: string; statement: Statement }[] = [];
  const walk = (id: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('Effect' in value) found.push({ id, statement: value as Statement });
    else for (const member of Object.values(value)) walk(id, member);
  };
  for (const [id, resource] of Object.entries(deployed.template.Resources)) walk(id, resource);
  return found;
}

/** The template with one thing changed. Every path begins with `Resources.`. */
export function broken(template: Template, path: string, value: unknown): Template {
  const copy = structuredClone(template) as unknown as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop()!;
  let of = copy;
  for (const name of names) {
    of[name] ??= {};
    of = of[name] as Record<string, unknown>;
  }
  if (value === undefined) delete of[last];
  else of[last] = value;
  return copy as unknown as Template;
}
