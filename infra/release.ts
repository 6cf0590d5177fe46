import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Parameter, Resource, Template } from './deployment/template.ts';

/** Resources of the bucket that osls uploads to; a release is uploaded by its user. */
const OF_OSLS = /^ServerlessDeploymentBucket/;

/** The functions, with the resource that publishes each one's code. */
const FUNCTIONS = [
  ['AlertLambdaFunction', 'AlertVersion'],
  ['AuditLambdaFunction', 'AuditVersion'],
] as const;

/**
 * The template without osls' deployment bucket: the code is an object in the user's bucket, and its digest is a
 * parameter. Lambda publishes a version only of code with that digest, so any other object fails the deployment.
 * @param sha256 of the zip, in base64 as in Lambda
 */
export function standalone(
  template: Template,
  code: { readonly key: string; readonly sha256: string },
): Template {
  const without = <Member>(all: Readonly<Record<string, Member>>): Record<string, Member> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !OF_OSLS.test(name)));
  const parameters: Readonly<Record<string, Parameter>> = {
    CodeBucket: {
      Type: 'String',
      Description: 'Bucket in this region with the zip of the release',
      AllowedPattern: '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]',
    },
    CodeKey: {
      Type: 'String',
      Default: code.key,
      Description: 'Key of the zip in that bucket',
      AllowedPattern: '[A-Za-z0-9!_.*()/=+@:-]{1,1024}',
    },
    CodeSha256: {
      Type: 'String',
      Default: code.sha256,
      Description: 'SHA-256 of the zip in base64; code with another one is refused',
      AllowedPattern: '[A-Za-z0-9+/]{43}=',
    },
  };
  const Code = { S3Bucket: { Ref: 'CodeBucket' }, S3Key: { Ref: 'CodeKey' } };
  const resources: Record<string, Resource> = without(template.Resources);
  for (const [id, version] of FUNCTIONS) {
    const { Properties, ...of } = resources[id]!;
    resources[id] = { ...of, Properties: { ...Properties, Code } };
    const Condition = of.Condition === undefined ? {} : { Condition: of.Condition };
    const published = { FunctionName: { Ref: id }, CodeSha256: { Ref: 'CodeSha256' } };
    resources[version] = { Type: 'AWS::Lambda::Version', ...Condition, Properties: published };
  }
  return {
    ...template,
    Parameters: { ...parameters, ...template.Parameters },
    Resources: resources,
    Outputs: without(template.Outputs ?? {}),
  };
}

/** Writes template, zip and checksums to `directory`, and returns their names. */
export function writeRelease(template: Template, zip: Uint8Array, directory: string): readonly string[] {
  const digest = createHash('sha256').update(zip).digest();
  const key = `registry-alert-${digest.toString('hex').slice(0, 12)}.zip`;
  const files = {
    'template.json': JSON.stringify(standalone(template, { key, sha256: digest.toString('base64') })),
    [key]: zip,
  };
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  const sums = Object.keys(files).map(name => {
    const sum = createHash('sha256')
      .update(readFileSync(join(directory, name)))
      .digest('hex');
    return `${sum}  ${name}\n`;
  });
  writeFileSync(join(directory, 'SHA256SUMS'), sums.join(''));
  return [...Object.keys(files), 'SHA256SUMS'];
}
