import { join } from 'node:path';
import { loadRules, ruleFolders } from '../functions/alert/pipeline/load-rules.ts';
import type { Rule } from '../functions/alert/ruleset/index.ts';

/** What an alarm watches: a metric, by default of its name and one of the function's own; `of` is its resource. */
type Watch = readonly [
  name: string,
  says: string,
  watched?: {
    readonly metric?: string;
    readonly of?: readonly [namespace: string, dimension: string, value: unknown];
    readonly above?: number;
    readonly stat?: 'Sum' | 'Maximum' | 'p99';
  },
];

/** A resource with its logical id. */
type Entry = readonly [id: string, resource: object];

/** The function's `REGISTRY_ALERT_METRIC_NAMESPACE`. */
const NAMESPACE = {
  'Fn::If': ['HasDefaultName', 'RegistryAlert', { 'Fn::Sub': `RegistryAlert/\${AWS::StackName}` }],
};
const RULES = join(import.meta.dirname, '..', 'rules');

const named = (id: string, attribute: string) => ({ 'Fn::GetAtt': [id, attribute] });
const ofFunction = ['AWS/Lambda', 'FunctionName', { Ref: 'AlertLambdaFunction' }] as const;
const ofQueue = (id: string) => ['AWS/SQS', 'QueueName', named(id, 'QueueName')] as const;
const ofTopic = (id: string) => ['AWS/SNS', 'TopicName', named(id, 'TopicName')] as const;
const waitingIn = (id: string) =>
  ({ metric: 'ApproximateNumberOfMessagesVisible', stat: 'Maximum', of: ofQueue(id) }) as const;
const ABOVE = {
  EvaluationPeriods: 1,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
};

/** Each fires when its metric is above a threshold in five minutes, zero unless stated otherwise. */
const WATCHES: readonly Watch[] = [
  ['FunctionErrors', 'The function did not start, or failed', { metric: 'Errors', of: ofFunction }],
  [
    'FunctionThrottles',
    'The function does not get the concurrency that it needs',
    { metric: 'Throttles', of: ofFunction },
  ],
  [
    'FunctionSlow',
    'Executions take more than four fifths of their timeout',
    { metric: 'Duration', of: ofFunction, stat: 'p99', above: 240_000 },
  ],
  [
    'DeadLetters',
    'A notification failed five times, or its object is too large for one execution',
    waitingIn('DeadLetterQueue'),
  ],
  ['BackfillDeadLetters', 'An object of a backfill failed five times', waitingIn('BackfillDeadLetterQueue')],
  [
    'Undelivered',
    'SNS could not deliver a message to a subscriber, or the scheduler could not write a canary',
    waitingIn('UndeliveredQueue'),
  ],
  [
    'QueueOld',
    'A notification has waited for more than a quarter of an hour',
    {
      metric: 'ApproximateAgeOfOldestMessage',
      stat: 'Maximum',
      above: 900,
      of: ofQueue('NotificationQueue'),
    },
  ],
  [
    'NotificationsFailed',
    'SNS failed to deliver alerts to a subscriber',
    { metric: 'NumberOfNotificationsFailed', of: ofTopic('AlertTopic') },
  ],
  [
    'NotificationsRedriven',
    'SNS gave up delivering alerts to a subscriber',
    { metric: 'NumberOfNotificationsRedrivenToDlq', of: ofTopic('AlertTopic') },
  ],
  ['ObjectQuarantined', 'An object is damaged or in an unsupported format'],
  ['ObjectMissing', 'An object was deleted before it was read'],
  ['ObjectOverwritten', 'An object was overwritten before it was read'],
  ['ObjectArchived', 'An object has to be restored before it can be read'],
  ['NoReadableRecords', 'No record of an object is an event'],
  ['SuspiciousRecords', "A skipped record contains a rule's literal"],
  ['UnknownObjects', 'More than half of an object is of unknown shape'],
  ['Undecidable', 'CrowdStrike registry events arrived without the record of their process'],
  ['OtherIndex', 'Documents of another index would have matched'],
  ['AlertsOverflow', 'An object had more alerts than are sent individually'],
  ['AlertsHeld', 'The hourly limit was exceeded; alerts are held'],
  ['AlertDegraded', 'SNS refused a message in its full form'],
  ['ConfigError', 'Settings, permissions or rules have to be changed'],
  ['DeadlineGuard', 'An execution ran out of time'],
  ['IncompleteScan', 'An object is too large for one execution'],
  ['Unexpected', 'An error without a code of its own'],
  ['UnexpectedSource', 'A bucket or account that is not a source sends notifications'],
  ['RecursionGuard', 'Notifications from the archive itself arrive'],
  ['BadEvent', 'Messages other than notifications are in the queue'],
  ['RulesRejected', 'A published set of rules cannot be used'],
  ['ExceptionsExpired', 'An exception has expired'],
  ['ObjectsUnscanned', 'The daily audit found objects that were never scanned'],
  ['RulesSilent', 'A published rule without an alarm of its own had no candidate in a day'],
  ['CanaryLate', 'Canaries are published late', { metric: 'CanaryLateSeconds', stat: 'Maximum', above: 300 }],
];

/**
 * The alarms as resources, by default for all rules of the package: a deployment may name disabled ones. A rule's alarms
 * follow its folder: adding a rule touches no list.
 */
