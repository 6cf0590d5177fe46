import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../local-aws/index.ts';
import { LocalCloudFormation } from './local-cloudformation.ts';

/** What a user has after `git clone` and `npm ci`. */
const CHECKOUT = ['functions', 'infra', 'rules', 'package.json', 'serverless.yml'];

const directory = mkdtempSync(join(tmpdir(), 'deploy-'));
let aws: LocalAws;
let cloud: LocalCloudFormation;

beforeAll(async () => {
  for (const part of CHECKOUT) cpSync(part, join(directory, part), { recursive: true });
  symlinkSync(resolve('node_modules'), join(directory, 'node_modules'));
  aws = await startLocalAws({ directory: join(directory, 'aws'), callsFile: null });
  cloud = await new LocalCloudFormation(aws).listen();
});
afterAll(async () => {
  await cloud.stop();
  await aws.stop();
  rmSync(directory, { recursive: true });
});

/** Runs a command in the checkout as a user does, with osls, its plugin and everything else as they are. */
async function run(line: string, environment: Readonly<Record<string, string>> = cloud.env()) {
  const child = spawn('bash', ['-c', line], {
    cwd: directory,
    env: {
      PATH: `${resolve('node_modules/.bin')}:${process.env['PATH']}`,
      HOME: directory,
      SLS_AWS_MONITORING_FREQUENCY: '10',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => void output.push(text));
  const status = await new Promise<number | null>(done => child.once('close', done));
  return { status, output: output.join('') };
}

/** The parameters that a call of CloudFormation carried. */
function sent(action: string): Record<string, string> {
  const { form } = cloud.of(`cloudformation:${action}`).at(-1)!;
  const pairs: Record<string, string> = {};
  for (let at = 1; form.has(`Parameters.member.${at}.ParameterKey`); at++)
    pairs[form.get(`Parameters.member.${at}.ParameterKey`)!] = form.get(
      `Parameters.member.${at}.ParameterValue`,
    )!;
  return pairs;
}

describe('a deployment with osls', () => {
  const values = { SourceBucketName: 'acme-endpoint-logs', OperationsEmail: 'platform@example.com' };

  it('gives its values to CloudFormation, when the stack is made and when it is filled', async () => {
    aws.s3.createBucket('acme-endpoint-logs');
    const given = Object.entries(values).map(([name, value]) => `${name}=${value}`);
    const { status, output } = await run(`npm run deploy -- ${given.join(' ')} --yes`);
    expect(output).toContain('npx registry-alert selftest');
    expect(status).toBe(0);
    expect([sent('CreateStack'), sent('UpdateStack')]).toEqual([values, values]);
    expect(JSON.parse(readFileSync(join(directory, 'deployment.json'), 'utf8'))).toEqual(values);
  });
});
