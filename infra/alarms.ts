import { join } from 'node:path';
import { loadRules, ruleFolders } from '../functions/alert/pipeline/load-rules.ts';

/** What an alarm watches. `of`: the resource of the metric; by default one of the function's own. */
type Watch = {
  readonly name: string;
  readonly says: string;
  readonly metric: string;
  readonly of?: readonly [namespace: string, dimension: string, value: unknown];
  readonly above?: number;
  readonly stat?: 'Sum' | 'Maximum' | 'p99';
  readonly periods?: number;
};

/** The function's `REGISTRY_ALERT_METRIC_NAMESPACE`. */
const NAMESPACE = {
  'Fn::If': ['HasDefaultName', 'RegistryAlert', { 'Fn::Sub': `RegistryAlert/\${AWS::StackName}` }],
};
const RULES = join(import.meta.dirname, '..', 'rules');

const named = (id: string, attribute: string) => ({ 'Fn::GetAtt': [id, attribute] });
const ofFunction = (id = 'AlertLambdaFunction') => ['AWS/Lambda', 'FunctionName', { Ref: id }] as const;
const ofQueue = (id: string) => ['AWS/SQS', 'QueueName', named(id, 'QueueName')] as const;
const ofTopic = (id: string) => ['AWS/SNS', 'TopicName', named(id, 'TopicName')] as const;
const waiting = { metric: 'ApproximateNumberOfMessagesVisible', stat: 'Maximum' } as const;

/** Each fires when its metric is above a threshold in five minutes, zero unless stated otherwise. */
const WATCHES: readonly Watch[] = [
  {
    name: 'FunctionErrors',
    says: 'The function did not start, or failed',
    metric: 'Errors',
    of: ofFunction(),
  },
  {
    name: 'FunctionThrottles',
    says: 'The function does not get the concurrency that it needs',
    metric: 'Throttles',
    of: ofFunction(),
  },
  {
    name: 'FunctionSlow',
    says: 'Executions take more than four fifths of their timeout',
    metric: 'Duration',
    of: ofFunction(),
    stat: 'p99',
    above: 240_000,
  },
  {
    name: 'DeadLetters',
    says: 'A notification failed five times, or its object is too large for one execution',
    ...waiting,
    of: ofQueue('DeadLetterQueue'),
  },
  {
    name: 'BackfillDeadLetters',
    says: 'An object of a backfill failed five times',
    ...waiting,
    of: ofQueue('BackfillDeadLetterQueue'),
  },
  {
    name: 'Undelivered',
    says: 'SNS could not deliver a message to a subscriber, or the scheduler could not write a canary',
    ...waiting,
    of: ofQueue('UndeliveredQueue'),
  },
  {
    name: 'QueueOld',
    says: 'A notification has waited for more than a quarter of an hour',
    metric: 'ApproximateAgeOfOldestMessage',
    stat: 'Maximum',
    above: 900,
    of: ofQueue('NotificationQueue'),
  },
  {
    name: 'NotificationsFailed',
    says: 'SNS failed to deliver alerts to a subscriber',
    metric: 'NumberOfNotificationsFailed',
    of: ofTopic('AlertTopic'),
  },
  {
    name: 'NotificationsRedriven',
    says: 'SNS gave up delivering alerts to a subscriber',
    metric: 'NumberOfNotificationsRedrivenToDlq',
    of: ofTopic('AlertTopic'),
  },
  {
    name: 'ObjectQuarantined',
    says: 'An object is damaged or in an unsupported format',
    metric: 'ObjectQuarantined',
  },
  { name: 'ObjectMissing', says: 'An object was deleted before it was read', metric: 'ObjectMissing' },
  {
    name: 'ObjectOverwritten',
    says: 'An object was overwritten before it was read',
    metric: 'ObjectOverwritten',
  },
  {
    name: 'ObjectArchived',
    says: 'An object has to be restored before it can be read',
    metric: 'ObjectArchived',
  },
  {
    name: 'NoReadableRecords',
    says: 'No record of an object is an event',
    metric: 'NoReadableRecords',
  },
  {
    name: 'SuspiciousRecords',
    says: "A skipped record contains a rule's literal",
    metric: 'SuspiciousRecords',
  },
  {
    name: 'UnknownObjects',
    says: 'More than half of an object is of unknown shape',
    metric: 'UnknownObjects',
  },
  {
    name: 'Undecidable',
    says: 'CrowdStrike registry events arrived without the record of their process',
    metric: 'Undecidable',
  },
  { name: 'OtherIndex', says: 'Documents of another index would have matched', metric: 'OtherIndex' },
  {
    name: 'AlertsOverflow',
    says: 'An object had more alerts than are sent individually',
    metric: 'AlertsOverflow',
  },
  { name: 'AlertsHeld', says: 'The hourly limit was exceeded; alerts are held', metric: 'AlertsHeld' },
  { name: 'AlertDegraded', says: 'SNS refused a message in its full form', metric: 'AlertDegraded' },
  {
    name: 'ConfigError',
    says: 'Settings, permissions or rules have to be changed',
    metric: 'ConfigError',
  },
  { name: 'DeadlineGuard', says: 'An execution ran out of time', metric: 'DeadlineGuard' },
  {
    name: 'IncompleteScan',
    says: 'An object is too large for one execution',
    metric: 'IncompleteScan',
  },
  { name: 'Unexpected', says: 'An error without a code of its own', metric: 'Unexpected' },
  {
    name: 'UnexpectedSource',
    says: 'A bucket or account that is not a source sends notifications',
    metric: 'UnexpectedSource',
  },
  { name: 'RecursionGuard', says: 'Notifications from the archive itself arrive', metric: 'RecursionGuard' },
  {
    name: 'BadEvent',
    says: 'Messages other than notifications are in the queue',
    metric: 'BadEvent',
  },
  { name: 'RulesRejected', says: 'A published set of rules cannot be used', metric: 'RulesRejected' },
  { name: 'ExceptionsExpired', says: 'An exception has expired', metric: 'ExceptionsExpired' },
  {
    name: 'ObjectsUnscanned',
    says: 'The daily audit found objects that were never scanned',
    metric: 'ObjectsUnscanned',
  },
  {
    name: 'RulesSilent',
    says: 'A published rule without an alarm of its own had no candidate in a day',
    metric: 'RulesSilent',
  },
  {
    name: 'CanaryLate',
    says: 'Canaries are published late',
    metric: 'CanaryLateSeconds',
    stat: 'Maximum',
    above: 300,
  },
];

