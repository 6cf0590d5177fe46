import { all, at, everyStatement, type Point, policyOf, refusesWithoutTls, texts } from './reading.ts';

const BUCKET = 'AWS::S3::Bucket';
const R = 'Resources';

/** Points 1 to 12. The source bucket is never made here: it exists. */
export const BUCKETS: readonly Point[] = [
  [
    1,
    'buckets are closed to the public',
    deployed =>
      all(deployed, BUCKET).flatMap(({ id, of }) =>
        ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].map(
          name => at(of, `PublicAccessBlockConfiguration.${name}`) !== true && `${id} lacks ${name}`,
        ),
      ),
    [`${R}.ArchiveBucket.Properties.PublicAccessBlockConfiguration.BlockPublicPolicy`, false],
  ],
  [
    2,
    'the owner of a bucket owns what is in it, and no access list counts',
    deployed =>
      all(deployed, BUCKET).flatMap(({ id, of }) => [
        at(of, 'OwnershipControls.Rules.0.ObjectOwnership') !== 'BucketOwnerEnforced' && `${id} has no owner`,
        'AccessControl' in of && `${id} has an access list`,
      ]),
    [`${R}.CanaryBucket.Properties.OwnershipControls`, undefined],
  ],
  [
    3,
    'buckets rest under the key of the stack', // The deployment bucket is made before the key, and access logs cannot be written under a customer's key.
    deployed =>
      all(deployed, BUCKET).flatMap(({ id, of }) => {
        const rule = at(of, 'BucketEncryption.ServerSideEncryptionConfiguration.0');
        const algorithm = at(rule, 'ServerSideEncryptionByDefault.SSEAlgorithm');
        if (id === 'ServerlessDeploymentBucket' || id === 'AccessLogBucket')
          return [algorithm !== 'AES256' && `${id} is not encrypted`];
        return [
          algorithm !== 'aws:kms' && `${id} is not under a key`,
          !String(at(rule, 'ServerSideEncryptionByDefault.KMSMasterKeyID')).includes(':key/') && `${id}: key`,
          at(rule, 'BucketKeyEnabled') !== true && `${id} asks KMS for every object`,
        ];
      }),
    [
      `${R}.ArchiveBucket.Properties.BucketEncryption.ServerSideEncryptionConfiguration.0.BucketKeyEnabled`,
      false,
    ],
  ],
  [
    4,
    'buckets keep versions',
    deployed =>
      all(deployed, BUCKET).map(
        ({ id, of }) => at(of, 'VersioningConfiguration.Status') !== 'Enabled' && `${id} has no versions`,
      ),
    [`${R}.ArchiveBucket.Properties.VersioningConfiguration`, undefined],
  ],
  [
    5,
    'what is old goes: receipts with the archive, other versions, uploads that were never ended',
    deployed => [
      ...all(deployed, BUCKET).flatMap(({ id, of }) => {
        const rules = [at(of, 'LifecycleConfiguration.Rules') ?? []].flat();
        const days = (path: string) => rules.map(rule => Number(at(rule, path))).filter(Number.isFinite);
        return [
          days('NoncurrentVersionExpiration.NoncurrentDays').length === 0 && `${id} keeps every version`,
          !days('AbortIncompleteMultipartUpload.DaysAfterInitiation').some(n => n <= 7) && `${id}: uploads`,
        ];
      }),
      // One rule, without a prefix: a receipt never goes before the alert.
      at(deployed.template.Resources['ArchiveBucket'], 'Properties.LifecycleConfiguration.Rules.1') !==
        undefined && 'the archive has more than one rule',
      at(deployed.template.Resources['ArchiveBucket'], 'Properties.LifecycleConfiguration.Rules.0.Prefix') !==
        undefined && 'the archive keeps some longer than others',
    ],
    [`${R}.ArchiveBucket.Properties.LifecycleConfiguration.Rules.0.Prefix`, 'receipts/'],
  ],
  [
    6,
    'reading and writing of archive and canaries is logged to a bucket of its own',
    deployed =>
      ['ArchiveBucket', 'CanaryBucket'].map(
        id =>
          at(deployed.raw.Resources[id], 'Properties.LoggingConfiguration.DestinationBucketName.Ref') !==
            'AccessLogBucket' && `${id} has no access log`,
      ),
    [`${R}.ArchiveBucket.Properties.LoggingConfiguration`, undefined],
  ],
  [
    7,
    'buckets refuse requests without TLS, the archive also those below 1.2',
    deployed => [
      ...all(deployed, BUCKET).map(
        ({ id }) => !refusesWithoutTls(policyOf(deployed, id)) && `${id} takes requests without TLS`,
      ),
      !policyOf(deployed, 'ArchiveBucket').some(
        ({ Effect, Condition }) =>
          Effect === 'Deny' && Number(Condition?.['NumericLessThan']?.['s3:TlsVersion']) === 1.2,
      ) && 'the archive takes old TLS',
    ],
    [`${R}.ArchiveBucketPolicy.Properties.PolicyDocument.Statement.1.Condition`, undefined],
  ],
  [
    8,
    'alerts and receipts are written once, and the function deletes nothing',
    deployed => {
      const refusals = policyOf(deployed, 'ArchiveBucket').filter(({ Effect }) => Effect === 'Deny');
      const once = refusals.find(({ Condition }) => Condition?.['Null']?.['s3:if-none-match'] === 'true');
      return [
        !['alerts/*', 'receipts/*'].every(folder =>
          texts(once?.Resource).some(resource => resource.endsWith(folder)),
        ) && 'a write may go over what exists',
        once?.Condition?.['Bool']?.['s3:ObjectCreationOperation'] !== 'true' && 'multipart uploads fail',
        !refusals.some(
          ({ Principal, Action }) =>
            JSON.stringify(Principal).includes('role/') && texts(Action).includes('s3:DeleteObjectVersion'),
        ) && 'the function may delete',
      ];
    },
    [`${R}.ArchiveBucketPolicy.Properties.PolicyDocument.Statement.2.Condition.Null`, undefined],
  ],
  [
    9,
    'the archive can be locked, and is kept when the stack goes',
    ({ template, raw }) => [
      at(
        template.Resources['ArchiveBucket'],
        'Properties.ObjectLockConfiguration.Rule.DefaultRetention.Mode',
      ) !== 'GOVERNANCE' && 'there is no lock',
      at(raw, 'Parameters.ObjectLockDays') === undefined && 'the lock is no parameter',
      ...['ArchiveBucket', 'ArchiveBucketPolicy', 'AccessLogBucketPolicy', 'CanaryBucketPolicy'].map(
        id => at(template.Resources[id], 'DeletionPolicy') !== 'RetainExceptOnCreate' && `${id} is not kept`,
      ),
      at(template.Resources['ArchiveBucket'], 'UpdateReplacePolicy') !== 'Retain' && 'it can be replaced',
    ],
    [`${R}.ArchiveBucketPolicy.DeletionPolicy`, undefined],
  ],
  [
    10,
    'nothing is allowed to everybody, and no statement allows what it does not name',
    deployed =>
      everyStatement(deployed)
        .filter(({ statement }) => statement.Effect === 'Allow')
        .flatMap(({ id, statement: { Principal, Action, ...rest } }) => [
          (Principal === '*' || texts(at(Principal, 'AWS')).includes('*')) && `${id} allows everybody`,
          ('NotPrincipal' in rest || 'NotAction' in rest || 'NotResource' in rest) &&
            `${id} allows by exception`,
          texts(Action).includes('*') && `${id} allows everything`,
        ]),
    [`${R}.AlertTopicPolicy.Properties.PolicyDocument.Statement.0.Principal`, '*'],
  ],
  [
    11,
    'what is written to the archive starts nothing',
    ({ template }) => [
      at(template.Resources['ArchiveBucket'], 'Properties.NotificationConfiguration') !== undefined &&
        'the archive sends notifications',
    ],
    [
      `${R}.ArchiveBucket.Properties.NotificationConfiguration`,
      { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    ],
  ],
  [
    12,
    'the source notifies of new objects below the prefix, which is a parameter',
    ({ template, raw }) => {
      const pattern = at(template.Resources['NewObjectRule'], 'Properties.EventPattern');
      return [
        at(pattern, 'detail-type.0') !== 'Object Created' && 'the rule is not of new objects',
        at(pattern, 'detail.object.key.0.prefix') !== 'registry/' && 'the rule is of any key',
        at(raw, 'Parameters.SourcePrefix') === undefined && 'the prefix is no parameter',
      ];
    },
    [`${R}.NewObjectRule.Properties.EventPattern.detail.object`, undefined],
  ],
];
