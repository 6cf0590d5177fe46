import {
  all,
  at,
  everyStatement,
  one,
  type Point,
  type Properties,
  roleStatements,
  statementsOf,
  texts,
} from './reading.ts';

const R = 'Resources';
const F = `${R}.AlertLambdaFunction.Properties`;
const FUNCTION = 'AWS::Lambda::Function';
const MAPPING = 'AWS::Lambda::EventSourceMapping';

/** Points 33 to 50: the function and its role. */
export const FUNCTION_AND_ROLE: readonly Point[] = [
  [
    33,
    'the runtime is supported, and the architecture is set',
    deployed =>
      all(deployed, FUNCTION).flatMap(({ id, of }) => [
        of['Runtime'] !== 'nodejs24.x' && `${id} runs on ${of['Runtime']}`,
        !['arm64', 'x86_64'].includes(texts(of['Architectures']).join()) && `${id} says no processor`,
      ]),
    [`${F}.Runtime`, 'nodejs20.x'],
  ],
  [
    34,
    'time and memory are said, and the time is short',
    deployed =>
      all(deployed, FUNCTION).flatMap(({ id, of }) => [
        !(Number(of['Timeout']) <= 300) && `${id} may take ${of['Timeout']} s`,
        !(Number(of['MemorySize']) >= 512) && `${id} has ${of['MemorySize']} MB`,
      ]),
    [`${F}.Timeout`, 900],
  ],
  [
    35,
    'people get at most eight messages a second over all mappings, and no reservation is below their sum',
    deployed => {
      const rate = Number(at(one(deployed, 'AlertLambdaFunction'), 'Environment.Variables.PUBLISH_RATE'));
      const mappings = all(deployed, MAPPING);
      const together = mappings.reduce(
        (sum, { of }) => sum + Number(at(of, 'ScalingConfig.MaximumConcurrency') ?? Number.POSITIVE_INFINITY),
        0,
      );
      const reserved = deployed.raw.Parameters?.['ReservedConcurrency'];
      const allows = (value: number) => new RegExp(`^(?:${reserved?.AllowedPattern})$`).test(String(value));
      return [
        mappings.length === 0 && 'nothing is read',
        !(together * rate <= 8) && `people get ${together * rate} messages a second`,
        String(reserved?.Default) !== '0' && 'new accounts refuse the reservation',
        [...Array(together).keys()].slice(1).some(allows) && 'fewer may be reserved than the mappings use',
        !allows(together) && 'the sum of the mappings cannot be reserved',
      ];
    },
    [`${R}.BackfillMapping.Properties.ScalingConfig.MaximumConcurrency`, 3],
  ],
  [
    36,
    'of a message that is not done, that message alone comes again',
    deployed =>
      all(deployed, MAPPING).flatMap(({ id, of }) => [
        !texts(of['FunctionResponseTypes']).includes('ReportBatchItemFailures') && `${id} ignores the answer`,
        of['BatchSize'] !== 1 && `${id} takes ${of['BatchSize']} at once`,
      ]),
    [`${R}.NotificationMapping.Properties.FunctionResponseTypes`, undefined],
  ],
  [
    37,
    'a loop is ended',
    deployed => [one(deployed, 'AlertLambdaFunction')['RecursiveLoop'] !== 'Terminate' && 'it is not'],
    [`${F}.RecursiveLoop`, 'Allow'],
  ],
  [
    38,
    'the environment holds names, ARNs and numbers, under the key of the stack',
    deployed =>
      all(deployed, FUNCTION).flatMap(({ id, of }) => [
        !String(of['KmsKeyArn']).includes(':key/') && `${id} has no key`,
        ...Object.entries((at(of, 'Environment.Variables') ?? {}) as Properties).map(
          ([name, value]) =>
            /AKIA|ASIA|-----BEGIN|xox[bp]-|(password|secret|token)=|^[A-Za-z0-9+/]{40}$/i.test(
              String(value),
            ) && `${id}: ${name} looks like a secret`,
        ),
      ]),
    [`${F}.Environment.Variables.LOG_LEVEL`, 'AKIAIOSFODNN7EXAMPLE'],
  ],
  [
    39,
    'whoever may invoke the function is one sender of one account',
    deployed =>
      all(deployed, 'AWS::Lambda::Permission').map(
        ({ id, of }) => !(of['SourceArn'] && of['SourceAccount']) && `${id} lets anybody's bucket invoke it`,
      ),
    [`${R}.Planted`, { Type: 'AWS::Lambda::Permission', Properties: { SourceArn: 'arn:aws:s3:::x' } }],
  ],
  [
    40,
    'the function has no address and no layer of others',
    deployed => [
      all(deployed, 'AWS::Lambda::Url').length > 0 && 'it has an address',
      ...all(deployed, FUNCTION).map(({ id, of }) => 'Layers' in of && `${id} has a layer`),
    ],
    [`${F}.Layers`, ['arn:aws:lambda:eu-west-1:999999999999:layer:x:1']],
  ],
  [
    41,
    'lines are JSON from INFO on, since metrics are lines too; tracing is off on purpose',
    deployed =>
      all(deployed, FUNCTION).flatMap(({ id, of }) => [
        at(of, 'LoggingConfig.LogFormat') !== 'JSON' && `${id} writes text`,
        at(of, 'LoggingConfig.ApplicationLogLevel') !== 'INFO' && `${id} drops lines`,
        at(of, 'TracingConfig.Mode') !== 'PassThrough' && `${id} says nothing of tracing`,
      ]),
    [`${F}.LoggingConfig.ApplicationLogLevel`, 'ERROR'],
  ],
  [
    42,
    'both functions can be put into a VPC, to whose interfaces their code has no right',
    deployed => [
      ...all(deployed, FUNCTION).map(
        ({ id, of }) => texts(at(of, 'VpcConfig.SubnetIds')).length !== 2 && `${id} cannot`,
      ),
      !everyStatement(deployed).some(
        ({ id, statement }) =>
          id === 'NetworkPolicy' && statement.Effect === 'Deny' && texts(statement.Action).includes('ec2:*'),
      ) && 'the code may do what Lambda does',
    ],
    [`${R}.AuditLambdaFunction.Properties.VpcConfig`, undefined],
  ],
  [
    43,
    'no code is in the template',
    deployed =>
      all(deployed, FUNCTION).map(
        ({ id, of }) => at(of, 'Code.ZipFile') !== undefined && `${id} has its code in the template`,
      ),
    [`${F}.Code.ZipFile`, 'exports.handler = () => {}'],
  ],
  [
    44,
    'each role trusts one service',
    deployed =>
      all(deployed, 'AWS::IAM::Role').flatMap(({ id, of }) =>
        statementsOf(of['AssumeRolePolicyDocument']).flatMap(({ Action, Principal }) => [
          texts(Action).join() !== 'sts:AssumeRole' && `${id}: ${texts(Action)}`,
          !/^(lambda|scheduler|sns|chatbot)\.amazonaws\.com$/.test(String(at(Principal, 'Service'))) &&
            `${id} trusts ${JSON.stringify(Principal)}`,
        ]),
      ),
    [`${R}.AlertRole.Properties.AssumeRolePolicyDocument.Statement.0.Principal`, { AWS: '*' }],
  ],
  [
    45,
    'roles have policies of their own, without a star for action or resource',
    deployed =>
      all(deployed, 'AWS::IAM::Role').flatMap(({ id, of }) => [
        'ManagedPolicyArns' in of && `${id} has a policy of AWS`,
        ...roleStatements(deployed, id).flatMap(({ Action, Resource }) => [
          texts(Action).some(action => action.includes('*')) && `${id} may ${texts(Action)}`,
          // EC2 knows no resource for what describes.
          texts(Resource).includes('*') &&
            !texts(Action).every(action => action.startsWith('ec2:Describe')) &&
            `${id} may ${texts(Action)} anywhere`,
        ]),
      ]),
    [`${R}.AlertRole.Properties.Policies.1.PolicyDocument.Statement.0.Resource`, '*'],
  ],
  [
    46,
    'the function reads below the prefix, and can distinguish missing from forbidden',
    deployed => {
      const of = roleStatements(deployed, 'AlertRole');
      const may = (action: string) =>
        of.filter(({ Action }) => texts(Action).includes(action)).flatMap(({ Resource }) => texts(Resource));
      return [
        ...['s3:GetObject', 's3:GetObjectVersion'].flatMap(action => [
          !may(action).includes('arn:aws:s3:::acme-endpoint-logs/registry/*') && `it may not ${action}`,
          may(action).includes('arn:aws:s3:::acme-endpoint-logs/*') && `it may ${action} beyond the prefix`,
        ]),
        ...['acme-endpoint-logs', 'registry-alert-archivebucket'].map(
          bucket =>
            !may('s3:ListBucket').includes(`arn:aws:s3:::${bucket}`) && `${bucket}: 403 and 404 look alike`,
        ),
        of.some(
          ({ Action, Condition }) =>
            texts(Action).includes('s3:ListBucket') &&
            Object.keys(Condition ?? {}).join() !== 'StringLikeIfExists',
        ) && 'any prefix may be listed',
      ];
    },
    [`${R}.AlertRole.Properties.Policies.0.PolicyDocument.Statement.2.Action`, 's3:GetBucketLocation'],
  ],
  [
    47,
    'the function writes its folders of the archive and deletes nothing',
    deployed => {
      const of = roleStatements(deployed, 'AlertRole');
      const writes = of.filter(({ Action }) => texts(Action).some(action => /^s3:(Put|Abort)/.test(action)));
      return [
        of.some(({ Action }) => texts(Action).some(action => /Delete/.test(action) && /^s3:/.test(action))) &&
          'it may delete',
        writes.length === 0 && 'it may not write',
        ...writes
          .flatMap(({ Resource }) => texts(Resource))
          .map(arn => !/archivebucket\/[a-z]+\/\*$/.test(arn) && `it may write ${arn}`),
      ];
    },
    [`${R}.ArchivePolicy.Properties.PolicyDocument.Statement.0.Action`, ['s3:PutObject', 's3:DeleteObject']],
  ],
  [
    48,
    'the function publishes to our topics alone, and uses the key through the services alone',
    deployed =>
      roleStatements(deployed, 'AlertRole').flatMap(({ Sid, Action, Resource, Condition }) => [
        texts(Action).includes('sns:Publish') &&
          texts(Resource).some(arn => !/:registry-alert-(Alert|Operations|Records)Topic$/.test(arn)) &&
          `${Sid}: another topic`,
        texts(Action).some(action => action.startsWith('kms:')) &&
          texts(Condition?.['StringEquals']?.['kms:ViaService']).length === 0 &&
          `${Sid}: the key itself`,
      ]),
    [`${R}.AlertRole.Properties.Policies.3.PolicyDocument.Statement.0.Condition`, undefined],
  ],
  [
    49,
    'the function takes from our queues alone, and sends to the dead letters and the first of them alone',
    deployed => {
      const of = roleStatements(deployed, 'AlertRole').filter(({ Action }) =>
        texts(Action).some(action => action.startsWith('sqs:')),
      );
      const sends = of.filter(({ Action }) => texts(Action).join() === 'sqs:SendMessage');
      const takes = of.filter(one => !sends.includes(one));
      const queues = (all: typeof of) => all.flatMap(({ Resource }) => texts(Resource));
      return [
        takes.length === 0 && 'it may not take',
        ...queues(takes).map(
          arn => !/-(NotificationQueue|BackfillQueue)$/.test(arn) && `it may take from ${arn}`,
        ),
        ...queues(sends).map(
          arn => !/-(DeadLetterQueue|NotificationQueue)$/.test(arn) && `it may send to ${arn}`,
        ),
        ...takes.flatMap(({ Action }) =>
          texts(Action).map(action => /Send|Purge|Policy/.test(action) && `it may ${action}`),
        ),
      ];
    },
    [`${R}.AlertRole.Properties.Policies.2.PolicyDocument.Statement.0.Resource`, 'arn:aws:sqs:*:*:*'],
  ],
  [
    50,
    'every role can be given a boundary',
    deployed =>
      all(deployed, 'AWS::IAM::Role').map(
        ({ id, of }) => !String(of['PermissionsBoundary']).includes(':policy/') && `${id} cannot`,
      ),
    [`${R}.CanaryRole.Properties.PermissionsBoundary`, undefined],
  ],
];
