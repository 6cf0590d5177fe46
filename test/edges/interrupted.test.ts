import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployerPolicy } from '../../infra/deployer-policy.ts';
import { temporaryFolder } from '../afterwards.ts';
import { synthesize } from '../infra/synthesize.ts';
import { localAccount } from './accounts.ts';
import { Checkout } from './checkout.ts';
import { shown, TYPED } from './deploy-page.ts';

describe('a deployment that breaks off', async () => {
  const directory = temporaryFolder();
  const { asked, cloud, createBucket, environment, stack, stop } = await localAccount(directory);
  const checkout = new Checkout();
  const second = { ...environment, STACK_NAME: 'second' };
  const third = { ...environment, STACK_NAME: 'third' };
  const deploy = `${TYPED} --yes`;
  beforeAll(() => createBucket('acme-endpoint-logs'));
  afterAll(async () => {
    await stop();
    checkout.remove();
  });

  it('says which resource failed and why, what remains, and what to do', async () => {
    cloud.failure = { id: 'Key', reason: 'the quota of keys is used up' };
    const { status, output } = await checkout.run(deploy, second);
    for (const one of shown('not done\n')) expect(output).toMatch(one);
    expect(status).toBe(1);
    cloud.failure = undefined;
  });

  it('leaves nothing when Ctrl-C comes while it packages, or at its question', async () => {
    rmSync(join(checkout.directory, 'dist'), { recursive: true });
    const { child, ended } = checkout.start(deploy, third);
    while (!existsSync(join(checkout.directory, 'dist')) && child.exitCode === null) await sleep(20);
    process.kill(-child.pid!, 'SIGINT');
    const packaging = await ended;
    expect(packaging.status).not.toBe(0);
    expect(packaging.output).not.toMatch(/^ +at /m);
    const question = await checkout.typed(TYPED, [{ says: '[y/N]', type: '\x03' }], third);
    expect([question.status, question.output]).toEqual([
      1,
      expect.stringMatching(/^nothing was deployed: not confirmed/m),
    ]);
    expect(await stack('third')).toBeNull();
  });

  /** Ctrl-C while CloudFormation is at work; it ends what it does after the next run was refused. */
  async function interrupt(line: string, action: string): Promise<void> {
    cloud.isHeld = true;
    const { child, ended } = checkout.start(line, third);
    const before = cloud.of(action).length;
    while (cloud.of(action).length === before && child.exitCode === null) await sleep(50);
    process.kill(-child.pid!, 'SIGINT');
    const { output } = await ended;
    expect(output).toMatch(/^interrupted; CloudFormation finishes what it has begun$/m);
    const wait =
      /the stack third is \w+_IN_PROGRESS; wait until CloudFormation has finished, then run this again/;
    expect(output).toMatch(wait);
    expect((await checkout.run(line, third)).output).toMatch(wait);
    cloud.release();
  }

  it('goes on at the next run when it was interrupted while the stack was made or changed', async () => {
    await interrupt(deploy, 'cloudformation:CreateStack');
    await interrupt(deploy, 'cloudformation:UpdateStack');
    expect((await checkout.run(deploy, third)).status).toBe(0);
    expect((await stack('third'))?.resources).toContain('AlertLambdaFunction');
  });

  it('leaves a second stack beside the first in the account', async () => {
    expect((await checkout.run(deploy, environment)).status).toBe(0);
    expect([(await stack('registry-alert'))?.status, (await stack('third'))?.status]).toEqual([
      'UPDATE_COMPLETE',
      'UPDATE_COMPLETE',
    ]);
  });

  it('is removed at last when its removal was interrupted', async () => {
    await interrupt('npm run remove -- --yes', 'cloudformation:DeleteStack');
    expect((await checkout.run('npm run remove -- --yes', third)).output).toContain('nothing to remove');
  });

  it("makes no call that the deployer's policy does not allow", () => {
    const sourceBuckets = ['acme-endpoint-logs'];
    const place = { region: 'eu-west-1', account: '111122223333' };
    const policies = ['registry-alert', 'second', 'third'].map(stack =>
      deployerPolicy(synthesize(), { ...place, stack, sourceBuckets }),
    );
    const calls = asked('deployer').filter(({ action }) => action !== 'sts:GetCallerIdentity');
    const isAllowed = ({ action, resource }: (typeof calls)[number]): boolean =>
      policies.some(({ Statement }) =>
        Statement.some(
          one => one.Action.includes(action) && one.Resource.some(pattern => matchesGlob(resource, pattern)),
        ),
      );
    expect(new Set(calls.map(({ action }) => action.split(':')[0]))).toEqual(
      new Set(['cloudformation', 's3', 'ecr']),
    );
    expect(calls.filter(one => !isAllowed(one))).toEqual([]);
  });
});

/** As IAM compares: a star is any text, slashes too. */
function matchesGlob(text: string, pattern: string): boolean {
  return new RegExp(
    `^${pattern
      .split('*')
      .map(part => part.replaceAll(/[.$/]/g, '\\$&'))
      .join('.*')}$`,
  ).test(text);
}