/** The alarms as resources. A rule's alarms follow its folder: adding a rule touches no list. */
export function alarmResources(): Readonly<Record<'Conditions' | 'Resources', Record<string, unknown>>> {
  // Including disabled ones: a deployment may name them.
  const watched = loadRules(RULES, ruleFolders(RULES)).filter(({ query }) => query.requiredLiterals !== null);
  return {
    Conditions: Object.fromEntries(
      watched.map(({ folder, disabled }) => [runs(folder), condition(folder, disabled)]),
    ),
    Resources: Object.fromEntries([
      ...WATCHES.map(watch => [`${watch.name}Alarm`, alarm(watch.name, watch.says, conditionOf(watch))]),
      [
        'HeartbeatAlarm',
        silent(
          'Heartbeat',
          'No canary arrived in two hours; silence does not mean that nothing happened',
          { MetricName: 'CanarySeen' },
          2,
        ),
      ],
      [
        'SourceSilentAlarm',
        silent(
          'SourceSilent',
          'Nothing from the exporter was scanned; canaries do not count',
          { MetricName: 'ObjectsScanned' },
          { Ref: 'SourceSilentHours' },
        ),
      ],
      [
        'AuditSilentAlarm',
        {
          Condition: 'HasAudit',
          ...silent('AuditSilent', 'The daily audit did not complete', { MetricName: 'AuditRuns' }, 26),
        },
      ],
      ...watched.flatMap(({ folder }) => ruleAlarms(folder)),
    ]),
  };
}

const idOf = (folder: string): string =>
  folder.replaceAll(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());

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

function ruleAlarms(folder: string): readonly (readonly [string, unknown])[] {
  const id = idOf(folder);
  const Condition = runs(folder);
  const Dimensions = [{ Name: 'Rule', Value: folder }];
  const silence = silent(
    `RuleSilent-${folder}`,
    "No event contains the rule's literal any longer, though a fleet has such events every day",
    { MetricName: 'CandidateEvents', Dimensions },
    { Ref: 'RuleSilentHours' },
  );
  const absent = alarm(
    `FieldsAbsent-${folder}`,
    "More than half of the rule's candidates lack a field that it reads; a field may have been renamed",
    {
      EvaluationPeriods: 1,
      Threshold: 0.5,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      Metrics: [
        { Id: 'share', Expression: 'IF(candidates > 0, absent / candidates, 0)' },
        summed('absent', 'FieldsAbsent', Dimensions),
        summed('candidates', 'CandidateEvents', Dimensions),
      ],
    },
  );
  return [
    [`RuleSilent${id}Alarm`, { Condition, ...silence }],
    [`FieldsAbsent${id}Alarm`, { Condition, ...absent }],
  ];
}

function summed(Id: string, MetricName: string, Dimensions?: unknown): object {
  const Metric = { Namespace: NAMESPACE, MetricName, ...(Dimensions === undefined ? {} : { Dimensions }) };
  return { Id, ReturnData: false, MetricStat: { Metric, Period: 3600, Stat: 'Sum' } };
}

function conditionOf({ metric, of, above = 0, stat = 'Sum', periods = 1 }: Watch): object {
  const [Namespace, Name, Value] = of ?? [NAMESPACE];
  return {
    Namespace,
    MetricName: metric,
    ...(Name === undefined ? {} : { Dimensions: [{ Name, Value }] }),
    ...(stat.startsWith('p') ? { ExtendedStatistic: stat } : { Statistic: stat }),
    Period: 300,
    EvaluationPeriods: periods,
    Threshold: above,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
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
): object {
  return alarm(name, says, {
    EvaluationPeriods: hours,
    DatapointsToAlarm: hours,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
    Metrics: [{ Id: 'filled', Expression: 'FILL(counted, 0)' }, summed('counted', MetricName, Dimensions)],
  });
}

function alarm(name: string, says: string, condition: object): object {
  const actions = [
    { Ref: 'OperationsTopic' },
    { 'Fn::If': ['HasOperationsChat', { Ref: 'AlarmChatTopic' }, { Ref: 'AWS::NoValue' }] },
    { 'Fn::If': ['HasAlarmTarget', { Ref: 'AlarmTargetArn' }, { Ref: 'AWS::NoValue' }] },
  ];
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: { 'Fn::Sub': `\${AWS::StackName}-${name}` },
      AlarmDescription: says,
      ...condition,
      AlarmActions: actions,
      OKActions: actions,
    },
  };
}