export function alarmResources(
  rules: readonly Rule[] = loadRules(RULES, ruleFolders(RULES)),
): Readonly<Record<'Conditions' | 'Resources', Record<string, unknown>>> {
  const watched = rules.filter(({ query }) => query.requiredLiterals !== null);
  refuseEqualIds(watched.map(({ folder }) => folder));
  return {
    Conditions: Object.fromEntries(
      watched.map(({ folder, disabled }) => [runs(folder), condition(folder, disabled)]),
    ),
    Resources: Object.fromEntries([
      ...WATCHES.map(watch => alarm(watch[0], watch[1], conditionOf(watch))),
      silent(
        'Heartbeat',
        'No canary arrived in two hours; silence does not mean that nothing happened',
        { MetricName: 'CanarySeen' },
        2,
      ),
      silent(
        'SourceSilent',
        'Nothing from the exporter was scanned; canaries do not count',
        { MetricName: 'ObjectsScanned' },
        { Ref: 'SourceSilentHours' },
      ),
      silent('AuditSilent', 'The daily audit did not complete', { MetricName: 'AuditRuns' }, 26, 'HasAudit'),
      ...watched.flatMap(({ folder }) => ruleAlarms(folder)),
    ]),
  };
}

/** Logical ids have only letters and digits; Elastic's file names, and so the folders of its rules, have underscores. */
const idOf = (folder: string): string =>
  folder.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9]|$)/g, (_, letter: string) => letter.toUpperCase());

/** Two folders with one id would have the alarms of one of them. */
function refuseEqualIds(folders: readonly string[]): void {
  for (const [at, folder] of folders.entries()) {
    const other = folders.slice(0, at).find(other => idOf(other) === idOf(folder));
    if (other !== undefined)
      throw new Error(`rules/${other} and rules/${folder} have one name without punctuation; rename one`);
  }
}

/** Name of the condition that a folder's rule runs. */
const runs = (folder: string): string => `Runs${idOf(folder)}`;

/**
 * A rule runs if the parameter `Rules` names it, or if it is empty and the rule is not disabled. CloudFormation has no
 * condition for membership in a list: it compares the list with the list without the rule.
 */
function condition(folder: string, disabled: boolean): object {
  const named = { 'Fn::Sub': `,\${Rules},` };
  const isNamed = {
    'Fn::Not': [{ 'Fn::Equals': [{ 'Fn::Join': ['', { 'Fn::Split': [`,${folder},`, named] }] }, named] }],
  };
  return disabled ? isNamed : { 'Fn::Or': [{ Condition: 'RunsEveryRule' }, isNamed] };
}

function ruleAlarms(folder: string): readonly Entry[] {
  const Dimensions = [{ Name: 'Rule', Value: folder }];
  return [
    silent(
      `RuleSilent-${folder}`,
      "No event contains the rule's literal any longer, though a fleet has such events every day",
      { MetricName: 'CandidateEvents', Dimensions },
      { Ref: 'RuleSilentHours' },
      runs(folder),
    ),
    alarm(
      `FieldsAbsent-${folder}`,
      "More than half of the rule's candidates lack a field that it reads; a field may have been renamed",
      {
        ...ABOVE,
        Threshold: 0.5,
        Metrics: [
          { Id: 'share', Expression: 'IF(candidates > 0, absent / candidates, 0)' },
          summed('absent', 'FieldsAbsent', Dimensions),
          summed('candidates', 'CandidateEvents', Dimensions),
        ],
      },
      runs(folder),
    ),
  ];
}

function summed(Id: string, MetricName: string, Dimensions?: unknown): object {
  const Metric = { Namespace: NAMESPACE, MetricName, ...(Dimensions === undefined ? {} : { Dimensions }) };
  return { Id, ReturnData: false, MetricStat: { Metric, Period: 3600, Stat: 'Sum' } };
}

function conditionOf([name, , { metric = name, of, above = 0, stat = 'Sum' } = {}]: Watch): object {
  const [Namespace, Name, Value] = of ?? [NAMESPACE];
  return {
    Namespace,
    MetricName: metric,
    ...(Name === undefined ? {} : { Dimensions: [{ Name, Value }] }),
    ...(stat.startsWith('p') ? { ExtendedStatistic: stat } : { Statistic: stat }),
    Period: 300,
    Threshold: above,
    ...ABOVE,
  };
}

/**
 * Fires when nothing is counted for this many hours. An hour without data has to be filled: CloudWatch looks further
 * back than these hours, by an undocumented amount, and uses older data while it finds enough. If it finds none at all,
 * there is nothing to fill, and the hours are missing.
 */
function silent(
  name: string,
  says: string,
  { MetricName, Dimensions }: { readonly MetricName: string; readonly Dimensions?: unknown },
  hours: unknown,
  Condition?: string,
): Entry {
  const condition = {
    EvaluationPeriods: hours,
    DatapointsToAlarm: hours,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
    Metrics: [{ Id: 'filled', Expression: 'FILL(counted, 0)' }, summed('counted', MetricName, Dimensions)],
  };
  return alarm(name, says, condition, Condition);
}

/** The alarm of that name; `Condition`: whether the stack has it. */
function alarm(name: string, says: string, condition: object, Condition?: string): Entry {
  const actions = [
    { Ref: 'OperationsTopic' },
    { 'Fn::If': ['HasOperationsChat', { Ref: 'AlarmChatTopic' }, { Ref: 'AWS::NoValue' }] },
    { 'Fn::If': ['HasAlarmTarget', { Ref: 'AlarmTargetArn' }, { Ref: 'AWS::NoValue' }] },
  ];
  const Properties = {
    AlarmName: { 'Fn::Sub': `\${AWS::StackName}-${name}` },
    AlarmDescription: says,
    ...condition,
    AlarmActions: actions,
    OKActions: actions,
  };
  return [
    `${idOf(name)}Alarm`,
    { ...(Condition === undefined ? {} : { Condition }), Type: 'AWS::CloudWatch::Alarm', Properties },
  ];
}
