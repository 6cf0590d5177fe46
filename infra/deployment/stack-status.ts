import type { Cloud, StackResource, StackView } from './cloud.ts';

/** Every stack of ours says so, whichever template made it. */
const OURS = /^registry-alert: /;

/** Why a stack can be neither changed nor made now, with what to do; `null` where it can. */
export function stackProblem(name: string, { status, description }: StackView): string | null {
  if (!OURS.test(description))
    return `the stack ${name} is of something else (${JSON.stringify(description.slice(0, 100))}); set STACK_NAME to another name`;
  if (status === 'UPDATE_ROLLBACK_FAILED')
    return `the stack ${name} is ${status}; run aws cloudformation continue-update-rollback --stack-name ${name}, and then this again`;
  if (/^(REVIEW_IN_PROGRESS|ROLLBACK_COMPLETE|ROLLBACK_FAILED|CREATE_FAILED|DELETE_FAILED)$/.test(status))
    return `the stack ${name} is ${status} and cannot be changed; run npm run remove, and then this again`;
  if (status.endsWith('_IN_PROGRESS'))
    return `the stack ${name} is ${status}; wait until CloudFormation is done, and run this again`;
  return null;
}

/** What became of a stack whose deployment or removal broke off: what failed and why, what remains, what to do. */
export async function aftermath(cloud: Cloud, name: string): Promise<string> {
  const view = await cloud.stack(name);
  if (view === null) return `there is no stack ${name}, and nothing of it remains\n`;
  const [events, resources] = [await cloud.events(name), await cloud.resources(name)];
  const failed = events.find(
    ({ status, reason }) => status.endsWith('_FAILED') && !/cancelled/i.test(reason),
  );
  return [
    ...(failed ? [`${failed.id} (${failed.type}) failed first: ${failed.reason}`] : []),
    `the stack ${name} is ${view.status}; ${remains(resources)}`,
    stackProblem(name, view) ?? 'once that is fixed, run this again; npm run remove takes the rest away',
    '',
  ].join('\n');
}

function remains(resources: readonly StackResource[]): string {
  const has = (id: string): boolean => resources.some(one => one.id === id);
  if (resources.length === 0) return 'nothing of it remains';
  if (has('AlertLambdaFunction'))
    return `its ${resources.length} resources are there; what they cost: docs/cost.md`;
  const list = resources.map(({ id, name }) => `${id} ${name}`).join(', ');
  return `there remain ${list}; ${has('Key') ? 'the key costs a dollar a month' : 'they cost less than a cent a month'}`;
}

/** What a removal keeps: the buckets with evidence and the key to read them. */
export function kept(resources: readonly StackResource[]): readonly StackResource[] {
  return resources.filter(({ id }) => /^(Archive|AccessLog|Canary)Bucket$|^Key$/.test(id));
}
