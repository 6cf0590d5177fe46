import { isLike } from './sns/filter.ts';

/** Who wants to send to a queue or topic, and for which resource. */
export type Sender = {
  /** `s3.amazonaws.com`, `events.amazonaws.com`, `sns.amazonaws.com`. */
  readonly service: string;
  readonly sourceArn: string;
  readonly sourceAccount: string;
};

type Statement = {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

/** Whether a resource policy lets a service do this: some statement allows it and none denies it. */
export function isAllowed(policy: string, sender: Sender, action: string, resource: string): boolean {
  const { Statement: statements = [] } = JSON.parse(policy) as { Statement?: Statement | Statement[] };
  const fitting = [statements].flat().filter(one => fits(one, sender, action, resource));
  return fitting.length > 0 && fitting.every(({ Effect }) => Effect === 'Allow');
}

function fits(statement: Statement, sender: Sender, action: string, resource: string): boolean {
  return (
    isPrincipal(statement.Principal, sender.service) &&
    texts(statement.Action).some(one => isLike(one.toLowerCase(), action.toLowerCase())) &&
    texts(statement.Resource ?? '*').some(one => isLike(one, resource)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) => holds(operator, keys, sender))
  );
}

function isPrincipal(principal: unknown, service: string): boolean {
  if (principal === '*') return true;
  if (typeof principal !== 'object' || principal === null) return false;
  const { Service, AWS } = principal as { Service?: unknown; AWS?: unknown };
  return texts(Service).includes(service) || texts(AWS).includes('*');
}

/** Conditions on what the request says of its source; any other key is one that the request does not have. */
function holds(operator: string, keys: Readonly<Record<string, unknown>>, sender: Sender): boolean {
  const context = new Map([
    ['aws:sourcearn', sender.sourceArn],
    ['aws:sourceaccount', sender.sourceAccount],
    ['aws:securetransport', 'true'],
  ]);
  const isNegated = /^(String|Arn)Not/.test(operator);
  return Object.entries(keys).every(([key, wanted]) => {
    const actual = context.get(key.toLowerCase());
    if (actual === undefined) return isNegated || operator.endsWith('IfExists');
    const isFound = texts(wanted).some(one =>
      /^(Arn|StringLike|StringNotLike)/.test(operator) ? isLike(one, actual) : one === actual,
    );
    return isFound !== isNegated;
  });
}

function texts(value: unknown): string[] {
  return [value].flat().flatMap(one => (one === undefined ? [] : String(one)));
}
