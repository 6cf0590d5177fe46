import { parseArgs } from 'node:util';
import { partitionOf, type Template } from './deployment/template.ts';

/** What a policy is for: one stack in one account and region, and the buckets that it reads. */
export type PolicyTarget = {
  readonly region: string;
  readonly account: string;
  readonly stack: string;
  readonly sourceBuckets: readonly string[];
};

export type PolicyStatement = {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: string[];
  readonly Resource: string[];
};

/** `service Action …` on which resource of its service; `*` if the service has no resource for the action. */
type Grant = readonly [actions: string, ...on: string[]];

const NAMED = 'STACK-*';
const ROLE: Grant = ['iam PutRolePolicy DeleteRolePolicy GetRolePolicy', `role/${NAMED}`];
const CHAT = (kind: string, path: string): readonly Grant[] => [
  [`chatbot Create${kind}Configuration`, '*'],
  [`chatbot Update${kind}Configuration Delete${kind}Configuration`, `chat-configuration/${path}/${NAMED}`],
];

/**
 * What CloudFormation does for each type with the deployer's permissions, from the handlers of AWS's resource types.
 * A new type in the template needs a row here.
 */
const TYPES: Readonly<Record<string, readonly Grant[]>> = {
  'AWS::Budgets::Budget': [['budgets ViewBudget ModifyBudget', `budget/${NAMED}`]],
  'AWS::Chatbot::MicrosoftTeamsChannelConfiguration': [
    ...CHAT('MicrosoftTeamsChannel', 'microsoft-teams-channel'),
    ['chatbot GetMicrosoftTeamsChannelConfiguration', '*'],
  ],
  'AWS::Chatbot::SlackChannelConfiguration': [
    ...CHAT('SlackChannel', 'slack-channel'),
    ['chatbot DescribeSlackChannelConfigurations', '*'],
  ],
  'AWS::CloudWatch::Alarm': [
    [
      'cloudwatch PutMetricAlarm DeleteAlarms DescribeAlarms TagResource UntagResource ListTagsForResource',
      `alarm:${NAMED}`,
    ],
  ],
  'AWS::CloudWatch::Dashboard': [
    ['cloudwatch PutDashboard GetDashboard DeleteDashboards', 'dashboard/STACK'],
  ],
  'AWS::Events::EventBusPolicy': [
    ['events DescribeEventBus', 'event-bus/default'],
    ['events PutPermission RemovePermission', '*'],
  ],
  'AWS::Events::Rule': [
    [
      'events PutRule DeleteRule DescribeRule PutTargets RemoveTargets ListTargetsByRule TagResource UntagResource ListTagsForResource',
      `rule/${NAMED}`,
    ],
  ],
  'AWS::IAM::ManagedPolicy': [
    [
      'iam CreatePolicy DeletePolicy GetPolicy GetPolicyVersion ListPolicyVersions CreatePolicyVersion DeletePolicyVersion TagPolicy UntagPolicy',
      `policy/${NAMED}`,
    ],
  ],
  'AWS::IAM::Policy': [ROLE],
  'AWS::IAM::Role': [
    ROLE,
    [
      'iam CreateRole DeleteRole GetRole UpdateRole UpdateAssumeRolePolicy ListRolePolicies ListAttachedRolePolicies PutRolePermissionsBoundary DeleteRolePermissionsBoundary TagRole UntagRole PassRole',
      `role/${NAMED}`,
    ],
  ],
  'AWS::IAM::RolePolicy': [ROLE],
  'AWS::KMS::Alias': [
    ['kms CreateAlias DeleteAlias UpdateAlias', 'alias/STACK', 'key/*'],
    ['kms ListAliases', '*'],
  ],
  // Lambda, SQS and the logs use the key with the deployer's permissions; ids of keys are not known in advance.
  'AWS::KMS::Key': [
    ['kms CreateKey', '*'],
    [
      'kms DescribeKey EnableKeyRotation DisableKeyRotation GetKeyRotationStatus GetKeyPolicy PutKeyPolicy UpdateKeyDescription ScheduleKeyDeletion TagResource UntagResource ListResourceTags CreateGrant Encrypt Decrypt GenerateDataKey',
      'key/*',
    ],
  ],
  'AWS::Lambda::EventSourceMapping': [
    ['lambda CreateEventSourceMapping', '*'],
    [
      'lambda GetEventSourceMapping UpdateEventSourceMapping DeleteEventSourceMapping TagResource UntagResource ListTags',
      'event-source-mapping:*',
    ],
  ],
  'AWS::Lambda::Function': [
    [
      'lambda CreateFunction DeleteFunction GetFunction GetFunctionConfiguration UpdateFunctionCode UpdateFunctionConfiguration GetFunctionCodeSigningConfig GetRuntimeManagementConfig PutFunctionConcurrency DeleteFunctionConcurrency PutFunctionRecursionConfig GetFunctionRecursionConfig TagResource UntagResource ListTags',
      `function:${NAMED}`,
    ],
    // Needed only for functions in a VPC.
    ['ec2 DescribeSecurityGroups DescribeSubnets DescribeVpcs', '*'],
  ],
  'AWS::Lambda::Version': [['lambda PublishVersion ListVersionsByFunction', `function:${NAMED}`]],
  'AWS::Logs::LogGroup': [
    [
      'logs CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey TagResource UntagResource ListTagsForResource',
      `log-group:/aws/lambda/${NAMED}`,
    ],
    ['logs DescribeLogGroups', '*'],
  ],
  'AWS::S3::Bucket': [
    [
      's3 CreateBucket DeleteBucket PutEncryptionConfiguration GetEncryptionConfiguration PutBucketPublicAccessBlock GetBucketPublicAccessBlock PutBucketOwnershipControls GetBucketOwnershipControls PutBucketVersioning GetBucketVersioning PutLifecycleConfiguration GetLifecycleConfiguration PutBucketLogging GetBucketLogging PutBucketNotification GetBucketNotification PutBucketObjectLockConfiguration GetBucketObjectLockConfiguration PutBucketTagging GetBucketTagging',
      NAMED,
    ],
  ],
  'AWS::S3::BucketPolicy': [['s3 PutBucketPolicy GetBucketPolicy DeleteBucketPolicy', NAMED]],
  'AWS::SNS::Subscription': [
    ['sns Subscribe Unsubscribe GetSubscriptionAttributes SetSubscriptionAttributes', NAMED],
  ],
  'AWS::SNS::Topic': [
    [
      'sns CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes ListSubscriptionsByTopic GetDataProtectionPolicy TagResource UntagResource ListTagsForResource',
      NAMED,
    ],
  ],
  'AWS::SNS::TopicPolicy': [['sns GetTopicAttributes SetTopicAttributes', NAMED]],
  'AWS::SQS::Queue': [
    [
      'sqs CreateQueue DeleteQueue GetQueueAttributes SetQueueAttributes GetQueueUrl ListQueueTags TagQueue UntagQueue',
      NAMED,
    ],
  ],
  'AWS::SQS::QueuePolicy': [['sqs GetQueueAttributes SetQueueAttributes', NAMED]],
  'AWS::Scheduler::Schedule': [
    ['scheduler CreateSchedule GetSchedule UpdateSchedule DeleteSchedule', `schedule/default/${NAMED}`],
  ],
};

