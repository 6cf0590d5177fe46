import { nearestOf } from '../../functions/alert/ruleset/index.ts';
import { scheduleProblem } from './schedule.ts';
import { type Parameter, partitionOf, resolveTemplate, type Template } from './template.ts';

/** Parameters by name, and tags by `tag:KEY`. */
export type Values = Readonly<Record<string, string>>;

const TAG = 'tag:';

export function splitTags(values: Values): { readonly parameters: Values; readonly tags: Values } {
  const entries = Object.entries(values);
  return {
    parameters: Object.fromEntries(entries.filter(([name]) => !name.startsWith(TAG))),
    tags: Object.fromEntries(
      entries
        .filter(([name]) => name.startsWith(TAG))
        .map(([name, value]) => [name.slice(TAG.length), value]),
    ),
  };
}

/** Everything wrong with the values of a deployment that can be found without asking AWS; a line each. */
export function valueProblems(
  template: Template,
  values: Values,
  { region, folders }: { readonly region: string; readonly folders: readonly string[] },
): string[] {
  const { parameters, tags } = splitTags(values);
  const { TestAlertSchedule: schedule, Rules: rules } = parameters;
  const wrong = parameterProblems(template, parameters);
  const isWrong = (name: string): boolean => wrong.some(problem => problem.startsWith(`${name} `));
  const unknown = (rules || undefined)?.split(',').filter(name => !folders.includes(name)) ?? [];
  const when = schedule === undefined || isWrong('TestAlertSchedule') ? null : scheduleProblem(schedule);
  return [
    ...sizeProblems(template),
    ...wrong,
    ...assertionProblems(template, parameters),
    ...(unknown.length > 0 && !isWrong('Rules')
      ? [`Rules names ${unknown.join(', ')}; there are ${folders.join(', ')}`]
      : []),
    ...(when === null ? [] : [`TestAlertSchedule is ${JSON.stringify(schedule)}; ${when}`]),
    ...tagProblems(tags),
    ...partitionProblems(parameters, region),
  ];
}

/** CloudFormation's limit of resources in a template; each rule of the package with a literal has two alarms. */
const MOST_RESOURCES = 500;

function sizeProblems({ Resources }: Template): string[] {
  const count = Object.keys(Resources).length;
  if (count <= MOST_RESOURCES) return [];
  const surplus = Math.ceil((count - MOST_RESOURCES) / 2);
  return [
    `the template has ${count} resources, of which CloudFormation takes ${MOST_RESOURCES}: take at least ${surplus} rules out of rules/ and publish them instead (docs/rules.md)`,
  ];
}

/** Errors in the parameter values given; a line each. */
function parameterProblems(template: Template, values: Readonly<Record<string, string>>): string[] {
  const { Parameters: parameters = {} } = template;
  const unknown = Object.keys(values)
    .filter(name => !Object.hasOwn(parameters, name))
    .map(name => {
      const near = nearestOf(name, Object.keys(parameters));
      return `${name} is not a parameter; ${near ? `did you mean ${near}?` : `known are ${Object.keys(parameters).join(', ')}`}`;
    });
  const wrong = Object.entries(parameters).flatMap(([name, parameter]) => {
    const value = values[name] ?? parameter.Default;
    if (value === undefined) return [`${name} is missing: ${parameter.Description}`];
    return fits(parameter, String(value))
      ? []
      : [`${name} is ${JSON.stringify(value)}; ${expectation(parameter)}`];
  });
  return [...unknown, ...wrong];
}

/** Values that conflict, by the template's own rules. */
function assertionProblems(template: Template, values: Values): string[] {
  return Object.values(resolveTemplate(template, values).Rules ?? {}).flatMap(({ Assertions }) =>
    Assertions.filter(({ Assert }) => Assert !== true).map(({ AssertDescription }) => AssertDescription),
  );
}

/** CloudFormation's limits; `aws:` is reserved for AWS. */
function tagProblems(tags: Values): string[] {
  return Object.entries(tags)
    .filter(
      ([key, value]) =>
        !/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu.test(key) ||
        !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value),
    )
    .map(
      ([key, value]) =>
        `tag:${key} is ${JSON.stringify(value)}; letters, digits, spaces and _.:/=+-@ are allowed, 128 in the key and 256 in the value, and no key that begins with aws:`,
    );
}

/** Services not available everywhere, according to docs/partitions.md. */
const LACKING: readonly (readonly [partition: RegExp, names: readonly string[], service: string])[] = [
  [
    /^aws-(cn|us-gov)$/,
    ['SlackChannelId', 'OperationsSlackChannelId', 'TeamsChannelId', 'OperationsTeamsChannelId'],
    'Amazon Q Developer in chat applications',
  ],
  [/^aws-us-gov$/, ['MonthlyBudget'], 'AWS Budgets'],
];

function partitionProblems(values: Values, region: string): string[] {
  const partition = partitionOf(region);
  const foreign = Object.entries(values).filter(([, value]) => {
    const of = /^arn:([^:]*):/.exec(value)?.[1];
    return of !== undefined && of !== partition;
  });
  const keyRegion = /^arn:[^:]*:kms:([^:]*):/.exec(values['SourceKeyArn'] ?? '')?.[1];
  return [
    ...LACKING.filter(([of]) => of.test(partition)).flatMap(([, names, service]) =>
      names
        .filter(name => !['', '0', undefined].includes(values[name]))
        .map(name => `${name} cannot be used in ${region}: ${partition} has no ${service}`),
    ),
    ...foreign.map(([name, value]) => `${name} is ${JSON.stringify(value)}; ${region} is in ${partition}`),
    ...(keyRegion !== undefined && keyRegion !== region && foreign.length === 0
      ? [`SourceKeyArn is in ${keyRegion}; a key in ${region} is expected`]
      : []),
  ];
}

function fits(
  { Type, AllowedPattern, AllowedValues, MinValue, MaxValue }: Parameter,
  value: string,
): boolean {
  if (AllowedValues) return AllowedValues.map(String).includes(value);
  if (Type === 'Number')
    return (
      /^-?\d+(\.\d+)?$/.test(value) &&
      Number(value) >= (MinValue ?? Number.NEGATIVE_INFINITY) &&
      Number(value) <= (MaxValue ?? Number.POSITIVE_INFINITY)
    );
  // The pattern is the template's own, and CloudFormation matches it against the whole value.
  return new RegExp(`^(?:${AllowedPattern ?? '[^]*'})$`).test(value);
}

function expectation({ Type, Description, AllowedValues, MinValue, MaxValue }: Parameter): string {
  if (AllowedValues) return `one of ${AllowedValues.join(', ')} is expected`;
  if (Type === 'Number') return `a number from ${MinValue ?? 'any'} to ${MaxValue ?? 'any'} is expected`;
  return `its description: ${Description}`;
}
