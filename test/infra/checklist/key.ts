import { all, at, one, type Point, statementsOf, texts } from './reading.ts';

const R = 'Resources';

/** Points 30 to 32. */
export const KEY: readonly Point[] = [
  [
    30,
    'the key rotates, and nobody may use it without a condition but the account',
    deployed => [
      one(deployed, 'Key')['EnableKeyRotation'] !== true && 'it does not rotate',
      ...statementsOf(one(deployed, 'Key')['KeyPolicy']).map(
        ({ Sid, Principal, Condition }) =>
          Condition === undefined &&
          at(Principal, 'AWS') !== 'arn:aws:iam::111122223333:root' &&
          `${Sid} has no condition`,
      ),
    ],
    [`${R}.Key.Properties.KeyPolicy.Statement.1.Condition`, undefined],
  ],
  [
    31,
    'the key is granted to the services that need it, each for its account',
    deployed => {
      const statements = statementsOf(one(deployed, 'Key')['KeyPolicy']);
      const granted = (service: string) =>
        statements.some(
          ({ Principal, Condition = {} }) =>
            texts(at(Principal, 'Service')).includes(service) &&
            (service.startsWith('logs.')
              ? String(Condition['ArnLike']?.['kms:EncryptionContext:aws:logs:arn']).includes(':log-group:')
              : /^\d{12}$/.test(String(Condition['StringEquals']?.['aws:SourceAccount']))),
        );
      return ['s3', 'sns', 'events', 'cloudwatch', 'logs.eu-west-1'].map(
        service => !granted(`${service}.amazonaws.com`) && `${service} is not granted the key`,
      );
    },
    [`${R}.Key.Properties.KeyPolicy.Statement.2.Principal.Service`, ['sns.amazonaws.com']],
  ],
  [
    32,
    'a key that is deleted can be called back for thirty days, and outlives the stack as the archive does',
    deployed =>
      all(deployed, 'AWS::KMS::Key').flatMap(({ id, of }) => [
        of['PendingWindowInDays'] !== 30 && `${id} goes sooner`,
        deployed.template.Resources[id]?.DeletionPolicy !== 'RetainExceptOnCreate' &&
          `${id} goes with the stack`,
        deployed.template.Resources[id]?.UpdateReplacePolicy !== 'Retain' && `${id} goes when it is replaced`,
      ]),
    [`${R}.Key.Properties.PendingWindowInDays`, 7],
  ],
];
