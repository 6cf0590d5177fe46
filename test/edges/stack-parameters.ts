import { type Parameter, resolveTemplate, type Template } from '../../infra/deployment/template.ts';
import { AwsError } from '../local-aws/error.ts';

export function invalid(message: string): AwsError {
  return new AwsError(400, 'ValidationError', message);
}

/** The values of a call, checked and completed as CloudFormation does it. */
export function parametersOf(
  template: Template,
  form: URLSearchParams,
  before: Readonly<Record<string, string>>,
): Record<string, string> {
  const declared = template.Parameters ?? {};
  const given = listOf(form, 'Parameters', 'ParameterKey', 'ParameterValue');
  const previous = listOf(form, 'Parameters', 'ParameterKey', 'UsePreviousValue');
  for (const name of Object.keys(previous)) if (previous[name] === 'true') given[name] = before[name] ?? '';
  const unknown = Object.keys(given).filter(name => !(name in declared));
  if (unknown.length > 0) throw invalid(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const missing = Object.keys(declared).filter(
    name => !(name in given) && declared[name]!.Default === undefined,
  );
  if (missing.length > 0) throw invalid(`Parameters: [${missing.join(', ')}] must have values`);
  const values = Object.fromEntries(
    Object.entries(declared).map(([name, parameter]) => {
      const value = given[name] ?? String(parameter.Default);
      const wrong = refusal(parameter, value);
      if (wrong) throw invalid(`Parameter ${name} failed to satisfy constraint: ${wrong}`);
      return [name, value];
    }),
  );
  for (const { Assertions } of Object.values(resolveTemplate(template, values).Rules ?? {}))
    for (const { Assert, AssertDescription } of Assertions)
      if (Assert !== true) throw invalid(`Template constraint violation: ${AssertDescription}`);
  return values;
}

function refusal(parameter: Parameter, value: string): string | null {
  const { Type, AllowedPattern, AllowedValues, MinValue, MaxValue } = parameter;
  if (value.length > 4096) return 'must be at most 4096 characters';
  if (Type === 'Number' && !/^-?\d+(\.\d+)?$/.test(value)) return 'must be numeric';
  if (MinValue !== undefined && Number(value) < MinValue) return `must be a number not less than ${MinValue}`;
  if (MaxValue !== undefined && Number(value) > MaxValue)
    return `must be a number not greater than ${MaxValue}`;
  if (AllowedValues && !AllowedValues.map(String).includes(value))
    return `must be one of [${AllowedValues.join(', ')}]`;
  if (AllowedPattern && !new RegExp(`^(?:${AllowedPattern})$`).test(value))
    return `must match pattern ${AllowedPattern}`;
  return null;
}

/** A list of pairs in a form: `Tags.member.1.Key`. */
export function listOf(
  form: URLSearchParams,
  list: string,
  key: string,
  value: string,
): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (let at = 1; form.has(`${list}.member.${at}.${key}`); at++) {
    const given = form.get(`${list}.member.${at}.${value}`);
    if (given !== null) pairs[form.get(`${list}.member.${at}.${key}`)!] = given;
  }
  return pairs;
}

export function same(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): boolean {
  const text = (of: Readonly<Record<string, string>>): string =>
    JSON.stringify(Object.entries(of).toSorted());
  return text(one) === text(other);
}
