import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { deployerPolicy } from '../../infra/deployer-policy.ts';
import { synthesize } from '../infra/synthesize.ts';
import { type Account, localAccount, motoAccount } from './accounts.ts';
import { Checkout } from './checkout.ts';

const directory = mkdtempSync(join(tmpdir(), 'account-'));
const local = await localAccount(directory);
const moto = await motoAccount();
if (typeof moto === 'string') process.stderr.write(`${moto}: deployments to moto are SKIPPED\n`);
afterAll(async () => {
  await local.stop();
  if (typeof moto !== 'string') await moto.stop();
  rmSync(directory, { recursive: true });
});

const PAGE = readFileSync('docs/deploy.md', 'utf8');
/** The first deployment, as the page has it. */
const TYPED = /npm run deploy -- SourceBucketName.*?(?=\n```)/s.exec(PAGE)![0];
const GIVEN: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from(TYPED.matchAll(/(\w+)=(\S+)/g), ([, name, value]) => [name!, value!]),
);

/** The lines of a block of docs/deploy.md that begins so, up to what it leaves out; `…` is any text. */
function shown(beginning: string): RegExp[] {
  const page = PAGE.replaceAll(/^ {4}/gm, '');
  const at = page.indexOf(beginning);
  if (at === -1) throw new Error(`docs/deploy.md does not show ${beginning}`);
  const block = page.slice(at).split(/\n(?:```|\n)/)[0]!;
  const lines = block.split('\n').filter(one => one !== '…' && !one.endsWith('[y/N] y'));
  return lines.map(
    one =>
      new RegExp(
        `^${one
          .split('…')
          .map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('.*')}$`,
        'm',
      ),
  );
}

describe.each([
  ['our CloudFormation', local as Account],
  ['moto', moto],
])('a deployment to %s', (_, account) => {
  if (typeof account === 'string') return void it.skip('moto is not installed', () => {});
  const checkout = new Checkout();
  afterAll(() => checkout.remove());
  const run = (command: string, environment: Readonly<Record<string, string>> = {}) =>
    checkout.run(command, { ...account.environment, ...environment });
  const kept = (): unknown => JSON.parse(readFileSync(join(checkout.directory, 'deployment.json'), 'utf8'));
  let exports = '';

  it('is refused without credentials, and the words say that and nothing else', async () => {
    const nobody = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
    const { status, output } = await run(`${TYPED} --yes`, nobody);
    expect(output.split('\n').slice(-3)).toEqual([
      'nothing was changed; fix these first:',
      expect.stringMatching(/^ {2}the account: there are no credentials that AWS takes; set AWS_PROFILE,/),
      '',
    ]);
    expect(status).toBe(2);
  });

  it('is refused while the bucket is missing or a value is wrong, and nothing is made', async () => {
    const { status, output } = await run(`${TYPED} Locale=de --yes`);
    expect(output).toMatch(
      /^ {2}Locale is "de"; one of en, zh-CN, both is expected\n {2}source bucket acme-endpoint-logs of account \d{12}: it does not exist; /m,
    );
    expect(status).toBe(2);
    if (account === local) for (const one of shown('nothing was changed')) expect(output).toMatch(one);
    expect(await account.stack('registry-alert')).toBeNull();
  });

  it('makes the stack with the values and tags that are given', async () => {
    await account.createBucket('acme-endpoint-logs');
    const given = { ...GIVEN, 'tag:team': 'soc' };
    const { status, output } = await run(`${TYPED} tag:team=soc --yes`);
    expect(output).toContain('npx registry-alert selftest');
    expect(status).toBe(0);
    if (account === local) for (const one of shown('export ALERT_TOPIC_ARN')) expect(output).toMatch(one);
    expect(await account.stack('registry-alert')).toMatchObject({
      parameters: { ...GIVEN, Locale: 'en' },
      tags: { application: 'registry-alert', team: 'soc' },
    });
    expect(kept()).toEqual(given);
    exports = (output.match(/^export .*$/gm) ?? []).join('\n');
  });

  it('is the same when it is repeated', async () => {
    const before = await account.stack('registry-alert');
    expect((await run('npm run deploy -- --yes')).status).toBe(0);
    expect(await account.stack('registry-alert')).toEqual({ ...before, status: 'UPDATE_COMPLETE' });
  });

  it('changes one value, and takes one away', async () => {
    expect((await run('npm run deploy -- Locale=both SourcePrefix= --yes')).status).toBe(0);
    expect((await account.stack('registry-alert'))?.parameters).toMatchObject({
      ...{ SourceBucketName: 'acme-endpoint-logs', Locale: 'both', SourcePrefix: '' },
    });
  });

  // No function runs in these accounts, so that the whole way is not shown here: cli/selftest.test.ts does it.
  it('has what selftest, audit and backfill look for', async () => {
    const enabled = await run('node infra/enable-notifications.ts acme-endpoint-logs --yes');
    expect([enabled.status, enabled.output]).toEqual([0, expect.stringMatching(/^written$/m)]);
    const operator = { AWS_ACCESS_KEY_ID: 'operator' };
    const selftest = await run(`${exports}\nnode functions/alert/cli.ts selftest --wait 1`, operator);
    expect(selftest.output).toMatch(/^ok {7}source acme-endpoint-logs: can be reached$/m);
    // moto forgets that EventBridge is on.
    if (account === local)
      expect(selftest.output).toMatch(/^ok {7}notification of acme-endpoint-logs: Event/m);
    expect(selftest.output).toMatch(/^ok {7}archive registry-alert-archivebucket/m);
    expect(selftest.output).toMatch(/^ok {7}backfill queue: 0 waiting/m);
    const audit = await run(`${exports}\nnode functions/alert/cli.ts audit --from 2026-11-01`, operator);
    expect([audit.status, audit.output]).toEqual([0, expect.stringContaining('listed 0')]);
    const dates = '--from 2026-11-01 --to 2026-11-24';
    const backfill = await run(
      `${exports}\nnode functions/alert/cli.ts backfill ${dates} --dry-run`,
      operator,
    );
    expect([backfill.status, backfill.output]).toEqual([0, expect.stringContaining('0 objects')]);
  });

  it('is removed but for the evidence, which is named', async () => {
    const { status, output } = await run('npm run remove -- --yes');
    expect(output).toMatch(/^ {2}ArchiveBucket registry-alert-archivebucket/m);
    expect(output).toMatch(/^removed$/m);
    if (account === local)
      for (const one of shown('the stack registry-alert in eu-west-1 is')) expect(output).toMatch(one);
    expect(status).toBe(0);
    expect((await account.stack('registry-alert'))?.status ?? 'DELETE_COMPLETE').toBe('DELETE_COMPLETE');
    expect((await run('npm run remove -- --yes')).output).toContain('nothing to remove');
  });
});

