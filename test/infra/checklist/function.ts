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
  {
    number: 33,
    says: 'the runtime is a living one, and the processor is said',
    problems: deployed =>
      all(deployed, FUNCTION).flatMap(({ id, of }) => [
        of['Runtime'] !== 'nodejs24.x' && `${id} runs on ${of['Runtime']}`,
        !['arm64', 'x86_64'].includes(texts(of['Architectures']).join()) && `${id} says no processor`,
      ]),
    broken: [`${F}.Runtime`, 'nodejs20.x'],
  },
  {
    number: 34,
    says: 'time and memory are said, and the time is short',
    problems: deployed =>
      all(deployed, FUNCTION).flatMap(({ id, of }) => [
        !(Number(of['Timeout']) <= 300) && `${id} may take ${of['Timeout']} s`,
        !(Number(of['MemorySize']) >= 512) && `${id} has ${of['MemorySize']} MB`,
      ]),
    broken: [`${F}.Timeout`, 900],
  },
  {
    number: 35,
    says: 'people get at most eight messages a second over all mappings, and no reservation lies below their sum',
    problems: deployed => {
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
    broken: [`${R}.BackfillMapping.Properties.ScalingConfig.MaximumConcurrency`, 3],
  },
  {
    number: 36,
    says: 'of a message that is not done, that message alone comes again',
    problems: deployed =>
      all(deployed, MAPPING).flatMap(({ id, of }) => [
        !texts(of['FunctionResponseTypes']).includes('ReportBatchItemFailures') && `${id} ignores the answer`,
        of['BatchSize'] !== 1 && `${id} takes ${of['BatchSize']} at once`,
      ]),
    broken: [`${R}.NotificationMapping.Properties.FunctionResponseTypes`, undefined],
  },
  {
    number: 37,
    says: 'a loop is ended',
    problems: deployed => [
      one(deployed, 'AlertLambdaFunction')['RecursiveLoop'] !== 'Terminate' && 'it is not',
    ],
    broken: [`${F}.RecursiveLoop`, 'Allow'],
  },
  {
    number: 38,
    says: 'the environment holds names, ARNs and numbers, under the key of the stack',
    problems: deployed =>
      all(deployed, FUNCTION).flatMap(({ id, of }) => [
        !String(of['KmsKeyArn']).includes(':key/') && `${id} has no key`,
        ...Object.entries((at(of, 'Environment.Variables') ?? {}) as Properties).map(
          ([name, value]) =>
            /AKIA|ASIA|-----BEGIN|xox[bp]-|(password|secret|token)=|^[A-Za-z0-9+/]{40}$/i.test(
              String(value),
            ) && `${id}: ${name} looks like a secret`,
        ),
      ]),
    broken: [`${F}.Environment.Variables.LOG_LEVEL`, 'AKIAIOSFODNN7EXAMPLE'],
  },
  {
    number: 39,
    says: 'whoever may invoke the function is one sender of one account',
    problems: deployed =>
      all(deployed, 'AWS::Lambda::Permission').map(
        ({ id, of }) => !(of['SourceArn'] && of['SourceAccount']) && `${id} lets anybody's bucket invoke it`,
      ),
    broken: [
      `${R}.Planted`,
      { Type: 'AWS::Lambda::Permission', Properties: { SourceArn: 'arn:aws:s3:::x' } },
    ],
  },
  {
    number: 40,
    says: 'the function has no address and no layer of others',
    problems: deployed => [
      all(deployed, 'AWS::Lambda::Url').length > 0 && 'it has an address',
      ...all(deployed, FUNCTION).map(({ id, of }) => 'Layers' in of && `${id} has a layer`),
    ],
    broken: [`${F}.Layers`, ['arn:aws:lambda:eu-west-1:999999999999:layer:x:1']],
  },
  {
    number: 41,
    says: 'lines are JSON from INFO on, since metrics are lines too; tracing is off on purpose',
    problems: deployed =>
      all(deployed, FUNCTION).flatMap(({ id, of }) => [
        at(of, 'LoggingConfig.LogFormat') !== 'JSON' && `${id} writes text`,
        at(of, 'LoggingConfig.ApplicationLogLevel') !== 'INFO' && `${id} drops lines`,
        at(of, 'TracingConfig.Mode') !== 'PassThrough' && `${id} says nothing of tracing`,
      ]),
    broken: [`${F}.LoggingConfig.ApplicationLogLevel`, 'ERROR'],
  },
  {
    number: 42,
    says: 'both functions can be put into a VPC, to whose interfaces their code has no right',
    problems: deployed => [
      ...all(deployed, FUNCTION).map(
        ({ id, of }) => texts(at(of, 'VpcConfig.SubnetIds')).length !== 2 && `${id} cannot`,
      ),
      !everyStatement(deployed).some(
        ({ id, statement }) =>
          id === 'NetworkPolicy' && statement.Effect === 'Deny' && texts(statement.Action).includes('ec2:*'),
      ) && 'the code may do what Lambda does',
    ],
    broken: [`${R}.AuditLambdaFunction.Properties.VpcConfig`, undefined],
  },
  {
    number: 43,
    says: 'no code is in the template',
    problems: deployed =>
      all(deployed, FUNCTION).map(
        ({ id, of }) => at(of, 'Code.ZipFile') !== undefined && `${id} has its code in the template`,
      ),
    broken: [`${F}.Code.ZipFile`, 'exports.handler = () => {}'],
  },
  {
    number: 44,
    says: 'each role trusts one service',
    problems: deployed =>
      all(deployed, 'AWS::IAM::Role').flatMap(({ id, of }) =>
        statementsOf(of['AssumeRolePolicyDocument']).flatMap(({ Action, Principal }) => [
          texts(Action).join() !== 'sts:AssumeRole' && `${id}: ${texts(Action)}`,
          !/^(lambda|scheduler|sns|chatbot)\.amazonaws\.com$/.test(String(at(Principal, 'Service'))) &&
            `${id} trusts ${JSON.stringify(Principal)}`,
        ]),
      ),
    broken: [`${R}.AlertRole.Properties.AssumeRolePolicyDocument.Statement.0.Principal`, { AWS: '*' }],
  },
  {
    number: 45,
    says: 'roles have policies of their own, without a star for action or resource',
    problems: deployed =>
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
    broken: [`${R}.AlertRole.Properties.Policies.1.PolicyDocument.Statement.0.Resource`, '*'],
  },
  {
    number: 46,
    says: 'the function reads below the prefix, and may tell what is missing from what is forbidden',
    problems: deployed => {
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
            texts(Action).includes('s3:ListBucket') && Condition?.['StringLikeIfExists'] === undefined,
        ) && 'any prefix may be listed',
      ];
    },
    broken: [
      `${R}.AlertRole.Properties.Policies.0.PolicyDocument.Statement.2.Action`,
      's3:GetBucketLocation',
    ],
  },
  {
    number: 47,
    says: 'the function writes its folders of the archive and deletes nothing',
    problems: deployed => {
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
    broken: [
      `${R}.ArchivePolicy.Properties.PolicyDocument.Statement.0.Action`,
      ['s3:PutObject', 's3:DeleteObject'],
    ],
  },
  {
    number: 48,
    says: 'the function publishes to our topics alone, and uses the key through the services alone',
    problems: deployed =>
      roleStatements(deployed, 'AlertRole').flatMap(({ Sid, Action, Resource, Condition }) => [
        texts(Action).includes('sns:Publish') &&
          texts(Resource).some(arn => !/:registry-alert-(Alert|Operations|Records)Topic$/.test(arn)) &&
          `${Sid}: another topic`,
        texts(Action).some(action => action.startsWith('kms:')) &&
          texts(Condition?.['StringEquals']?.['kms:ViaService']).length === 0 &&
          `${Sid}: the key itself`,
      ]),
    broken: [`${R}.AlertRole.Properties.Policies.3.PolicyDocument.Statement.0.Condition`, undefined],
  },
  {
    number: 49,
    says: 'the function takes from our queues alone, and sends to the dead letters and the first of them alone',
    problems: deployed => {
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
    broken: [`${R}.AlertRole.Properties.Policies.2.PolicyDocument.Statement.0.Resource`, 'arn:aws:sqs:*:*:*'],
  },
  {
    number: 50,
    says: 'every role can be given a boundary',
    problems: deployed =>
      all(deployed, 'AWS::IAM::Role').map(
        ({ id, of }) => !String(of['PermissionsBoundary']).includes(':policy/') && `${id} cannot`,
      ),
    broken: [`${R}.CanaryRole.Properties.PermissionsBoundary`, undefined],
  },
];
