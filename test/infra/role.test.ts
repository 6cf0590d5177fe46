import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveTemplate, type Template } from '../../infra/template.ts';
import { deploy } from '../deployment.ts';
import { roleStatements, texts } from './checklist/reading.ts';
import { EVERYTHING, synthesize } from './synthesize.ts';

type Call = { readonly action: string; readonly on: string };

const { calls } = JSON.parse(readFileSync('test/infra/calls.json', 'utf8')) as { readonly calls: Call[] };

/** What the role may do and no call of ours asks for. */
const WITHOUT_A_CALL: readonly (Call & { readonly because: string })[] = [
  { action: 's3:GetObject', on: 'canary', because: 'a canary is read as any object is' },
  { action: 's3:GetObjectVersion', on: 'canary', because: 'a canary is read as any object is' },
  { action: 's3:ListBucket', on: 'source', because: 'S3 looks at it to say 404 in place of 403' },
  { action: 's3:ListBucket', on: 'canary', because: 'likewise' },
  { action: 'sqs:ReceiveMessage', on: 'queues', because: "Lambda takes messages with the function's role" },
  { action: 'sqs:DeleteMessage', on: 'queues', because: 'Lambda deletes what is done' },
  { action: 'sqs:GetQueueAttributes', on: 'queues', because: 'Lambda looks at the queue' },
  { action: 'kms:Decrypt', on: 'key', because: 'S3, SQS, SNS and Lambda use the key for us' },
  { action: 'kms:GenerateDataKey', on: 'key', because: 'likewise, for what is written and published' },
  { action: 'kms:Decrypt', on: 'source key', because: 'S3 uses the key of the source for us' },
  { action: 'logs:CreateLogStream', on: 'logs', because: 'Lambda writes the log' },
  { action: 'logs:PutLogEvents', on: 'logs', because: 'Lambda writes the log' },
];

const PLACES: readonly (readonly [pattern: RegExp, place: string])[] = [
  [/^arn:aws:s3:::[a-z-]*archive(?:bucket)?\/([a-z]+)\/\*$/, 'archive/$1'],
  [/^arn:aws:s3:::[a-z-]*archive(?:bucket)?$/, 'archive'],
  [/^arn:aws:s3:::registry-alert-canarybucket(\/\*)?$/, 'canary'],
  [/^arn:aws:s3:::(acme-)?endpoint-logs(\/.*)?$/, 'source'],
  [/^arn:aws:sns:.*:(registry-alert-\w+Topic|alerts|operations)$/, 'topics'],
  [/^arn:aws:sqs:.*:(registry-alert-(Notification|Backfill)Queue|notifications)$/, 'queues'],
  [/^arn:aws:kms:.*:key\/registry-alert-Key$/, 'key'],
  [/^arn:aws:kms:.*:key\/0a1b2c3d$/, 'source key'],
  [/^arn:aws:logs:.*:registry-alert-FunctionLogs:\*$/, 'logs'],
];

function placeOf(arn: string): string {
  const row = PLACES.find(([pattern]) => pattern.test(arn));
  return row ? arn.replace(row[0], row[1]) : arn;
}

function permissionsOf(template: Template): Call[] {
  const deployed = { template: resolveTemplate(template, EVERYTHING), raw: template };
  return roleStatements(deployed, 'AlertRole').flatMap(({ Action, Resource }) =>
    texts(Action).flatMap(action => texts(Resource).map(arn => ({ action, on: placeOf(arn) }))),
  );
}

const shown = (all: readonly Call[]): string[] => all.map(({ action, on }) => `${action} on ${on}`);

/** Calls without a permission, and permissions without a call. */
function differences(asked: readonly Call[], allowed: readonly Call[]): string[] {
  const [calling, permitted] = [new Set(shown(asked)), new Set(shown(allowed))];
  const known = new Set(shown(WITHOUT_A_CALL));
  return [
    ...[...calling].filter(one => !permitted.has(one)).map(one => `not allowed: ${one}`),
    ...[...permitted].filter(one => !calling.has(one) && !known.has(one)).map(one => `not needed: ${one}`),
    ...[...known].filter(one => !permitted.has(one)).map(one => `gone: ${one}`),
  ];
}

const permissions = permissionsOf(synthesize());

describe('the role', () => {
  it('allows what is called and nothing else', () => {
    expect(differences(calls, permissions)).toEqual([]);
  });

  it.each(shown(permissions).map((name, at) => [name, at] as const))('is short without %s', (name, at) => {
    const less = permissions.filter((_, index) => index !== at);
    if (shown(less).includes(name)) return;
    expect(differences(calls, less)).toHaveLength(1);
  });

  it('does not cover a further call', () => {
    const more = [...calls, { action: 's3:DeleteObject', on: 'archive/alerts' }];
    expect(differences(more, permissions)).toEqual(['not allowed: s3:DeleteObject on archive/alerts']);
  });

  it('covers a journey through the bundle', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'role-'));
    const product = await deploy({ directory });
    try {
      const [line] = readFileSync('rules/persistence-via-wmi-stdregprov/match.ndjson', 'utf8').split('\n');
      await product.upload('registry/a.ndjson', line!);
      await product.settled();
      const asked = product.aws
        .permissions()
        .filter(({ caller }) => caller === 'function')
        .map(({ action, resource }) => ({ action, on: placeOf(resource) }));
      expect(asked.length).toBeGreaterThan(5);
      const allowed = new Set(shown(permissions));
      expect(shown(asked).filter(one => !allowed.has(one))).toEqual([]);
    } finally {
      await product.stop();
      rmSync(directory, { recursive: true });
    }
  });
});
