import { resolveTemplate, type Template } from './template.ts';

/** What a deployment will make, before it does. */
export function prospect(
  template: Template,
  values: Readonly<Record<string, string>>,
  stack: string,
  region: string,
): string {
  const { Resources } = resolveTemplate(template, values);
  const types = Map.groupBy(Object.values(Resources), ({ Type }) => Type);
  const counts = [...types]
    .map(([type, all]) => `  ${String(all.length).padStart(3)}  ${type}\n`)
    .toSorted(byName);
  const given = Object.entries(values).map(([name, value]) => `  ${name} = ${value}\n`);
  return `the stack ${stack} in ${region}: made if it is not there, else changed where it differs
${counts.join('')}with
${given.join('')}and everything else as it is by default (infra/parameters.yml)
`;
}

function byName(one: string, other: string): number {
  return one.slice(7).localeCompare(other.slice(7));
}

/** Names that the command line takes from its environment, and the output that holds each. */
const DESK = [
  ['ALERT_TOPIC_ARN', 'AlertTopicArn'],
  ['OPERATIONS_TOPIC_ARN', 'OperationsTopicArn'],
  ['REGISTRY_ALERT_RECORDS_TOPIC_ARN', 'RecordsTopicArn'],
  ['ARCHIVE_BUCKET', 'ArchiveBucketName'],
  ['SOURCE_BUCKETS', 'SourceBucket'],
  ['REGISTRY_ALERT_CANARY_BUCKET', 'CanaryBucketName'],
  ['QUEUE_URL', 'QueueUrl'],
  ['BACKFILL_QUEUE_URL', 'BackfillQueueUrl'],
] as const;

/** What a person has to do now, and can do from here. */
export function nextSteps(
  outputs: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>>,
): string {
  const owner = values['SourceAccountId'];
  const exports = [
    ...DESK.flatMap(([name, output]) => (outputs[output] ? [`export ${name}=${outputs[output]}\n`] : [])),
    ...(values['SourcePrefix'] ? [`export SOURCE_PREFIX='${values['SourcePrefix']}'\n`] : []),
    ...(owner ? [`export REGISTRY_ALERT_SOURCE_ACCOUNT=${owner}\n`] : []),
  ];
  const steps = [
    owner
      ? [
          `Have account ${owner} let these roles read the bucket, in the words of docs/deploy.md, "A bucket in another account":
   ${outputs['RoleArn'] ?? 'RoleArn'}
   ${outputs['AuditRoleArn'] ?? 'no daily audit'}`,
        ]
      : [],
    values['SourceTopicArn']
      ? []
      : [
          `Turn EventBridge on for the source bucket, once; it shows the difference before it writes:
   node infra/enable-notifications.ts ${values['SourceBucketName'] ?? 'BUCKET'}${owner ? ` --owner ${owner}` : ''}`,
        ],
    values['AlertEmails'] || values['OperationsEmail']
      ? [
          `Confirm each mail address by the token of its mail, and not by a click, since mail scanners follow the link
   to unsubscribe that stands below every alert:
   aws sns confirm-subscription --topic-arn ${outputs['AlertTopicArn'] ?? 'TOPIC'} --authenticate-on-unsubscribe true --token TOKEN
   (addresses of alarms: --topic-arn ${outputs['OperationsTopicArn'] ?? 'TOPIC'})`,
        ]
      : [],
    values['SlackChannelId'] || values['TeamsChannelId']
      ? ['Authorise the chat workspace once, in the console of Amazon Q Developer in chat applications.']
      : [],
    ['See that all of it works:\n   npx registry-alert selftest'],
  ].flat();
  return `
${exports.join('')}
${steps.map((step, at) => `${at + 1}. ${step}\n`).join('')}`;
}
