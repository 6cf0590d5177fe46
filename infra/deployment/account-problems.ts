import { awsFailureOf } from '../../functions/alert/aws/aws-failure.ts';
import type { Cloud } from './cloud.ts';
import { stackProblem } from './stack-status.ts';
import { partitionOf } from './template.ts';
import type { Values } from './value-problems.ts';

/** Where a deployment goes. `checksSource`: whether the source buckets are checked. */
export type Target = { readonly region: string; readonly stack: string; readonly checksSource: boolean };

/** Obstacles in the account, before anything is created; a line each. */
export async function accountProblems(
  cloud: Cloud,
  values: Values,
  { region, stack, checksSource }: Target,
): Promise<string[]> {
  const identity = await asked('the account', 'sts:GetCallerIdentity', cloud.identity);
  if ('problem' in identity) return [identity.problem];
  const { account, arn } = identity.answer;
  const partition = arn.split(':')[1];
  if (partition !== partitionOf(region))
    return [`AWS_REGION is ${region}, but the credentials are for the partition ${partition}`];
  const view = await asked(`the stack ${stack}`, 'cloudformation:DescribeStacks', () => cloud.stack(stack));
  const ofStack = 'problem' in view ? view.problem : view.answer && stackProblem(stack, view.answer);
  const buckets = checksSource ? (values['SourceBucketName'] ?? '').split(',').filter(Boolean) : [];
  const owner = values['SourceAccountId'] || account;
  const ofBuckets = buckets.map(async bucket => {
    const where = await asked(`source bucket ${bucket} of account ${owner}`, 's3:ListBucket', () =>
      cloud.bucketRegion(bucket, owner),
    );
    if ('problem' in where) {
      const isForeign = where.problem.includes('access denied') && !values['SourceAccountId'];
      return [
        `${where.problem}${isForeign ? `; asked by ${arn}. Where another account owns it, set SourceAccountId` : ''}`,
      ];
    }
    if (where.answer === null || where.answer === region) return [];
    return [
      `source bucket ${bucket} is in ${where.answer}, but AWS_REGION is ${region}; deploy in the bucket's region`,
    ];
  });
  return [...(ofStack ? [ofStack] : []), ...(await Promise.all(ofBuckets)).flat()];
}

async function asked<Answer>(
  what: string,
  right: string,
  ask: () => Promise<Answer>,
): Promise<{ readonly answer: Answer } | { readonly problem: string }> {
  try {
    return { answer: await ask() };
  } catch (error) {
    return { problem: (awsFailureOf(what, right, error) as Error).message };
  }
}
