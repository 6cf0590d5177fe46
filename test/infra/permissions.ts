import { resolveTemplate, type Template } from '../../infra/deployment/template.ts';
import { roleStatements, texts } from './checklist/reading.ts';
import { EVERYTHING } from './synthesize.ts';

/** An action on a kind of place: `s3:PutObject` on `archive/alerts`. */
export type Access = { readonly action: string; readonly on: string };

/** Names of the template, and those that tests give. */
const PLACES: readonly (readonly [pattern: RegExp, place: string])[] = [
  [/^arn:aws:s3:::[a-z-]*archive(?:bucket)?\/([a-z]+)\/\*$/, 'archive/$1'],
  [/^arn:aws:s3:::[a-z-]*archive(?:bucket)?$/, 'archive'],
  [/^arn:aws:s3:::(registry-alert-canarybucket|canary|canaries)(\/.*)?$/, 'canary'],
  [/^arn:aws:s3:::((acme-|plain-)?endpoint-logs|logs|plain)(\/.*)?$/, 'source'],
  [/^arn:aws:s3:::rule-sets(\/soc\/\*)?$/, 'published rules'],
  [/^arn:aws:sns:.*:(?:registry-alert-)?(Alert|Operations|Records)Topic$/, '$1'],
  [/^arn:aws:sns:.*:alerts$/, 'Alert'],
  [/^arn:aws:sns:.*:operations$/, 'Operations'],
  [/^arn:aws:sns:.*:records$/, 'Records'],
  [
    /^arn:aws:sqs:.*:(?:registry-alert-)?(?:(?:Notification|Backfill)Queue|notifications|backfill)$/,
    'queues',
  ],
  [/^arn:aws:sqs:.*:(?:registry-alert-)?(?:DeadLetterQueue|dead-letters)$/, 'dead letters'],
  [/^arn:aws:kms:.*:key\/registry-alert-Key$/, 'key'],
  [/^arn:aws:kms:.*:key\/0a1b2c3d$/, 'source key'],
  [/^arn:aws:logs:.*:registry-alert-(Function|Audit)Logs(:\*)?$/, 'logs'],
];

export function placeOf(arn: string): string {
  const row = PLACES.find(([pattern]) => pattern.test(arn));
  return row ? arn.replace(row[0], row[1]) : arn;
}

/** What a role of the template may do, outside a VPC: its interfaces are Lambda's business, and point 42's. */
export function permissionsOf(template: Template, role = 'AlertRole'): Access[] {
  const deployed = { template: resolveTemplate(template, { ...EVERYTHING, SubnetIds: '' }), raw: template };
  return roleStatements(deployed, role).flatMap(({ Action, Resource }) =>
    texts(Action).flatMap(action => texts(Resource).map(arn => ({ action, on: placeOf(arn) }))),
  );
}

export const shown = (all: readonly Access[]): string[] => all.map(({ action, on }) => `${action} on ${on}`);
