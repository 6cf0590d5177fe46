import type { StackResource } from './cloud.ts';
import { resolveTemplate, type Template } from './template.ts';
import { splitTags, type Values } from './value-problems.ts';

/** What a deployment is going to create or change. */
export function prospect(template: Template, values: Values, stack: string, region: string): string {
  const { Resources } = resolveTemplate(template, splitTags(values).parameters);
  const types = Map.groupBy(Object.values(Resources), ({ Type }) => Type);
  const counts = [...types]
    .map(([type, all]) => `  ${String(all.length).padStart(3)}  ${type}\n`)
    .toSorted(byName);
  const given = Object.entries(values).map(([name, value]) => `  ${name} = ${value}\n`);
  return `the stack ${stack} in ${region}: created if absent, otherwise updated
${counts.join('')}with
${given.join('')}and defaults for everything else (infra/parameters.yml)
`;
}

function byName(one: string, other: string): number {
  return one.slice(7).localeCompare(other.slice(7));
}

/** Settings of the command line, and the output with each. */
const SETTINGS = [
  ['ALERT_TOPIC_ARN', 'AlertTopicArn'],
  ['OPERATIONS_TOPIC_ARN', 'OperationsTopicArn'],
  ['REGISTRY_ALERT_RECORDS_TOPIC_ARN', 'RecordsTopicArn'],
  ['ARCHIVE_BUCKET', 'ArchiveBucketName'],
  ['SOURCE_BUCKETS', 'SourceBucket'],
  ['REGISTRY_ALERT_CANARY_BUCKET', 'CanaryBucketName'],
  ['QUEUE_URL', 'QueueUrl'],
  ['BACKFILL_QUEUE_URL', 'BackfillQueueUrl'],
] as const;

/** The remaining manual steps, each as a command where possible. */
export function nextSteps(outputs: Values, values: Values): string {
  const owner = values['SourceAccountId'];
  const exports = [
    ...SETTINGS.flatMap(([name, output]) => (outputs[output] ? [`export ${name}=${outputs[output]}\n`] : [])),
    ...(values['SourcePrefix'] ? [`export SOURCE_PREFIX='${values['SourcePrefix']}'\n`] : []),
    ...(owner ? [`export REGISTRY_ALERT_SOURCE_ACCOUNT=${owner}\n`] : []),
  ];
  const has = (...names: readonly string[]): boolean => names.some(name => values[name]);
  const steps = [
    owner
      ? [
          `Have account ${owner} let these roles read the bucket, as docs/deploy.md says under "A bucket in another account":
   ${outputs['RoleArn'] ?? 'RoleArn'}
   ${outputs['AuditRoleArn'] ?? 'no daily audit'}`,
        ]
      : [],
    has('SourceTopicArn')
      ? []
      : [
          `Turn EventBridge on for the source bucket, once; it shows the difference before it writes:
${(values['SourceBucketName'] ?? 'BUCKET')
  .split(',')
  .map(bucket => `   node infra/enable-notifications.ts ${bucket}${owner ? ` --owner ${owner}` : ''}`)
  .join('\n')}`,
        ],
    has('AlertEmails', 'OperationsEmail')
      ? [
          `Confirm each mail address with the token in its mail, not by a click, since mail scanners follow the link
   to unsubscribe that is below every alert:
   aws sns confirm-subscription --topic-arn ${outputs['AlertTopicArn'] ?? 'TOPIC'} --authenticate-on-unsubscribe true --token TOKEN
   (addresses of alarms: --topic-arn ${outputs['OperationsTopicArn'] ?? 'TOPIC'})`,
        ]
      : [],
    has('SlackWorkspaceId', 'TeamsTenantId')
      ? ['Authorise the chat workspace once, in the console of Amazon Q Developer in chat applications.']
      : [],
    has('MonthlyBudget')
      ? [
          `Activate the cost allocation tag that the budget uses, once in the paying account (it takes a day):
   aws ce update-cost-allocation-tags-status --cost-allocation-tags-status TagKey=aws:cloudformation:stack-name,Status=Active`,
        ]
      : [],
    ['Check that all of it works:\n   npx registry-alert selftest'],
  ].flat();
  return `
${exports.join('')}
${steps.map((step, at) => `${at + 1}. ${step}\n`).join('')}`;
}

/** What a removal keeps, and what that costs. */
export function keptText(resources: readonly StackResource[]): string {
  if (resources.length === 0) return 'Nothing is kept.\n';
  return `Kept, because they contain evidence and the key decrypts it:
${resources.map(({ id, name }) => `  ${id} ${name}\n`).join('')}The key costs a dollar a month, the buckets what is stored in them. Delete them by hand when they are no longer needed.
`;
}
