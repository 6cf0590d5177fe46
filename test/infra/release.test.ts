import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deployerPolicy } from '../../infra/deployer-policy.ts';
import type { Template } from '../../infra/deployment/template.ts';
import { writeRelease } from '../../infra/release.ts';
import { temporaryFolder } from '../afterwards.ts';
import { at } from './checklist/reading.ts';
import { synthesize } from './synthesize.ts';

const directory = temporaryFolder();
const template = synthesize();
const zip = Buffer.from('a zip');
const names = writeRelease(template, zip, directory);
const released = JSON.parse(readFileSync(join(directory, 'template.json'), 'utf8')) as Template;

describe('a release', () => {
  it('makes the resources that a deployment with osls makes', () => {
    const codeless = ({ Resources }: Template): unknown =>
      Object.entries(Resources)
        .filter(([id]) => !/^(ServerlessDeploymentBucket|(Alert|Audit)Version$)/.test(id))
        .map(([id, of]) => [id, { ...of, Properties: { ...of.Properties, Code: null } }]);
    expect(codeless(released)).toEqual(codeless(template));
    expect(Object.keys(released.Resources).length).toBe(Object.keys(template.Resources).length);
  });

  it('takes its code from a bucket of the user, and only code with its digest', () => {
    const digest = createHash('sha256').update(zip);
    const [, name, sums] = names;
    expect(readFileSync(join(directory, sums!), 'utf8')).toContain(
      `${digest.copy().digest('hex')}  ${name}\n`,
    );
    const { CodeKey, CodeSha256 } = released.Parameters!;
    expect([CodeKey?.Default, CodeSha256?.Default]).toEqual([name, digest.digest('base64')]);
    for (const id of ['AlertVersion', 'AuditVersion'])
      expect(at(released.Resources[id], 'Properties.CodeSha256')).toEqual({ Ref: 'CodeSha256' });
    expect(JSON.stringify(released)).not.toContain('Serverless');
  });
});

describe("the deployer's policy", () => {
  const target = {
    region: 'eu-west-1',
    account: '111122223333',
    stack: 'registry-alert',
    sourceBuckets: ['logs'],
  };

  it('has a row for every type of both templates, and fits into a role', () => {
    for (const of of [template, released])
      expect(JSON.stringify(deployerPolicy(of, target)).length).toBeLessThan(10_240);
    const strange = { Resources: { X: { Type: 'AWS::EC2::Instance' } } };
    expect(() => deployerPolicy(strange, target)).toThrow('no row for AWS::EC2::Instance');
  });

  it('names the partition', () => {
    const text = JSON.stringify(deployerPolicy(template, { ...target, region: 'cn-north-1' }));
    expect(text).toContain('arn:aws-cn:sqs:cn-north-1:111122223333:registry-alert-*');
    expect(text).not.toContain('arn:aws:');
  });
});
