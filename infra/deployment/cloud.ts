import {
  CloudFormationClient,
  paginateDescribeStackEvents,
  paginateDescribeStacks,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

export type StackView = {
  readonly status: string;
  readonly description: string;
  readonly outputs: Readonly<Record<string, string>>;
};

export type StackEvent = {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
};

export type StackResource = { readonly id: string; readonly type: string; readonly name: string };

/** What a deployment asks AWS besides osls; every call may throw an error of the SDK. */
export type Cloud = {
  readonly identity: () => Promise<{ readonly account: string; readonly arn: string }>;
  /** The region of a bucket that `owner` owns. */
  readonly bucketRegion: (bucket: string, owner: string) => Promise<string | null>;
  /** `null`: there is no stack of that name. */
  readonly stack: (name: string) => Promise<StackView | null>;
  /** Its existing resources. */
  readonly resources: (stack: string) => Promise<readonly StackResource[]>;
  /** Events of the last operation, oldest first. */
  readonly events: (stack: string) => Promise<readonly StackEvent[]>;
};

export function cloudIn(region: string): Cloud {
  const cloudformation = new CloudFormationClient({ region });
  const s3 = new S3Client({ region, followRegionRedirects: true });
  const sts = new STSClient({ region });
  return {
    identity: async () => {
      const { Account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
      return { account: Account, arn: Arn };
    },
    bucketRegion: async (Bucket, ExpectedBucketOwner) => {
      const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner }));
      return BucketRegion ?? null;
    },
    stack: async StackName => {
      try {
        for await (const { Stacks = [] } of paginateDescribeStacks(
          { client: cloudformation },
          { StackName },
        )) {
          const { StackStatus = '', Description = '', Outputs = [] } = Stacks[0] ?? {};
          const outputs = Object.fromEntries(Outputs.map(one => [one.OutputKey!, one.OutputValue ?? '']));
          return { status: StackStatus, description: Description, outputs };
        }
      } catch (error) {
        if (!/does not exist/.test((error as Error).message)) throw error;
      }
      return null;
    },
    resources: async StackName => {
      const found: StackResource[] = [];
      const pages = paginateListStackResources({ client: cloudformation }, { StackName });
      for await (const { StackResourceSummaries = [] } of pages)
        for (const one of StackResourceSummaries) {
          const { LogicalResourceId: id = '', ResourceType: type = '', PhysicalResourceId: name = '' } = one;
          if (one.ResourceStatus !== 'DELETE_COMPLETE') found.push({ id, type, name });
        }
      return found;
    },
    events: async StackName => {
      const found: StackEvent[] = [];
      const pages = paginateDescribeStackEvents({ client: cloudformation }, { StackName });
      for await (const { StackEvents = [] } of pages)
        for (const one of StackEvents) {
          const { LogicalResourceId: id = '', ResourceType: type = '', ResourceStatus: status = '' } = one;
          found.unshift({ id, type, status, reason: one.ResourceStatusReason ?? '' });
          if (id === StackName && /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/.test(status)) return found;
        }
      return found;
    },
  };
}
