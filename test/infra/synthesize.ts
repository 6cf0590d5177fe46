import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Template } from '../../infra/deployment/template.ts';
import { osls, writeArchive } from '../../infra/package.ts';

/** The template as `npm run package` writes it; once for what it is made of, since osls takes seconds. */
export function synthesize(): Template {
  if (!existsSync('dist/handler.mjs')) throw new Error('dist/handler.mjs is missing; run: npm run build');
  const made = join(tmpdir(), `registry-alert-template-${fingerprint()}.json`);
  if (!existsSync(made)) {
    writeFileSync(`${made}.${process.pid}`, JSON.stringify(synthesizeAgain()));
    renameSync(`${made}.${process.pid}`, made);
  }
  return JSON.parse(readFileSync(made, 'utf8')) as Template;
}

/** Everything that the template is made of: its parts, the alarms' rules, what is in the zip, osls. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const parts = ['infra', 'rules', 'dist/rules'].flatMap(folder =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name)),
  );
  const bundles = ['dist/handler.mjs', 'dist/watch.mjs'];
  for (const part of [...parts.toSorted(), ...bundles, 'serverless.yml', 'package-lock.json'])
    hash.update(`${part}\n`).update(readFileSync(part));
  return hash.digest('hex').slice(0, 32);
}

/**
 * Has osls write the template, without credentials, a network and a value; in a directory of its own, since it would take
 * away what `npm run package` left in the checkout.
 */
export function synthesizeAgain(): Template {
  writeArchive();
  const directory = mkdtempSync(join(tmpdir(), 'template-'));
  try {
    for (const part of ['infra', 'node_modules', 'out', 'package.json'])
      symlinkSync(resolve(part), join(directory, part));
    // osls passes over one that is a link.
    copyFileSync('serverless.yml', join(directory, 'serverless.yml'));
    osls(['package'], NOBODY, 'pipe', directory);
    const path = join(directory, '.serverless', 'cloudformation-template-update-stack.json');
    return JSON.parse(readFileSync(path, 'utf8')) as Template;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** An environment in which AWS cannot be reached. */
const NOBODY = {
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  AWS_PROFILE: '',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_REGION: '',
  https_proxy: 'http://127.0.0.1:9',
};

/** Values with which everything is there that can be. */
export const EVERYTHING = {
  SourceBucketName: 'acme-endpoint-logs',
  SourceKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d',
  SourcePrefix: 'registry/',
  AlertEmails: 'analyst@example.com,deputy@example.com',
  OperationsEmail: 'platform@example.com',
  SlackWorkspaceId: 'T0123',
  SlackChannelId: 'C0123',
  TeamsTenantId: '0a1b2c3d-0000-4000-8000-000000000001',
  TeamsTeamId: '0a1b2c3d-0000-4000-8000-000000000002',
  TeamsChannelId: '19%3Aabc%40thread.tacv2',
  AlarmTargetArn: 'arn:aws:sns:eu-west-1:111122223333:pager',
  ReservedConcurrency: '4',
  PermissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary',
  OperationsSlackChannelId: 'C0456',
  OperationsTeamsChannelId: '19%3Adef%40thread.tacv2',
  SubnetIds: 'subnet-0123456789abcdef0,subnet-0123456789abcdef1',
  SecurityGroupIds: 'sg-0123456789abcdef0',
  ObjectLockDays: '30',
  MonthlyBudget: '50',
  RulesUri: 's3://rule-sets/soc',
} as const;

/** The smallest deployment. */
export const LITTLE = { SourceBucketName: 'acme-endpoint-logs' } as const;

/** With the bucket in another account. */
export const FOREIGN = { ...EVERYTHING, SourceAccountId: '444455556666' } as const;

/** With a topic that gets the notifications already. */
export const BY_TOPIC = {
  ...EVERYTHING,
  SourceTopicArn: 'arn:aws:sns:eu-west-1:111122223333:bucket-events',
} as const;
