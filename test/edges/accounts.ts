import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type LocalAws, startLocalAws } from '../local-aws/index.ts';
import { startMoto } from '../local-aws/moto.ts';
import { LocalCloudFormation } from './local-cloudformation.ts';

/** An AWS account on this machine. */
export type Account = {
  readonly environment: Readonly<Record<string, string>>;
  readonly createBucket: (name: string) => Promise<void>;
  /** Status, parameters that differ from their defaults or not, and tags; `null` where there is no stack. */
  readonly stack: (name: string) => Promise<{
    readonly status: string;
    readonly parameters: Readonly<Record<string, string>>;
    readonly tags: Readonly<Record<string, string>>;
    readonly resources: readonly string[];
  } | null>;
  readonly outputs: (stack: string) => Promise<Readonly<Record<string, string>>>;
  readonly stop: () => Promise<void>;
};

/** With our own CloudFormation, which refuses what CloudFormation refuses. */
export async function localAccount(directory: string): Promise<
  Account & {
    readonly aws: LocalAws;
    readonly cloud: LocalCloudFormation;
    /** The permissions that a caller's calls needed. */
    readonly asked: (caller: string) => readonly { readonly action: string; readonly resource: string }[];
  }
> {
  const aws = await startLocalAws({ directory, callsFile: null });
  const cloud = await new LocalCloudFormation(aws).listen();
  return {
    ...accountAt(cloud.env()),
    aws,
    cloud,
    asked: caller => [
      ...aws
        .permissions()
        .filter(one => one.caller === caller)
        // Of many objects that are deleted at once every one is asked for.
        .map(({ action, resource }) => ({
          action,
          resource: action === 's3:DeleteObject' ? `${resource}/any` : resource,
        })),
      ...cloud.calls
        .filter(one => one.caller === caller)
        .map(({ action, form }) => ({ action, resource: resourceOf(action, form) })),
    ],
    stop: async () => {
      await cloud.stop();
      await aws.stop();
    },
  };
}

/** moto's, which is written by others and checks less; or why there is none. */
export async function motoAccount(): Promise<Account | string> {
  const moto = await startMoto({ lints: false });
  if (typeof moto === 'string') return moto;
  const account = accountAt({
    AWS_ENDPOINT_URL: moto.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'deployer',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  return { ...account, stop: async () => void moto.server.kill() };
}

function accountAt(environment: Readonly<Record<string, string>>): Account {
  const client = {
    region: environment['AWS_REGION']!,
    credentials: { accessKeyId: 'test', secretAccessKey: 'local' },
    forcePathStyle: true,
  };
  const endpoint = environment['AWS_ENDPOINT_URL']!;
  const s3 = new S3Client({ ...client, endpoint: environment['AWS_ENDPOINT_URL_S3'] ?? endpoint });
  const cloudformation = new CloudFormationClient({ ...client, endpoint });
  return {
    environment,
    createBucket: async Bucket => {
      const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    },
    stack: async StackName => {
      const answer = await cloudformation.send(new DescribeStacksCommand({ StackName })).catch(() => null);
      const stack = answer?.Stacks?.[0];
      if (!stack) return null;
      const resources: string[] = [];
      for await (const page of paginateListStackResources({ client: cloudformation }, { StackName }))
        resources.push(...(page.StackResourceSummaries ?? []).map(one => one.LogicalResourceId!));
      return {
        status: stack.StackStatus!,
        parameters: Object.fromEntries(
          (stack.Parameters ?? []).map(one => [one.ParameterKey!, one.ParameterValue!]),
        ),
        tags: Object.fromEntries((stack.Tags ?? []).map(one => [one.Key!, one.Value!])),
        resources,
      };
    },
    outputs: async StackName => {
      const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
      return Object.fromEntries((Stacks?.[0]?.Outputs ?? []).map(one => [one.OutputKey!, one.OutputValue!]));
    },
    stop: async () => {},
  };
}

/** What a call of CloudFormation or of a registry is about, as IAM names it. */
function resourceOf(action: string, form: URLSearchParams): string {
  if (action.startsWith('ecr:'))
    return 'arn:aws:ecr:eu-west-1:111122223333:repository/serverless-registry-alert-live';
  const name = form.get('StackName');
  if (name === null) return '*';
  return name.startsWith('arn:') ? name : `arn:aws:cloudformation:eu-west-1:111122223333:stack/${name}/any`;
}
