import { all, at, one, type Point, policyOf, refusesWithoutTls, texts } from './reading.ts';

const QUEUE = 'AWS::SQS::Queue';
const TOPIC = 'AWS::SNS::Topic';
const R = 'Resources';
const SOURCES = ['NotificationQueue', 'BackfillQueue'];

const isOwnKey = (value: unknown): boolean => /^arn:aws:kms:.*:key\//.test(String(value));

/** Points 13 to 32: queues, topics, the key. */
export const MESSAGES: readonly Point[] = [
  [
    13,
    'a message is tried several times and then kept as a dead letter',
    deployed =>
      SOURCES.flatMap(id => {
        const count = Number(at(one(deployed, id), 'RedrivePolicy.maxReceiveCount'));
        return [!(count >= 3 && count <= 10) && `${id} is tried ${count} times`];
      }),
    [`${R}.BackfillQueue.Properties.RedrivePolicy`, undefined],
  ],
  [
    14,
    'dead letters are kept for fourteen days, no shorter than the queue',
    deployed =>
      all(deployed, QUEUE).map(
        ({ id, of }) => of['MessageRetentionPeriod'] !== 1_209_600 && `${id} keeps them for too short a time`,
      ),
    [`${R}.DeadLetterQueue.Properties.MessageRetentionPeriod`, 345_600],
  ],
  [
    15,
    'a message is hidden for six times as long as the function may take',
    deployed =>
      SOURCES.map(
        id =>
          Number(one(deployed, id)['VisibilityTimeout']) <
            6 * Number(one(deployed, 'AlertLambdaFunction')['Timeout']) && `${id} shows a message too soon`,
      ),
    [`${R}.AlertLambdaFunction.Properties.Timeout`, 301],
  ],
  [
    16,
    'queues are under the key of the stack, which S3 and EventBridge can be allowed to use',
    deployed =>
      all(deployed, QUEUE).map(({ id, of }) => !isOwnKey(of['KmsMasterKeyId']) && `${id} has another key`),
    [`${R}.NotificationQueue.Properties.KmsMasterKeyId`, 'alias/aws/sqs'],
  ],
  [
    17,
    'the queue takes from the bucket and from our rules alone, each from its account',
    deployed => {
      const allowed = policyOf(deployed, 'NotificationQueue').filter(({ Effect }) => Effect === 'Allow');
      return [
        allowed.length < 2 && 'nobody may send',
        ...allowed.flatMap(({ Sid, Action, Condition = {} }) => [
          texts(Action).join() !== 'sqs:SendMessage' && `${Sid} allows more than sending`,
          !/^\d{12}$/.test(String(Condition['StringEquals']?.['aws:SourceAccount'])) &&
            `${Sid} asks no account`,
          !texts({ ...Condition['ArnLike'], ...Condition['ArnEquals'] }['aws:SourceArn']).every(arn =>
            /^arn:aws:(s3:::[a-z0-9.-]+|events:.*:rule\/[\w-]+|sns:.*:[\w-]+)$/.test(arn),
          ) && `${Sid} asks for no exact sender`,
        ]),
      ];
    },
    [`${R}.NotificationQueuePolicy.Properties.PolicyDocument.Statement.0.Condition.StringEquals`, undefined],
  ],
  [
    18,
    'queues refuse requests without TLS',
    deployed =>
      all(deployed, QUEUE).map(({ id }) => !refusesWithoutTls(policyOf(deployed, id)) && `${id} takes them`),
    [`${R}.UndeliveredQueuePolicy`, undefined],
  ],
  [
    19,
    'a dead-letter queue takes the dead letters of its own queue alone',
    deployed => {
      const named = (id: string) => texts(at(one(deployed, id), 'RedriveAllowPolicy.sourceQueueArns'));
      return [
        ...[
          ['DeadLetterQueue', 'registry-alert-notifications'],
          ['BackfillDeadLetterQueue', 'registry-alert-backfill'],
        ].map(
          ([id, queue]) =>
            named(id!).join() !== `arn:aws:sqs:eu-west-1:111122223333:${queue}` && `${id} takes others`,
        ),
        at(one(deployed, 'UndeliveredQueue'), 'RedriveAllowPolicy.redrivePermission') !== 'denyAll' &&
          'UndeliveredQueue takes dead letters',
        one(deployed, 'NotificationQueue')['QueueName'] !== 'registry-alert-notifications' && 'another name',
        one(deployed, 'BackfillQueue')['QueueName'] !== 'registry-alert-backfill' && 'another name',
      ];
    },
    [`${R}.DeadLetterQueue.Properties.RedriveAllowPolicy`, { redrivePermission: 'allowAll' }],
  ],
  [
    20,
    'a function that S3 invokes itself has somewhere for what fails',
    deployed => [
      all(deployed, 'AWS::Lambda::Permission').length > 0 &&
        all(deployed, 'AWS::Lambda::EventInvokeConfig').length === 0 &&
        'something invokes the function and its failures go nowhere',
    ],
    [`${R}.Planted`, { Type: 'AWS::Lambda::Permission', Properties: { Principal: 's3.amazonaws.com' } }],
  ],
  [
    21,
    'topics are under the key of the stack',
    deployed =>
      all(deployed, TOPIC).map(({ id, of }) => !isOwnKey(of['KmsMasterKeyId']) && `${id} has another key`),
    [`${R}.OperationsTopic.Properties.KmsMasterKeyId`, 'alias/aws/sns'],
  ],
  [
    22,
    'the function alone publishes, and our alarms to the operations topic and to that of the chat',
    deployed =>
      all(deployed, TOPIC).flatMap(({ id }) => {
        const allowed = policyOf(deployed, id).filter(({ Effect }) => Effect === 'Allow');
        return [
          allowed.length === 0 && `nobody publishes to ${id}`,
          ...allowed.flatMap(({ Sid, Action, Principal, Condition = {} }) => {
            const role = String(at(Principal, 'AWS'));
            const isAlarm =
              /^(Operations|AlarmChat)Topic$/.test(id) &&
              at(Principal, 'Service') === 'cloudwatch.amazonaws.com';
            return [
              texts(Action).join() !== 'sns:Publish' && `${id}: ${Sid} allows more`,
              !isAlarm && !role.endsWith('-AlertRole') && `${id}: ${Sid} lets others publish`,
              isAlarm &&
                !(
                  Condition['StringEquals']?.['aws:SourceAccount'] === '111122223333' &&
                  String(Condition['ArnLike']?.['aws:SourceArn']).includes(':alarm:registry-alert-')
                ) &&
                `${id}: any alarm publishes`,
            ];
          }),
        ];
      }),
    [`${R}.OperationsTopicPolicy.Properties.PolicyDocument.Statement.1.Condition.ArnLike`, undefined],
  ],
  [
    23,
    'topics refuse requests without TLS',
    deployed =>
      all(deployed, TOPIC).map(({ id }) => !refusesWithoutTls(policyOf(deployed, id)) && `${id} takes them`),
    [`${R}.RecordsTopicPolicy.Properties.PolicyDocument.Statement.1.Effect`, 'Allow'],
  ],
  [
    24,
    'no topic takes messages larger than mail and chat can get',
    deployed =>
      all(deployed, TOPIC).map(
        ({ id, of }) => Number(of['MaximumMessageSize'] ?? 0) > 262_144 && `${id} takes larger ones`,
      ),
    [`${R}.AlertTopic.Properties.MaximumMessageSize`, 1_048_576],
  ],
  [
    25,
    'what cannot be delivered to a subscriber is kept in a queue that accepts it from that topic',
    deployed =>
      all(deployed, 'AWS::SNS::Subscription').flatMap(({ id, of }) => {
        const target = at(deployed.raw.Resources[id], 'Properties.RedrivePolicy.deadLetterTargetArn');
        const queue = String(texts(at(target, 'Fn::GetAtt'))[0]);
        const taken = policyOf(deployed, queue).flatMap(({ Effect, Principal, Condition }) =>
          Effect === 'Allow' && at(Principal, 'Service') === 'sns.amazonaws.com'
            ? texts(Condition?.['ArnEquals']?.['aws:SourceArn'])
            : [],
        );
        return [!taken.includes(String(of['TopicArn'])) && `${id}: what is not delivered is lost`];
      }),
    [`${R}.OperationsEmailSubscription.Properties.RedrivePolicy`, undefined],
  ],
  [
    26,
    'addresses are parameters with a pattern',
    ({ raw }) => [
      ...Object.entries(raw.Resources).map(
        ([id, { Type, Properties }]) =>
          Type === 'AWS::SNS::Subscription' &&
          at(Properties, 'Protocol') === 'email' &&
          typeof at(Properties, 'Endpoint') === 'string' &&
          `${id} has its address in the template`,
      ),
      ...['AlertEmails', 'OperationsEmail'].map(
        name => !raw.Parameters?.[name]?.AllowedPattern?.includes('@') && `${name} takes anything`,
      ),
    ],
    [`${R}.OperationsEmailSubscription.Properties.Endpoint`, 'platform@example.com'],
  ],
  [
    27,
    'operational messages use another topic than alerts',
    deployed =>
      all(deployed, 'AWS::CloudWatch::Alarm').map(
        ({ id, of }) => texts(of['AlarmActions']).some(arn => arn.endsWith('AlertTopic')) && `${id} alerts`,
      ),
    [`${R}.HeartbeatAlarm.Properties.AlarmActions`, [{ Ref: 'AlertTopic' }]],
  ],
  [
    28,
    'messages are signed with SHA-256, and deliveries are logged',
    deployed =>
      all(deployed, TOPIC).flatMap(({ id, of }) => [
        of['SignatureVersion'] !== '2' && `${id} signs with SHA-1`,
        at(of, 'DeliveryStatusLogging.0.FailureFeedbackRoleArn') === undefined && `${id} logs no delivery`,
      ]),
    [`${R}.AlertTopic.Properties.SignatureVersion`, '1'],
  ],
  [
    29,
    'topics are standard ones: a FIFO topic has neither mail nor chat',
    deployed =>
      all(deployed, TOPIC).map(
        ({ id, of }) =>
          (String(of['TopicName'] ?? '').endsWith('.fifo') || of['FifoTopic'] === true) && `${id} is FIFO`,
      ),
    [`${R}.AlertTopic.Properties.TopicName`, 'alerts.fifo'],
  ],
];
