import { all, at, one, type Point, texts } from './reading.ts';

const R = 'Resources';
const ALARM = 'AWS::CloudWatch::Alarm';

/** What has to be watched: of AWS's metrics and of the function's own. */
const WATCHED = [
  'Errors',
  'Throttles',
  'Duration',
  'ApproximateNumberOfMessagesVisible',
  'ApproximateAgeOfOldestMessage',
  'ObjectQuarantined',
  'ObjectMissing',
  'AlertsOverflow',
  'AlertDegraded',
  'ConfigError',
  'NoReadableRecords',
  'NumberOfNotificationsFailed',
  'NumberOfNotificationsRedrivenToDlq',
];

/** Missing data is what these look for. */
const SILENCE = /^(Heartbeat|AuditSilent|SourceSilent|RuleSilent\w*)Alarm$/;

/** Points 51 to 60: logs, alarms and the template as a whole. */
export const WATCHING: readonly Point[] = [
  [
    51,
    'the log group is ours: under the key, and kept for a year at most',
    deployed => [
      ...all(deployed, 'AWS::Logs::LogGroup').flatMap(({ id, of }) => [
        !(Number(of['RetentionInDays']) <= 365) && `${id} keeps for ever`,
        !String(of['KmsKeyId']).includes(':key/') && `${id} has no key`,
      ]),
      at(deployed.raw.Resources['AlertLambdaFunction'], 'Properties.LoggingConfig.LogGroup.Ref') !==
        'FunctionLogs' && 'the function logs elsewhere',
    ],
    [`${R}.FunctionLogs.Properties.RetentionInDays`, undefined],
  ],
  [
    52,
    'everything that needs a person has an alarm, and alarms reach the operations topic',
    deployed => {
      const alarms = all(deployed, ALARM);
      return [
        ...WATCHED.map(
          metric => !alarms.some(({ of }) => of['MetricName'] === metric) && `nothing watches ${metric}`,
        ),
        ...alarms.map(
          ({ id, of }) =>
            !texts(of['AlarmActions']).some(arn => arn.endsWith('-OperationsTopic')) &&
            `${id} notifies nobody`,
        ),
        ...all(deployed, 'AWS::SQS::Queue').map(
          ({ id }) =>
            /DeadLetter|Undelivered/.test(id) &&
            !alarms.some(({ of }) => texts(at(of, 'Dimensions.0.Value')).join().startsWith(id)) &&
            `nobody watches ${id}`,
        ),
      ];
    },
    [`${R}.DeadLettersAlarm.Properties.AlarmActions`, []],
  ],
  [
    53,
    'missing data is no error, and is one where silence is looked for',
    deployed => [
      all(deployed, ALARM).filter(({ id }) => SILENCE.test(id)).length < 3 && 'silence is not looked for',
      ...all(deployed, ALARM).map(
        ({ id, of }) =>
          of['TreatMissingData'] !== (SILENCE.test(id) ? 'breaching' : 'notBreaching') &&
          `${id} takes missing data as ${of['TreatMissingData']}`,
      ),
    ],
    [`${R}.HeartbeatAlarm.Properties.TreatMissingData`, 'notBreaching'],
  ],
  [
    54,
    'a subscription that is lost is seen', // CloudWatch has no metric for it: people get the weekly test, and what fails on the way to them is watched.
    deployed => [
      !/^(cron|rate)\(/.test(String(one(deployed, 'TestAlert')['ScheduleExpression'])) &&
        'nobody gets a test',
      !String(at(one(deployed, 'TestAlert'), 'Target.Input')).includes('"Key":"test/') &&
        'the test is not marked',
    ],
    [`${R}.TestAlert`, undefined],
  ],
  [
    55,
    'a budget can be set',
    deployed => [all(deployed, 'AWS::Budgets::Budget').length === 0 && 'it cannot'],
    [`${R}.SpendingBudget`, undefined],
  ],
  [
    56,
    'the outputs say where dead letters are, how they are redriven and how objects are read again',
    ({ template }) => [
      ...['DeadLetterQueueUrl', 'RedriveCommand', 'ReplayCommand'].map(
        name => !template.Outputs?.[name] && `there is no output ${name}`,
      ),
      !/--destination-arn \S+-NotificationQueue$/.test(String(template.Outputs?.['RedriveCommand']?.Value)) &&
        'what EventBridge or SNS put among the dead letters cannot go back',
    ],
    ['Outputs.RedriveCommand.Value', 'aws sqs start-message-move-task --source-arn DEAD_LETTERS'],
  ],
  [
    57,
    'cfn-lint finds no error',
    null,
    null,
    'it is a test of its own, edges/release.test.ts, where cfn-lint is installed',
  ],
  [
    58,
    'nobody acts through the chat',
    deployed => [
      ...all(
        deployed,
        'AWS::Chatbot::SlackChannelConfiguration',
        'AWS::Chatbot::MicrosoftTeamsChannelConfiguration',
      ).flatMap(({ id, of }) => [
        !texts(of['GuardrailPolicies']).join().endsWith(':policy/AWSDenyAll') && `${id} has no guardrail`,
        of['UserRoleRequired'] !== true && `${id} shares its role`,
      ]),
      one(deployed, 'ChatRole')['Policies'] !== undefined && 'the role of the chat may do something',
    ],
    [`${R}.SlackChannel.Properties.GuardrailPolicies`, undefined],
  ],
  [
    59,
    'no parameter begins with an account, an address or a key of somebody',
    ({ raw }) =>
      Object.entries(raw.Parameters ?? {}).map(
        ([name, { Default }]) => /\d{12}|@|^arn:|AKIA/.test(String(Default ?? '')) && `${name} is ${Default}`,
      ),
    ['Parameters.OperationsEmail.Default', 'someone@example.com'],
  ],
  [
    60,
    'the template says what it is', // The tag `application` is the stack's, and CloudFormation puts it on every resource.
    ({ raw }) => [
      !/registry-alert/.test(raw.Description ?? '') && 'there is no description',
      ...Object.entries(raw.Parameters ?? {}).map(
        ([name, { Description }]) => !Description && `${name} is not described`,
      ),
    ],
    ['Description', ''],
  ],
];