describe('a deployment that breaks off', () => {
  const { cloud, environment, stack } = local;
  const checkout = new Checkout();
  const second = { ...environment, STACK_NAME: 'second' };
  const deploy = `${TYPED} --yes`;
  afterAll(() => checkout.remove());

  it('says which resource failed and why, what remains, and what to do', async () => {
    cloud.failure = { id: 'Key', reason: 'the quota of keys is used up' };
    const { status, output } = await checkout.run(deploy, second);
    for (const one of shown('not done\n')) expect(output).toMatch(one);
    expect(status).toBe(1);
    cloud.failure = undefined;
  });

  it('goes on at the next run when it was interrupted while the stack was changed', async () => {
    cloud.isHeld = true;
    const { child, ended } = checkout.start(deploy, second);
    const before = cloud.of('cloudformation:UpdateStack').length;
    while (cloud.of('cloudformation:UpdateStack').length === before && child.exitCode === null)
      await sleep(50);
    process.kill(-child.pid!, 'SIGINT');
    const { output } = await ended;
    expect(output).toMatch(/^interrupted; CloudFormation finishes what it has begun$/m);
    expect(output).toContain(
      'the stack second is UPDATE_IN_PROGRESS; wait until CloudFormation is done, and run this again',
    );
    expect((await checkout.run(deploy, second)).output).toContain('UPDATE_IN_PROGRESS; wait');
    cloud.release();
    expect((await checkout.run(deploy, second)).status).toBe(0);
    expect((await stack('second'))?.resources).toContain('AlertLambdaFunction');
  });

  it('leaves a second stack beside the first in the account', async () => {
    expect((await checkout.run(deploy, environment)).status).toBe(0);
    expect([(await stack('registry-alert'))?.status, (await stack('second'))?.status]).toEqual([
      'UPDATE_COMPLETE',
      'UPDATE_COMPLETE',
    ]);
  });

  it("makes no call that the deployer's policy does not allow", () => {
    const sourceBuckets = ['acme-endpoint-logs'];
    const place = { region: 'eu-west-1', account: '111122223333' };
    const policies = ['registry-alert', 'second'].map(stack =>
      deployerPolicy(synthesize(), { ...place, stack, sourceBuckets }),
    );
    const asked = local.asked('deployer').filter(({ action }) => action !== 'sts:GetCallerIdentity');
    const isAllowed = ({ action, resource }: (typeof asked)[number]): boolean =>
      policies.some(({ Statement }) =>
        Statement.some(
          one => one.Action.includes(action) && one.Resource.some(pattern => matchesGlob(resource, pattern)),
        ),
      );
    expect(new Set(asked.map(({ action }) => action.split(':')[0]))).toEqual(
      new Set(['cloudformation', 's3', 'ecr']),
    );
    expect(asked.filter(one => !isAllowed(one))).toEqual([]);
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
