import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { deployerPolicy } from '../../infra/deployer-policy.ts';
import { standalone } from '../../infra/release.ts';
import { temporaryFolder } from '../afterwards.ts';
import { synthesize } from '../infra/synthesize.ts';
import { motoAccount } from './accounts.ts';
import { Checkout, has } from './checkout.ts';

const template = synthesize();
const released = standalone(template, { key: 'registry-alert-0.zip', sha256: `${'A'.repeat(43)}=` });
const directory = temporaryFolder();

describe('cfn-lint', () => {
  it.skipIf(!has('cfn-lint', '--version')).each([
    ['of osls', template],
    ['of a release', released],
  ])('finds no error in the template %s', (_, of) => {
    const path = join(directory, 'template.json');
    writeFileSync(path, JSON.stringify(of));
    const { stdout } = spawnSync('cfn-lint', ['--format', 'json', path], { encoding: 'utf8' });
    const found = JSON.parse(stdout || '[]') as {
      readonly Level: string;
      readonly Message: string;
      readonly Rule: { readonly Id: string };
    }[];
    // Known to CloudFormation and not yet to cfn-lint.
    const isKnown = ({ Rule, Message }: (typeof found)[number]): boolean =>
      Rule.Id === 'E3002' && Message.includes('MaximumMessageSize');
    const errors = found.filter(one => one.Level === 'Error' && !isKnown(one));
    expect(errors.map(({ Rule, Message }) => `${Rule.Id} ${Message}`)).toEqual([]);
  });
});

/** AWS's service authorization data, as cfn-lint carries it: the resources of every action. */
const AUTHORIZATION = `
import cfnlint, os, sys
sys.stdout.write(open(os.path.join(os.path.dirname(cfnlint.__file__), 'data/AdditionalSpecs/Policies.json')).read())`;

describe("the deployer's policy", () => {
  const isThere = has('python3', '-c', 'import cfnlint');
  it.skipIf(!isThere)('allows actions that exist, and on * only those that AWS knows no resource for', () => {
    const { stdout } = spawnSync('python3', ['-c', AUTHORIZATION], { encoding: 'utf8', maxBuffer: 1 << 28 });
    type Service = { readonly Actions: Readonly<Record<string, { readonly Resources?: readonly string[] }>> };
    const data = JSON.parse(stdout) as Readonly<Record<string, Service>>;
    const target = {
      region: 'eu-west-1',
      account: '111122223333',
      stack: 'registry-alert',
      sourceBuckets: ['logs'],
    };
    const wrong = deployerPolicy(released, target).Statement.flatMap(({ Action, Resource }) =>
      Action.flatMap(action => {
        const [service, name] = action.toLowerCase().split(':');
        const known = data[service!]?.Actions[name!];
        if (known === undefined) return [`${action} does not exist`];
        const isNarrow = !Resource.includes('*');
        return isNarrow === (known.Resources !== undefined) ? [] : [`${action} on ${Resource}`];
      }),
    );
    expect(wrong).toEqual([]);
  });
});

describe('a release', async () => {
  const moto = has('aws', '--version') ? await motoAccount() : 'aws is not on PATH';
  if (typeof moto === 'string') {
    process.stderr.write(`${moto}: the deployment of a release is SKIPPED\n`);
    return void it.skip('is deployed', () => {});
  }
  const checkout = new Checkout();
  // Of templates in S3 moto knows the addresses of AWS and of localhost.
  const environment = {
    ...moto.environment,
    AWS_ENDPOINT_URL: moto.environment['AWS_ENDPOINT_URL']!.replace('127.0.0.1', 'localhost'),
  };
  afterAll(async () => {
    checkout.remove();
    await moto.stop();
  });

  it('is deployed and removed with the AWS CLI as docs/deploy.md has it', async () => {
    await moto.createBucket('acme-code');
    await moto.createBucket('acme-endpoint-logs');
    const packaged = await checkout.run('npm run package', { AWS_REGION: 'eu-west-1' });
    expect(packaged.output).toContain('out/release/SHA256SUMS');
    const zip = readdirSync(join(checkout.directory, 'out/release')).find(name => name.endsWith('.zip'))!;
    const page = readFileSync('docs/deploy.md', 'utf8').split('## Without this checkout')[1]!;
    const lines = page.split('```')[1]!.trim().replaceAll('registry-alert-ZIP.zip', zip);
    expect(lines).toContain('aws cloudformation deploy --template-file template.json');
    const { status, output } = await checkout.run(`set -e\n${lines}`, environment);
    expect(output).toContain('Successfully created/updated stack - registry-alert');
    expect(status).toBe(0);
    const stack = await moto.stack('registry-alert');
    expect(stack?.parameters).toMatchObject({ CodeBucket: 'acme-code', CodeKey: zip });
    const expected = Object.keys(released.Resources).filter(
      id => released.Resources[id]?.Condition === undefined,
    );
    // moto makes no resource of some types.
    const unknown =
      /^AWS::(CloudWatch::|Scheduler::|Budgets::|Chatbot::|SNS::TopicPolicy|SQS::QueuePolicy|S3::BucketPolicy)/;
    const missing = expected.filter(
      id => !stack?.resources.includes(id) && !unknown.test(released.Resources[id]!.Type),
    );
    expect(missing).toEqual([]);
    // moto cannot update the role policies of a stack by a change set, so that going back is not shown.
    const removed = await checkout.run(
      'aws cloudformation delete-stack --region eu-west-1 --stack-name registry-alert',
      environment,
    );
    expect([removed.status, removed.output]).toEqual([0, '']);
    expect(await moto.stack('registry-alert')).toBeNull();
  });
});