/** What `npm run deploy`, `npm run remove`, enable-notifications and osls call themselves. */
const OWN: readonly Grant[] = [
  [
    'cloudformation CreateStack UpdateStack DeleteStack DescribeStacks DescribeStackEvents DescribeStackResource ListStackResources',
    'stack/STACK/*',
  ],
  ['cloudformation ValidateTemplate', '*'],
  ['s3 ListBucket ListBucketVersions', 'STACK-serverlessdeploymentbucket-*'],
  ['s3 GetObject PutObject DeleteObject DeleteObjectVersion', 'STACK-serverlessdeploymentbucket-*/*'],
  ['s3 ListBucket GetBucketNotification PutBucketNotification', 'SOURCE'],
  ['ecr DescribeRepositories', 'repository/serverless-registry-alert-live'],
];

/**
 * The least policy that allows deploying, changing and removing the template: the calls of osls and of CloudFormation,
 * which acts with the caller's permissions.
 * @throws for a type of resource that has no row
 */
export function deployerPolicy(
  template: Template,
  target: PolicyTarget,
): { readonly Version: string; readonly Statement: PolicyStatement[] } {
  const types = [...new Set(Object.values(template.Resources).map(({ Type }) => Type))].toSorted();
  const grants = types.flatMap(type => {
    const rows = TYPES[type];
    if (rows === undefined) throw new Error(`infra/deployer-policy.ts has no row for ${type}`);
    return rows;
  });
  const byResource = new Map<string, Set<string>>();
  for (const [actions, ...on] of [...OWN, ...grants]) {
    const [service, ...names] = actions.split(' ');
    const resources = on.flatMap(one => arnsOf(service!, one, target));
    const key = resources.join(' ');
    if (!byResource.has(key)) byResource.set(key, new Set());
    for (const name of names) byResource.get(key)!.add(`${service}:${name}`);
  }
  return {
    Version: '2012-10-17',
    Statement: [...byResource].map(([resources, actions], at) => ({
      ...{ Sid: `Deploy${at + 1}`, Effect: 'Allow', Action: [...actions].toSorted() },
      Resource: resources.split(' '),
    })),
  };
}

/** Services whose ARNs name no region. */
const GLOBAL = new Set(['iam', 'budgets', 'chatbot']);

function arnsOf(
  service: string,
  on: string,
  { region, account, stack, sourceBuckets }: PolicyTarget,
): string[] {
  if (on === '*') return ['*'];
  const partition = partitionOf(region);
  if (on === 'SOURCE') return sourceBuckets.map(bucket => `arn:${partition}:s3:::${bucket}`);
  // Bucket names are in lower case.
  if (service === 's3') return [`arn:${partition}:s3:::${on.replace('STACK', stack.toLowerCase())}`];
  const isGlobal = GLOBAL.has(service) || on.startsWith('dashboard/');
  return [`arn:${partition}:${service}:${isGlobal ? '' : region}:${account}:${on.replace('STACK', stack)}`];
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      template: { type: 'string', default: 'out/release/template.json' },
      account: { type: 'string' },
    },
  });
  const { AWS_REGION: region, STACK_NAME: stack = 'registry-alert' } = process.env;
  const { account } = values;
  if (!region || !account || positionals.length === 0) {
    console.error(
      'AWS_REGION=REGION node infra/deployer-policy.ts --account ACCOUNT SOURCE_BUCKET …   after npm run package',
    );
    process.exit(2);
  }
  const template = JSON.parse((await import('node:fs')).readFileSync(values.template, 'utf8')) as Template;
  console.log(
    JSON.stringify(deployerPolicy(template, { region, account, stack, sourceBuckets: positionals }), null, 2),
  );
}
