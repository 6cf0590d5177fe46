import type { Cloud, StackResource, StackView } from './cloud.ts';

/** Every stack of ours has this, whichever template made it. */
const OURS = /^registry-alert: /;

/** Why a stack can be neither updated nor created now, and what to do; `null` if it can. */
export function stackProblem(name: string, { status, description }: StackView): string | null {
  if (!OURS.test(description))
    return `the stack ${name} belongs to something else (${JSON.stringify(description.slice(0, 100))}); set STACK_NAME to another name`;
  if (status === 'UPDATE_ROLLBACK_FAILED')
    return `the stack ${name} is ${status}; run aws cloudformation continue-update-rollback --stack-name ${name}, then run this again`;
  if (/^(REVIEW_IN_PROGRESS|ROLLBACK_COMPLETE|ROLLBACK_FAILED|CREATE_FAILED|DELETE_FAILED)$/.test(status))
    return `the stack ${name} is ${status} and cannot be changed; run npm run remove, then run this again`;
  if (status.endsWith('_IN_PROGRESS'))
    return `the stack ${name} is ${status}; wait until CloudFormation has finished, then run this again`;
  return null;
}

/** The state of a stack whose deployment or removal failed: what failed and why, what remains, what to do. */
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
    stackProblem(name, view) ?? 'once that is fixed, run this again; npm run remove removes the rest',
    '',
  ].join('\n');
}

function remains(resources: readonly StackResource[]): string {
  const has = (id: string): boolean => resources.some(one => one.id === id);
  if (resources.length === 0) return 'nothing of it remains';
  if (has('AlertLambdaFunction'))
    return `its ${resources.length} resources exist; what they cost: docs/cost.md`;
  const list = resources.map(({ id, name }) => `${id} ${name}`).join(', ');
  return `${list} remain; ${has('Key') ? 'the key costs a dollar a month' : 'they cost less than a cent a month'}`;
}

/** What a removal keeps: the buckets with evidence and the key to decrypt them. */
export function kept(resources: readonly StackResource[]): readonly StackResource[] {
  return resources.filter(({ id }) => /^(Archive|AccessLog|Canary)Bucket$|^Key$/.test(id));
}
